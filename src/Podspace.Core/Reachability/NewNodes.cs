using Podspace.Addressing;
using Podspace.Capacity;
using Podspace.Model;

namespace Podspace.Reachability;

/// <summary>Adds to an inventory what would start now: in every zone a node with one pod, as the CNI's live settings make them.</summary>
/// <remarks>
/// Running nodes say nothing about a setting that was changed since they started. A zone whose ENIConfig is missing gets none: its node would never be Ready.
/// </remarks>
public static class NewNodes
{
    private const string Prefix = "new-node-in-";
    private const string OnlyCluster = "cni.networking.k8s.aws/cluster/";

    public static bool IsNew(SeenNode node) => node.Name.StartsWith(Prefix, StringComparison.Ordinal);

    public static Inventory In(Inventory inventory)
    {
        if (inventory.Cluster is not { AwsNode: { } awsNode } cluster || inventory.Cloud.Cluster is null)
        {
            return inventory;
        }
        var settings = IpamdSettings.From(awsNode.Env.DistinctBy(setting => setting.Name).ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal));
        var free = new FreeAddresses(inventory.Cloud);
        var nodes = new List<SeenNode>();
        var pods = new List<SeenPod>();
        var cards = new List<SeenInterface>();
        foreach (var model in cluster.Nodes.Where(node => node.Zone.Length > 0).GroupBy(node => node.Zone).Select(zone => zone.MinBy(node => node.Name, StringComparer.Ordinal)!))
        {
            if (inventory.Cloud.Interfaces.FirstOrDefault(card => card.Instance == model.InstanceId && card.DeviceIndex == 0) is not { } own
                || PodCard(inventory, settings, model, own) is not { } place || free.In(own.Subnet) is not { } address || free.In(place.Subnet) is not { } podAddress)
            {
                continue;
            }
            var name = $"{Prefix}{model.Zone}";
            nodes.Add(model with { Name = name, InstanceId = $"i-{name}", InternalAddress = address, Annotations = [] });
            cards.Add(own with { Id = new($"eni-{name}"), Instance = $"i-{name}", Addresses = [address], Prefixes = [] });
            cards.Add(own with { Id = new($"eni-pods-{name}"), Instance = $"i-{name}", DeviceIndex = 1, Subnet = place.Subnet, Groups = place.Groups, Addresses = [podAddress], Prefixes = [] });
            pods.Add(new("default", $"new-pod-in-{model.Zone}", name, podAddress, false, "Running", true, "ReplicaSet", false, false, []));
        }
        return new(
            inventory.Cloud with { Interfaces = [.. inventory.Cloud.Interfaces, .. cards] },
            cluster with { Nodes = [.. cluster.Nodes, .. nodes], Pods = [.. cluster.Pods, .. pods] });
    }

    /// <summary>Where the CNI would put a new node's pods; null when it could not.</summary>
    private static (AwsId Subnet, EquatableArray<AwsId> Groups)? PodCard(Inventory inventory, IpamdSettings settings, SeenNode node, SeenInterface own)
    {
        if (!settings.CustomNetworking)
        {
            return (settings.SubnetDiscovery ? Discovered(inventory.Cloud, settings, node.Zone, own.Subnet) : own.Subnet) is { } subnet ? (subnet, own.Groups) : null;
        }
        // Source: amazon-vpc-cni-k8s pkg/eniconfig: the label's value, and "default" where the node has none.
        var name = node.Label(settings.EniConfigLabel) ?? (settings.EniConfigLabel == Design.CniEnv.ZoneLabel ? node.Zone : "default");
        return inventory.Cluster!.EniConfigs.FirstOrDefault(config => config.Name == name) is { } config
            ? (new(config.Subnet), config.Groups.IsEmpty ? own.Groups : config.Groups.Select(group => new AwsId(group)).Order().ToEquatable())
            : null;
    }

    /// <summary>The node's own subnet unless its tag excludes it, and others that a tag offers; of these the one with most room.</summary>
    /// <remarks>Source: amazon-vpc-cni-k8s pkg/awsutils, and README, "CNI role tag".</remarks>
    private static AwsId? Discovered(CloudInventory cloud, IpamdSettings settings, string zone, AwsId own)
    {
        bool IsOffered(SeenSubnet subnet)
        {
            var role = subnet.Tags.Where(tag => tag.Key == Tags.CniRole).Select(tag => tag.Value).FirstOrDefault();
            var clusters = subnet.Tags.Where(tag => tag.Key.StartsWith(OnlyCluster, StringComparison.Ordinal)).ToList();
            return role != "0" && (subnet.Id == own || role is not null)
                && (clusters.Count == 0 || clusters.Exists(tag => tag.Key == OnlyCluster + settings.ClusterName));
        }
        return cloud.Subnets.Where(subnet => subnet.Zone == zone && IsOffered(subnet)).OrderByDescending(subnet => subnet.Free).Select(subnet => (AwsId?)subnet.Id).FirstOrDefault();
    }

    /// <summary>Addresses from the end of a subnet that nobody holds.</summary>
    private sealed class FreeAddresses(CloudInventory cloud)
    {
        private const int MostTries = 1024;

        private readonly HashSet<Address> taken = [.. cloud.Interfaces.SelectMany(card => card.Addresses)];

        public Address? In(AwsId id)
        {
            if (cloud.Subnets.FirstOrDefault(subnet => subnet.Id == id) is not { } subnet)
            {
                return null;
            }
            for (var i = 1u; i < Math.Min(subnet.Cidr.Count - 4, MostTries); i++)
            {
                var address = new Address(subnet.Cidr.Last.Number - i);
                if (!cloud.Interfaces.Any(card => card.Subnet == id && card.Prefixes.Any(prefix => prefix.Contains(address))) && taken.Add(address))
                {
                    return address;
                }
            }
            return null;
        }
    }
}
