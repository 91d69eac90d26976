using System.CommandLine;
using Podspace.Addressing;
using Podspace.Cli.Output;
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
        var output = new FormatOption("text, json (the plan), or yaml (the changed spec).", "text", "json", "yaml");
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
                var where = world.Of(parsed);
                return Sessions.EachAsync(
                    terminal,
                    where,
                    session => GrowAsync(terminal, session, options, cancel),
                    cancel,
                    output.Of(parsed, where.IsQuiet)
                );
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

    private static async Task<Said> GrowAsync(Terminal terminal, Session session, GrowOptions options, CancellationToken cancel)
    {
        var source = session.Source ?? throw new UsageException("there is no file that the spec stands in.");
        var wanted = new Operations.GrowOptions(options.Block, options.Zone, options.Drop);
        var result = await session.LookAsync(overlay => new GrowOperation(overlay, source, wanted).RunAsync(cancel));
        if (result is not OperationResult.Grown grown)
        {
            return ResultText.Said(result, session, terminal);
        }
        if (options.Write)
        {
            Write(grown.Source.File, grown.Source.Text);
        }
        var next = options.Write
            ? $"podspace apply{session.Where.Again()}"
            : $"podspace grow --write{session.Where.Again()}{Again(options)}";
        var isYaml = options.Format == "yaml";
        return new(
            ExitCode.Of(result.Ending),
            $"{grown.Source.File} {(options.Write ? "now says" : "would say")} {string.Join(", ", grown.Changes)}",
            isYaml ? grown.Source.Text : Text(terminal, session, grown, options)
        )
        {
            Next = next,
            IsDocument = isYaml,
            Json = () =>
                PlanJson.Render(
                    grown.Plan,
                    PlanText.Account(grown.Plan.Account, terminal.IsTerminal),
                    session.PatchesOf(grown.State, grown.Plan)
                ),
        };
    }

    /// <summary>Whole or not at all.</summary>
    private static void Write(string file, string text)
    {
        var aside = $"{file}.{Environment.ProcessId}";
        File.WriteAllText(aside, text);
        File.Move(aside, file, overwrite: true);
    }

    private static string Text(Terminal terminal, Session session, OperationResult.Grown grown, GrowOptions options)
    {
        var (plan, again) = (grown.Plan, session.Where.Again());
        // A switch thrown while older nodes run would leave them mixed: that is for a rollout.
        var stage = !plan.LeavesOldNodes && plan.Steps.Any(step => step.Stage == Stage.Switch) ? " --stage switch" : "";
        return $"{grown.Source.File} {(options.Write ? "now says" : "would say")}\n  {string.Join("\n  ", grown.Changes)}\n\n"
            + session.Where.Pasteable(PlanText.Render(plan, terminal.IsTerminal))
            + Patches.Text(session.PatchesOf(grown.State, plan))
            + (options.Write ? "\nTo do it:\n" : $"\nTo write it, and do it:\n  podspace grow --write{again}{Again(options)}\n")
            + $"  podspace apply{stage}{again}\n"
            + (plan.LeavesOldNodes ? $"  podspace rollout start{again}\n" : "");
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
