using Podspace.Addressing;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

/// <summary>Subnets and their zones.</summary>
public sealed partial class Ec2
{
    private static readonly TimeSpan SubnetPendingTime = TimeSpan.FromMilliseconds(200);

    private void JoinSubnets() =>
        World.OnPending(
            "subnet-available",
            id =>
            {
                if (Aws.Subnets.Find(subnet => subnet.SubnetId == id) is { State: "pending" } subnet)
                {
                    subnet.State = "available";
                    Record("subnet-available", id);
                }
            }
        );

    /// <summary>AvailableIpAddressCount: what the subnet can hold less what interfaces hold. A prefix holds 16, used or not.</summary>
    public int FreeAddresses(Subnet subnet) => FreeAddresses(subnet, Aws.NetworkInterfaces.Where(held => held.SubnetId == subnet.SubnetId));

    /// <summary>The same for every subnet at one look at the interfaces.</summary>
    public IReadOnlyDictionary<string, int> FreeAddresses()
    {
        var held = Aws.NetworkInterfaces.ToLookup(held => held.SubnetId);
        return Aws.Subnets.ToDictionary(subnet => subnet.SubnetId, subnet => FreeAddresses(subnet, held[subnet.SubnetId]));
    }

    /// <param name="zone">Name or id of a zone; null: AWS chooses.</param>
    public Subnet CreateSubnet(string vpcId, string cidrBlock, string? zone, IReadOnlyList<Tag> tags)
    {
        var vpc = OwnVpc(vpcId);
        var block = ReadBlock(cidrBlock, "cidrBlock");
        var zoneName = ZoneFor(zone);
        CheckSubnetBlock(vpc, block);
        if (Aws.Subnets.Count(other => other.VpcId == vpcId) >= Limit(Quota.SubnetsPerVpc))
        {
            throw new WorldRefusal("SubnetLimitExceeded", $"The maximum number of subnets has been reached for {vpcId}.");
        }
        CheckTags([], tags);
        var subnet = new Subnet
        {
            SubnetId = World.NewId("subnet", $"{vpcId}|{block}|{zoneName}"),
            VpcId = vpcId,
            CidrBlock = block.ToString(),
            AvailabilityZone = zoneName,
            State = "pending",
            OwnerId = vpc.OwnerId,
            Tags = [.. tags],
        };
        Aws.Subnets.Add(subnet);
        World.Later(SubnetPendingTime, "subnet-available", subnet.SubnetId);
        Record("CreateSubnet", subnet.SubnetId);
        return subnet;
    }

    /// <summary>What refers to the subnet only, such as its route table association, goes with it.</summary>
    public void DeleteSubnet(string subnetId)
    {
        var subnet = OwnSubnet(subnetId);
        if (IsOccupied(subnet))
        {
            throw InUse("subnet", subnetId);
        }
        foreach (var table in Aws.RouteTables)
        {
            table.Associations.RemoveAll(association => association.SubnetId == subnetId);
        }
        foreach (var acl in Aws.NetworkAcls)
        {
            acl.Associations.RemoveAll(association => association.SubnetId == subnetId);
        }
        Aws.Subnets.Remove(subnet);
        Ram.ForgetSubnet(Aws, subnetId);
        Record("DeleteSubnet", subnetId);
    }

    public void SetMapPublicIpOnLaunch(string subnetId, bool value)
    {
        var subnet = OwnSubnet(subnetId);
        if (subnet.MapPublicIpOnLaunch != value)
        {
            subnet.MapPublicIpOnLaunch = value;
            Record("ModifySubnetAttribute", subnetId);
        }
    }

    private static int FreeAddresses(Subnet subnet, IEnumerable<NetworkInterface> held) =>
        (int)Cidr.Parse(subnet.CidrBlock).UsableInSubnet - held.Sum(held => held.PrivateIpAddresses.Count + (16 * held.Ipv4Prefixes.Count));

    private string ZoneFor(string? zone)
    {
        var open = Participation.AvailabilityZones.Where(known => known.State == "available").ToList();
        var found = zone is null ? open.FirstOrDefault() : open.Find(known => known.ZoneName == zone || known.ZoneId == zone);
        // By its id, for in the state zones have the names of the world's own account.
        return Aws.AvailabilityZones.Find(known => known.ZoneId == found?.ZoneId)?.ZoneName
            ?? found?.ZoneName
            ?? throw new WorldRefusal(
                "InvalidParameterValue",
                $"Value ({zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in "
                    + $"the following availability zones: {string.Join(", ", open.Select(known => known.ZoneName))}."
            );
    }

    // Source: VPC User Guide, "Subnet CIDR blocks": /16 to /28, inside a block that is associated, over no other subnet.
    private void CheckSubnetBlock(Vpc vpc, Cidr block)
    {
        if (block.PrefixLength is < 16 or > 28 || !UsableBlocks(vpc).Any(usable => usable.Contains(block)))
        {
            throw new WorldRefusal("InvalidSubnet.Range", $"The CIDR '{block}' is invalid.");
        }
        if (Aws.Subnets.Exists(other => other.VpcId == vpc.VpcId && Cidr.Parse(other.CidrBlock).Overlaps(block)))
        {
            throw new WorldRefusal("InvalidSubnet.Conflict", $"The CIDR '{block}' conflicts with another subnet");
        }
    }

    // Source: VPC User Guide, "Delete a subnet"; that reservations hold a subnet too is UNCONFIRMED.
    private bool IsOccupied(Subnet subnet) =>
        Aws.NetworkInterfaces.Exists(held => held.SubnetId == subnet.SubnetId)
        || Aws.SubnetCidrReservations.Exists(reservation => reservation.SubnetId == subnet.SubnetId)
        || Aws.NatGateways.Exists(gateway => gateway.SubnetId == subnet.SubnetId && gateway.State is not ("deleted" or "failed"))
        || Aws.VpcEndpoints.Exists(endpoint => endpoint.SubnetIds.Contains(subnet.SubnetId));
}
