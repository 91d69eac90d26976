using Podspace.Addressing;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Nodes;
using Podspace.Observed;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>What is made and no longer wanted goes, once nothing stands on it; what still
/// carries pods stays, and a finding says so.</summary>
internal sealed partial class PlanBuilder
{
    /// <summary>Ids of made subnets that the desired network lacks.</summary>
    private readonly HashSet<AwsId> leaving;

    private IEnumerable<AwsId> LeavingSubnets(Network network) =>
        from subnet in actual.Network.Subnets
        where subnet.Ref.IsMade && network.Subnets.All(wanted => wanted.Ref != subnet.Ref)
        select actual.Ids.Subnets[subnet.Ref.Name];

    private void PlanRemovals()
    {
        var first = draft
            .Ids(step =>
                step.Change
                    is Change.SetAddonValues
                        or Change.SetAwsNode
                        or Change.SetSubnetRole
                        or Change.RestoreSubnetRole
                        or Change.ApplyEniConfig
                        or Change.DeleteEniConfig
                        or Change.AddRule
                        or Change.ApplyNodeClass
                        or Change.ApplyNodePool
                        or Change.DeleteNodePool
                        or Change.DeleteNodeClass
            )
            .ToList();
        var stage =
            draft.Has(step => step.Stage >= Stage.Switch) ? Stage.Switch
            : draft.Has(step => step.Stage == Stage.Admit) ? Stage.Admit
            : Stage.Network;
        RemoveRules(stage, first);
        RemoveShares(stage, first);
        RemoveSubnets(stage, first);
        RemoveGroups(stage, first);
        RemoveTables(stage, first);
        foreach (var spare in actual.Ids.SpareTables)
        {
            draft.Add(
                new Change.DeleteDuplicateRouteTable(spare),
                Stage.Network,
                "made a second time by a call whose answer came too late; nothing uses it"
            );
        }
        RemoveBlocks(stage);
        ReleaseNodes();
        if (isDestroy && inventory.Cluster?.Record is not null)
        {
            draft.Add(
                new Change.DeletePreviousValues(),
                Stage.Switch,
                "previous values are back in their place",
                Disruption.None,
                draft.Ids(step =>
                    step.Change is Change.SetAddonValues or Change.SetAwsNode or Change.RestoreSubnetRole or Change.DeleteEniConfig
                )
            );
        }
    }

    private void ReleaseNodes()
    {
        foreach (var node in isDestroy ? inventory.Cluster?.Nodes ?? [] : [])
        {
            if (RolloutAnnotation.On(node, spec.Name) is { } mark)
            {
                draft.Add(
                    new Change.ClearRolloutMark(node.Name, mark.WasCordoned),
                    Stage.Switch,
                    "a rollout that was cut off had cordoned it",
                    Disruption.None
                );
            }
        }
    }

    private void RemoveSubnets(Stage stage, IReadOnlyList<string> first)
    {
        foreach (
            var subnet in actual.Network.Subnets.Where(subnet => subnet.Ref.IsMade && leaving.Contains(actual.Ids.Subnets[subnet.Ref.Name]))
        )
        {
            var id = actual.Ids.Subnets[subnet.Ref.Name];
            var left = Sweep(id, stage, first);
            if (usage.Subnet(id))
            {
                TellOfCarried($"{id}", $"{subnet.Ref} ({id}, {subnet.Cidr}) still carries {usage.InterfacesIn(id)} network interfaces");
                continue;
            }
            foreach (var reserved in subnet.Reserved)
            {
                draft.Add(new Change.DeleteReservation(subnet.Ref.Name, reserved), stage, "its subnet goes", Disruption.None, first);
            }
            draft.Add(
                new Change.DeleteSubnet(subnet.Ref.Name),
                stage,
                "made by Podspace and no longer wanted",
                Disruption.None,
                [
                    .. first,
                    .. left,
                    .. draft.Ids(step => step.Change is Change.DeleteShare or Change.RemoveFromShare),
                    .. subnet.Reserved.Select(reserved => new Change.DeleteReservation(subnet.Ref.Name, reserved).Id),
                ]
            );
        }
    }

