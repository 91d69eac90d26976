using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;

namespace Podspace.Reachability;

/// <summary>An inventory as it will be once a network stands: for looking at a plan before anything is applied.</summary>
/// <remarks>
/// What matters to packets, and no more: blocks, subnets, tables, groups, rules, the CNI's settings.
/// Nothing is taken away: a plan removes only what no pod uses.
/// Running nodes stay as they are; <see cref="NewNodes"/> shows what the next one is like. A test
/// holds it against the executor's own work on a copy of the world.
/// </remarks>
public static class PlannedInventory
{
    public static Inventory Of(Inventory inventory, Network desired, Ids ids)
    {
        var cloud = inventory.Cloud;
        if (cloud.Vpc is not { } vpc)
        {
            return inventory;
        }
        var live = vpc.LiveBlocks.Select(block => block.Cidr).ToHashSet();
        var planned = cloud with
        {
            Vpc = vpc with
            {
                Blocks =
                [
                    .. vpc.Blocks,
                    .. desired
                        .Blocks.Where(block => !live.Contains(block.Cidr))
                        .Select(block => new SeenBlock(block.Cidr, "planned", "associated", null)),
                ],
            },
            Subnets = Subnets(cloud, desired, ids),
            RouteTables = Tables(cloud, desired, ids),
            NetworkAcls = Acls(cloud, desired, ids),
            Groups = Groups(cloud, desired, ids),
        };
        return new(planned, inventory.Cluster is { } cluster ? Cluster(cluster, desired, ids) : null);
    }

    private static AwsId Id(AwsId? known, Ref reference) => known ?? new(reference.ToString());

    private static EquatableArray<SeenSubnet> Subnets(CloudInventory cloud, Network desired, Ids ids)
    {
        var added = desired
            .Subnets.Where(subnet => ids.Subnet(subnet.Ref) is null)
            .Select(subnet => new SeenSubnet(
                Id(null, subnet.Ref),
                subnet.Zone,
                "",
                subnet.Cidr,
                "available",
                (int)Math.Min(subnet.Cidr.UsableInSubnet, int.MaxValue),
                cloud.Account,
                [],
                []
            ));
        return cloud.Subnets.Concat(added).Select(Tagged).ToEquatable();

        SeenSubnet Tagged(SeenSubnet subnet)
        {
            var role = desired.SubnetRoles.FirstOrDefault(role => Id(ids.Subnet(role.Subnet), role.Subnet) == subnet.Id);
            return role is null ? subnet : subnet with { Tags = [.. subnet.Tags.Where(tag => tag.Key != Tags.CniRole), RoleTag(role)] };
        }
    }

    private static SeenTag RoleTag(SubnetRole role) => new(Tags.CniRole, role.IsOffered ? "1" : "0");

    private static EquatableArray<SeenRouteTable> Tables(CloudInventory cloud, Network desired, Ids ids)
    {
        var tables = cloud
            .RouteTables.Select(table =>
                table with
                {
                    // A subnet has one explicit association; the planned one takes the place of another.
                    Associations = table
                        .Associations.Where(association => association.Subnet is not { } subnet || !IsPlanned(desired, ids, subnet))
                        .ToEquatable(),
                }
            )
            .ToList();
        foreach (var table in desired.RouteTables)
        {
            var id = Id(ids.RouteTable(table.Ref), table.Ref);
            var associations = desired
                .Subnets.Where(subnet => subnet.RouteTable == table.Ref)
                .Select(subnet => new SeenAssociation($"planned-{subnet.Ref}", Id(ids.Subnet(subnet.Ref), subnet.Ref), false, "associated"))
                .ToList();
            var routes = table.Routes.Select(route => new SeenRoute(route.To, null, route.Via, "active", "CreateRoute")).ToList();
            var at = tables.FindIndex(seen => seen.Id == id);
            if (at < 0)
            {
                tables.Add(new(id, routes.ToEquatable(), associations.ToEquatable(), []));
                continue;
            }
            var there = tables[at];
            tables[at] = there with
            {
                Routes = [.. there.Routes.Where(seen => !routes.Exists(route => route.To == seen.To)), .. routes],
                Associations = [.. there.Associations, .. associations],
            };
        }
        return tables.ToEquatable();
    }

