using Podspace.Addressing;
using Podspace.Cni;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Spec;

namespace Podspace.Capacity;

/// <summary>The question as a cluster that was seen puts it: its nodes as they would be in the network that is wanted.</summary>
public static class ObservedCapacity
{
    /// <summary>Six units each: an endpoint or load balancer a zone, a transit gateway attachment, a NAT
    /// gateway. Source: VPC User Guide, "Network Address Usage".</summary>
    private const int UnitsOfGateway = 6;

    /// <param name="supposed">Nodes to count instead of those that were seen; null: those.</param>
    /// <param name="changes">Settings to suppose, such as <c>WARM_IP_TARGET=5</c>.</param>
    public static CapacityQuestion Of(
        OverlaySpec spec,
        Network desired,
        Inventory inventory,
        KnownTypes types,
        EquatableArray<NodeSet>? supposed,
        IEnumerable<string> changes,
        out string problem
    )
    {
        var settings = Settings(desired, inventory, changes, out problem);
        var remarks = new List<string>();
        var (mine, seen) = Nodes(inventory, desired, types, settings, remarks);
        if (inventory.Cluster is null && supposed is null)
        {
            remarks.Add(
                "There is no cluster yet, so no nodes are counted. To suppose some: podspace capacity --nodes 6xm5.large@"
                    + (desired.Subnets.IsEmpty ? "ZONE" : desired.Subnets[0].Zone)
            );
        }
        if (inventory.Cluster is not null && supposed is null && seen.IsEmpty)
        {
            remarks.Add(
                "The cluster has no nodes that could be counted, so no pod fits and nothing ends growth yet. "
                    + "To suppose some: podspace capacity --nodes 6xm5.large@"
                    + (desired.Subnets.IsEmpty ? "ZONE" : desired.Subnets[0].Zone)
            );
        }
        var others = inventory.Cloud.Interfaces.Where(card => card.Instance is not { } instance || !mine.Contains(instance)).ToList();
        var ids = ActualNetwork.From(inventory, spec.Name, spec.Cluster).Ids;
        return new(
            supposed ?? seen,
            desired.Subnets.Select(subnet => Room(inventory, subnet, ids.Subnet(subnet.Ref), others)).ToEquatable(),
            NodeRooms(inventory, desired, ids, others),
            settings,
            new(inventory.Cloud.Quotas.NetworkAddressUnits, Units(inventory, others)),
            new(inventory.Cloud.Quotas.InterfacesPerRegion, others.Count),
            supposed is null ? inventory.Cloud.Nodegroups.Select(group => (group.Name, group.MaxSize)).ToEquatable() : [],
            spec.Rollout.MaxUnavailable,
            Further(inventory, desired),
            remarks.ToEquatable()
        )
        {
            AutoSettings = PlannedSettings.OfAutoMode(desired),
        };
    }

    /// <summary>aws-node's settings as they are, under what the network wants, under what is supposed.</summary>
    public static IpamdSettings Settings(Network desired, Inventory inventory, IEnumerable<string> changes, out string problem)
    {
        var env = WhatIf.Env(PlannedSettings.Env(desired, inventory), changes, out problem);
        return PlannedSettings.Under(desired, env);
    }

    private static (HashSet<string> Instances, EquatableArray<NodeSet> Sets) Nodes(
        Inventory inventory,
        Network desired,
        KnownTypes types,
        IpamdSettings settings,
        List<string> remarks
    )
    {
        var counted = new List<(SeenNode Node, InstanceLimits Limits)>();
        foreach (var node in inventory.Cluster?.Nodes ?? [])
        {
            if (!desired.TakesPart(node))
            {
                continue;
            }
            if (types.Find(node.InstanceType) is { } limits)
            {
                counted.Add((node, limits));
            }
        }
        ReportOthers(inventory, desired, types, remarks);
        var pods = (inventory.Cluster?.Pods ?? [])
            .Where(pod => pod.Node is not null && pod.Phase is "Running" or "Pending")
            .ToLookup(pod => pod.Node!);
        var sets = counted
            .GroupBy(one =>
                (
                    Path: PathOf(one.Node),
                    one.Node.Zone,
                    one.Limits,
                    Most: AfterRoll(inventory, desired, one.Node, one.Limits, settings),
                    OnHost: pods[one.Node.Name].Count(pod => pod.HostNetwork),
                    one.Node.IsAuto
                )
            )
            .Select(group => new NodeSet(
                group.Key.Path,
                group.Key.Zone,
                group.Count(),
                group.Key.Limits,
                group.Key.Most,
                group.Key.OnHost,
                group.Sum(one => pods[one.Node.Name].Count(pod => !pod.HostNetwork))
            )
            {
                IsAuto = group.Key.IsAuto,
            })
            .OrderBy(set => set.Zone, StringComparer.Ordinal)
            .ThenBy(set => set.Path, StringComparer.Ordinal)
            .ThenBy(set => set.Limits.Type, StringComparer.Ordinal);
        return ([.. counted.Select(one => one.Node.InstanceId)], sets.ToEquatable());
    }

