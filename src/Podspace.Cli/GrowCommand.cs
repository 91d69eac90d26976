using System.CommandLine;
using Podspace.Addressing;
using Podspace.Operations;
using Podspace.Planning;
using Podspace.Rendering;
using Podspace.Steps;

namespace Podspace.Cli;

/// <summary>The change that gives pods more room, as a changed spec and its plan. The spec is the
/// one source of truth, so nothing else is changed here.</summary>
internal static class GrowCommand
{
    public static Command Make(Terminal terminal)
    {
        var world = new WorldOptions();
        var block = new Option<string?>("--block")
        {
            Description = "Take this block; left out: the next of the pool that every rule allows.",
            HelpName = "cidr",
        };
        var zone = new Option<string?>("--zone")
        {
            Description = "Add this zone instead: a subnet in the blocks that are there.",
            HelpName = "zone",
        };
        var drop = new Option<string?>("--drop")
        {
            Description = "Give this block back instead; nothing may use it any more.",
            HelpName = "cidr",
        };
        var write = new Option<bool>("--write") { Description = "Write the changed spec. Without it the change is only shown." };
        var output = new Option<string>("--output", "-o")
        {
            Description = "text, json (the plan), or yaml (the changed spec).",
            DefaultValueFactory = _ => "text",
            HelpName = "format",
        };
        output.AcceptOnlyFromAmong("text", "json", "yaml");
        var command = new Command(
            "grow",
            "Show the change that gives pods more room: the next free block, a subnet in "
                + "each zone, and what tells nodes of them. Changes the spec alone, with --write; "
                + "apply, or render terraform, does the rest."
        )
        {
            block,
            zone,
            drop,
            write,
            output,
        };
        world.AddTo(command);
        command.Validators.Add(result =>
        {
            if (((Option[])[block, zone, drop]).Count(option => result.GetResult(option) is not null) > 1)
            {
                result.AddError("--block, --zone and --drop are three changes: make one after the other.");
            }
        });
        command.SetAction(
            (parsed, cancel) =>
            {
                var options = new GrowOptions(
                    Block(parsed.GetValue(block)),
                    parsed.GetValue(zone),
                    Block(parsed.GetValue(drop)),
                    parsed.GetValue(write),
                    parsed.GetRequiredValue(output)
                );
                return Sessions.EachAsync(terminal, world.Of(parsed), session => GrowAsync(terminal, session, options, cancel), cancel);
            }
        );
        return command;
    }

    internal sealed record GrowOptions(Cidr? Block, string? Zone, Cidr? Drop, bool Write, string Format);

    private static Cidr? Block(string? text)
    {
        if (text is null)
        {
            return null;
        }
        return Cidr.TryParse(text, out var block, out var problem) ? block : throw new UsageException($"\"{text}\" is no block: {problem}");
    }

    internal static async Task<int> GrowAsync(Terminal terminal, Session session, GrowOptions options, CancellationToken cancel)
    {
        var source = session.Source ?? throw new UsageException("there is no file that the spec stands in.");
        var operation = new GrowOperation(session.For(null), source, new(options.Block, options.Zone, options.Drop));
        var result = await operation.RunAsync(cancel);
        if (result is not OperationResult.Grown grown)
        {
            return Ended.Tell(terminal, session, result);
        }
        if (options.Write)
        {
            Write(grown.Source.File, grown.Source.Text);
        }
        Print(terminal, session, grown, options);
        return ExitCode.Of(result.Ending);
    }

    /// <summary>Whole or not at all.</summary>
    private static void Write(string file, string text)
    {
        var aside = $"{file}.{Environment.ProcessId}";
        File.WriteAllText(aside, text);
        File.Move(aside, file, overwrite: true);
    }

    private static void Print(Terminal terminal, Session session, OperationResult.Grown grown, GrowOptions options)
    {
        var plan = grown.Plan;
        var account = PlanText.Account(plan.Account, terminal.IsTerminal);
        var patches = session.PatchesOf(grown.State, plan);
        switch (options.Format)
        {
            case "yaml":
                terminal.Document.Write(grown.Source.Text);
                return;
            case "json":
                terminal.Output.Write(PlanJson.Render(plan, account, patches));
                return;
        }
        terminal.Output.WriteLine(
            $"{grown.Source.File} {(options.Write ? "now says" : "would say")}\n  {string.Join("\n  ", grown.Changes)}\n"
        );
        terminal.Output.Write(session.Where.Pasteable(PlanText.Render(plan, terminal.IsTerminal)) + Patches.Text(patches));
        // A switch thrown while older nodes run would leave them mixed: that is for a rollout.
        var stage = !plan.LeavesOldNodes && plan.Steps.Any(step => step.Stage == Stage.Switch) ? " --stage switch" : "";
        var again = session.Where.Again();
        terminal.Output.WriteLine(
            options.Write ? "\nTo do it:" : $"\nTo write it, and do it:\n  podspace grow --write{again}{Again(options)}"
        );
        terminal.Output.WriteLine($"  podspace apply{stage}{again}");
        if (plan.LeavesOldNodes)
        {
            terminal.Output.WriteLine($"  podspace rollout start{again}");
        }
    }

    private static string Again(GrowOptions options) =>
        options switch
        {
            { Zone: { } zone } => $" --zone {zone}",
            { Drop: { } drop } => $" --drop {drop}",
            { Block: { } block } => $" --block {block}",
            _ => "",
        };
}
