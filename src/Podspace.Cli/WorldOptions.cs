using System.CommandLine;
using Podspace.Cli.Output;
using Podspace.Spec;

namespace Podspace.Cli;

/// <summary>What nearly every command takes: specs, and the world to work on.</summary>
internal sealed class WorldOptions
{
    private readonly Option<string[]> files = Files();

    private readonly Option<string?> twin = new("--twin")
    {
        Description = "Work on the simulated world in this file instead of AWS; it is saved after each change.",
        HelpName = "file",
    };

    private readonly Option<string?> faults = new("--faults")
    {
        Description = "With --twin: let go wrong what this file says: throttles, lost answers, stale reads and more, seeded.",
        HelpName = "file",
    };

    private readonly Option<string?> context = new("--context")
    {
        Description = "Context of the kubeconfig; without it, the cluster is reached with a token made from the AWS credentials.",
        HelpName = "name",
    };

    private readonly Option<string?> evidence = new("--evidence")
    {
        Description = "World file by somebody who may see more; used only for what cannot be read.",
        HelpName = "file",
    };

    private readonly Option<bool> quiet = FormatOption.QuietOption();

    private readonly Option<string?> terraformState = new("--terraform-state")
    {
        Description = "Output of terraform show -json: what stands in it is Terraform's and never written here.",
        HelpName = "file",
    };

    public static Option<string[]> Files() =>
        new("--file", "-f")
        {
            Description = "Overlay spec: a file, or a folder of .yaml files; may be repeated.",
            DefaultValueFactory = _ => ["overlay.yaml"],
            HelpName = "file",
        };

    public void AddTo(Command command)
    {
        command.Add(files);
        command.Add(twin);
        command.Add(faults);
        command.Add(context);
        command.Add(evidence);
        command.Add(terraformState);
        command.Add(quiet);
    }

    /// <summary>Reports whether the person named specs, rather than leaving it at overlay.yaml.</summary>
    public bool NamesSpecs(ParseResult parsed) => parsed.GetResult(files) is { Implicit: false };

    /// <summary>Reports whether a spec or a world was named, rather than left to the defaults.</summary>
    public bool IsNamed(ParseResult parsed) =>
        NamesSpecs(parsed) || parsed.GetValue(twin) is not null || parsed.GetValue(context) is not null;

    public Where Of(ParseResult parsed) =>
        new(parsed.GetValue(files) ?? [], parsed.GetValue(twin), parsed.GetValue(context), parsed.GetValue(quiet))
        {
            Faults = parsed.GetValue(faults),
            Evidence = parsed.GetValue(evidence),
            TerraformState = parsed.GetValue(terraformState),
        };
}

/// <summary>Which specs and which world.</summary>
internal sealed record Where(IReadOnlyList<string> Files, string? Twin, string? Context, bool IsQuiet)
{
    /// <summary>Nothing that a command would have to repeat.</summary>
    public static readonly Where Unsaid = new([], null, null, false);

    /// <summary>The faults file; null: nothing goes wrong but what the world itself refuses.</summary>
    public string? Faults { get; init; }

    /// <summary>What somebody saw who may see more; null: only what is read counts.</summary>
    public string? Evidence { get; init; }

    /// <summary>What terraform show -json printed; null: nothing is known of Terraform.</summary>
    public string? TerraformState { get; init; }

    /// <summary>The same options again, for a command to copy.</summary>
    public string Again() =>
        string.Concat(Files.Where(file => file != "overlay.yaml").Select(file => $" -f {Quoted(file)}"))
        + (Twin is null ? "" : $" --twin {Quoted(Twin)}")
        + (Faults is null ? "" : $" --faults {Quoted(Faults)}")
        + (Context is null ? "" : $" --context {Quoted(Context)}")
        + (Evidence is null ? "" : $" --evidence {Quoted(Evidence)}")
        + (TerraformState is null ? "" : $" --terraform-state {Quoted(TerraformState)}");

    /// <summary>Just the file that a spec stands in.</summary>
    public Where Only(OverlaySpec spec) => spec.Places.Of("metadata.name") is { } place ? this with { Files = [place.File] } : this;

    /// <summary>The text, in which every command of ours that stands on a line of its own
    /// carries these options, so that it can be pasted.</summary>
    public string Pasteable(string text)
    {
        const string Command = "\n  podspace ";
        return text.Contains(Command, StringComparison.Ordinal)
            ? string.Join(
                '\n',
                text.Split('\n').Select(line => line.StartsWith(Command[1..], StringComparison.Ordinal) ? line + Again() : line)
            )
            : text;
    }

    public static string Quoted(string word) => word.Contains(' ', StringComparison.Ordinal) ? $"\"{word}\"" : word;
}
