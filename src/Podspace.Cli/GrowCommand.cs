using System.CommandLine;
using Podspace.Addressing;
using Podspace.Capacity;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Planning;
using Podspace.Rendering;
using Podspace.Spec;
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
        var problem = "";
        return text is null ? null
            : Cidr.TryParse(text, out var block, out problem) ? block
            : throw new UsageException($"\"{text}\" is no block: {problem}");
    }

    internal static async Task<int> GrowAsync(Terminal terminal, Session session, GrowOptions options, CancellationToken cancel)
    {
        var state = await session.PlanAsync(cancel);
        if (state.Desired is not { } desired)
        {
            Messages.Obstacles(terminal.Error, state.Findings, session.Where);
            return ExitCode.Error;
        }
        var source = session.Source ?? throw new UsageException("there is no file that the spec stands in.");
        var (text, changes) = Changed(terminal, session, state.Inventory, desired, options, source.Text);
        if (text is null)
        {
            return ExitCode.Error;
        }
        var after = await AfterAsync(session, new(source.File, text), cancel);
        if (after.Situation.Desired is not { } grown || after.Situation.Plan is not { } plan)
        {
            Messages.Obstacles(terminal.Error, after.Situation.Findings, session.Where);
            return ExitCode.Error;
        }
        if (options.Drop is null && grown.Subnets.Count <= desired.Subnets.Count)
        {
            throw new UsageException(
                $"that gives pods no further subnet: with {string.Join(", ", changes)} there is room for no "
                    + $"more of /{grown.Subnets.Max(subnet => subnet.Cidr.PrefixLength)} in each zone. "
                    + $"Take a larger block, or smaller subnets with a longer 'subnetPrefixLength'."
            );
        }
        if (options.Write)
        {
            Write(source.File, text);
        }
        Print(terminal, after.Session, after.Situation, plan, options, new(source.File, text), changes);
        return after.Situation.HasErrors ? ExitCode.Error : ExitCode.Fine;
    }

    /// <summary>The spec's new text, and what is new in it; no text when a finding, printed, says why there is none.</summary>
    private static (string? Text, IReadOnlyList<string> Changes) Changed(
        Terminal terminal,
        Session session,
        Inventory inventory,
        Network desired,
        GrowOptions options,
        string text
    )
    {
        var spec = session.Spec;
        if (options.Zone is { } zone)
        {
            var zones = desired.Subnets.Select(subnet => subnet.Zone).Append(zone).Distinct().Order(StringComparer.Ordinal).ToList();
            return Set(text, spec, ("spec.zones", $"[{string.Join(", ", zones)}]"));
        }
        var blocks = FurtherRoom.Blocks(spec, desired);
        if (options.Drop is { } drop)
        {
            Refuse(drop, blocks, inventory);
            return Set(text, spec, Blocks(FurtherRoom.With(spec, desired, blocks.Where(block => block != drop).ToEquatable())));
        }
        var further = options.Block is { } block
            ? new(FurtherRoom.With(spec, desired, [.. blocks, block]), [])
            : FurtherRoom.Further(spec, desired, inventory);
        if (further.Ok(out var addresses))
        {
            return Set(text, spec, Blocks(addresses));
        }
        Messages.Obstacles(terminal.Error, further.Findings, session.Where);
        return (null, []);
    }

    private static (string Path, string Value)[] Blocks(AddressesSpec addresses) =>
        [
            ("spec.addresses.blocks", $"[{string.Join(", ", addresses.Blocks)}]"),
            ("spec.addresses.subnetPrefixLength", $"{addresses.SubnetPrefixLength}"),
        ];

    private static (string Text, IReadOnlyList<string> Changes) Set(
        string text,
        OverlaySpec spec,
        params (string Path, string Value)[] settings
    ) =>
        (
            settings.Aggregate(text, (current, setting) => OverlayEdit.Set(current, spec.Name, setting.Path, setting.Value)),
            [.. settings.Select(setting => $"{setting.Path}: {setting.Value}")]
        );

    private static void Refuse(Cidr drop, EquatableArray<Cidr> blocks, Inventory inventory)
    {
        if (!blocks.Contains(drop))
        {
            throw new UsageException($"{drop} is none of the pods' blocks ({string.Join(", ", blocks)}).");
        }
        if (blocks.Count == 1)
        {
            throw new UsageException($"{drop} is the only block of pods. To take all of it back:\n  podspace destroy");
        }
        if (FurtherRoom.InterfacesIn(drop, inventory) is not { } count)
        {
            throw new UsageException($"network interfaces could not be read, so nobody knows who uses {drop}.");
        }
        if (count > 0)
        {
            throw new UsageException(
                $"{count} network interfaces still stand in {drop}. "
                    + $"To move their pods out of it, take it out of 'spec.addresses.blocks'; what is in "
                    + $"use stays until its nodes are replaced:\n  podspace apply\n  podspace rollout start\n  podspace apply"
            );
        }
    }

    private static async Task<(Session Session, PlannedState Situation)> AfterAsync(
        Session session,
        SourceText source,
        CancellationToken cancel
    )
    {
        var read = OverlayYaml.ParseAll([source]);
        if (!read.Ok(out var all))
        {
            throw new UsageException(
                $"the changed spec would hold errors:\n "
                    + $" {string.Join("\n  ", read.Findings.Where(finding => finding.Severity == Severity.Error))}"
            );
        }
        var after = new Session(all.Overlays.Single(overlay => overlay.Name == session.Spec.Name), session.Connections, session.Where)
        {
            IsAlone = session.IsAlone,
            Source = source,
            Evidence = session.Evidence,
            Terraform = session.Terraform,
        };
        return (after, await after.PlanAsync(cancel));
    }

    /// <summary>Whole or not at all.</summary>
    private static void Write(string file, string text)
    {
        var aside = $"{file}.{Environment.ProcessId}";
        File.WriteAllText(aside, text);
        File.Move(aside, file, overwrite: true);
    }

    private static void Print(
        Terminal terminal,
        Session session,
        PlannedState state,
        Plan plan,
        GrowOptions options,
        SourceText source,
        IReadOnlyList<string> changes
    )
    {
        var account = PlanText.Account(plan.Account, terminal.IsTerminal);
        var patches = session.PatchesOf(state, plan);
        switch (options.Format)
        {
            case "yaml":
                terminal.Document.Write(source.Text);
                return;
            case "json":
                terminal.Output.Write(PlanJson.Render(plan, account, patches));
                return;
        }
        terminal.Output.WriteLine($"{source.File} {(options.Write ? "now says" : "would say")}\n  {string.Join("\n  ", changes)}\n");
        terminal.Output.Write(session.Where.Pasteable(PlanText.Render(plan, terminal.IsTerminal)) + Patches.Text(patches));
        // A switch thrown while older nodes run would leave them mixed: that is for a rollout.
        var stage = !plan.LeavesOldNodes && plan.Steps.Any(step => step.Stage == Stage.Switch) ? " --stage switch" : "";
        terminal.Output.WriteLine(
            options.Write
                ? "\nTo do it:"
                : "\nTo write it, and do it:\n  podspace grow --write"
                    + session.Where.Again()
                    + (
                        options.Zone is { } zone ? $" --zone {zone}"
                        : options.Drop is { } drop ? $" --drop {drop}"
                        : options.Block is { } block ? $" --block {block}"
                        : ""
                    )
        );
        terminal.Output.WriteLine($"  podspace apply{stage}{session.Where.Again()}");
        if (plan.LeavesOldNodes)
        {
            terminal.Output.WriteLine($"  podspace rollout start{session.Where.Again()}");
        }
    }
}
