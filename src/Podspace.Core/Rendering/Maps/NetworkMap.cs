using Podspace.Addressing;
using Podspace.Model;
using Podspace.Planning;
using Podspace.Reachability;
using Podspace.Spec;

namespace Podspace.Rendering.Maps;

/// <summary>A network as pods meet it: where nodes and pods live, what routes and admits them, and by which way
/// and under which address a pod's packets reach whom they are for.</summary>
/// <param name="OtherSubnets">How many are neither of nodes nor of pods.</param>
public sealed record NetworkMap(
    string Vpc,
    EquatableArray<MapZone> Zones,
    EquatableArray<MapTable> Tables,
    EquatableArray<MapGroup> Groups,
    EquatableArray<MapWay> Ways,
    int OtherSubnets
)
{
    /// <param name="desired">Null: as it is. Else as it will be, with the pods of nodes that start then.</param>
    public static NetworkMap From(OverlaySpec spec, Inventory inventory, Network? desired)
    {
        var after = NewNodes.In(desired is null ? inventory : PlanFlows.After(spec, desired, inventory));
        var space = AddressMap.From(inventory, spec.Name, desired).Blocks.SelectMany(block => block.Subnets).ToList();
        var drawn = space.Where(subnet => subnet.Kind != MapKind.Other).ToList();
        var places = new NetworkPlaces(after);
        var zones = drawn
            .GroupBy(subnet => subnet.Zone)
            .OrderBy(zone => zone.Key, StringComparer.Ordinal)
            .Select(zone => new MapZone(
                zone.Key,
                [.. zone.Where(one => one.Kind == MapKind.Nodes).Select(places.Of)],
                [.. zone.Where(one => one.Kind == MapKind.Pods).Select(places.Of)]
            ))
            .ToEquatable();
        var all = zones.SelectMany(zone => zone.Nodes.Concat(zone.Pods)).ToList();
        return new(
            after.Cloud.Vpc?.Id.Text ?? "",
            zones,
            places.Tables(all.Select(place => place.Table)),
            places.Groups(all.SelectMany(place => place.Groups)),
            MapWays.Of(after, desired?.Subnets.Select(subnet => subnet.Cidr).ToEquatable() ?? []),
            space.Count - drawn.Count
        );
    }
}

/// <param name="Nodes">Subnets in which nodes have their own addresses.</param>
/// <param name="Pods">Subnets of pods alone.</param>
public sealed record MapZone(string Name, EquatableArray<MapPlace> Nodes, EquatableArray<MapPlace> Pods);

/// <param name="Table">Id of the table that routes it, or our name for one that is only planned; empty when it is not known.</param>
/// <param name="Groups">Of the interfaces that nodes have in it.</param>
public sealed record MapPlace(MapSubnet Subnet, string Table, EquatableArray<string> Groups);

/// <param name="Local">The VPC's blocks, to which every table routes by itself.</param>
public sealed record MapTable(string Id, EquatableArray<Cidr> Local, EquatableArray<string> Routes);

public sealed record MapGroup(string Id, string Name, EquatableArray<string> In, EquatableArray<string> Out);

/// <summary>Tables and groups of subnets, in an inventory.</summary>
internal sealed class NetworkPlaces(Inventory inventory)
{
    private readonly CloudInventory cloud = inventory.Cloud;
    private readonly HashSet<string> nodes = inventory.Cluster?.Nodes.Select(node => node.InstanceId).ToHashSet() ?? [];

    public MapPlace Of(MapSubnet subnet)
    {
        var table =
            cloud.RouteTables.FirstOrDefault(table => table.Associations.Any(one => one.Subnet?.Text == subnet.Id))
            ?? cloud.RouteTables.FirstOrDefault(table => table.IsMain);
        var groups = cloud
            .Interfaces.Where(eni => eni.Subnet.Text == subnet.Id && eni.Instance is { } instance && nodes.Contains(instance))
            .SelectMany(eni => eni.Groups);
        return new(subnet, table?.Id.Text ?? "", groups.Distinct().Order().Select(group => group.Text).ToEquatable());
    }

    public EquatableArray<MapTable> Tables(IEnumerable<string> ids)
    {
        var local = cloud.Vpc?.LiveBlocks.Select(block => block.Cidr).Order().ToEquatable() ?? [];
        return cloud
            .RouteTables.Where(table => ids.Contains(table.Id.Text))
            .Select(table => new MapTable(
                table.Id.Text,
                local,
                table.Routes.Where(route => route.Via != "local").Select(Told).Order(StringComparer.Ordinal).ToEquatable()
            ))
            .OrderBy(table => table.Id, StringComparer.Ordinal)
            .ToEquatable();
    }

    public EquatableArray<MapGroup> Groups(IEnumerable<string> ids) =>
        cloud
            .Groups.Where(group => ids.Contains(group.Id.Text))
            .Select(group => new MapGroup(group.Id.Text, group.Name, Rules(group, Direction.Ingress), Rules(group, Direction.Egress)))
            .OrderBy(group => group.Id, StringComparer.Ordinal)
            .ToEquatable();

    private static string Told(SeenRoute route) => $"{route.To?.ToString() ?? route.PrefixList?.Text} → {route.Via}";

    private static EquatableArray<string> Rules(SeenGroup group, Direction direction) =>
        group
            .Rules.Where(rule => rule.Direction == direction)
            .Select(rule =>
                $"{rule.Traffic} {(direction == Direction.Ingress ? "from" : "to")} "
                + $"{(rule.Peer.Group?.ToString() == group.Id.Text ? "itself" : rule.Peer)}"
            )
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToEquatable();
}
