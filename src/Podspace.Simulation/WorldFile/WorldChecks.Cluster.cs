using Podspace.Addressing;
using Podspace.Simulation.State;

namespace Podspace.Simulation.WorldFile;

internal sealed partial class WorldChecks
{
    private void Interfaces()
    {
        var taken = new Dictionary<(string Vpc, Address Address), string>();
        var vpcs = aws.Subnets.DistinctBy(subnet => subnet.SubnetId).ToDictionary(subnet => subnet.SubnetId, subnet => subnet.VpcId);
        for (var i = 0; i < aws.NetworkInterfaces.Count; i++)
        {
            var (at, path) = (aws.NetworkInterfaces[i], $"aws.NetworkInterfaces[{i}]");
            Refer($"{path}.Groups", at.Groups, "SecurityGroups");
            Refers($"{path}.Attachment.InstanceId", at.Attachment?.InstanceId, "Instances", isOptional: true);
            if (Refers($"{path}.SubnetId", at.SubnetId, "Subnets") && subnetBlocks.TryGetValue(at.SubnetId, out var subnet))
            {
                Addresses(at, subnet, vpcs[at.SubnetId], taken, path);
                Prefixes(at, subnet, path);
            }
        }
        InstancesHaveInterfaces();
    }

    private void Addresses(
        NetworkInterface at,
        Cidr subnet,
        string vpc,
        Dictionary<(string Vpc, Address Address), string> taken,
        string path
    )
    {
        if (at.PrivateIpAddresses.Count == 0)
        {
            BadAddress(
                $"{path}.PrivateIpAddresses",
                $"{at.NetworkInterfaceId} has no address.",
                "An interface has at least its own, the first of PrivateIpAddresses."
            );
        }
        for (var i = 0; i < at.PrivateIpAddresses.Count; i++)
        {
            var (text, place) = (at.PrivateIpAddresses[i], $"{path}.PrivateIpAddresses[{i}]");
            if (!Address.TryParse(text, out var address))
            {
                BadAddress(place, $"\"{text}\" is not an IPv4 address.", "Write four numbers from 0 to 255, without leading zeros.");
            }
            else if (!subnet.Contains(address))
            {
                BadAddress(place, $"{address} lies outside {at.SubnetId} ({subnet}).", "Correct the address or the interface's SubnetId.");
            }
            else if (address < subnet.First.Plus(4) || address == subnet.Last)
            {
                BadAddress(
                    place,
                    $"AWS keeps {address} for itself: the first four addresses and the last of every subnet.",
                    "Take another."
                );
            }
            else if (!taken.TryAdd((vpc, address), at.NetworkInterfaceId))
            {
                BadAddress(
                    place,
                    $"{address} is on {taken[(vpc, address)]} already.",
                    "An address is on one interface: correct one of the two."
                );
            }
        }
    }

    private void Prefixes(NetworkInterface at, Cidr subnet, string path)
    {
        for (var i = 0; i < at.Ipv4Prefixes.Count; i++)
        {
            var place = $"{path}.Ipv4Prefixes[{i}]";
            if (IsBlock(place, at.Ipv4Prefixes[i], out var prefix) && (prefix.PrefixLength != 28 || !subnet.Contains(prefix)))
            {
                BadAddress(
                    place,
                    $"{prefix} is no /28 of {at.SubnetId} ({subnet}).",
                    "A prefix on an interface is a /28 inside its subnet."
                );
            }
        }
    }

    private void InstancesHaveInterfaces()
    {
        var primary = aws
            .NetworkInterfaces.Where(at => at.Attachment is { DeviceIndex: 0, InstanceId: not null })
            .Select(at => at.Attachment!.InstanceId)
            .ToHashSet();
        for (var i = 0; i < aws.Instances.Count; i++)
        {
            if (aws.Instances[i].State is not "terminated" && !primary.Contains(aws.Instances[i].InstanceId))
            {
                places.Report(
                    WorldFindings.Dangling,
                    $"aws.Instances[{i}].InstanceId",
                    $"{aws.Instances[i].InstanceId} has no interface with DeviceIndex 0.",
                    "Its subnet and zone are those of that interface: add it to aws.NetworkInterfaces."
                );
            }
        }
    }

    private void Clusters()
    {
        if (aws.Clusters.Count > 1)
        {
            places.Report(
                WorldFindings.DuplicateId,
                "aws.Clusters[1]",
                "A world holds one cluster, whose objects are under kubernetes.",
                "Keep one."
            );
        }
        for (var i = 0; i < aws.Clusters.Count; i++)
        {
            var (network, path) = (aws.Clusters[i].ResourcesVpcConfig, $"aws.Clusters[{i}].resourcesVpcConfig");
            Refers($"{path}.vpcId", network.VpcId, "Vpcs");
            Refer($"{path}.subnetIds", network.SubnetIds, "Subnets");
            Refer($"{path}.securityGroupIds", network.SecurityGroupIds, "SecurityGroups");
            Refers($"{path}.clusterSecurityGroupId", network.ClusterSecurityGroupId, "SecurityGroups");
            if (aws.Clusters[i].KubernetesNetworkConfig.ServiceIpv4Cidr is { } services)
            {
                IsBlock($"aws.Clusters[{i}].kubernetesNetworkConfig.serviceIpv4Cidr", services, out _);
            }
        }
        for (var i = 0; i < aws.Nodegroups.Count; i++)
        {
            Refers($"aws.Nodegroups[{i}].clusterName", aws.Nodegroups[i].ClusterName, "Clusters");
            Refer($"aws.Nodegroups[{i}].subnets", aws.Nodegroups[i].Subnets, "Subnets");
        }
        for (var i = 0; i < aws.Addons.Count; i++)
        {
            Refers($"aws.Addons[{i}].clusterName", aws.Addons[i].ClusterName, "Clusters");
        }
        for (var i = 0; i < aws.Updates.Count; i++)
        {
            Refers($"aws.Updates[{i}].clusterName", aws.Updates[i].ClusterName, "Clusters");
        }
        for (var i = 0; i < aws.AccessEntries.Count; i++)
        {
            Refers($"aws.AccessEntries[{i}].clusterName", aws.AccessEntries[i].ClusterName, "Clusters");
        }
    }
}
