using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Observed;

/// <summary>Finds in an inventory what an overlay made: tags and shape must both fit.</summary>
public static class ActualNetwork
{
    /// <param name="cluster">Null: the spec names none.</param>
    public static Actual From(Inventory inventory, string overlay, string? cluster)
    {
        var cloud = inventory.Cloud;
        var owner = new Ownership(overlay, cluster);
        var subnets = MadeSubnets(cloud, owner);
        var tables = MadeRouteTables(cloud, owner);
        var groups = MadeGroups(cloud, owner);
        var shares = MadeShares(cloud, owner);
        var names = new SeenNames(subnets, tables, groups);
        var associations = Associations(cloud);
        var rules = MadeRules(cloud, owner, names);
        var live = new Dictionary<Cidr, string>();
        foreach (var block in cloud.Vpc?.LiveBlocks ?? [])
        {
            live[block.Cidr] = block.AssociationId;
        }
        var chosen = cloud.Vpc is null ? [] : owner.BlocksOf(cloud.Vpc.Tags);
        var ids = new Ids
        {
            Subnets = subnets.ToDictionary(pair => pair.Key, pair => pair.Value.Id),
            RouteTables = tables.ToDictionary(pair => pair.Key, pair => pair.Value.Id),
            SpareTables = SpareTables(cloud, owner, tables),
            Groups = groups.ToDictionary(pair => pair.Key, pair => pair.Value.Id),
            Shares = shares.ToDictionary(pair => pair.Key, pair => pair.Value.Arn),
            Associations = live,
            ChosenBlocks = chosen.ToEquatable(),
            Rules = rules.ToDictionary(rule => rule.Rule.Key, rule => rule.Id),
            UntaggedRules = UntaggedRules(cloud, names),
            Reservations = Reservations(subnets, owner),
            SubnetAssociations = associations,
            EniConfigObjects = (inventory.Cluster?.EniConfigs ?? [])
                .Where(config => config.Overlay == overlay)
                .Select(config => config.Name)
                .ToEquatable(),
            ForeignEniConfigs = EniConfigsSeen.Foreign(inventory, overlay, names),
        };
        var network = new Network
        {
            Vpc = cloud.Vpc?.Id ?? default,
            Blocks = chosen.Where(live.ContainsKey).Select(block => new Block(block, true)).ToEquatable(),
            Subnets = subnets
                .Select(pair =>
                    PodSubnet(pair.Key, pair.Value, names, associations, owner) with
                    {
                        NetworkAcl = OwnAcl(cloud, pair.Value.Id),
                    }
                )
                .OrderBy(subnet => subnet.Ref)
                .ToEquatable(),
            RouteTables = tables
                .Select(pair => new RouteTable(Ref.Made(pair.Key.Text), Routes(pair.Value)))
                .OrderBy(table => table.Ref)
                .ToEquatable(),
            Shares = shares.Select(pair => Share(pair.Key, pair.Value, cloud, names)).ToEquatable(),
            Groups = groups
                .Select(pair => new SecurityGroup(Ref.Made(pair.Key.Text), pair.Value.Name, pair.Value.Description))
                .OrderBy(group => group.Ref)
                .ToEquatable(),
            Rules = rules.Select(rule => rule.Rule).OrderBy(rule => rule.ToString(), StringComparer.Ordinal).ToEquatable(),
            EniConfigs = EniConfigsSeen.Ours(inventory, overlay, names),
            Cni = CniSeen.From(inventory),
            SubnetRoles = RolesSeen.From(inventory, subnets),
            NodeClasses = AutoModeActual.Classes(inventory, overlay, names),
            NodePools = AutoModeActual.Pools(inventory, overlay),
            AccessEntries = AutoModeActual.Entries(inventory, owner),
        };
        return new(network, ids);
    }

    // Made subnets are named pods-ZONE-N for their own zone and never stand in the primary block.
    private static SortedDictionary<ResourceName, SeenSubnet> MadeSubnets(CloudInventory cloud, Ownership owner)
    {
        var made = new SortedDictionary<ResourceName, SeenSubnet>();
        foreach (var subnet in cloud.Subnets)
        {
            if (
                owner.NameOf(subnet.Tags) is { } name
                && ResourceNames.IsSubnet(name, subnet.Zone)
                && cloud.Vpc?.Primary.Contains(subnet.Cidr) is not true
            )
            {
                Add(made, new(name), subnet, subnet.Id, other => other.Id);
            }
        }
        return made;
    }

    private static SortedDictionary<ResourceName, SeenRouteTable> MadeRouteTables(CloudInventory cloud, Ownership owner)
    {
        var made = new SortedDictionary<ResourceName, SeenRouteTable>();
        foreach (var table in cloud.RouteTables)
        {
            if (
                owner.NameOf(table.Tags) is { } name
                && ResourceNames.IsRouteTable(name)
                && !table.IsMain
                && (!made.TryGetValue(new(name), out var other) || (IsBare(table), table.Id).CompareTo((IsBare(other), other.Id)) < 0)
            )
            {
                made[new(name)] = table;
            }
        }
        return made;
    }

    /// <summary>CreateRouteTable may be answered too late and asked a second time: of two tables with one name the one
    /// that is used is ours, and one that carries nothing is left over.</summary>
    private static EquatableArray<AwsId> SpareTables(
        CloudInventory cloud,
        Ownership owner,
        SortedDictionary<ResourceName, SeenRouteTable> made
    ) =>
        cloud
            .RouteTables.Where(table =>
                IsBare(table)
                && owner.NameOf(table.Tags) is { } name
                && made.TryGetValue(new(name), out var counts)
                && counts.Id != table.Id
            )
            .Select(table => table.Id)
            .Order()
            .ToEquatable();

