using System.CommandLine;

namespace Podspace.Cli;

/// <summary>What nearly every command takes: specs, and the world to work on.</summary>
internal sealed class WorldOptions
{
    private readonly Option<string[]> files = new("--file", "-f")
    {
        Description = "Overlay spec: a file, or a folder of .yaml files; may be repeated.",
        DefaultValueFactory = _ => ["overlay.yaml"],
        HelpName = "file",
    };

    private readonly Option<string?> twin = new("--twin")
    {
        Description = "Work on the simulated world in this file instead of AWS; it is saved after each change.",
        HelpName = "file",
    };

    private readonly Option<string?> context = new("--context")
    {
        Description = "Context of the kubeconfig; without it, the cluster is reached with a token made from the AWS credentials.",
        HelpName = "name",
    };

    private readonly Option<bool> quiet = new("--quiet", "-q") { Description = "Say only what went wrong, and the result." };

    public void AddTo(Command command)
    {
        command.Add(files);
        command.Add(twin);
        command.Add(context);
        command.Add(quiet);
    }

    public Where Of(ParseResult parsed) =>
        new(parsed.GetValue(files) ?? [], parsed.GetValue(twin), parsed.GetValue(context), parsed.GetValue(quiet));
}

/// <summary>Which specs and which world.</summary>
internal sealed record Where(IReadOnlyList<string> Files, string? Twin, string? Context, bool IsQuiet)
{
    /// <summary>The same options again, for a command to copy.</summary>
    public string Again() =>
        string.Concat(Files.Where(file => file != "overlay.yaml").Select(file => $" -f {Quoted(file)}"))
        + (Twin is null ? "" : $" --twin {Quoted(Twin)}") + (Context is null ? "" : $" --context {Quoted(Context)}");

    private static string Quoted(string word) => word.Contains(' ', StringComparison.Ordinal) ? $"\"{word}\"" : word;
}
