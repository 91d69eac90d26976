using System.CommandLine;
using System.CommandLine.Invocation;
using Podspace.Cli.Output;

namespace Podspace.Cli;

/// <summary>The whole command line, in process: arguments in, text and exit code out.</summary>
public static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancel = default)
    {
        var command = "podspace";
        terminal = terminal with { Colours = Colours.Of(args, terminal.Variable) };
        try
        {
            var root = Root(terminal);
            var parsed = root.Parse(Variables.With(Meant(args), root, terminal.Variable));
            command = Bug.Named(parsed);
            if (parsed.Action is ParseErrorAction mistyped)
            {
                // The mistake shall be the last thing on the screen, not the page of help behind it.
                mistyped.ShowHelp = false;
            }
            var exit = await parsed.InvokeAsync(
                new()
                {
                    Output = terminal.Output,
                    Error = terminal.Error,
                    EnableDefaultExceptionHandler = false,
                },
                cancel
            );
            if (parsed.Action is ParseErrorAction)
            {
                await terminal.Error.WriteLineAsync(Next(parsed.CommandResult.Command));
            }
            return exit;
        }
        catch (UsageException mistake)
        {
            await terminal.Error.WriteLineAsync($"podspace: {mistake.Message}");
            return ExitCode.Error;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            // A file that cannot be written, a port that is taken: the message names it.
            await terminal.Error.WriteLineAsync($"podspace: {wrong.Message}");
            return ExitCode.Error;
        }
        catch (OperationCanceledException)
        {
            await terminal.Error.WriteLineAsync("podspace: stopped. What was done stays done; the same command goes on from there.");
            return ExitCode.Error;
        }
        catch (Unanswered)
        {
            await terminal.Error.WriteLineAsync("\nNothing was changed.");
            return ExitCode.Interrupted;
        }
        catch (Exception wrong)
        {
            return Broken(terminal.Error, wrong, command);
        }
    }

    /// <summary>The last net: one line for what nobody foresaw, without its message.</summary>
    public static int Broken(TextWriter error, Exception wrong, string command = "podspace")
    {
        try
        {
            error.Write(Bug.Told(wrong, command, Bug.IsTraced));
        }
        catch (Exception silent) when (silent is not OutOfMemoryException)
        {
            // Nobody reads any more; the exit code says it.
        }
        return ExitCode.Error;
    }

    /// <summary>What people type out of habit of other tools.</summary>
    private static string[] Meant(string[] args) =>
        args switch
        {
            [] => ["--help"],
            ["--version"] => ["version"],
            ["help", .. var command] => [.. command, "--help"],
            _ => args,
        };

    private static string Next(Command command)
    {
        var path = command is RootCommand ? "podspace" : "podspace " + string.Join(' ', Path(command));
        return command.Subcommands.Count > 0 && command is not RootCommand
            ? $"One of these:\n{string.Join('\n', command.Subcommands.Select(one => $"  {path} {one.Name}"))}"
            : $"To see what it takes:\n  {path} --help";
    }

    private static IEnumerable<string> Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand
            ? [.. Path(parent), command.Name]
            : [command.Name];

    /// <summary>Read before all others, by <see cref="Colours"/>; here for its help and its mistakes.</summary>
    private static Option<string> ColourOption()
    {
        var option = new Option<string>("--color")
        {
            Description = "Colour what is read first: auto (on a terminal, unless NO_COLOR is set), always or never.",
            DefaultValueFactory = _ => "auto",
            HelpName = "when",
            Recursive = true,
        };
        option.AcceptOnlyFromAmong("auto", "always", "never");
        return option;
    }

    internal static RootCommand Root(Terminal terminal)
    {
        var root = new RootCommand(
            """
            Gives the pods of an Amazon EKS cluster an address space of their own, from 100.64.0.0/10.

            To see the whole job on a simulated VPC:   podspace demo
            To see what your own cluster would need:   podspace plan -f overlay.yaml
            """
        )
        {
            DemoCommand.Make(terminal),
            InitCommand.Make(terminal),
            PlanCommand.Make(terminal),
            ApplyCommand.Make(terminal),
            RolloutCommand.Make(terminal),
            VerifyCommand.Make(terminal),
            TraceCommand.Make(terminal),
            DoctorCommand.Make(terminal),
            ExplainCommand.Make(terminal),
            CapacityCommand.Make(terminal),
            ForecastCommand.Make(terminal),
            GrowCommand.Make(terminal),
            SimulateCommand.Make(terminal),
            LabCommand.Make(terminal),
            DestroyCommand.Make(terminal),
            RenderCommand.Make(terminal),
            SnapshotCommand.Make(terminal),
            NewsCommand.Make(terminal),
            TwinCommand.Make(terminal),
            VersionCommand.Make(terminal),
            CompletionCommand.Make(terminal),
        };
        root.Options.Add(ColourOption());
        foreach (var option in root.Options.OfType<VersionOption>().ToList())
        {
            root.Options.Remove(option);
        }
        return root;
    }
}

/// <summary>A user's mistake, told in one message; never a stack trace.</summary>
public sealed class UsageException(string message) : Exception(message);
