using Podspace.Addressing;
using Podspace.Capacity;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Spec;

namespace Podspace.Operations;

/// <summary>One of the three, or none: the next block of the pool that every rule allows.</summary>
public sealed record GrowOptions(Cidr? Block = null, string? Zone = null, Cidr? Drop = null);

/// <summary>The change that gives pods more room, as a changed spec and its plan. The spec is the
/// one source of truth, so nothing else is changed, and the spec itself is only said.</summary>
/// <param name="source">The file that the spec stands in.</param>
public sealed class GrowOperation(Overlay overlay, SourceText source, GrowOptions options)
{
    public async Task<OperationResult> RunAsync(CancellationToken cancel)
    {
        var state = await overlay.PlanAsync(cancel);
        if (state.Desired is not { } desired)
        {
            return new OperationResult.NoPlan(state.Findings);
        }
        var (settings, none) = Settings(state.Inventory, desired);
        if (none is not null)
        {
            return none;
        }
        var text = settings.Aggregate(source.Text, (current, one) => OverlayEdit.Set(current, overlay.Spec.Name, one.Path, one.Value));
        var changes = settings.Select(setting => $"{setting.Path}: {setting.Value}").ToEquatable();
        return await AfterAsync(new(source.File, text), changes, desired, cancel);
    }

    private async Task<OperationResult> AfterAsync(
        SourceText changed,
        EquatableArray<string> changes,
        Network before,
        CancellationToken cancel
    )
    {
        var read = OverlayYaml.ParseAll([changed]);
        if (!read.Ok(out var all))
        {
            var errors = read.Findings.Where(finding => finding.Severity == Severity.Error).ToEquatable();
            return new OperationResult.NotDone(new Reason.ChangedSpecIsWrong(errors));
        }
        var after = new Overlay(all.Overlays.Single(one => one.Name == overlay.Spec.Name), overlay.Connections, overlay.Host)
        {
            Evidence = overlay.Evidence,
            Terraform = overlay.Terraform,
        };
        var state = await after.PlanAsync(cancel);
        if (state is not { Desired: { } grown, Plan: { } plan })
        {
            return new OperationResult.NoPlan(state.Findings);
        }
        return options.Drop is null && grown.Subnets.Count <= before.Subnets.Count
            ? new OperationResult.NotDone(new Reason.NoFurtherSubnet(changes, grown.Subnets.Max(subnet => subnet.Cidr.PrefixLength)))
            : new OperationResult.Grown(changed, changes, state, plan);
    }

    /// <summary>What is new in the spec; or why nothing is.</summary>
    private (EquatableArray<(string Path, string Value)> Settings, OperationResult? None) Settings(Inventory inventory, Network desired)
    {
        var spec = overlay.Spec;
        if (options.Zone is { } zone)
        {
            var zones = desired.Subnets.Select(subnet => subnet.Zone).Append(zone).Distinct().Order(StringComparer.Ordinal);
            return ([("spec.zones", $"[{string.Join(", ", zones)}]")], null);
        }
        var blocks = FurtherRoom.Blocks(spec, desired);
        if (options.Drop is { } drop)
        {
            return InTheWay(drop, blocks, inventory) is { } reason
                ? ([], new OperationResult.NotDone(reason))
                : (Blocks(FurtherRoom.With(spec, desired, blocks.Where(block => block != drop).ToEquatable())), null);
        }
        var further = options.Block is { } wanted
            ? new(FurtherRoom.With(spec, desired, [.. blocks, wanted]), [])
            : FurtherRoom.Further(spec, desired, inventory);
        return further.Ok(out var addresses) ? (Blocks(addresses), null) : ([], new OperationResult.NoPlan(further.Findings));
    }

    private static EquatableArray<(string Path, string Value)> Blocks(AddressesSpec addresses) =>
        [
            ("spec.addresses.blocks", $"[{string.Join(", ", addresses.Blocks)}]"),
            ("spec.addresses.subnetPrefixLength", $"{addresses.SubnetPrefixLength}"),
        ];

    private static Reason? InTheWay(Cidr drop, EquatableArray<Cidr> blocks, Inventory inventory)
    {
        if (!blocks.Contains(drop))
        {
            return new Reason.NoBlockOfPods(drop, blocks);
        }
        if (blocks.Count == 1)
        {
            return new Reason.OnlyBlock(drop);
        }
        return FurtherRoom.InterfacesIn(drop, inventory) switch
        {
            null => new Reason.UsersUnseen(drop),
            0 => null,
            var count => new Reason.BlockInUse(drop, count.Value),
        };
    }
}
