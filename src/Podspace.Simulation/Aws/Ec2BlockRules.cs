using Podspace.Addressing;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

/// <summary>What a block must not be to join a VPC. Source of every rule, where no other is
/// named: VPC User Guide, "VPC CIDR blocks".</summary>
public sealed partial class Ec2
{
    private static readonly Cidr Ten = Cidr.Parse("10.0.0.0/8");
    private static readonly Cidr TenLow = Cidr.Parse("10.0.0.0/15");
    private static readonly Cidr TenZero = Cidr.Parse("10.0.0.0/16");
    private static readonly Cidr OneSevenTwo = Cidr.Parse("172.16.0.0/12");
    private static readonly Cidr OneSevenTwo31 = Cidr.Parse("172.31.0.0/16");
    private static readonly Cidr OneNineTwo = Cidr.Parse("192.168.0.0/16");
    private static readonly Cidr OneNineEight = Cidr.Parse("198.19.0.0/16");
    private static readonly Cidr LinkLocal = Cidr.Parse("169.254.0.0/16");

    private static void CheckSize(Cidr block)
    {
        if (block.PrefixLength is < 16 or > 28)
        {
            throw Restricted($"The CIDR '{block}' is invalid: a VPC's block is of /16 to /28.");
        }
    }

    private void CheckBlockQuota(Vpc vpc)
    {
        var limit = Limit(Quota.BlocksPerVpc);
        if (HeldBlocks(vpc).Count() >= limit)
        {
            throw new WorldRefusal("CidrLimitExceeded", $"This network '{vpc.VpcId}' has met its maximum number of allowed CIDRs: {limit}");
        }
    }

    // The table "IPv4 CIDR block association restrictions", a row for the range that each block of the VPC lies in.
    private static void CheckRestrictions(Vpc vpc, Cidr block)
    {
        var held = HeldBlocks(vpc).ToList();
        var forbidden = held.SelectMany(other => Forbids(other, Cidr.Parse(vpc.CidrBlock))).Append(LinkLocal);
        if (held.Exists(other => TenLow.Contains(other)))
        {
            forbidden = forbidden.Append(TenZero);
        }
        if (forbidden.Any(range => range.Overlaps(block)))
        {
            throw Restricted(
                $"The CIDR '{block}' is restricted. Use a CIDR from the same private address range as the current VPC CIDR, "
                    + $"or use a publicly-routable CIDR. For additional restrictions, "
                    + $"see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"
            );
        }
    }

    private static IEnumerable<Cidr> Forbids(Cidr held, Cidr primary)
    {
        if (Ten.Contains(held))
        {
            return [OneSevenTwo, OneNineTwo, OneNineEight];
        }
        if (OneSevenTwo.Contains(held))
        {
            return [Ten, OneNineTwo, OneSevenTwo31, OneNineEight];
        }
        if (OneNineTwo.Contains(held))
        {
            return [Ten, OneSevenTwo, OneNineEight];
        }
        if (OneNineEight.Contains(held))
        {
            return [Ten, OneSevenTwo, OneNineTwo];
        }
        // Publicly routable or 100.64.0.0/10. That a VPC which started in a private range may still take more of that range is UNCONFIRMED:
        // the table shows single ranges only, but VPCs of the form 10/8 + 100.64/16 + 10/8 exist.
        return new[] { Ten, OneSevenTwo, OneNineTwo, OneNineEight }.Where(range => range == OneNineEight || !range.Contains(primary));
    }

    // The code is UNCONFIRMED: the overlap's own is documented nowhere.
    private static void CheckOverlap(Vpc vpc, Cidr block)
    {
        foreach (var held in HeldBlocks(vpc).Where(held => held.Overlaps(block)))
        {
            throw Restricted($"The CIDR '{block}' conflicts with {held}, which {vpc.VpcId} has already.");
        }
    }

    // A block must not be the same as, or larger than, the destination of a route in any route table of the VPC: a smaller one is fine.
    // The code is UNCONFIRMED.
    private void CheckRouteDestinations(Vpc vpc, Cidr block)
    {
        foreach (var table in TablesOf(vpc))
        {
            foreach (var route in StoredRoutes(table).Where(route => Destination(route) is { } to && block.Contains(to)))
            {
                throw Restricted(
                    $"The CIDR '{block}' is the same as or larger than the destination "
                        + $"{route.DestinationCidrBlock} of a route in {table.RouteTableId}."
                );
            }
        }
    }

    // The codes are UNCONFIRMED.
    private void CheckPeers(Vpc vpc, Cidr block)
    {
        foreach (var peering in Aws.VpcPeeringConnections)
        {
            var requests = peering.RequesterVpcInfo.VpcId == vpc.VpcId;
            if (!requests && peering.AccepterVpcInfo.VpcId != vpc.VpcId)
            {
                continue;
            }
            if (requests && peering.Status.Code == "pending-acceptance")
            {
                throw new WorldRefusal(
                    "OperationNotPermitted",
                    $"No CIDR can be added to {vpc.VpcId} while its peering connection "
                        + $"{peering.VpcPeeringConnectionId} is pending acceptance."
                );
            }
            var peer = requests ? peering.AccepterVpcInfo : peering.RequesterVpcInfo;
            if (peering.Status.Code == "active" && peer.CidrBlockSet.Exists(other => Cidr.Parse(other.CidrBlock).Overlaps(block)))
            {
                throw Restricted(
                    $"The CIDR '{block}' conflicts with {peer.VpcId}, the other side of the peering connection "
                        + $"{peering.VpcPeeringConnectionId}."
                );
            }
        }
    }

    // The association adds a local route to every route table of the VPC and fails where that passes the quota.
    private void CheckRoomForLocalRoute(Vpc vpc)
    {
        foreach (var table in TablesOf(vpc))
        {
            CheckRouteQuota(table, 1);
        }
    }

    private static WorldRefusal Restricted(string message) => new("InvalidVpc.Range", message);
}
