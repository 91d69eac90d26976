using System.Diagnostics;

namespace Podspace.ServerTests;

/// <summary>The native program, built by the checkout's own launcher once a run; it does nothing when nothing changed since.</summary>
internal static class NativeProgram
{
    private static readonly Lazy<Task<string>> Built = new(BuildAsync);

    public static Task<string> PathAsync() => Built.Value;

    private static async Task<string> BuildAsync()
    {
        var checkout = GuideServer.Checkout();
        var start = new ProcessStartInfo(Path.Combine(checkout, "podspace"), "build")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await output + await errors);
        return Path.Combine(checkout, "artifacts", "native", "podspace");
    }
}