    /// <summary>Only what stands in subnets of ours that are to go; what leaked elsewhere keeps nothing of ours.</summary>
    private HashSet<AwsId> LeakedInPodSubnets()
    {
        var ours = actual.Ids.Subnets.Values.ToHashSet();
        var inOurs = inventory.Cloud.Interfaces.Where(one => ours.Contains(one.Subnet)).Select(one => one.Id).ToHashSet();
        return [.. LeakedInterfaces.In(inventory, spec.Cluster).Where(inOurs.Contains)];
    }

    /// <returns>Ids of the steps that delete what nodes left behind in a subnet; none unless that was asked for.</returns>
    private List<string> Sweep(AwsId subnet, Stage stage, IReadOnlyList<string> first)
    {
        var steps = inventory
            .Cloud.Interfaces.Where(one => one.Subnet == subnet && swept.Contains(one.Id))
            .Select(one => new Change.DeleteLeakedInterface(one.Id))
            .ToList();
        steps.ForEach(step => draft.Add(step, stage, "left behind by a node that is gone", Disruption.None, first));
        var stuck = isDestroy
            ? inventory
                .Cloud.Interfaces.Where(one => one.Subnet == subnet && leaked.Contains(one.Id) && !swept.Contains(one.Id))
                .Select(one => one.Id)
                .ToList()
            : [];
        if (stuck.Count > 0)
        {
            draft.Findings.Add(
                new(
                    "PS2319",
                    Severity.Warning,
                    $"{subnet}",
                    null,
                    $"{stuck.Count} interfaces in {subnet} were left behind by nodes that are gone, {stuck[0]} among them: "
                        + $"while they are there the subnet cannot be deleted.",
                    "To delete them too:\n  podspace destroy --sweep"
                )
            );
        }
        return [.. steps.Select(step => step.Id)];
    }

    private void RemoveRules(Stage stage, IReadOnlyList<string> first)
    {
        var wanted = desired.Rules.Select(rule => rule.Key).ToHashSet();
        foreach (
            var rule in actual.Network.Rules.Where(rule =>
                !wanted.Contains(rule.Key) && !IsRuleCarried(rule) && !GoesWithItsGroup(rule) && !IsOfLostGroup(rule)
            )
        )
        {
            draft.Add(new Change.RemoveRule(rule), stage, "made by Podspace and no longer wanted", Disruption.None, first);
        }
    }

    /// <summary>A rule is needed while its own group, the group it names or the block it names still carries something.</summary>
    private bool IsRuleCarried(GroupRule rule) =>
        IsLeavingButCarried(rule.Group)
        || (rule.Peer.Group is { } peer && IsLeavingButCarried(peer))
        || (
            rule.Peer.Cidr is { } cidr
            && actual.Ids.ChosenBlocks.Contains(cidr)
            && desired.Blocks.All(block => block.Cidr != cidr)
            && usage.Block(cidr, leaving)
        );

    private bool IsLeavingButCarried(Ref group) => IsLeaving(group) && usage.Group(actual.Ids.Groups[group.Name]);

    private bool GoesWithItsGroup(GroupRule rule) => IsLeaving(rule.Group);

    private bool IsLeaving(Ref group) =>
        group.IsMade && desired.Groups.All(wanted => wanted.Ref != group) && actual.Ids.Groups.ContainsKey(group.Name);

    private void RemoveGroups(Stage stage, IReadOnlyList<string> first)
    {
        foreach (var group in actual.Network.Groups.Where(group => IsLeaving(group.Ref)))
        {
            var id = actual.Ids.Groups[group.Ref.Name];
            if (usage.Group(id))
            {
                TellOfCarried($"{id}", $"group {group.Ref} ({id}) is still on network interfaces");
                continue;
            }
            draft.Add(
                new Change.DeleteGroup(group.Ref.Name),
                stage,
                "made by Podspace and no longer wanted",
                Disruption.None,
                [.. first, .. draft.Ids(step => step.Change is Change.RemoveRule or Change.DeleteSubnet or Change.DeleteLeakedInterface)]
            );
        }
    }

    private void RemoveTables(Stage stage, IReadOnlyList<string> first)
    {
        foreach (
            var table in actual.Network.RouteTables.Where(table =>
                table.Ref.IsMade && desired.RouteTables.All(wanted => wanted.Ref != table.Ref)
            )
        )
        {
            var users = actual.Network.Subnets.Where(subnet => subnet.RouteTable == table.Ref).ToList();
            if (
                users.Any(subnet => !subnet.Ref.IsMade || usage.Subnet(actual.Ids.Subnets[subnet.Ref.Name]))
                && !desired.Subnets.Any(subnet => users.Any(user => user.Ref == subnet.Ref))
            )
            {
                continue;
            }
            draft.Add(
                new Change.DeleteRouteTable(table.Ref.Name),
                stage,
                "made by Podspace and no longer wanted",
                Disruption.None,
                [.. first, .. draft.Ids(step => step.Change is Change.DeleteSubnet or Change.AssociateTable)]
            );
        }
    }

