using System.Diagnostics;

namespace Podspace.Bench;

/// <summary>One program with its arguments, as a person would start it.</summary>
internal sealed record Command(string Program, params string[] Arguments)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Wall time from before the start to the end of the process.</summary>
    /// <exception cref="InvalidOperationException">It failed: a figure of a failure is none.</exception>
    public TimeSpan Time() => Run().Wall;

    public string Output() => Run().Output;

    public Process Start()
    {
        var start = new ProcessStartInfo(Program, Arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        // What the machine has configured for the real AWS and real clusters is no part of this.
        foreach (
            var name in start
                .Environment.Keys.Where(name => name.StartsWith("AWS_", StringComparison.Ordinal) || name == "KUBECONFIG")
                .ToList()
        )
        {
            start.Environment.Remove(name);
        }
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }
        return Process.Start(start)!;
    }

    private (TimeSpan Wall, string Output) Run()
    {
        var began = Stopwatch.GetTimestamp();
        using var process = Start();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        var wall = Stopwatch.GetElapsedTime(began);
        return process.ExitCode == 0
            ? (wall, output.Result)
            : throw new InvalidOperationException(
                $"{Path.GetFileName(Program)} {string.Join(' ', Arguments)} ended with {process.ExitCode}:\n{errors.Result}"
            );
    }
}