    /// <summary>Nothing is associated with it, and it leads nowhere but through the VPC.</summary>
    private static bool IsBare(SeenRouteTable table) => table.Associations.IsEmpty && Routes(table).IsEmpty;

    private static SortedDictionary<ResourceName, SeenGroup> MadeGroups(CloudInventory cloud, Ownership owner)
    {
        var made = new SortedDictionary<ResourceName, SeenGroup>();
        foreach (var group in cloud.Groups)
        {
            if (owner.NameOf(group.Tags) is ResourceNames.Pods && group.Name != "default")
            {
                Add(made, new(ResourceNames.Pods), group, group.Id, other => other.Id);
            }
        }
        return made;
    }

    private static SortedDictionary<ResourceName, SeenShare> MadeShares(CloudInventory cloud, Ownership owner)
    {
        var made = new SortedDictionary<ResourceName, SeenShare>();
        foreach (var share in cloud.Shares)
        {
            if (owner.NameOf(share.Tags) is ResourceNames.Pods)
            {
                Add(made, new(ResourceNames.Pods), share, share.Arn, other => other.Arn);
            }
        }
        return made;
    }

    /// <summary>With the nodes' account, if that is among those whom it is for.</summary>
    private static SubnetShare Share(ResourceName name, SeenShare share, CloudInventory cloud, SeenNames names) =>
        new(
            Ref.Made(name.Text),
            share.Name,
            share.Accounts.FirstOrDefault(account => account == cloud.Participant?.Account) ?? "",
            share.Subnets.Select(names.Subnet).Order().ToEquatable()
        );

    // Tags can be copied. Of two with one name the lower id is ours, in every run; the other is nobody's.
    private static void Add<T>(SortedDictionary<ResourceName, T> made, ResourceName name, T thing, AwsId id, Func<T, AwsId> idOf)
    {
        if (!made.TryGetValue(name, out var other) || id.CompareTo(idOf(other)) < 0)
        {
            made[name] = thing;
        }
    }

    private static PodSubnet PodSubnet(
        ResourceName name,
        SeenSubnet subnet,
        SeenNames names,
        Dictionary<AwsId, (string, AwsId Table)> associations,
        Ownership owner
    ) =>
        new(
            Ref.Made(name.Text),
            subnet.Zone,
            subnet.Cidr,
            associations.TryGetValue(subnet.Id, out var association) ? names.RouteTable(association.Table) : null,
            subnet
                .Reservations.Where(reservation => owner.Owns(reservation.Tags))
                .Select(reservation => reservation.Cidr)
                .Order()
                .ToEquatable()
        );

    /// <summary>Null: the VPC's default, which a subnet has by itself.</summary>
    private static AwsId? OwnAcl(CloudInventory cloud, AwsId subnet) =>
        cloud.NetworkAcls.FirstOrDefault(acl => !acl.IsDefault && acl.Subnets.Contains(subnet))?.Id;

    private static EquatableArray<Route> Routes(SeenRouteTable table) =>
        table
            .Routes.Where(route => route is { To: not null, Via: not "local", Origin: not "EnableVgwRoutePropagation" })
            .Select(route => new Route(route.To!.Value, route.Via))
            .Order()
            .ToEquatable();

    private static Dictionary<AwsId, (string, AwsId)> Associations(CloudInventory cloud)
    {
        var found = new Dictionary<AwsId, (string, AwsId)>();
        foreach (var table in cloud.RouteTables)
        {
            foreach (var association in table.Associations)
            {
                if (association is { Subnet: { } subnet, IsMain: false, State: "associated" or "associating" })
                {
                    found[subnet] = (association.Id, table.Id);
                }
            }
        }
        return found;
    }

    private static Dictionary<(ResourceName, Cidr), AwsId> Reservations(SortedDictionary<ResourceName, SeenSubnet> subnets, Ownership owner)
    {
        var found = new Dictionary<(ResourceName, Cidr), AwsId>();
        foreach (var (name, subnet) in subnets)
        {
            foreach (var reservation in subnet.Reservations.Where(reservation => owner.Owns(reservation.Tags)))
            {
                found[(name, reservation.Cidr)] = reservation.Id;
            }
        }
        return found;
    }

    private static List<(GroupRule Rule, string Id)> MadeRules(CloudInventory cloud, Ownership owner, SeenNames names)
    {
        var found = new List<(GroupRule, string)>();
        foreach (var group in cloud.Groups)
        {
            var at = names.Group(group.Id);
            foreach (var rule in group.Rules)
            {
                if (owner.Owns(rule.Tags))
                {
                    found.Add((new(at, rule.Direction, rule.Traffic, names.Peer(rule.Peer), rule.Description), rule.Id));
                }
            }
        }
        return found;
    }

    private static Dictionary<(Ref, Direction, Traffic, Peer), string> UntaggedRules(CloudInventory cloud, SeenNames names)
    {
        var found = new Dictionary<(Ref, Direction, Traffic, Peer), string>();
        foreach (var group in cloud.Groups.Where(group => names.Group(group.Id).IsMade))
        {
            foreach (var rule in group.Rules.Where(rule => rule.Tags.All(tag => tag.Key != Tags.Overlay)))
            {
                found[(names.Group(group.Id), rule.Direction, rule.Traffic, names.Peer(rule.Peer))] = rule.Id;
            }
        }
        return found;
    }
}
