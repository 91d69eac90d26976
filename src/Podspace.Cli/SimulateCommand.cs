using System.CommandLine;
using Podspace.Capacity.LoadSimulation;
using Podspace.Cli.Output;
using Podspace.Cni;
using Podspace.Model;
using Podspace.Operations;

namespace Podspace.Cli;

/// <summary>Nodes, pods and their addresses over hours or days of a load, in seconds.</summary>
internal static class SimulateCommand
{
    public static Command Make(Terminal terminal)
    {
        var world = new WorldOptions();
        var load = new Option<string>("--load")
        {
            Description =
                "The load: what runs, on which nodes, what happens when. " + "Subnets, nodes and settings that it lacks are the cluster's.",
            Required = true,
            HelpName = "file",
        };
        var seed = new Option<int?>("--seed")
        {
            Description = "Another course of chance than the file's. The same seed gives the same result.",
            HelpName = "number",
        };
        var output = new FormatOption("text, json, or csv.", "text", "json", "csv");
        var plot = new Option<string?>("--plot") { Description = "Also draw it into this SVG file.", HelpName = "file" };
        var types = new Option<string?>("--instance-types")
        {
            Description = "Output of aws ec2 describe-instance-types, for types that the built-in table lacks.",
            HelpName = "file",
        };
        var command = new Command("simulate", "Run a load on simulated nodes: who waits for an address, when, and why. Touches nothing.")
        {
            load,
            seed,
            output,
            plot,
            types,
        };
        world.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
            {
                var options = new SimulateOptions(
                    parsed.GetRequiredValue(load),
                    parsed.GetValue(seed),
                    parsed.GetRequiredValue(output),
                    parsed.GetValue(plot),
                    parsed.GetValue(types)
                );
                var where = world.Of(parsed);
                var form = output.Of(parsed, where.IsQuiet);
                return world.IsNamed(parsed)
                    ? Sessions.EachAsync(terminal, where, session => OnClusterAsync(terminal, session, options, cancel), cancel, form)
                    : Task.FromResult(
                        form.Say(terminal, Run(options, new([], CapacityCommand.TypesIn(options.Types) ?? InstanceTypeCache.Read()), null))
                    );
            }
        );
        return command;
    }

    private sealed record SimulateOptions(string Load, int? Seed, string Format, string? Plot, string? Types);

    private static async Task<Said> OnClusterAsync(Terminal terminal, Session session, SimulateOptions options, CancellationToken cancel)
    {
        var state = await session.PlanAsync(cancel);
        if (state.Desired is not { } desired)
        {
            return ResultText.Said(new OperationResult.NoPlan(state.Findings), session, terminal);
        }
        var known = KnownTypes.From(state.Inventory, CapacityCommand.TypesIn(options.Types) ?? InstanceTypeCache.Read());
        return Run(options, known, Of(state.Inventory, desired, known));
    }

    /// <summary>The cluster as ground for a load: the subnets as they shall be, empty; each node group between its bounds.</summary>
    private static LoadProfile Of(Inventory inventory, Network desired, KnownTypes known)
    {
        var settings = PlannedSettings.Of(desired, inventory);
        var zones = inventory.Cloud.Subnets.ToDictionary(subnet => subnet.Id, subnet => subnet.Zone);
        return new(
            1,
            24,
            desired.Subnets.Select(subnet => new LoadSubnet(subnet.Zone, subnet.Cidr, subnet.Reserved)).ToEquatable(),
            inventory
                .Cloud.Nodegroups.Where(group => group.InstanceTypes is [var type, ..] && known.Find(type) is not null)
                .Select(group => new LoadNodes(
                    group.Name,
                    known.Find(group.InstanceTypes[0])!,
                    group.Subnets.Where(zones.ContainsKey).Select(id => zones[id]).Distinct().Order(StringComparer.Ordinal).ToEquatable(),
                    group.MinSize,
                    group.MaxSize,
                    int.MaxValue,
                    IsKarpenter: false
                ))
                .ToEquatable(),
            [],
            [],
            settings
        );
    }

    private static Said Run(SimulateOptions options, KnownTypes known, LoadProfile? fallback)
    {
        var profile =
            LoadFile.Read(Specs.Text(options.Load, $"there is no file {options.Load}."), known, fallback, out var problems, options.Load)
            ?? throw new UsageException($"{options.Load} cannot be run:\n  {string.Join("\n  ", problems)}");
        var result = LoadRun.Of(options.Seed is { } seed ? profile with { Seed = (ulong)seed } : profile);
        if (options.Plot is { } file)
        {
            File.WriteAllText(file, LoadPlot.Render(result));
        }
        var text = options.Format == "csv" ? LoadText.Csv(result) : LoadText.Render(result);
        return new(ExitCode.Fine, LoadText.Render(result).Split('\n')[0].TrimEnd('.', ':'), text) { Json = () => LoadText.Json(result) };
    }
}
