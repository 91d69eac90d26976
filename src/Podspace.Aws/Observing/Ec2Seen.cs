using System.Globalization;
using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Nodes.Launching;
using Ec2 = Amazon.EC2.Model;

namespace Podspace.Aws.Observing;

/// <summary>From EC2's answers to the model. Pure; lists come out sorted, IPv6 is left out (the product is about IPv4).</summary>
internal static class Ec2Seen
{
    public static SeenVpc Vpc(Ec2.Vpc vpc) =>
        new(
            new(vpc.VpcId),
            Cidr.Parse(vpc.CidrBlock),
            vpc.CidrBlockAssociationSet.Select(Block)
                .OrderBy(block => block.Cidr)
                .ThenBy(block => block.AssociationId, StringComparer.Ordinal)
                .ToEquatable(),
            Tags(vpc.Tags),
            vpc.OwnerId ?? ""
        );

    public static SeenBlock Block(Ec2.VpcCidrBlockAssociation block) =>
        new(
            Cidr.Parse(block.CidrBlock),
            block.AssociationId,
            block.CidrBlockState?.State?.Value ?? "associated",
            block.CidrBlockState?.StatusMessage is { Length: > 0 } message ? message : null
        );

    public static SeenZone Zone(Ec2.AvailabilityZone zone) =>
        new(zone.ZoneName, zone.ZoneId ?? "", zone.ZoneType ?? "availability-zone", zone.State?.Value ?? "");

    public static SeenSubnet Subnet(Ec2.Subnet subnet, IEnumerable<SeenReservation> reservations) =>
        new(
            new(subnet.SubnetId),
            subnet.AvailabilityZone,
            subnet.AvailabilityZoneId ?? "",
            Cidr.Parse(subnet.CidrBlock),
            subnet.State?.Value ?? "",
            subnet.AvailableIpAddressCount ?? 0,
            subnet.OwnerId ?? "",
            reservations.OrderBy(reservation => reservation.Cidr).ToEquatable(),
            Tags(subnet.Tags)
        );

    public static SeenReservation Reservation(Ec2.SubnetCidrReservation reservation) =>
        new(
            new(reservation.SubnetCidrReservationId),
            Cidr.Parse(reservation.Cidr),
            reservation.ReservationType?.Value ?? "",
            Tags(reservation.Tags)
        );

    public static SeenRouteTable RouteTable(Ec2.RouteTable table) =>
        new(
            new(table.RouteTableId),
            table
                .Routes.Where(route => route.DestinationIpv6CidrBlock is null or "")
                .Select(Route)
                .OrderBy(route => route.To ?? default)
                .ThenBy(route => route.PrefixList?.Text, StringComparer.Ordinal)
                .ToEquatable(),
            table.Associations.Select(Association).OrderBy(association => association.Id, StringComparer.Ordinal).ToEquatable(),
            Tags(table.Tags)
        );

    public static SeenRoute Route(Ec2.Route route) =>
        new(
            Ipv4(route.DestinationCidrBlock),
            Id(route.DestinationPrefixListId),
            Target(route),
            route.State?.Value ?? "active",
            route.Origin?.Value ?? "CreateRoute"
        );

    /// <summary>The one target that a route has. A route to an instance names its interface too; that one counts.</summary>
    public static string Target(Ec2.Route route) =>
        First(
            route.GatewayId,
            route.NatGatewayId,
            route.TransitGatewayId,
            route.VpcPeeringConnectionId,
            route.NetworkInterfaceId,
            route.InstanceId,
            route.EgressOnlyInternetGatewayId,
            route.CarrierGatewayId,
            route.LocalGatewayId,
            route.CoreNetworkArn
        );

    public static SeenAssociation Association(Ec2.RouteTableAssociation association) =>
        new(
            association.RouteTableAssociationId,
            Id(association.SubnetId),
            association.Main == true,
            association.AssociationState?.State?.Value ?? "associated"
        );

    public static SeenGroup Group(Ec2.SecurityGroup group, IEnumerable<Ec2.SecurityGroupRule> rules) =>
        new(
            new(group.GroupId),
            group.GroupName,
            group.Description ?? "",
            rules.Where(rule => rule.CidrIpv6 is null or "").Select(Rule).OrderBy(rule => rule.Id, StringComparer.Ordinal).ToEquatable(),
            Tags(group.Tags)
        );

