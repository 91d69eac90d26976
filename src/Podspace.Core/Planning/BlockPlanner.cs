using System.Globalization;
using Podspace.Addressing;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>Blocks of the VPC, and the tags that say whose they are.</summary>
internal sealed class BlockPlanner(PlanInput input, PlanDraft draft)
{
    public void Add()
    {
        foreach (var block in input.Desired.Blocks)
        {
            if (!block.IsMade)
            {
                draft.Use($"block {block.Cidr}");
                continue;
            }
            ReportControlPlaneDelay(block.Cidr);
            var tag = new Change.TagBlock(block.Cidr);
            // A block that somebody else makes is used, and needs no tag of ours.
            if (input.OwnerOf(tag) == Owner.Podspace && input.Cloud.Vpc!.Tags.All(one => one.Key != Tags.Block(block.Cidr)))
            {
                draft.Add(
                    tag,
                    Stage.Network,
                    $"tags the VPC: {block.Cidr} belongs to this overlay (written before the block is associated)"
                );
            }
            if (input.Cloud.Vpc!.LiveBlocks.All(live => live.Cidr != block.Cidr))
            {
                draft.Add(
                    new Change.AssociateBlock(block.Cidr),
                    Stage.Network,
                    "gives the VPC the pods' addresses",
                    AssociationDisturbs(block.Cidr),
                    change => change == tag
                );
            }
        }
    }

    private void ReportControlPlaneDelay(Cidr block)
    {
        var since = input
            .Cloud.Vpc!.Tags.Where(tag => tag.Key == Tags.Block(block))
            .Select(tag => tag.Value.Split('@')[^1])
            .FirstOrDefault();
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        var hasJoined = DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, utc, out var start);
        if (input.Cloud.Cluster is null || (hasJoined && start + ControlPlaneClock.Longest <= input.Cloud.ObservedAt))
        {
            return;
        }
        var joined = hasJoined ? $"joined the VPC at {start:HH:mm} UTC" : "has joined the VPC";
        draft.Report(
            new(
                "PS2306",
                Severity.Note,
                $"{block}",
                null,
                $"It can take {ControlPlaneClock.InWords} from when {block} {joined} until the control plane reaches pods there: "
                    + "webhooks and aggregated APIs whose pods live there fail until then.",
                "Let the time pass between apply and rollout where admission webhooks run as pods."
            )
        );
    }

    /// <summary>A new block gets a local route in every table, and every node's CNI stops translating towards it
    /// within 30 s: both matter only where packets go there today.</summary>
    private Disruption AssociationDisturbs(Cidr block)
    {
        var cloud = input.Cloud;
        var isRouted = cloud
            .RouteTables.SelectMany(table => table.Routes)
            .Any(route =>
                route.Via != "local"
                && (route.To is { PrefixLength: > 0 } to ? to.Overlaps(block) : route.PrefixList is { } list && Holds(list, block))
            );
        return isRouted || cloud.Peerings.Any(peering => peering.State == "active" && peering.PeerBlocks.Any(block.Overlaps))
            ? Disruption.RunningPods
            : Disruption.None;
    }

    private bool Holds(AwsId list, Cidr block) => input.Cloud.PrefixLists.Any(one => one.Id == list && one.Entries.Any(block.Overlaps));

    public void Remove()
    {
        foreach (var block in input.Ids.ChosenBlocks.Where(block => input.Desired.Blocks.All(wanted => wanted.Cidr != block)))
        {
            var inside = input
                .Cloud.Subnets.Where(subnet => block.Contains(subnet.Cidr))
                .ToLookup(subnet => input.OurSubnets.Contains(subnet.Id));
            if (inside[true].Any(subnet => !input.Leaving.Contains(subnet.Id) || input.Usage.Subnet(subnet.Id)))
            {
                StillInUse.Report(input, draft, $"{block}", $"block {block} still holds subnets");
                continue;
            }
            if (inside[false].Any())
            {
                LeaveToOthers(block, [.. inside[false]]);
                continue;
            }
            var leave = new Change.DisassociateBlock(block);
            if (input.Ids.Associations.ContainsKey(block))
            {
                draft.Remove(leave, change => change is Change.DeleteSubnet);
            }
            draft.Remove(new Change.UntagBlock(block), change => change == leave || change is Change.DeleteSubnet, "the block is gone");
        }
    }

    /// <summary>Several overlays may share a block; its tag names one of them, and the last one that leaves takes it along.</summary>
    private void LeaveToOthers(Cidr block, List<SeenSubnet> others)
    {
        var overlays = others.Select(subnet => subnet.Tag(Tags.Overlay)).OfType<string>().ToList();
        if (overlays.Contains(input.Spec.Name))
        {
            // Of the same name for another cluster: the tag is theirs as well.
            return;
        }
        var heir = overlays.Order(StringComparer.Ordinal).FirstOrDefault();
        var since = input
            .Cloud.Vpc!.Tags.Where(tag => tag.Key == Tags.Block(block))
            .Select(tag => tag.Value.Split('@')[^1])
            .FirstOrDefault("");
        if (heir is not null)
        {
            draft.Remove(
                new Change.TransferBlock(block, heir, since),
                change => change is Change.DeleteSubnet,
                $"{others[0].Id} of overlay {heir} stands in it: the last one that leaves takes it out of the VPC"
            );
            return;
        }
        draft.Keep(
            KeptFor.SubnetsOfOthers,
            new(
                "PS2324",
                Severity.Warning,
                $"{block}",
                null,
                $"{others[0].Id} ({others[0].Cidr}) stands in block {block} and is not ours, so the block stays in "
                    + $"{input.Cloud.Vpc!.Id}, with our tag.",
                "Once that subnet is gone, or for good when nothing is to become of the block:\n  podspace destroy"
            )
        );
    }
}