    private void RemoveBlocks(Stage stage)
    {
        foreach (var block in actual.Ids.ChosenBlocks.Where(block => desired.Blocks.All(wanted => wanted.Cidr != block)))
        {
            var inside = inventory.Cloud.Subnets.Where(subnet => block.Contains(subnet.Cidr)).ToLookup(subnet => IsOurs(subnet.Id));
            if (inside[true].Any(subnet => !leaving.Contains(subnet.Id) || usage.Subnet(subnet.Id)))
            {
                TellOfCarried($"{block}", $"block {block} still holds subnets");
                continue;
            }
            if (inside[false].Any())
            {
                LeaveToOthers(block, [.. inside[false]], stage);
                continue;
            }
            var leave = new Change.DisassociateBlock(block);
            if (actual.Ids.Associations.ContainsKey(block))
            {
                draft.Add(
                    leave,
                    stage,
                    "made by Podspace and no longer wanted",
                    Disruption.None,
                    draft.Ids(step => step.Change is Change.DeleteSubnet)
                );
            }
            draft.Add(
                new Change.UntagBlock(block),
                stage,
                "the block is gone",
                Disruption.None,
                [leave.Id, .. draft.Ids(step => step.Change is Change.DeleteSubnet)]
            );
        }
    }

    private bool IsOurs(AwsId subnet) => actual.Ids.Subnets.Values.Contains(subnet);

    /// <summary>Several overlays may share a block; its tag names one of them, and the last one that leaves takes it along.</summary>
    private void LeaveToOthers(Cidr block, List<SeenSubnet> others, Stage stage)
    {
        var overlays = others.Select(subnet => subnet.Tag(Tags.Overlay)).OfType<string>().ToList();
        if (overlays.Contains(spec.Name))
        {
            // Of the same name for another cluster: the tag is theirs as well.
            return;
        }
        var heir = overlays.Order(StringComparer.Ordinal).FirstOrDefault();
        var since = inventory
            .Cloud.Vpc!.Tags.Where(tag => tag.Key == Tags.Block(block))
            .Select(tag => tag.Value.Split('@')[^1])
            .FirstOrDefault("");
        if (heir is not null)
        {
            draft.Add(
                new Change.TransferBlock(block, heir, since),
                stage,
                $"{others[0].Id} of overlay {heir} stands in it: the last one that leaves takes it out of the VPC",
                Disruption.None,
                draft.Ids(step => step.Change is Change.DeleteSubnet)
            );
            return;
        }
        draft.Findings.Add(
            new(
                "PS2324",
                Severity.Warning,
                $"{block}",
                null,
                $"{others[0].Id} ({others[0].Cidr}) stands in block {block} and is not ours, so the block stays in "
                    + $"{inventory.Cloud.Vpc!.Id}, with our tag.",
                "Once that subnet is gone, or for good when nothing is to become of the block:\n  podspace destroy"
            )
        );
    }

    private void TellOfCarried(string subject, string what)
    {
        // Nobody lives there any more: sending people to move pods would lead them astray.
        if (!isDestroy || !IsLeftOnly)
        {
            draft.Findings.Add(StillCarries(subject, what));
        }
    }

    /// <summary>Reports whether all that still stands in our subnets was left behind by nodes that are gone.</summary>
    private bool IsLeftOnly =>
        leaked.Count > 0
        && inventory.Cloud.Interfaces.All(one => leaked.Contains(one.Id) || !actual.Ids.Subnets.Values.Contains(one.Subnet));

    private Finding StillCarries(string subject, string what) =>
        new(
            "PS2301",
            Severity.Warning,
            subject,
            null,
            $"{what}: it stays until they are gone.",
            isDestroy
                ? "Replace the nodes that hold them, then destroy again:\n  podspace rollout back"
                : "Replace the nodes that use it, then apply again:\n  podspace rollout start"
        );
}
