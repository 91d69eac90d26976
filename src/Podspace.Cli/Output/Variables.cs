using System.CommandLine;
using System.CommandLine.Parsing;

namespace Podspace.Cli.Output;

/// <summary>Variables of the environment that stand in for options which one types forty times.
/// There is none for <c>--yes</c>: who agrees says so each time.</summary>
internal static class Variables
{
    /// <summary>Also the table in docs/plan.md, which a test holds to it.</summary>
    public static readonly IReadOnlyList<(string Variable, string Option)> Table =
    [
        ("PODSPACE_FILE", "--file"),
        ("PODSPACE_TWIN", "--twin"),
        ("PODSPACE_CONTEXT", "--context"),
        ("PODSPACE_OUTPUT", "--output"),
        ("PODSPACE_COLOR", "--color"),
        ("PODSPACE_TERRAFORM_STATE", "--terraform-state"),
    ];

    /// <summary>The arguments with what the environment says for options that the command takes and nobody gave.</summary>
    public static string[] With(string[] args, RootCommand root, Func<string, string?> variable)
    {
        var set = Table.Where(row => variable(row.Variable) is { Length: > 0 }).ToList();
        if (set.Count == 0 || args is not [var first, ..] || first.StartsWith('['))
        {
            return args;
        }
        var result = root.Parse(args).CommandResult;
        var added = set.SelectMany(row => Added(result, row.Option, variable(row.Variable)!)).ToList();
        // Right behind the command's name: what stands behind "--" is another program's.
        var depth = Path(result.Command).Count();
        return [.. args[..depth], .. added, .. args[depth..]];
    }

    private static IEnumerable<string> Added(CommandResult result, string name, string value)
    {
        var option = Path(result.Command).SelectMany(command => command.Options).FirstOrDefault(one => one.Name == name);
        if (option is null || result.GetResult(option) is { Implicit: false } || !Fits(result, option, value))
        {
            return [];
        }
        return [name, value];
    }

    private static bool Fits(CommandResult result, Option option, string value) =>
        option switch
        {
            FormatOption format => format.Formats.Contains(value),
            // A saved plan holds its own spec, and -o of init and snapshot is a file.
            { Name: "--file" } => !result.Children.OfType<ArgumentResult>().Any(one => one is { Argument.Name: "plan", Tokens.Count: > 0 }),
            { Name: "--output" } => false,
            _ => true,
        };

    /// <summary>Commands from below the root to this one.</summary>
    private static IEnumerable<Command> Path(Command command) =>
        command is RootCommand ? [] : [.. command.Parents.OfType<Command>().SelectMany(Path), command];
}
