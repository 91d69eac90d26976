using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;

namespace Podspace.Design;

/// <summary>A zone's pod subnet before it is known whether blocks are reserved in it.</summary>
/// <param name="Seen">Null: it is still to be made.</param>
internal sealed record PlacedSubnet(Ref Ref, string Zone, Cidr Cidr, SeenSubnet? Seen);

/// <summary>A pod subnet for each zone: the spec's; else ours; else one that fits; else the
/// lowest free slot. A zone that stays never moves.</summary>
/// <remarks>Blocks are taken in the spec's order until they have room for every zone. What is listed
/// behind is growth: a further subnet for each zone.</remarks>
internal static class SubnetChoice
{
    private const string ExistingPath = "spec.subnets.existing";

    public static List<PlacedSubnet> Of(DesignInput input, List<Block> blocks, IReadOnlyList<string> zones)
    {
        var placed = new List<PlacedSubnet>();
        foreach (
            var (i, layer) in Layers(input.Spec.Addresses.SubnetPrefixLength ?? LengthFor(blocks, zones.Count), blocks, zones.Count).Index()
        )
        {
            Place(input, layer, zones, placed, isFirst: i == 0, blocks);
        }
        placed.AddRange(Kept(input, blocks, zones, placed));
        placed.Sort(
            (left, right) => string.CompareOrdinal(left.Zone, right.Zone) is not 0 and var order ? order : left.Cidr.CompareTo(right.Cidr)
        );
        return placed;
    }

    /// <summary>Runs of blocks that each have room for a subnet of every zone. A rest that has not belongs to the last.</summary>
    /// <remarks>By sizes alone, so that it is the same whatever stands in them already.</remarks>
    private static List<List<Block>> Layers(int length, List<Block> blocks, int zones)
    {
        var layers = new List<List<Block>>();
        List<Block> run = [];
        foreach (var block in blocks)
        {
            run.Add(block);
            if (run.Sum(one => SlotsIn(one.Cidr, length)) >= zones)
            {
                layers.Add(run);
                run = [];
            }
        }
        if (layers.Count == 0)
        {
            return [run];
        }
        layers[^1].AddRange(run);
        return layers;
    }

    private static long SlotsIn(Cidr block, int length) => block.PrefixLength <= length ? 1L << (length - block.PrefixLength) : 0;

    /// <param name="blocks">Of this run.</param>
    /// <param name="all">Of the network.</param>
    private static void Place(
        DesignInput input,
        List<Block> blocks,
        IReadOnlyList<string> zones,
        List<PlacedSubnet> placed,
        bool isFirst,
        List<Block> all
    )
    {
        var missing = new List<string>();
        var wanted = WantedLength(input, all, zones);
        foreach (var zone in zones)
        {
            if (
                Named(input, blocks, all, zone, isFirst, out var isNamed) is { } subnet
                || (!isNamed && (subnet = Ours(input, blocks, zone) ?? Fitting(input, blocks, zone, wanted)) is not null)
            )
            {
                placed.Add(subnet);
            }
            else if (!isNamed)
            {
                missing.Add(zone);
            }
        }
        placed.AddRange(Slots(input, blocks, missing, wanted, placed));
    }

    /// <summary>Subnets of ours in blocks that stay: pods may live there, whatever the arithmetic of blocks says since.</summary>
    private static List<PlacedSubnet> Kept(DesignInput input, List<Block> blocks, IReadOnlyList<string> zones, List<PlacedSubnet> placed) =>
        input
            .Actual.Network.Subnets.Where(subnet =>
                subnet.Ref.IsMade
                && zones.Contains(subnet.Zone)
                && InAny(blocks, subnet.Cidr)
                && !placed.Exists(one => one.Ref == subnet.Ref)
            )
            .Select(subnet => new PlacedSubnet(
                subnet.Ref,
                subnet.Zone,
                subnet.Cidr,
                input.Subnet(input.Actual.Ids.Subnets[subnet.Ref.Name])
            ))
            .ToList();

    /// <summary>The subnets with tables and reservations.</summary>
    public static List<PodSubnet> With(DesignInput input, List<PlacedSubnet> placed, bool prefixes)
    {
        var byZone = RouteTableChoice.IsPerZone(input.Spec);
        var subnets = placed.ConvertAll(subnet => new PodSubnet(
            subnet.Ref,
            subnet.Zone,
            subnet.Cidr,
            subnet.Ref.IsMade ? TableOf(subnet.Zone) : null,
            prefixes && subnet.Ref.IsMade && PrefixChoice.IsReserved(subnet) ? PrefixChoice.Reservations(subnet.Cidr) : [],
            subnet.Ref.IsMade && input.Spec.Subnets.NetworkAcl is { } acl ? new AwsId(acl) : null
        ));
        subnets.Sort((left, right) => left.Ref.CompareTo(right.Ref));
        return subnets;

        Ref TableOf(string zone) => Ref.Made(ResourceNames.RouteTable(byZone ? zone : null));
    }

