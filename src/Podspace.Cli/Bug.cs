using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;

namespace Podspace.Cli;

/// <summary>
/// What is said of an exception that nobody foresaw. Its message is never shown: a library may have quoted a key or a token in it.
/// </summary>
internal static class Bug
{
    private const string Debug = "PODSPACE_DEBUG";

    /// <summary>Reports whether the person asked for traces.</summary>
    public static bool IsTraced => Environment.GetEnvironmentVariable(Debug) is { Length: > 0 };

    /// <param name="command">As <see cref="Named"/> has it.</param>
    public static string Told(Exception wrong, string command, bool isTraced)
    {
        var origin = wrong.GetBaseException();
        var what = $"{NameOf(origin.GetType().FullName)} in {Place(origin)}";
        return $"podspace: this is a bug in podspace: {what}. Nothing that you typed can mend it.\n"
            + $"Please report that line, and this one: podspace {VersionCommand.Version}, {command}\n"
            + (isTraced ? string.Concat(Chain(wrong).Select(Traced)) : $"The way to it, without any value, comes with {Debug}=1.\n");
    }

    /// <summary>The command and its options, without what was said with them: a value may be secret.</summary>
    public static string Named(ParseResult parsed)
    {
        var options = parsed.CommandResult.Children.OfType<OptionResult>().Where(option => !option.Implicit);
        return string.Join(' ', [.. Path(parsed.CommandResult.Command), .. options.Select(option => option.Option.Name)]);
    }

    private static IEnumerable<string> Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? [.. Path(parent), command.Name] : ["podspace"];

    private static string Place(Exception wrong)
    {
        var frames = new StackTrace(wrong).GetFrames().Select(Method).ToList();
        // Ours says more than the library's that it called.
        return frames.FirstOrDefault(method => method.StartsWith("Podspace.", StringComparison.Ordinal)) is { } own
            ? own["Podspace.".Length..]
            : frames.FirstOrDefault() ?? "an unknown place";
    }

    private static string Traced(Exception wrong) =>
        $"{wrong.GetType().FullName}\n{string.Concat(new StackTrace(wrong).GetFrames().Select(frame => $"  at {Method(frame)}\n"))}";

    private static string Method(StackFrame frame) =>
        DiagnosticMethodInfo.Create(frame) is not { } method ? "?" : Written(NameOf(method.DeclaringTypeName), method.Name);

    // An async method or a lambda runs in a type that the compiler made: Podspace.Cli.PlanCommand+<RunAsync>d__1.MoveNext.
    private static string Written(string type, string method)
    {
        var made = type.IndexOf("+<", StringComparison.Ordinal);
        if (made < 0)
        {
            return $"{type}.{Inner(method)}";
        }
        var inner = Inner(type[(made + 1)..]);
        return $"{type[..made]}.{(inner.Length > 0 ? inner : Inner(method))}";
    }

    /// <summary><c>RunAsync</c> of <c>&lt;RunAsync&gt;d__1</c>; anything else as it is; nothing of a closure, named for nobody.</summary>
    private static string Inner(string name)
    {
        var (from, to) = (name.LastIndexOf('<'), name.IndexOf('>', StringComparison.Ordinal));
        return from < 0 || to < from ? name : name[(from + 1)..to];
    }

    // The full name of a generic type goes on with its arguments and their assemblies.
    private static string NameOf(string? type) => type is null ? "?" : type.Split('[')[0];

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (var one = exception; one is not null; one = one.InnerException)
        {
            yield return one;
        }
    }
}
