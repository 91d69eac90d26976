using Podspace.Simulation.State;

namespace Podspace.Twin.Aws;

/// <summary>VPCs, their blocks, subnets, zones and reservations on the wire.</summary>
internal static class Ec2Network
{
    private static readonly Listing<Vpc> Vpcs = new("DescribeVpcs", "vpcSet", view => view.Aws.Vpcs, Write)
    {
        IdParameter = "VpcId",
        Id = vpc => vpc.VpcId,
        Missing = ("InvalidVpcID.NotFound", "vpc ID"),
        Tags = vpc => vpc.Tags,
        Sees = (view, vpc) => view.Of.Sees(vpc),
        Owns = (view, vpc) => view.Of.Owns(vpc.OwnerId),
        Filters = new()
        {
            ["vpc-id"] = (_, vpc) => [vpc.VpcId],
            ["cidr"] = (_, vpc) => [vpc.CidrBlock],
            ["cidr-block-association.cidr-block"] = (_, vpc) =>
                Simulation.Aws.Ec2.Associations(vpc).Select(association => association.CidrBlock),
            ["cidr-block-association.association-id"] = (_, vpc) =>
                Simulation.Aws.Ec2.Associations(vpc).Select(association => association.AssociationId),
            ["cidr-block-association.state"] = (_, vpc) =>
                Simulation.Aws.Ec2.Associations(vpc).Select(association => association.CidrBlockState.State),
            ["is-default"] = (_, vpc) => [vpc.IsDefault ? "true" : "false"],
            ["owner-id"] = (view, vpc) => [view.Owner(vpc.OwnerId)],
            ["state"] = (_, vpc) => [vpc.State],
        },
    };

    private static readonly Listing<Subnet> Subnets = new("DescribeSubnets", "subnetSet", view => view.Aws.Subnets, Write)
    {
        IdParameter = "SubnetId",
        Id = subnet => subnet.SubnetId,
        Missing = ("InvalidSubnetID.NotFound", "subnet ID"),
        Tags = subnet => subnet.Tags,
        Sees = (view, subnet) => view.Of.Sees(subnet),
        Owns = (view, subnet) => view.Of.Owns(subnet.OwnerId),
        Filters = new()
        {
            ["vpc-id"] = (_, subnet) => [subnet.VpcId],
            ["subnet-id"] = (_, subnet) => [subnet.SubnetId],
            ["availability-zone"] = (view, subnet) => [view.ZoneName(subnet.AvailabilityZone)],
            ["availabilityZone"] = (view, subnet) => [view.ZoneName(subnet.AvailabilityZone)],
            ["availability-zone-id"] = (view, subnet) => [view.ZoneId(subnet.AvailabilityZone)],
            ["cidr"] = (_, subnet) => [subnet.CidrBlock],
            ["cidr-block"] = (_, subnet) => [subnet.CidrBlock],
            ["state"] = (_, subnet) => [subnet.State],
            ["owner-id"] = (view, subnet) => [view.Owner(subnet.OwnerId)],
            ["map-public-ip-on-launch"] = (_, subnet) => [subnet.MapPublicIpOnLaunch ? "true" : "false"],
        },
    };

    private static readonly Listing<AvailabilityZone> Zones = new(
        "DescribeAvailabilityZones",
        "availabilityZoneInfo",
        view => view.Of.AvailabilityZones,
        Write
    )
    {
        IdParameter = "ZoneName",
        Id = zone => zone.ZoneName,
        Missing = ("InvalidZone.NotFound", "zone"),
        Page = null,
        Parameters = "ZoneId AllAvailabilityZones",
        Narrow = (call, zones) => call.Query.Texts("ZoneId") is { Count: > 0 } ids ? zones.Where(zone => ids.Contains(zone.ZoneId)) : zones,
        Filters = new()
        {
            ["zone-name"] = (_, zone) => [zone.ZoneName],
            ["zone-id"] = (_, zone) => [zone.ZoneId],
            ["zone-type"] = (_, zone) => [zone.ZoneType],
            ["state"] = (_, zone) => [zone.State],
            ["region-name"] = (view, _) => [view.Aws.Region],
            ["opt-in-status"] = (_, zone) => [OptIn(zone)],
        },
    };

