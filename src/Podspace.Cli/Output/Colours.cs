using System.Text.RegularExpressions;

namespace Podspace.Cli.Output;

/// <summary>Colours what is read first: signs of steps, severities, marks of checks. Texts are made without knowing of it.</summary>
/// <param name="mode">auto, always or never.</param>
public sealed partial class Colours(string mode)
{
    private const string Red = "31";
    private const string Green = "32";
    private const string Yellow = "33";

    public static readonly Colours None = new("never");

    /// <param name="isTerminal">Whether a person reads it.</param>
    public string Paint(string text, bool isTerminal) =>
        mode == "always" || (mode == "auto" && isTerminal)
            ? Marks().Replace(text, match => $"\e[{ColourOf(match.Value)}m{match.Value}\e[0m")
            : text;

    private static string ColourOf(string mark) =>
        mark.Trim() switch
        {
            "+" or "ok" or "done" => Green,
            "~" or "not yet" => Yellow,
            var word when word.StartsWith("warning", StringComparison.Ordinal) => Yellow,
            _ => Red,
        };

    // At the beginning of a line, or behind the place of a finding.
    [GeneratedRegex(
        @"(?m)^  (\+|~|-|ok|NO|done|refused|not yet)(?= )|(?<=^|: )(error|warning) PS\d{4}|^refused(?=:)|DISTURBS RUNNING PODS"
    )]
    private static partial Regex Marks();

    /// <summary>As the command line and the environment have it: <c>--color</c> first, then <c>PODSPACE_COLOR</c>, then
    /// <c>NO_COLOR</c> (no-color.org: set and not empty).</summary>
    public static Colours Of(string[] args, Func<string, string?> variable)
    {
        var asked = Asked(args) ?? variable("PODSPACE_COLOR");
        if (asked is "auto" or "always" or "never")
        {
            return new(asked);
        }
        return variable("NO_COLOR") is { Length: > 0 } ? None : new("auto");
    }

    // Before anything is parsed, because what is parsed prints already.
    private static string? Asked(string[] args)
    {
        var at = Array.FindIndex(args, word => word == "--color" || word.StartsWith("--color=", StringComparison.Ordinal));
        if (at < 0)
        {
            return null;
        }
        return args[at].Contains('=', StringComparison.Ordinal) ? args[at].Split('=', 2)[1] : args.ElementAtOrDefault(at + 1);
    }
}