    public static SeenRule Rule(Ec2.SecurityGroupRule rule) =>
        new(
            rule.SecurityGroupRuleId,
            rule.IsEgress == true ? Direction.Egress : Direction.Ingress,
            Traffic(rule.IpProtocol, rule.FromPort, rule.ToPort),
            PeerOf(rule),
            rule.Description ?? "",
            Tags(rule.Tags)
        );

    private static Peer PeerOf(Ec2.SecurityGroupRule rule)
    {
        if (Ipv4(rule.CidrIpv4) is { } cidr)
        {
            return cidr;
        }
        return rule.ReferencedGroupInfo?.GroupId is { Length: > 0 } group ? Ref.Used(group) : new Peer(null, null, Id(rule.PrefixListId));
    }

    public static SeenNetworkAcl NetworkAcl(Ec2.NetworkAcl acl) =>
        new(
            new(acl.NetworkAclId),
            acl.IsDefault == true,
            acl.Entries.Where(entry => entry.Ipv6CidrBlock is null or "")
                .Select(AclEntry)
                .OrderBy(entry => entry.Direction)
                .ThenBy(entry => entry.Number)
                .ToEquatable(),
            Ids(acl.Associations.Select(association => association.SubnetId))
        )
        {
            AssociationIds = acl
                .Associations.Where(association => association.SubnetId is { Length: > 0 })
                .OrderBy(association => new AwsId(association.SubnetId))
                .Select(association => association.NetworkAclAssociationId)
                .ToEquatable(),
        };

    private static SeenAclEntry AclEntry(Ec2.NetworkAclEntry entry)
    {
        var traffic = Traffic(
            entry.Protocol,
            entry.PortRange?.From ?? entry.IcmpTypeCode?.Type,
            entry.PortRange?.To ?? entry.IcmpTypeCode?.Code
        );
        return new(
            entry.RuleNumber ?? 0,
            entry.Egress == true ? Direction.Egress : Direction.Ingress,
            traffic.Protocol,
            traffic.From,
            traffic.To,
            Ipv4(entry.CidrBlock),
            entry.RuleAction?.Value == "allow"
        );
    }

    public static SeenInterface Interface(Ec2.NetworkInterface found) =>
        new(
            new(found.NetworkInterfaceId),
            new(found.SubnetId ?? ""),
            found.InterfaceType?.Value ?? "interface",
            found.Status?.Value ?? "",
            found.Description ?? "",
            found.RequesterManaged == true,
            found.Attachment?.InstanceId is { Length: > 0 } instance ? instance : null,
            found.Attachment?.InstanceId is { Length: > 0 } ? found.Attachment.DeviceIndex : null,
            found.PrivateIpAddresses.Select(address => Address.Parse(address.PrivateIpAddress)).Order().ToEquatable(),
            found.Ipv4Prefixes.Select(prefix => Cidr.Parse(prefix.Ipv4Prefix)).Order().ToEquatable(),
            Ids(found.Groups.Select(group => group.GroupId)),
            Tags(found.TagSet)
        )
        {
            Own = Address.TryParse(found.PrivateIpAddress ?? "", out var own) ? own : null,
        };

    public static SeenInstance Instance(Ec2.Instance instance) =>
        new(
            new(instance.InstanceId),
            instance.InstanceType?.Value ?? "",
            instance.Placement?.AvailabilityZone ?? "",
            new(instance.SubnetId ?? ""),
            instance.State?.Name?.Value ?? "",
            Utc(instance.LaunchTime),
            Tags(instance.Tags)
        );

    public static SeenInstanceType InstanceType(Ec2.InstanceTypeInfo type) =>
        new(
            type.InstanceType.Value,
            // With several network cards, ENIs of the default card are the ones that the CNI attaches.
            type.NetworkInfo?.NetworkCards.FirstOrDefault(card =>
                card.NetworkCardIndex == (type.NetworkInfo.DefaultNetworkCardIndex ?? 0)
            )?.MaximumNetworkInterfaces
                ?? type.NetworkInfo?.MaximumNetworkInterfaces
                ?? 0,
            type.NetworkInfo?.Ipv4AddressesPerInterface ?? 0,
            type.Hypervisor?.Value ?? "",
            type.BareMetal == true,
            type.VCpuInfo?.DefaultVCpus ?? 0
        );

    public static SeenEndpoint Endpoint(Ec2.VpcEndpoint endpoint) =>
        new(
            new(endpoint.VpcEndpointId),
            endpoint.ServiceName ?? "",
            endpoint.VpcEndpointType?.Value ?? "",
            endpoint.State?.Value ?? "",
            Ids(endpoint.SubnetIds),
            Ids(endpoint.RouteTableIds),
            Ids(endpoint.Groups.Select(group => group.GroupId)),
            Ids(endpoint.NetworkInterfaceIds)
        );

