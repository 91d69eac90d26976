using Podspace.Addressing;
using Podspace.Model;
using Podspace.Observed;

namespace Podspace.Rendering.Maps;

/// <summary>What lies where in a VPC's address space: as it is and, with a desired network, as it will be.</summary>
public sealed record AddressMap(string Vpc, EquatableArray<MapBlock> Blocks, EquatableArray<MapNeighbour> Neighbours)
{
    /// <param name="desired">Null: nothing is planned, or a plan is not possible; the map shows what is there.</param>
    public static AddressMap From(Inventory inventory, string overlay, Network? desired)
    {
        var cloud = inventory.Cloud;
        var ids = ActualNetwork.From(inventory, overlay, cloud.Cluster?.Name).Ids;
        var seen = cloud.Vpc?.LiveBlocks.Select(block => block.Cidr).ToHashSet() ?? [];
        var wanted = desired?.Blocks.Select(block => block.Cidr) ?? [];
        var blocks = seen.Union(wanted)
            .OrderByDescending(block => block == cloud.Vpc?.Primary)
            .ThenBy(block => block)
            .Select(block => Draw(block, !seen.Contains(block), Subnets(inventory, desired, ids).Where(part => block.Contains(part.Cidr))))
            .ToEquatable();
        return new(cloud.Vpc?.Id.Text ?? desired?.Vpc.Text ?? "", blocks, Neighbour(cloud, blocks).ToEquatable());
    }

    private static MapBlock Draw(Cidr block, bool isPlanned, IEnumerable<MapSubnet> subnets)
    {
        var inside = subnets.OrderBy(subnet => subnet.Cidr).ToEquatable();
        var free = AddressSet.Of(block).Except(AddressSet.Of(inside.Select(subnet => subnet.Cidr)));
        return new(block, isPlanned, inside, free.Ranges.Select(range => new MapGap(range.First, range.Last)).ToEquatable());
    }

    private static IEnumerable<MapSubnet> Subnets(Inventory inventory, Network? desired, Ids ids)
    {
        var pods = (desired?.Subnets ?? []).ToLookup(subnet => ids.Subnet(subnet.Ref));
        var nodes = inventory.Cluster?.Nodes.Select(node => node.InstanceId).ToHashSet() ?? [];
        var housing = inventory
            .Cloud.Instances.Where(instance => nodes.Contains(instance.Id.Text))
            .Select(instance => instance.Subnet)
            .Concat(inventory.Cloud.Nodegroups.SelectMany(group => group.Subnets))
            .ToHashSet();
        foreach (var seen in inventory.Cloud.Subnets)
        {
            var isPods = pods.Contains(seen.Id) || (desired is null && ids.Subnets.Any(one => one.Value == seen.Id));
            var others = housing.Contains(seen.Id) ? MapKind.Nodes : MapKind.Other;
            yield return new(
                seen.Cidr,
                seen.Zone,
                isPods ? MapKind.Pods : others,
                seen.Id.Text,
                IsPlanned: false,
                (long)seen.Cidr.UsableInSubnet - seen.Free,
                seen.Reservations.Select(one => one.Cidr).Order().ToEquatable()
            );
        }
        foreach (var planned in pods[null])
        {
            yield return new(planned.Cidr, planned.Zone, MapKind.Pods, planned.Ref.ToString(), IsPlanned: true, 0, planned.Reserved);
        }
    }

    private static IEnumerable<MapNeighbour> Neighbour(CloudInventory cloud, EquatableArray<MapBlock> blocks)
    {
        bool Collides(Cidr cidr) => blocks.Any(block => block.Cidr.Overlaps(cidr));
        foreach (var peering in cloud.Peerings.Where(peering => peering.State == "active"))
        {
            foreach (var cidr in peering.PeerBlocks)
            {
                yield return new($"{peering.Id}", peering.PeerVpc, cidr, Collides(cidr));
            }
        }
        if (cloud.Cluster is { ServiceCidr: { } services } cluster)
        {
            yield return new($"cluster {cluster.Name}", "service addresses", services, Collides(services));
        }
    }
}

public enum MapKind
{
    /// <summary>Nodes of the cluster live in it, or can start there.</summary>
    Nodes,

    Pods,

    Other,
}

/// <param name="Gaps">Stretches that belong to no subnet, in order.</param>
public sealed record MapBlock(Cidr Cidr, bool IsPlanned, EquatableArray<MapSubnet> Subnets, EquatableArray<MapGap> Gaps)
{
    /// <summary>Of the subnets' usable addresses.</summary>
    public long Used => Subnets.Sum(subnet => subnet.Used);

    public long Usable => Subnets.Sum(subnet => (long)subnet.Cidr.UsableInSubnet);
}

/// <param name="Id">AWS's, or our name for what is only planned.</param>
/// <param name="Reserved">Kept whole for /28 prefixes, or by somebody else.</param>
public sealed record MapSubnet(Cidr Cidr, string Zone, MapKind Kind, string Id, bool IsPlanned, long Used, EquatableArray<Cidr> Reserved)
{
    /// <summary>0 to 1.</summary>
    public double Fill => Cidr.UsableInSubnet == 0 ? 0 : Math.Clamp(Used / (double)Cidr.UsableInSubnet, 0, 1);
}

public readonly record struct MapGap(Address First, Address Last)
{
    public long Count => (long)Last.Number - First.Number + 1;
}

/// <summary>A range outside of the VPC that must not be ours.</summary>
public sealed record MapNeighbour(string Id, string What, Cidr Cidr, bool Collides);
