using System.Diagnostics;

namespace Podspace.Tests.Cli;

/// <summary>The program as a process of its own, in an environment that holds nothing of whoever runs the tests.</summary>
internal static class OwnProcess
{
    /// <param name="arguments">Of <c>dotnet</c>; the program is <see cref="Program"/>.</param>
    public static async Task<(int Exit, string Said)> RunAsync(string folder, IEnumerable<string> settings, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder };
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        foreach (var name in start.Environment.Keys.Where(IsOfUser).ToList())
        {
            start.Environment.Remove(name);
        }
        foreach (var setting in settings.Prepend($"HOME={folder}").Select(setting => setting.Split('=', 2)))
        {
            start.Environment[setting[0]] = setting[1];
        }
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }

    public static string Program { get; } = Beside("podspace.dll");

    public static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);

    private static bool IsOfUser(string name) =>
        name.StartsWith("AWS_", StringComparison.Ordinal) || name is "KUBECONFIG" or "PODSPACE_DEBUG";
}
