using Podspace.Addressing;
using Podspace.Simulation.State;

namespace Podspace.Simulation.WorldFile;

internal sealed partial class WorldChecks
{
    private void Vpcs()
    {
        for (var i = 0; i < aws.Vpcs.Count; i++)
        {
            IsBlock($"aws.Vpcs[{i}].CidrBlock", aws.Vpcs[i].CidrBlock, out _);
            for (var j = 0; j < aws.Vpcs[i].CidrBlockAssociationSet.Count; j++)
            {
                IsBlock($"aws.Vpcs[{i}].CidrBlockAssociationSet[{j}].CidrBlock", aws.Vpcs[i].CidrBlockAssociationSet[j].CidrBlock, out _);
            }
        }
    }

    private void Subnets()
    {
        for (var i = 0; i < aws.Subnets.Count; i++)
        {
            var (subnet, path) = (aws.Subnets[i], $"aws.Subnets[{i}]");
            Refers($"{path}.AvailabilityZone", subnet.AvailabilityZone, "AvailabilityZones");
            if (Refers($"{path}.VpcId", subnet.VpcId, "Vpcs") & IsBlock($"{path}.CidrBlock", subnet.CidrBlock, out var block))
            {
                SubnetInVpc(subnet, block, path);
                subnetBlocks.TryAdd(subnet.SubnetId, block);
            }
        }
    }

    private void SubnetInVpc(Subnet subnet, Cidr block, string path)
    {
        var vpc = aws.Vpcs.First(vpc => vpc.VpcId == subnet.VpcId);
        var blocks = vpc.CidrBlockAssociationSet.Select(association => association.CidrBlock).Append(vpc.CidrBlock);
        if (!blocks.Any(text => Cidr.TryParse(text, out var outer, out _) && outer.Contains(block)))
        {
            BadAddress(
                $"{path}.CidrBlock",
                $"{block} lies in no block of {subnet.VpcId}.",
                "Add the block to the VPC's CidrBlockAssociationSet, or correct CidrBlock."
            );
        }
        var other = aws.Subnets.Find(other =>
            other.VpcId == subnet.VpcId
            && subnetBlocks.TryGetValue(other.SubnetId, out var taken)
            && other.SubnetId != subnet.SubnetId
            && taken.Overlaps(block)
        );
        if (other is not null)
        {
            BadAddress(
                $"{path}.CidrBlock",
                $"{block} overlaps {other.SubnetId} ({other.CidrBlock}).",
                "Subnets of a VPC share no address: correct one of the two."
            );
        }
    }

    private void Reservations()
    {
        for (var i = 0; i < aws.SubnetCidrReservations.Count; i++)
        {
            var (reservation, path) = (aws.SubnetCidrReservations[i], $"aws.SubnetCidrReservations[{i}]");
            if (
                Refers($"{path}.SubnetId", reservation.SubnetId, "Subnets") & IsBlock($"{path}.Cidr", reservation.Cidr, out var block)
                && subnetBlocks.TryGetValue(reservation.SubnetId, out var subnet)
                && !subnet.Contains(block)
            )
            {
                BadAddress($"{path}.Cidr", $"{block} lies outside {reservation.SubnetId} ({subnet}).", "Correct Cidr.");
            }
        }
    }