    private static void ReportOthers(Inventory inventory, Network desired, KnownTypes types, List<string> remarks)
    {
        var nodes = inventory.Cluster?.Nodes ?? [];
        Say(node => node.IsWindows, "Windows nodes: their pods take addresses of the node's subnet");
        Say(node => node.IsFargate, "Fargate nodes: their pods take addresses of the profile's subnets, one each");
        Say(node => node.IsHybrid, "hybrid nodes, which are not in the VPC");
        Say(node => node.IsAuto && !desired.TakesPart(node), "nodes of Auto Mode, whose pods take addresses by another NodeClass");
        Say(node => node.RunsAwsNode && !desired.TakesPart(node), "nodes with aws-node, which 'spec.mode' leaves as they are");
        foreach (
            var unknown in nodes
                .Where(node => desired.TakesPart(node) && types.Find(node.InstanceType) is null)
                .GroupBy(node => node.InstanceType)
        )
        {
            remarks.Add(
                $"Not counted: {unknown.Count()} nodes of type {(unknown.Key.Length == 0 ? "(none named)" : unknown.Key)}, "
                    + $"whose limits neither EC2 was asked for nor the built-in table knows. To tell them:\n "
                    + $" aws ec2 describe-instance-types --instance-types {unknown.Key} > types.json "
                    + $"&& podspace capacity --instance-types types.json"
            );
        }

        void Say(Func<SeenNode, bool> matches, string what)
        {
            var count = nodes.Count(matches);
            if (count > 0)
            {
                remarks.Add($"Not counted: {count} {what}.");
            }
        }
    }

    private static string PathOf(SeenNode node) => node.Label("eks.amazonaws.com/nodegroup") ?? node.Label("karpenter.sh/nodepool") ?? "";

    /// <summary>Whoever sets max-pods outside of EKS goes on doing so; EKS counts anew for a
    /// managed group without an AMI of its own.</summary>
    private static int AfterRoll(Inventory inventory, Network desired, SeenNode node, InstanceLimits limits, IpamdSettings settings)
    {
        if (node.IsAuto)
        {
            return MaxPods.OfAutoMode(limits, podSubnets: true, PlannedSettings.OfAutoMode(desired).PrefixDelegation);
        }
        var group = inventory.Cloud.Nodegroups.FirstOrDefault(group => group.Name == node.Label("eks.amazonaws.com/nodegroup"));
        return group is { AmiType: not "CUSTOM" } || node.MaxPods == 0 ? MaxPods.Advised(limits, settings) : node.MaxPods;
    }

    private static SubnetRoom Room(Inventory inventory, PodSubnet subnet, AwsId? id, List<SeenInterface> others)
    {
        if (id is not { } there || inventory.Cloud.Subnets.FirstOrDefault(seen => seen.Id == there) is not { } seen)
        {
            return SubnetRoom.Empty(subnet.Ref.ToString(), subnet.Zone, subnet.Cidr, subnet.Reserved);
        }
        var reserved = seen.Reservations.Where(one => one.Type == "prefix").Select(one => one.Cidr).ToEquatable();
        return Room(inventory, subnet.Ref.ToString(), seen, reserved.IsEmpty ? subnet.Reserved : reserved, others);
    }

    private static SubnetRoom Room(
        Inventory inventory,
        string name,
        SeenSubnet seen,
        EquatableArray<Cidr> reserved,
        List<SeenInterface> others
    )
    {
        var cards = inventory.Cloud.Interfaces.Where(card => card.Subnet == seen.Id).ToList();
        var taken = cards.SelectMany(card => card.Addresses).Concat(cards.SelectMany(card => card.Prefixes).SelectMany(All)).ToList();
        var free = (long)PrefixRoom.Free(seen.Cidr, reserved, taken).CountFree(28);
        return new(
            name,
            seen.Zone,
            seen.Cidr,
            (long)seen.Cidr.UsableInSubnet - seen.Free,
            others.Where(card => card.Subnet == seen.Id).Sum(Held),
            reserved,
            free
        );
    }

