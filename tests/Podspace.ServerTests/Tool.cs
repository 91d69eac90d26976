using System.Diagnostics;

namespace Podspace.ServerTests;

/// <summary>A program that ./test brings along; a test whose program is not to be had is skipped, and ./test has said so.</summary>
internal static class Tool
{
    /// <param name="path">Below the folder of tools.</param>
    public static string Find(string path)
    {
        var file = Path.Combine(Environment.GetEnvironmentVariable("PODSPACE_TOOLS") ?? "/nonexistent", path);
        Assert.SkipUnless(File.Exists(file), $"{path} is not to be had here.");
        return file;
    }

    public static async Task<(int Code, string Said)> RunAsync(string program, string folder, params string[] words)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in words)
        {
            start.ArgumentList.Add(word);
        }
        start.Environment["CHECKPOINT_DISABLE"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }
}
