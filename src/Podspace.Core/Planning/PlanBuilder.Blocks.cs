using System.Globalization;
using Podspace.Addressing;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Planning;

internal sealed partial class PlanBuilder
{
    private void PlanBlocks()
    {
        foreach (var block in desired.Blocks)
        {
            if (!block.IsMade)
            {
                draft.Uses.Add($"block {block.Cidr}");
                continue;
            }
            TellOfTheClock(block.Cidr);
            var tag = new Change.TagBlock(block.Cidr);
            // A block that somebody else makes is used, and needs no tag of ours.
            if (owners.Of(tag) == Owner.Podspace && inventory.Cloud.Vpc!.Tags.All(one => one.Key != Tags.Block(block.Cidr)))
            {
                draft.Add(tag, Stage.Network, "notes on the VPC whose block it is, before there is one");
            }
            if (inventory.Cloud.Vpc!.LiveBlocks.All(live => live.Cidr != block.Cidr))
            {
                draft.Add(
                    new Change.AssociateBlock(block.Cidr),
                    Stage.Network,
                    "gives the VPC the pods' addresses",
                    AssociationDisturbs(block.Cidr),
                    tag.Id
                );
            }
        }
    }

    private void TellOfTheClock(Cidr block)
    {
        var since = inventory
            .Cloud.Vpc!.Tags.Where(tag => tag.Key == Tags.Block(block))
            .Select(tag => tag.Value.Split('@')[^1])
            .FirstOrDefault();
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        var hasJoined = DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, utc, out var start);
        if (inventory.Cloud.Cluster is null || (hasJoined && start + ControlPlaneClock.Longest <= inventory.Cloud.ObservedAt))
        {
            return;
        }
        var joined = hasJoined ? $"joined the VPC at {start:HH:mm} UTC" : "has joined the VPC";
        draft.Findings.Add(
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
        var cloud = inventory.Cloud;
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

    private bool Holds(AwsId list, Cidr block) => inventory.Cloud.PrefixLists.Any(one => one.Id == list && one.Entries.Any(block.Overlaps));

    private bool IsOurs(ResourceName subnet, Cidr reservation) => actual.Ids.Reservations.ContainsKey((subnet, reservation));

    private void PlanSubnets()
    {
        foreach (var subnet in desired.Subnets)
        {
            Use("subnet", subnet.Ref);
            if (!subnet.Ref.IsMade)
            {
                continue;
            }
            var seen = SeenSubnet(subnet.Ref);
            if (seen is null)
            {
                draft.Add(
                    new Change.CreateSubnet(subnet, TagsFor(subnet)),
                    Stage.Network,
                    $"pods in {subnet.Zone} live here",
                    Disruption.None,
                    desired
                        .Blocks.Where(block => block.Cidr.Contains(subnet.Cidr))
                        .Select(block => new Change.AssociateBlock(block.Cidr).Id)
                );
            }
            foreach (
                var extra in seen is null
                    ? []
                    : seen.Reservations.Select(one => one.Cidr).Where(one => IsOurs(subnet.Ref.Name, one) && !subnet.Reserved.Contains(one))
            )
            {
                draft.Add(
                    new Change.DeleteReservation(subnet.Ref.Name, extra),
                    Stage.Network,
                    "single addresses could not be taken from it"
                );
            }
            // Of a subnet that is there, what cannot be seen may be there too.
            foreach (
                var reserved in subnet.Reserved.Where(one =>
                    seen is null || (inventory.Sees(Reading.Reservations) && seen.Reservations.All(has => has.Cidr != one))
                )
            )
            {
                draft.Add(
                    new Change.Reserve(subnet.Ref, reserved),
                    Stage.Network,
                    Drifted(
                        IsEstablished && seen?.Tags.Contains(new(Tags.Prefixes, "true")) == true,
                        "keeps /28 blocks whole for prefixes"
                    ),
                    Disruption.None,
                    CreateId("subnet", subnet.Ref)
                );
            }
        }
    }

    /// <summary>Entries decide packet by packet: whoever lives in the subnet feels another ACL at once.</summary>
    private void PlanAcls()
    {
        foreach (var subnet in desired.Subnets)
        {
            var seen = SeenSubnet(subnet.Ref);
            if (
                subnet.NetworkAcl is { } acl
                && !inventory.Cloud.NetworkAcls.Any(one => one.Id == acl && seen is not null && one.Subnets.Contains(seen.Id))
            )
            {
                draft.Add(
                    new Change.AssociateAcl(acl, subnet.Ref),
                    Stage.Network,
                    seen is null ? "the spec asks for it" : "the spec asks for it, and the subnet has another (by now)",
                    seen is not null && usage.Subnet(seen.Id) ? Disruption.RunningPods : Disruption.None,
                    CreateId("subnet", subnet.Ref)
                );
            }
        }
    }

    private EquatableArray<SeenTag> TagsFor(PodSubnet subnet) =>
        ResourceNames.TagsForSubnet(
            spec,
            subnet,
            OffersFromTheStart ? desired.SubnetRoles.FirstOrDefault(role => role.Subnet == subnet.Ref) : null
        );
}
