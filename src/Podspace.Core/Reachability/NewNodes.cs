using Podspace.Addressing;
using Podspace.Cni;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Reachability;

/// <summary>Adds to an inventory what would start now: in every zone a node with one pod, as the
/// CNI's live settings or Auto Mode's classes make them.</summary>
/// <remarks>
/// Running nodes say nothing about a setting that was changed since they started. A zone whose
/// ENIConfig is missing gets none: its node would never be Ready.
/// </remarks>
public static class NewNodes
{
    private const string Prefix = "new-node-in-";

    public static bool IsNew(SeenNode node) => node.Name.StartsWith(Prefix, StringComparison.Ordinal);

    public static Inventory In(Inventory inventory)
    {
        if (inventory.Cluster is not { } cluster || inventory.Cloud.Cluster is null)
        {
            return inventory;
        }
        var free = new FreeAddresses(inventory.Cloud);
        var nodes = new List<SeenNode>();
        var pods = new List<SeenPod>();
        var enis = new List<SeenInterface>();
        var claims = new List<SeenNodeClaim>();
        foreach (var start in OfCni(inventory, cluster).Concat(OfAutoMode(inventory.Cloud, cluster)))
        {
            if (free.In(start.Subnet) is not { } address || free.In(start.PodSubnet) is not { } podAddress)
            {
                continue;
            }
            var (name, instance) = (start.Name, $"i-{start.Name}");
            nodes.Add(
                new(
                    name,
                    start.Zone,
                    instance,
                    start.InstanceType,
                    address,
                    start.MaxPods,
                    true,
                    false,
                    inventory.Cloud.ObservedAt,
                    start.Labels,
                    []
                )
            );
            enis.Add(new(new($"eni-{name}"), start.Subnet, "interface", "in-use", "", false, instance, 0, [address], [], start.Groups, []));
            enis.Add(
                new(
                    new($"eni-pods-{name}"),
                    start.PodSubnet,
                    "interface",
                    "in-use",
                    "",
                    false,
                    instance,
                    1,
                    [podAddress],
                    [],
                    start.PodGroups,
                    []
                )
            );
            pods.Add(
                new(
                    "default",
                    $"new-pod-in-{name[Prefix.Length..]}",
                    name,
                    podAddress,
                    false,
                    "Running",
                    true,
                    "ReplicaSet",
                    false,
                    false,
                    []
                )
            );
            if (start.NodeClass is { } nodeClass)
            {
                claims.Add(new(name, "", nodeClass, name, false));
            }
        }
        return new(
            inventory.Cloud with
            {
                Interfaces = [.. inventory.Cloud.Interfaces, .. enis],
            },
            cluster with
            {
                Nodes = [.. cluster.Nodes, .. nodes],
                Pods = [.. cluster.Pods, .. pods],
                NodeClaims = [.. cluster.NodeClaims, .. claims],
            }
        );
    }