    private static IEnumerable<Address> All(Cidr block) =>
        Enumerable.Range(0, (int)block.Count).Select(offset => block.First.Plus((uint)offset));

    private static long Held(SeenInterface card) => card.Addresses.Count + card.Prefixes.Sum(prefix => (long)prefix.Count);

    private static EquatableArray<SubnetRoom> NodeRooms(Inventory inventory, Network desired, Ids ids, List<SeenInterface> others)
    {
        var forPods = desired.Subnets.Select(subnet => ids.Subnet(subnet.Ref)).OfType<AwsId>().ToHashSet();
        var used = inventory
            .Cloud.Nodegroups.SelectMany(group => group.Subnets)
            .Concat(
                inventory
                    .Cloud.Instances.Where(one =>
                        one.State is "running" or "pending" && (inventory.Cluster?.Nodes ?? []).Any(node => node.InstanceId == one.Id.Text)
                    )
                    .Select(one => one.Subnet)
            )
            .ToHashSet();
        return inventory
            .Cloud.Subnets.Where(subnet => used.Contains(subnet.Id) && !forPods.Contains(subnet.Id))
            .Select(subnet => Room(inventory, subnet.Id.Text, subnet, [], others))
            .ToEquatable();
    }

    private static long Units(Inventory inventory, List<SeenInterface> others)
    {
        var cloud = inventory.Cloud;
        var instances = others
            .Where(card => card.Instance is not null)
            .Sum(card => card.Addresses.Count + card.Prefixes.Count + (card.DeviceIndex is > 0 ? 1L : 0));
        var gateways =
            others.Count(card => card.Type == "network_load_balancer")
            + cloud.Endpoints.Where(one => one.Type == "Interface").Sum(one => one.Subnets.Count)
            + cloud.TransitGatewayAttachments.Count(one => one.State == "available")
            + cloud.NatGateways.Count(one => one.State == "available");
        return instances + (UnitsOfGateway * (long)gateways);
    }

    /// <summary>What can still be added to the VPC itself.</summary>
    private static EquatableArray<string> Further(Inventory inventory, Network desired)
    {
        var (cloud, quotas) = (inventory.Cloud, inventory.Cloud.Quotas);
        var blocks = (cloud.Vpc?.LiveBlocks.Select(block => block.Cidr) ?? []).Union(desired.Blocks.Select(block => block.Cidr)).Count();
        var routes = cloud
            .RouteTables.Select(table => table.Routes.Count(route => route.Origin != "EnableVgwRoutePropagation"))
            .DefaultIfEmpty(0)
            .Max();
        var free = AddressSet
            .Of(desired.Blocks.Select(block => block.Cidr))
            .Except(AddressSet.Of(desired.Subnets.Select(subnet => subnet.Cidr).Concat(cloud.Subnets.Select(subnet => subnet.Cidr))));
        var length = desired.Subnets.IsEmpty ? 18 : desired.Subnets.Max(subnet => subnet.Cidr.PrefixLength);
        var subnets =
            cloud.Subnets.Count + desired.Subnets.Count(subnet => subnet.Ref.IsMade && cloud.Subnets.All(seen => seen.Cidr != subnet.Cidr));
        var room = free.CountFree(length);
        return
        [
            $"room in the pods' blocks for {room:N0} more subnet{(room == 1 ? "" : "s")} of /{length}",
            $"{Left(quotas.BlocksPerVpc, blocks)} more blocks for the VPC: "
                + $"{blocks} of {quotas.BlocksPerVpc} are used (L-83CA0A9D, at most 50)",
            $"{Left(quotas.RoutesPerTable, routes)} more routes in the fullest table: "
                + $"{routes} of {quotas.RoutesPerTable} are used (L-93826ACB, at most 1,000); "
                + "every block adds one to each",
            $"{Left(quotas.SubnetsPerVpc, subnets)} more subnets: {subnets} of {quotas.SubnetsPerVpc} are used",
        ];

        static int Left(int most, int used) => Math.Max(0, most - used);
    }
}