    private static readonly Listing<SubnetCidrReservation> Reservations = new(
        "GetSubnetCidrReservations",
        "subnetIpv4CidrReservationSet",
        view => view.Aws.SubnetCidrReservations,
        Write
    )
    {
        Id = reservation => reservation.SubnetCidrReservationId,
        Tags = reservation => reservation.Tags,
        Sees = (view, reservation) => view.Of.Owns(view.Subnet(reservation.SubnetId)?.OwnerId ?? ""),
        Parameters = "SubnetId*",
        Narrow = (call, all) => OfSubnet(call, all),
        Filters = new()
        {
            ["reservationType"] = (_, reservation) => [reservation.ReservationType],
            ["subnet-id"] = (_, reservation) => [reservation.SubnetId],
        },
    };

    public static IEnumerable<Ec2Operation> Operations =>
        [
            Vpcs.ToOperation(),
            Subnets.ToOperation(),
            Zones.ToOperation(),
            Reservations.ToOperation(),
            Ec2Operation.Write(
                "AssociateVpcCidrBlock",
                "VpcId* CidrBlock*",
                (call, answer) =>
                {
                    var vpc = call.Required("VpcId");
                    var association = call.Ec2.AssociateVpcCidrBlock(vpc, call.Required("CidrBlock"));
                    answer.Text("vpcId", vpc).In("cidrBlockAssociation", body => Write(body, association));
                }
            ),
            Ec2Operation.Write(
                "DisassociateVpcCidrBlock",
                "AssociationId*",
                (call, answer) =>
                {
                    var (vpc, association) = call.Ec2.DisassociateVpcCidrBlock(call.Required("AssociationId"));
                    answer.Text("vpcId", vpc.VpcId).In("cidrBlockAssociation", body => Write(body, association));
                }
            ),
            Ec2Operation.Write(
                "CreateSubnet",
                "VpcId* CidrBlock* AvailabilityZone AvailabilityZoneId TagSpecification DryRun",
                CreateSubnet
            ),
            Ec2Operation.Write(
                "DeleteSubnet",
                "SubnetId* DryRun",
                (call, answer) =>
                {
                    call.Ec2.DeleteSubnet(call.Required("SubnetId"));
                    answer.Text("return", true);
                }
            ),
            Ec2Operation.Write(
                "ModifySubnetAttribute",
                "SubnetId* MapPublicIpOnLaunch*",
                (call, answer) =>
                {
                    call.Ec2.SetMapPublicIpOnLaunch(call.Required("SubnetId"), call.Query.Below("MapPublicIpOnLaunch")!.Flag("Value"));
                    answer.Text("return", true);
                }
            ),
            Ec2Operation.Write(
                "CreateSubnetCidrReservation",
                "SubnetId* Cidr* ReservationType* Description TagSpecification DryRun",
                (call, answer) =>
                {
                    var reservation = call.Ec2.CreateSubnetCidrReservation(
                        call.Required("SubnetId"),
                        call.Required("Cidr"),
                        call.Required("ReservationType"),
                        call.Text("Description"),
                        call.TagsFor("subnet-cidr-reservation")
                    );
                    answer.In("subnetCidrReservation", body => Write(body, call.View, reservation));
                }
            ),
            Ec2Operation.Write(
                "DeleteSubnetCidrReservation",
                "SubnetCidrReservationId* DryRun",
                (call, answer) =>
                {
                    var reservation = call.Ec2.DeleteSubnetCidrReservation(call.Required("SubnetCidrReservationId"));
                    answer.In("deletedSubnetCidrReservation", body => Write(body, call.View, reservation));
                }
            ),
            Ec2Operation.Read("DescribeVpcAttribute", "VpcId* Attribute* DryRun", DescribeVpcAttribute),
        ];

    private static void CreateSubnet(Ec2Call call, Xml answer)
    {
        if (call.Text("AvailabilityZone") is not null && call.Text("AvailabilityZoneId") is not null)
        {
            throw new Simulation.WorldRefusal("InvalidParameterCombination", "Specify either availabilityZone or availabilityZoneId.");
        }
        var zone = call.Text("AvailabilityZone") ?? call.Text("AvailabilityZoneId");
        var subnet = call.Ec2.CreateSubnet(call.Required("VpcId"), call.Required("CidrBlock"), zone, call.TagsFor("subnet"));
        answer.In("subnet", body => Write(body, call.View, subnet));
    }