    public static SeenPeering Peering(Ec2.VpcPeeringConnection peering, AwsId vpc)
    {
        var isRequester = peering.RequesterVpcInfo?.VpcId == vpc.Text;
        var other = isRequester ? peering.AccepterVpcInfo : peering.RequesterVpcInfo;
        IEnumerable<string?> blocks = other is null ? [] : [other.CidrBlock, .. other.CidrBlockSet.Select(block => block.Cidr)];
        return new(
            new(peering.VpcPeeringConnectionId),
            peering.Status?.Code?.Value ?? "",
            isRequester,
            other?.VpcId ?? "",
            blocks.Select(Ipv4).OfType<Cidr>().Distinct().Order().ToEquatable()
        );
    }

    public static SeenTransitGatewayAttachment Attachment(Ec2.TransitGatewayVpcAttachment attachment) =>
        new(
            new(attachment.TransitGatewayAttachmentId),
            attachment.TransitGatewayId ?? "",
            attachment.State?.Value ?? "",
            Ids(attachment.SubnetIds)
        );

    public static SeenVpnGateway VpnGateway(Ec2.VpnGateway gateway) => new(new(gateway.VpnGatewayId), gateway.State?.Value ?? "");

    public static SeenNatGateway NatGateway(Ec2.NatGateway gateway) =>
        new(
            new(gateway.NatGatewayId),
            new(gateway.SubnetId ?? ""),
            gateway.State?.Value ?? "",
            gateway.ConnectivityType?.Value ?? "public"
        );

    public static SeenPrefixList PrefixList(Ec2.ManagedPrefixList list, IEnumerable<Ec2.PrefixListEntry> entries) =>
        new(
            new(list.PrefixListId),
            list.PrefixListName ?? "",
            list.MaxEntries ?? 0,
            entries.Select(entry => Ipv4(entry.Cidr)).OfType<Cidr>().Distinct().Order().ToEquatable()
        );

    /// <summary>User data ends here: only what it says of max-pods goes on.</summary>
    public static SeenLaunchTemplate LaunchTemplate(Ec2.LaunchTemplateVersion version, string asked) =>
        new(
            version.LaunchTemplateId ?? "",
            version.LaunchTemplateName ?? "",
            asked,
            version.VersionNumber ?? 0,
            version.LaunchTemplateData?.ImageId is { Length: > 0 },
            version.LaunchTemplateData?.InstanceType?.Value ?? "",
            UserData.Read(version.LaunchTemplateData?.UserData)
        );

    public static EquatableArray<SeenTag> Tags(IEnumerable<Ec2.Tag> tags) =>
        tags.Select(tag => new SeenTag(tag.Key, tag.Value ?? "")).OrderBy(tag => tag.Key, StringComparer.Ordinal).ToEquatable();

    /// <summary>Null for IPv6 and for nothing. Host bits are cleared, as AWS itself does with what it is given.</summary>
    public static Cidr? Ipv4(string? text) =>
        text is { Length: > 0 } && text.Split('/') is [var address, var length] && Address.TryParse(address, out var first)
            ? Cidr.Containing(first, int.Parse(length, NumberStyles.None, CultureInfo.InvariantCulture))
            : null;

    // Security groups name protocols, network ACLs number them; the model has the names. Source: IANA protocol numbers.
    private static Traffic Traffic(string? protocol, int? from, int? to) =>
        protocol switch
        {
            null or "" or "-1" => Model.Traffic.All,
            "1" => new("icmp", from ?? -1, to ?? -1),
            "6" => new("tcp", from ?? 0, to ?? 65535),
            "17" => new("udp", from ?? 0, to ?? 65535),
            _ => new(protocol, from ?? -1, to ?? -1),
        };

    private static AwsId? Id(string? text) => text is { Length: > 0 } ? new(text) : null;

    private static EquatableArray<AwsId> Ids(IEnumerable<string> ids) => ids.Select(id => new AwsId(id)).Order().ToEquatable();

    private static string First(params ReadOnlySpan<string?> candidates)
    {
        foreach (var candidate in candidates)
        {
            if (candidate is { Length: > 0 })
            {
                return candidate;
            }
        }
        return "";
    }

    private static DateTimeOffset Utc(DateTime? time) =>
        time is { } value ? new(DateTime.SpecifyKind(value.ToUniversalTime(), DateTimeKind.Utc)) : DateTimeOffset.UnixEpoch;
}
