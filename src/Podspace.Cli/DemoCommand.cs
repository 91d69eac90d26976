using System.CommandLine;
using System.Diagnostics;
using Podspace.Planning;
using Podspace.Rendering.Maps;
using Podspace.Spec;

namespace Podspace.Cli;

/// <summary>The whole job on the guide's VPC, in a simulated world: no account, no cluster.</summary>
internal static class DemoCommand
{
    public static Command Make(Terminal terminal)
    {
        var keep = new Option<string?>("--keep")
        {
            Description = "Leave overlay.yaml and world.yaml in this folder, to play on with.",
            HelpName = "folder",
        };
        var command = new Command(
            "demo",
            "Do the whole job on a simulated VPC whose /24 runs full: "
                + "plan, apply, replace the nodes, prove it. Needs no account and no cluster."
        )
        {
            keep,
        };
        command.SetAction((parsed, cancel) => RunAsync(terminal, parsed.GetValue(keep), cancel));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, string? keep, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        var overlay = Example("overlay.yaml");
        if (!OverlayYaml.Parse(overlay, "overlay.yaml").Ok(out var spec))
        {
            throw new UnreachableException("The shipped example does not parse.");
        }
        using var twin = TwinFile.InMemory(Example("world.yaml"), "the demo's world.yaml");
        await using var connections = Connections.ToTwin(twin.World, spec, "demo");
        var session = new Session(spec, connections);
        // Reports go to the same place as results: a demo is read as one story. Nobody is asked anything.
        var stage = terminal with
        {
            Error = terminal.Output,
            IsTerminal = false,
            IsErrorTerminal = false,
            CanAsk = false,
        };
        var where = new Where([], null, null, IsQuiet: true);

        Title(terminal, "The spec: all that a person writes");
        terminal.Output.WriteLine(overlay.TrimEnd());
        Title(terminal, "podspace plan");
        var before = await session.PlanAsync(cancel);
        if (before.Plan is not { } plan)
        {
            // The SDK reads the person's own AWS files, whoever's credentials it is given; they may be at fault.
            terminal.Error.Write(Messages.Obstacles(before.Findings, where));
            return ExitCode.Error;
        }
        terminal.Output.Write(PlanText.Render(plan, showsAccount: true));
        foreach (var (title, act) in Acts(stage, session, where, cancel))
        {
            Title(terminal, title);
            var exit = await act();
            if (exit != ExitCode.Fine)
            {
                return exit;
            }
        }
        var after = await session.PlanAsync(cancel);
        Title(terminal, "podspace render map --of network -o text");
        terminal.Output.Write(NetworkMapText.Render(NetworkMap.From(spec, after.Inventory, after.Desired)));
        Title(terminal, "podspace render map -o text");
        terminal.Output.Write(AddressMapText.Render(AddressMap.From(after.Inventory, spec.Name, after.Desired)));
        Keep(terminal, twin, overlay, keep);
        terminal.Output.WriteLine();
        terminal.Output.WriteLine(
            $"That took {watch.Elapsed.TotalSeconds:0.0} s here; it was a simulation. On "
                + $"AWS the same commands do it, and the nodes take their time."
        );
        return ExitCode.Fine;
    }

    private static IEnumerable<(string Title, Func<Task<int>> Act)> Acts(
        Terminal terminal,
        Session session,
        Where where,
        CancellationToken cancel
    )
    {
        yield return (
            "podspace apply (shows that plan, asks, and does it)",
            () =>
                ApplyCommand.ApplyAsync(
                    terminal,
                    session,
                    where with
                    {
                        IsQuiet = false,
                    },
                    new(null, true, false) { IsShown = true },
                    cancel
                )
        );
        yield return ("podspace rollout start", () => RolloutCommand.StartAsync(terminal, session, where with { IsQuiet = false }, cancel));
        yield return ("podspace verify", () => VerifyCommand.VerifyAsync(terminal, session, cancel));
    }

    private static void Title(Terminal terminal, string text)
    {
        terminal.Output.WriteLine();
        terminal.Output.WriteLine($"── {text} {new string('─', Math.Max(3, 76 - text.Length))}");
        terminal.Output.WriteLine();
    }

    private static void Keep(Terminal terminal, TwinFile twin, string overlay, string? folder)
    {
        terminal.Output.WriteLine();
        if (folder is null)
        {
            terminal.Output.WriteLine("To play on with this world (look around, go back, take it down):\n  podspace demo --keep demo");
            return;
        }
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "overlay.yaml"), overlay);
        twin.SaveAs(Path.Combine(folder, "world.yaml"));
        var options = $"-f {Path.Combine(folder, "overlay.yaml")} --twin {Path.Combine(folder, "world.yaml")}";
        terminal.Output.WriteLine(
            $"The world is kept. For instance:\n  podspace rollout status {options}\n "
                + $" podspace rollout back {options}\n  podspace destroy {options}"
        );
    }

    /// <summary>The files of examples/crowded-vpc, as embedded in the program.</summary>
    internal static string Example(string name)
    {
        using var stream = typeof(DemoCommand).Assembly.GetManifestResourceStream($"crowded-vpc/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