    private void RouteTables()
    {
        var associated = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < aws.RouteTables.Count; i++)
        {
            var (table, path) = (aws.RouteTables[i], $"aws.RouteTables[{i}]");
            Refers($"{path}.VpcId", table.VpcId, "Vpcs");
            for (var j = 0; j < table.Associations.Count; j++)
            {
                var (subnet, at) = (table.Associations[j].SubnetId, $"{path}.Associations[{j}].SubnetId");
                if (Refers(at, subnet, "Subnets", isOptional: true) && !associated.Add(subnet!))
                {
                    places.Report(
                        WorldFindings.DuplicateId,
                        at,
                        $"{subnet} is associated with two route tables.",
                        "A subnet has one: delete one association."
                    );
                }
            }
            for (var j = 0; j < table.Routes.Count; j++)
            {
                Route(table.Routes[j], $"{path}.Routes[{j}]");
            }
        }
    }

    private void Route(Route route, string path)
    {
        if (route.DestinationPrefixListId is not null)
        {
            // Lists of AWS's own, such as S3's behind a gateway endpoint, are known without being listed.
            Refers(
                $"{path}.DestinationPrefixListId",
                route.DestinationPrefixListId,
                "PrefixLists",
                isOptional: route.GatewayId?.StartsWith("vpce-", StringComparison.Ordinal) == true
            );
        }
        else
        {
            IsBlock($"{path}.DestinationCidrBlock", route.DestinationCidrBlock ?? "", out _);
        }
        string?[] targets =
        [
            route.GatewayId,
            route.NatGatewayId,
            route.TransitGatewayId,
            route.VpcPeeringConnectionId,
            route.NetworkInterfaceId,
        ];
        if (targets.Count(target => target is not null) != 1)
        {
            places.Report(
                WorldFindings.Dangling,
                path,
                "A route has one target, and this has none or several.",
                "Name one of GatewayId, NatGatewayId, TransitGatewayId, VpcPeeringConnectionId, NetworkInterfaceId."
            );
        }
        else if (route.State != "blackhole")
        {
            Target(route, path);
        }
    }

    private void Target(Route route, string path)
    {
        Refers($"{path}.NatGatewayId", route.NatGatewayId, "NatGateways", isOptional: true);
        Refers($"{path}.VpcPeeringConnectionId", route.VpcPeeringConnectionId, "VpcPeeringConnections", isOptional: true);
        Refers($"{path}.NetworkInterfaceId", route.NetworkInterfaceId, "NetworkInterfaces", isOptional: true);
        if (
            route.TransitGatewayId is { } hub
            && aws.TransitGatewayVpcAttachments.TrueForAll(attachment => attachment.TransitGatewayId != hub)
        )
        {
            places.Report(
                WorldFindings.Dangling,
                $"{path}.TransitGatewayId",
                $"No entry of aws.TransitGatewayVpcAttachments leads to {hub}.",
                "Add the attachment, or correct the route."
            );
        }
        if (route.GatewayId is { } gateway)
        {
            Refers($"{path}.GatewayId", gateway, ListOfGateway(gateway));
        }
    }

    private static string ListOfGateway(string id) =>
        id.Split('-')[0] switch
        {
            "vgw" => "VpnGateways",
            "vpce" => "VpcEndpoints",
            _ => "InternetGateways",
        };

    private void SecurityGroups()
    {
        for (var i = 0; i < aws.SecurityGroups.Count; i++)
        {
            Refers($"aws.SecurityGroups[{i}].VpcId", aws.SecurityGroups[i].VpcId, "Vpcs");
        }
        for (var i = 0; i < aws.SecurityGroupRules.Count; i++)
        {
            Rule(aws.SecurityGroupRules[i], $"aws.SecurityGroupRules[{i}]");
        }
    }

    private void Rule(SecurityGroupRule rule, string path)
    {
        Refers($"{path}.GroupId", rule.GroupId, "SecurityGroups");
        if (rule.CidrIpv4 is { } text)
        {
            IsBlock($"{path}.CidrIpv4", text, out _);
        }
        // A group on the other side of a peering may be named; it is not in this account's lists.
        if (rule.ReferencedGroupInfo is { } reference && aws.VpcPeeringConnections.Count == 0)
        {
            Refers($"{path}.ReferencedGroupInfo.GroupId", reference.GroupId, "SecurityGroups");
        }
        if (rule is { CidrIpv4: null, CidrIpv6: null, PrefixListId: null, ReferencedGroupInfo: null })
        {
            places.Report(
                WorldFindings.Dangling,
                path,
                "This rule names nobody whom it admits.",
                "Name one of CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupInfo."
            );
        }
    }

    private void NetworkAcls()
    {
        for (var i = 0; i < aws.NetworkAcls.Count; i++)
        {
            var (acl, path) = (aws.NetworkAcls[i], $"aws.NetworkAcls[{i}]");
            Refers($"{path}.VpcId", acl.VpcId, "Vpcs");
            for (var j = 0; j < acl.Associations.Count; j++)
            {
                Refers($"{path}.Associations[{j}].SubnetId", acl.Associations[j].SubnetId, "Subnets");
            }
            for (var j = 0; j < acl.Entries.Count; j++)
            {
                IsBlock($"{path}.Entries[{j}].CidrBlock", acl.Entries[j].CidrBlock, out _);
            }
        }
    }

    private void Gateways()
    {
        for (var i = 0; i < aws.InternetGateways.Count; i++)
        {
            Refers($"aws.InternetGateways[{i}].VpcId", aws.InternetGateways[i].VpcId, "Vpcs", isOptional: true);
        }
        for (var i = 0; i < aws.NatGateways.Count; i++)
        {
            Refers($"aws.NatGateways[{i}].VpcId", aws.NatGateways[i].VpcId, "Vpcs");
            Refers($"aws.NatGateways[{i}].SubnetId", aws.NatGateways[i].SubnetId, "Subnets");
        }
        for (var i = 0; i < aws.VpnGateways.Count; i++)
        {
            Refers($"aws.VpnGateways[{i}].VpcId", aws.VpnGateways[i].VpcId, "Vpcs", isOptional: true);
        }
        for (var i = 0; i < aws.TransitGatewayVpcAttachments.Count; i++)
        {
            Refers($"aws.TransitGatewayVpcAttachments[{i}].VpcId", aws.TransitGatewayVpcAttachments[i].VpcId, "Vpcs");
            Refer($"aws.TransitGatewayVpcAttachments[{i}].SubnetIds", aws.TransitGatewayVpcAttachments[i].SubnetIds, "Subnets");
        }
    }

    private void Endpoints()
    {
        for (var i = 0; i < aws.VpcEndpoints.Count; i++)
        {
            var (endpoint, path) = (aws.VpcEndpoints[i], $"aws.VpcEndpoints[{i}]");
            Refers($"{path}.VpcId", endpoint.VpcId, "Vpcs");
            Refer($"{path}.SubnetIds", endpoint.SubnetIds, "Subnets");
            Refer($"{path}.RouteTableIds", endpoint.RouteTableIds, "RouteTables");
            Refer($"{path}.NetworkInterfaceIds", endpoint.NetworkInterfaceIds, "NetworkInterfaces");
            for (var j = 0; j < endpoint.Groups.Count; j++)
            {
                Refers($"{path}.Groups[{j}].GroupId", endpoint.Groups[j].GroupId, "SecurityGroups");
            }
        }
    }
}