    // A world does not hold these switches: EKS asks for both of the first to be on, so in the twin they are.
    // Source: EKS User Guide, "Amazon EKS networking requirements".
    private static void DescribeVpcAttribute(Ec2Call call, Xml answer)
    {
        var vpc = call.Ec2.FindVpc(call.Required("VpcId"));
        var attribute = call.Required("Attribute");
        if (attribute is not ("enableDnsSupport" or "enableDnsHostnames" or "enableNetworkAddressUsageMetrics"))
        {
            throw new Simulation.WorldRefusal("InvalidParameterValue", $"Value ({attribute}) for parameter attribute is invalid.");
        }
        answer.Text("vpcId", vpc.VpcId).In(attribute, body => body.Text("value", attribute != "enableNetworkAddressUsageMetrics"));
    }

    private static IEnumerable<SubnetCidrReservation> OfSubnet(Ec2Call call, IEnumerable<SubnetCidrReservation> all)
    {
        var subnet = call.Ec2.FindSubnet(call.Required("SubnetId"));
        return all.Where(reservation => reservation.SubnetId == subnet.SubnetId);
    }

    private static void Write(Xml body, Ec2View view, Vpc vpc) =>
        body.Text("vpcId", vpc.VpcId)
            .Text("ownerId", view.Owner(vpc.OwnerId))
            .Text("state", vpc.State)
            .Text("cidrBlock", vpc.CidrBlock)
            .Each("cidrBlockAssociationSet", Simulation.Aws.Ec2.Associations(vpc), Write)
            .Text("dhcpOptionsId", "default")
            .Text("instanceTenancy", "default")
            .Text("isDefault", vpc.IsDefault)
            .TagsIfAny(view.Tags(vpc.Tags, vpc.OwnerId));

    private static void Write(Xml body, VpcCidrBlockAssociation association) =>
        body.Text("associationId", association.AssociationId)
            .Text("cidrBlock", association.CidrBlock)
            .In(
                "cidrBlockState",
                state =>
                    state.Text("state", association.CidrBlockState.State).Text("statusMessage", association.CidrBlockState.StatusMessage)
            );

    private static void Write(Xml body, Ec2View view, Subnet subnet) =>
        body.Text("subnetId", subnet.SubnetId)
            .Text("subnetArn", view.Arn("subnet", subnet.SubnetId, subnet.OwnerId))
            .Text("state", subnet.State)
            .Text("ownerId", view.Owner(subnet.OwnerId))
            .Text("vpcId", subnet.VpcId)
            .Text("cidrBlock", subnet.CidrBlock)
            .Text("availableIpAddressCount", view.FreeAddresses(subnet))
            .Text("availabilityZone", view.ZoneName(subnet.AvailabilityZone))
            .Text("availabilityZoneId", view.ZoneId(subnet.AvailabilityZone))
            .Text("defaultForAz", false)
            .Text("mapPublicIpOnLaunch", subnet.MapPublicIpOnLaunch)
            .Text("assignIpv6AddressOnCreation", false)
            .TagsIfAny(view.Tags(subnet.Tags, subnet.OwnerId));

    private static void Write(Xml body, Ec2View view, AvailabilityZone zone) =>
        body.Text("optInStatus", OptIn(zone))
            .Text("regionName", view.Aws.Region)
            .Text("zoneName", zone.ZoneName)
            .Text("zoneId", zone.ZoneId)
            .Text("groupName", view.Aws.Region)
            .Text("networkBorderGroup", view.Aws.Region)
            .Text("zoneType", zone.ZoneType)
            .Text("zoneState", zone.State);

    private static void Write(Xml body, Ec2View view, SubnetCidrReservation reservation) =>
        body.Text("subnetCidrReservationId", reservation.SubnetCidrReservationId)
            .Text("subnetId", reservation.SubnetId)
            .Text("cidr", reservation.Cidr)
            .Text("reservationType", reservation.ReservationType)
            .Text("ownerId", view.Owner(view.Subnet(reservation.SubnetId)?.OwnerId ?? ""))
            .Text("description", reservation.Description)
            .Tags(reservation.Tags);

    private static string OptIn(AvailabilityZone zone) => zone.ZoneType == "availability-zone" ? "opt-in-not-required" : "opted-in";
}