    /// <summary>One a zone in which a node of the CNI's runs, which is the model.</summary>
    private static IEnumerable<Start> OfCni(Inventory inventory, ClusterInventory cluster)
    {
        if (cluster.AwsNode is not { } awsNode)
        {
            yield break;
        }
        var settings = IpamdSettings.From(
            awsNode
                .Env.DistinctBy(setting => setting.Name)
                .ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal)
        );
        var models = cluster
            .Nodes.Where(node => node.Zone.Length > 0 && node.RunsAwsNode)
            .GroupBy(node => node.Zone)
            .Select(zone => zone.MinBy(node => node.Name, StringComparer.Ordinal)!);
        foreach (var model in models)
        {
            if (
                inventory.Cloud.Interfaces.FirstOrDefault(eni => eni.Instance == model.InstanceId && eni.DeviceIndex == 0) is { } own
                && PodEni(inventory, settings, model, own) is { } place
            )
            {
                yield return new(
                    $"{Prefix}{model.Zone}",
                    model.Zone,
                    own.Subnet,
                    own.Groups,
                    place.Subnet,
                    place.Groups,
                    model.Labels,
                    null,
                    model.InstanceType,
                    model.MaxPods
                );
            }
        }
    }

    /// <summary>One a class and zone. Where a class selects subnets for pods, a zone without one gives pods no address.</summary>
    private static IEnumerable<Start> OfAutoMode(CloudInventory cloud, ClusterInventory cluster)
    {
        foreach (var nodeClass in cluster.NodeClasses.Where(seen => seen.IsReady))
        {
            foreach (var own in cloud.Subnets.Where(subnet => nodeClass.Subnets.Contains(subnet.Id.Text)).DistinctBy(subnet => subnet.Zone))
            {
                var place = nodeClass.PodSubnets.IsEmpty
                    ? own
                    : cloud.Subnets.FirstOrDefault(subnet => subnet.Zone == own.Zone && nodeClass.PodSubnets.Contains(subnet.Id.Text));
                if (place is not null)
                {
                    var groups = Ids(nodeClass.Groups);
                    yield return new(
                        $"{Prefix}{own.Zone}-{nodeClass.Name}",
                        own.Zone,
                        own.Id,
                        groups,
                        place.Id,
                        nodeClass.PodGroups.IsEmpty ? groups : Ids(nodeClass.PodGroups),
                        [new(SeenNode.ComputeTypeLabel, "auto")],
                        nodeClass.Name,
                        "",
                        0
                    );
                }
            }
        }
    }

    private static EquatableArray<AwsId> Ids(EquatableArray<string> ids) => ids.Select(id => new AwsId(id)).Order().ToEquatable();

    private sealed record Start(
        string Name,
        string Zone,
        AwsId Subnet,
        EquatableArray<AwsId> Groups,
        AwsId PodSubnet,
        EquatableArray<AwsId> PodGroups,
        EquatableArray<SeenTag> Labels,
        string? NodeClass,
        string InstanceType,
        int MaxPods
    );

    /// <summary>Where the CNI would put a new node's pods; null when it could not.</summary>
    private static (AwsId Subnet, EquatableArray<AwsId> Groups)? PodEni(
        Inventory inventory,
        IpamdSettings settings,
        SeenNode node,
        SeenInterface own
    )
    {
        if (!settings.CustomNetworking)
        {
            var found = settings.SubnetDiscovery ? Discovered(inventory.Cloud, settings, node.Zone, own.Subnet) : own.Subnet;
            return found is { } subnet ? (subnet, own.Groups) : null;
        }
        // Source: amazon-vpc-cni-k8s pkg/eniconfig: the label's value, and "default" where the node has none.
        var name =
            node.Label(settings.EniConfigLabel) ?? (settings.EniConfigLabel == Podspace.Cni.CniEnv.ZoneLabel ? node.Zone : "default");
        if (inventory.Cluster!.EniConfigs.FirstOrDefault(config => config.Name == name) is not { } config)
        {
            return null;
        }
        return (new(config.Subnet), config.Groups.IsEmpty ? own.Groups : Ids(config.Groups));
    }

    /// <summary>The node's own subnet unless its tag excludes it, and others that a tag offers; of these the one with most room.</summary>
    /// <remarks>Source: amazon-vpc-cni-k8s pkg/awsutils, and README, "CNI role tag".</remarks>
    private static AwsId? Discovered(CloudInventory cloud, IpamdSettings settings, string zone, AwsId own)
    {
        bool IsOffered(SeenSubnet subnet)
        {
            var role = subnet.Tags.Where(tag => tag.Key == Tags.CniRole).Select(tag => tag.Value).FirstOrDefault();
            var clusters = subnet.Tags.Where(tag => tag.Key.StartsWith(Tags.CniClusterPrefix, StringComparison.Ordinal)).ToList();
            return role != "0"
                && (subnet.Id == own || role is not null)
                && (clusters.Count == 0 || clusters.Exists(tag => tag.Key == Tags.CniCluster(settings.ClusterName)));
        }
        return cloud
            .Subnets.Where(subnet => subnet.Zone == zone && IsOffered(subnet))
            .OrderByDescending(subnet => subnet.Free)
            .Select(subnet => (AwsId?)subnet.Id)
            .FirstOrDefault();
    }

    /// <summary>Addresses from the end of a subnet that nobody holds.</summary>
    private sealed class FreeAddresses(CloudInventory cloud)
    {
        private const int MostTries = 1024;

        private readonly HashSet<Address> taken = [.. cloud.Interfaces.SelectMany(eni => eni.Addresses)];

        public Address? In(AwsId id)
        {
            if (cloud.Subnets.FirstOrDefault(subnet => subnet.Id == id) is not { } subnet)
            {
                return null;
            }
            for (var i = 1u; i < Math.Min(subnet.Cidr.Count - 4, MostTries); i++)
            {
                var address = new Address(subnet.Cidr.Last.Number - i);
                if (
                    !cloud.Interfaces.Any(eni => eni.Subnet == id && eni.Prefixes.Any(prefix => prefix.Contains(address)))
                    && taken.Add(address)
                )
                {
                    return address;
                }
            }
            return null;
        }
    }
}