    private static EquatableArray<SeenNetworkAcl> Acls(CloudInventory cloud, Network desired, Ids ids)
    {
        var given = desired
            .Subnets.Where(subnet => subnet.NetworkAcl is not null)
            .ToDictionary(subnet => Id(ids.Subnet(subnet.Ref), subnet.Ref), subnet => subnet.NetworkAcl!.Value);
        return given.Count == 0
            ? cloud.NetworkAcls
            : cloud
                .NetworkAcls.Select(acl =>
                    acl with
                    {
                        Subnets = acl
                            .Subnets.Where(subnet => !given.ContainsKey(subnet))
                            .Concat(given.Where(pair => pair.Value == acl.Id).Select(pair => pair.Key))
                            .Order()
                            .ToEquatable(),
                        AssociationIds = [],
                    }
                )
                .ToEquatable();
    }

    private static bool IsPlanned(Network desired, Ids ids, AwsId subnet) =>
        desired.Subnets.Any(one =>
            one.RouteTable is not null && ids.Subnet(one.Ref) == subnet && desired.RouteTables.Any(table => table.Ref == one.RouteTable)
        );

    private static EquatableArray<SeenGroup> Groups(CloudInventory cloud, Network desired, Ids ids)
    {
        var groups = cloud.Groups.ToList();
        groups.AddRange(
            desired
                .Groups.Where(group => ids.Group(group.Ref) is null)
                .Select(group => new SeenGroup(Id(null, group.Ref), group.GroupName, group.Description, [], []))
        );
        foreach (var rules in desired.Rules.GroupBy(rule => Id(ids.Group(rule.Group), rule.Group)))
        {
            var at = groups.FindIndex(group => group.Id == rules.Key);
            if (at < 0)
            {
                continue;
            }
            var seen = rules.Select(rule => new SeenRule(
                "planned",
                rule.Direction,
                rule.Traffic,
                rule.Peer.Group is { } peer ? Ref.Used(Id(ids.Group(peer), peer).Text) : rule.Peer,
                rule.Why,
                []
            ));
            groups[at] = groups[at] with { Rules = [.. groups[at].Rules, .. seen] };
        }
        return groups.ToEquatable();
    }

    private static ClusterInventory Cluster(ClusterInventory cluster, Network desired, Ids ids)
    {
        var configs = desired
            .EniConfigs.Select(config => new SeenEniConfig(
                config.Zone,
                Id(ids.Subnet(config.Subnet), config.Subnet).Text,
                config.Groups.Select(group => Id(ids.Group(group), group).Text).ToEquatable(),
                null,
                []
            ))
            .ToList();
        var env = desired.Cni?.Env ?? [];
        var classes = desired.NodeClasses.Select(one => Seen(one, ids)).ToList();
        return cluster with
        {
            NodeClasses = [.. cluster.NodeClasses.Where(seen => !classes.Exists(planned => planned.Name == seen.Name)), .. classes],
            EniConfigs = [.. cluster.EniConfigs.Where(config => !configs.Exists(planned => planned.Name == config.Name)), .. configs],
            AwsNode = cluster.AwsNode is { } node
                ? node with
                {
                    Env = [.. node.Env.Where(setting => !env.Any(planned => planned.Name == setting.Name)), .. env],
                }
                : null,
        };
    }

    private static SeenNodeClass Seen(NodeClass one, Ids ids)
    {
        EquatableArray<string> Subnets(EquatableArray<Ref> subnets) =>
            subnets.Select(subnet => Id(ids.Subnet(subnet), subnet).Text).ToEquatable();
        EquatableArray<string> Groups(EquatableArray<Ref> groups) => groups.Select(group => Id(ids.Group(group), group).Text).ToEquatable();
        var (subnets, groups) = (Subnets(one.NodeSubnets), Groups(one.NodeGroups));
        return new(
            one.Name,
            one.Role,
            subnets,
            groups,
            subnets,
            groups,
            Subnets(one.PodSubnets),
            Groups(one.PodGroups),
            false,
            one.TranslatesSource ? "Random" : "Disabled",
            "Auto",
            true,
            null,
            []
        );
    }
}