    /// <summary>Subnets that the spec or somebody's ENIConfigs point at.</summary>
    public static HashSet<AwsId> HintedIds(DesignInput input)
    {
        var ids = new HashSet<AwsId>(input.Spec.Subnets.Existing.Count);
        foreach (var existing in input.Spec.Subnets.Existing)
        {
            ids.Add(new(existing.Id));
        }
        foreach (var config in input.Actual.Ids.ForeignEniConfigs)
        {
            if (!config.Subnet.IsMade)
            {
                ids.Add(config.Subnet.Id);
            }
        }
        return ids;
    }

    /// <summary>Reports whether a subnet of somebody else can be taken for pods: nothing stands in it but pods'
    /// interfaces, and no tag offers it to load balancers or nodes.</summary>
    public static bool IsForPodsOnly(DesignInput input, SeenSubnet subnet)
    {
        if (
            subnet.State != "available"
            || !input.Sees(Reading.Interfaces)
            || HasOtherUse(subnet)
            || (input.Cluster is { } cluster && cluster.SubnetIds.Contains(subnet.Id))
            || input.Cloud.Nodegroups.Any(nodegroup => nodegroup.Subnets.Contains(subnet.Id))
        )
        {
            return false;
        }
        foreach (var card in input.Cloud.Interfaces)
        {
            if (card.Subnet == subnet.Id && !IsOfPods(card))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Reports whether the VPC CNI or its companion for security groups made the
    /// interface. Source: amazon-vpc-cni-k8s, pkg/awsutils.</summary>
    public static bool IsOfPods(SeenInterface card) => card.IsOfCni || card.Description is "aws-k8s-branch-eni" or "aws-k8s-trunk-eni";

    private static bool HasOtherUse(SeenSubnet subnet)
    {
        foreach (var tag in subnet.Tags)
        {
            if (
                tag.Key is Tags.ElbRole or Tags.InternalElbRole or Tags.KarpenterDiscovery or Tags.Overlay
                || tag is { Key: Tags.CniRole, Value: "0" }
            )
            {
                return true;
            }
        }
        return false;
    }

    private static PlacedSubnet? Named(DesignInput input, List<Block> blocks, List<Block> all, string zone, bool isFirst, out bool isNamed)
    {
        isNamed = false;
        foreach (var (named, id) in input.Spec.Subnets.Existing)
        {
            if (named != zone)
            {
                continue;
            }
            // It takes the place of ours in the run of blocks in which it lies; what is wrong with it is said once.
            var cidr = input.Subnet(new(id))?.Cidr;
            if (cidr is { } lies && InAny(all, lies) ? !InAny(blocks, lies) : !isFirst)
            {
                continue;
            }
            isNamed = true;
            var (report, path) = (input.Report, $"{ExistingPath}.{zone}");
            if (input.Subnet(new(id)) is not { } subnet)
            {
                report.Error(
                    DesignCodes.SubnetUnknown,
                    id,
                    path,
                    $"There is no subnet {id} in {input.Vpc.Id}.",
                    $"To see those that are there:\n  aws ec2 describe-subnets --filters Name=vpc-id,Values={input.Vpc.Id}"
                );
                return null;
            }
            if (subnet.Zone != zone)
            {
                report.Error(
                    DesignCodes.SubnetElsewhere,
                    id,
                    path,
                    $"{id} is in {subnet.Zone}, not in {zone}: an interface goes only to instances of its own zone.",
                    $"Name a subnet of {zone}."
                );
                return null;
            }
            if (!InAny(blocks, subnet.Cidr))
            {
                report.Error(
                    DesignCodes.SubnetElsewhere,
                    id,
                    path,
                    $"{id} ({subnet.Cidr}) lies in none of the pods' blocks ({string.Join(", ", blocks.Select(block => block.Cidr))}).",
                    "Name its block in 'spec.addresses.blocks', or another subnet here."
                );
                return null;
            }
            var ours = input.Actual.Ids.Subnets.FirstOrDefault(pair => pair.Value == subnet.Id);
            return new(ours.Value == subnet.Id ? Ref.Made(ours.Key.Text) : Ref.Used(id), zone, subnet.Cidr, subnet);
        }
        return null;
    }

    private static PlacedSubnet? Ours(DesignInput input, List<Block> blocks, string zone)
    {
        foreach (var block in blocks)
        {
            PodSubnet? lowest = null;
            foreach (var subnet in input.Actual.Network.Subnets)
            {
                if (subnet.Zone == zone && block.Cidr.Contains(subnet.Cidr) && (lowest is null || subnet.Cidr < lowest.Cidr))
                {
                    lowest = subnet;
                }
            }
            if (lowest is not null)
            {
                return new(lowest.Ref, zone, lowest.Cidr, input.Subnet(input.Actual.Ids.Subnets[lowest.Ref.Name]));
            }
        }
        return null;
    }

    // What an ENIConfig of that zone points at is for pods, whatever else it carries; anything else has to be roomy and free of others.
    private static PlacedSubnet? Fitting(DesignInput input, List<Block> blocks, string zone, int wanted)
    {
        SeenSubnet? best = null;
        foreach (var subnet in input.Cloud.Subnets)
        {
            if (subnet.Zone != zone || !InAny(blocks, subnet.Cidr))
            {
                continue;
            }
            if (input.Actual.Ids.ForeignEniConfigs.Any(config => config.Zone == zone && config.Subnet == Ref.Used(subnet.Id.Text)))
            {
                return new(Ref.Used(subnet.Id.Text), zone, subnet.Cidr, subnet);
            }
            if (
                subnet.Cidr.PrefixLength <= Math.Max(wanted, 24)
                && (best is null || subnet.Cidr < best.Cidr)
                && IsForPodsOnly(input, subnet)
            )
            {
                best = subnet;
            }
        }
        return best is null ? null : new(Ref.Used(best.Id.Text), zone, best.Cidr, best);
    }

    private static List<PlacedSubnet> Slots(
        DesignInput input,
        List<Block> blocks,
        List<string> zones,
        int wanted,
        List<PlacedSubnet> placed
    )
    {
        if (zones.Count == 0)
        {
            return [];
        }
        var free = blocks.ConvertAll(block =>
            AddressSet
                .Of(block.Cidr)
                .Except(AddressSet.Of(input.Cloud.Subnets.Where(subnet => subnet.Cidr.Overlaps(block.Cidr)).Select(subnet => subnet.Cidr)))
        );
        var longest = input.Spec.Addresses.SubnetPrefixLength ?? 28;
        for (var length = wanted; length <= longest; length++)
        {
            if (free.Sum(set => (long)set.CountFree(length)) >= zones.Count)
            {
                return Take(input, free, zones, length, placed);
            }
        }
        var room = free.Sum(set => (long)set.CountFree(longest));
        input.Report.Error(
            DesignCodes.NoRoom,
            input.Vpc.Id.Text,
            "spec.addresses.subnetPrefixLength",
            $"{string.Join(", ", blocks.Select(block => block.Cidr))} has room for {room} more subnet{(room == 1 ? "" : "s")} "
                + $"of /{longest}, and {zones.Count} are needed ({string.Join(", ", zones)}).",
            "Add a block to 'spec.addresses.blocks', or make subnets smaller with a longer 'subnetPrefixLength'."
        );
        return [];
    }

    private static List<PlacedSubnet> Take(
        DesignInput input,
        List<AddressSet> free,
        List<string> zones,
        int length,
        List<PlacedSubnet> placed
    )
    {
        var taken = new List<PlacedSubnet>();
        foreach (var zone in zones)
        {
            var at = free.FindIndex(set => set.FirstFree(length) is not null);
            var slot = free[at].FirstFree(length)!.Value;
            free[at] = free[at].Except(AddressSet.Of(slot));
            taken.Add(new(Ref.Made(NameOf(input, zone, slot, placed)), zone, slot, null));
        }
        return taken;
    }

    private static string NameOf(DesignInput input, string zone, Cidr slot, List<PlacedSubnet> placed)
    {
        var number = ResourceNames.NumberOf(slot);
        while (
            input.Actual.Ids.Subnets.ContainsKey(new(ResourceNames.Subnet(zone, number)))
            || placed.Exists(one => one.Ref == Ref.Made(ResourceNames.Subnet(zone, number)))
        )
        {
            number++;
        }
        return ResourceNames.Subnet(zone, number);
    }

    /// <summary>The spec's; else the size that ours have; else such that one more zone than there are would fit.</summary>
    private static int WantedLength(DesignInput input, List<Block> blocks, IReadOnlyList<string> zones)
    {
        if (input.Spec.Addresses.SubnetPrefixLength is { } asked)
        {
            return asked;
        }
        var ours = 0;
        foreach (var subnet in input.Actual.Network.Subnets)
        {
            if (InAny(blocks, subnet.Cidr) && zones.Contains(subnet.Zone))
            {
                ours = Math.Max(ours, subnet.Cidr.PrefixLength);
            }
        }
        return ours > 0 ? ours : LengthFor(blocks, zones.Count);
    }

    private static int LengthFor(List<Block> blocks, int zones)
    {
        var length = blocks.Min(block => block.Cidr.PrefixLength);
        while (length < 28 && blocks.Sum(block => SlotsIn(block.Cidr, length)) <= zones)
        {
            length++;
        }
        return length;
    }

    private static bool InAny(List<Block> blocks, Cidr cidr)
    {
        foreach (var block in blocks)
        {
            if (block.Cidr.Contains(cidr))
            {
                return true;
            }
        }
        return false;
    }
}
