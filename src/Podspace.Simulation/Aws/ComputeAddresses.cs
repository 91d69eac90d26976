using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

/// <summary>Secondary addresses and /28 prefixes on interfaces.</summary>
public sealed partial class Compute
{
    /// <summary>Source: VPC User Guide, "Network Address Usage for your VPC".</summary>
    private static readonly Quota AddressUnitsPerVpc = new("L-BB24F6E5", 64_000);

    /// <summary>Weight of a NAT gateway, an endpoint per zone and a transit gateway attachment. Source: as above.</summary>
    private const int UnitsPerGateway = 6;

    /// <summary>Gives the interface that many addresses more; all or none. Returns them.</summary>
    public IReadOnlyList<string> AssignPrivateIpAddresses(string interfaceId, int count)
    {
        var (found, room) = Room(interfaceId, count);
        var taken = room.TakeAddresses(count);
        found.PrivateIpAddresses.AddRange(taken);
        world.Record("ec2", "AssignPrivateIpAddresses", interfaceId);
        return taken;
    }

    /// <summary>Gives the interface that many /28 blocks more; all or none. Returns them. The wire calls
    /// it AssignPrivateIpAddresses with Ipv4PrefixCount.</summary>
    public IReadOnlyList<string> AssignPrefixes(string interfaceId, int count)
    {
        var (found, room) = Room(interfaceId, count);
        var taken = room.TakePrefixes(count);
        found.Ipv4Prefixes.AddRange(taken);
        world.Record("ec2", "AssignPrivateIpAddresses", interfaceId);
        return taken;
    }

    public void UnassignPrivateIpAddresses(string interfaceId, IReadOnlyList<string> addresses)
    {
        var found = OwnInterface(interfaceId);
        foreach (var address in addresses)
        {
            if (found.PrivateIpAddresses.IndexOf(address) is var index && index == 0)
            {
                throw new WorldRefusal("InvalidParameterValue", $"{address} is the primary address of {interfaceId} and stays with it.");
            }
            if (index < 0)
            {
                throw new WorldRefusal(
                    "InvalidParameterValue",
                    $"Some of the specified addresses are not assigned to interface {interfaceId}: {address}"
                );
            }
        }
        found.PrivateIpAddresses.RemoveAll(addresses.Contains);
        world.Record("ec2", "UnassignPrivateIpAddresses", interfaceId);
    }

    public void UnassignPrefixes(string interfaceId, IReadOnlyList<string> prefixes)
    {
        var found = OwnInterface(interfaceId);
        if (prefixes.FirstOrDefault(prefix => !found.Ipv4Prefixes.Contains(prefix)) is { } unknown)
        {
            throw new WorldRefusal(
                "InvalidParameterValue",
                $"Some of the specified prefixes are not assigned to interface {interfaceId}: {unknown}"
            );
        }
        found.Ipv4Prefixes.RemoveAll(prefixes.Contains);
        world.Record("ec2", "UnassignPrivateIpAddresses", interfaceId);
    }

    /// <summary>Network Address Usage of a VPC in units: addresses and prefixes on instances' interfaces 1 each, interfaces beyond the
    /// first 1, gateways and endpoints 6 a zone. Source: VPC User Guide, "Network Address Usage for your VPC".</summary>
    /// <remarks>Load balancers, Lambda and EFS count, too, but the world does not hold them.</remarks>
    public int UsageOf(string vpcId)
    {
        var subnets = Aws
            .Subnets.Where(subnet => subnet.VpcId == vpcId)
            .Select(subnet => subnet.SubnetId)
            .ToHashSet(StringComparer.Ordinal);
        var interfaces = Aws
            .NetworkInterfaces.Where(found => found.Attachment?.InstanceId is not null && subnets.Contains(found.SubnetId))
            .Sum(found => found.PrivateIpAddresses.Count + found.Ipv4Prefixes.Count + (found.Attachment!.DeviceIndex > 0 ? 1 : 0));
        var gateways =
            Aws.NatGateways.Count(gateway => gateway.VpcId == vpcId && gateway.State == "available")
            + Aws.VpcEndpoints.Where(endpoint => endpoint.VpcId == vpcId).Sum(endpoint => endpoint.SubnetIds.Count)
            + Aws.TransitGatewayVpcAttachments.Count(attachment => attachment.VpcId == vpcId && attachment.State == "available");
        return interfaces + (UnitsPerGateway * gateways);
    }

    /// <summary>Whether a /28 could be taken there now.</summary>
    internal bool HasWholePrefix(string subnetId)
    {
        try
        {
            return new SubnetRoom(Aws, FindSubnet(subnetId)).TakePrefixes(1).Count == 1;
        }
        catch (WorldRefusal)
        {
            return false;
        }
    }

    private void CheckUsage(string vpcId, int more)
    {
        var limit = Limit(AddressUnitsPerVpc);
        if (UsageOf(vpcId) + more > limit)
        {
            throw new WorldRefusal(
                "NetworkAddressUsageLimitExceeded",
                $"The VPC {vpcId} would exceed its limit of network address units: {limit}"
            );
        }
    }

    private (NetworkInterface Found, SubnetRoom Room) Room(string interfaceId, int count)
    {
        var found = OwnInterface(interfaceId);
        if (count < 1)
        {
            throw new WorldRefusal("InvalidParameterValue", $"Value ({count}) is not a number of addresses: at least 1.");
        }
        var subnet = FindSubnet(found.SubnetId);
        if (found.Attachment?.InstanceId is { } instanceId)
        {
            CheckSlots(
                FindType(FindInstance(instanceId).InstanceType),
                interfaceId,
                found.PrivateIpAddresses.Count + found.Ipv4Prefixes.Count + count
            );
            CheckUsage(subnet.VpcId, count);
        }
        return (found, new(Aws, subnet));
    }
}
