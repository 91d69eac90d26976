using Podspace.Simulation.State;

namespace Podspace.Twin.Aws;

/// <summary>What stands around a VPC's subnets, on the wire: ACLs, endpoints, gateways, peerings, prefix lists.
/// The twin only shows them, but for which subnet has which ACL.</summary>
internal static class Ec2Neighbours
{
    private static readonly Listing<NetworkAcl> Acls = new(
        "DescribeNetworkAcls",
        "networkAclSet",
        view => view.World.Ec2.NetworkAclsInForce(),
        Write
    )
    {
        IdParameter = "NetworkAclId",
        Id = acl => acl.NetworkAclId,
        Missing = ("InvalidNetworkAclID.NotFound", "networkAcl ID"),
        Tags = acl => acl.Tags,
        Sees = (view, acl) => view.Of.Sees(acl),
        Owns = (view, acl) => view.Of.OwnsVpc(acl.VpcId),
        Filters = new()
        {
            ["vpc-id"] = (_, acl) => [acl.VpcId],
            ["network-acl-id"] = (_, acl) => [acl.NetworkAclId],
            ["association.subnet-id"] = (_, acl) => acl.Associations.Select(association => association.SubnetId),
            ["association.network-acl-id"] = (_, acl) => acl.Associations.Count > 0 ? [acl.NetworkAclId] : [],
            ["default"] = (_, acl) => [acl.IsDefault ? "true" : "false"],
            ["owner-id"] = (view, acl) => [view.OwnerOfVpc(acl.VpcId)],
        },
    };

    private static readonly Listing<VpcEndpoint> Endpoints = new(
        "DescribeVpcEndpoints",
        "vpcEndpointSet",
        view => view.Aws.VpcEndpoints,
        Write
    )
    {
        IdParameter = "VpcEndpointId",
        Id = endpoint => endpoint.VpcEndpointId,
        Missing = ("InvalidVpcEndpointId.NotFound", "Vpc Endpoint Id"),
        Tags = endpoint => endpoint.Tags,
        Sees = (view, endpoint) => view.Of.OwnsVpc(endpoint.VpcId),
        Page = (1, 1000),
        Filters = new()
        {
            ["vpc-id"] = (_, endpoint) => [endpoint.VpcId],
            ["vpc-endpoint-id"] = (_, endpoint) => [endpoint.VpcEndpointId],
            ["vpc-endpoint-type"] = (_, endpoint) => [endpoint.VpcEndpointType],
            ["vpc-endpoint-state"] = (_, endpoint) => [endpoint.State],
            ["service-name"] = (_, endpoint) => [endpoint.ServiceName],
        },
    };

    private static readonly Listing<VpcPeeringConnection> Peerings = new(
        "DescribeVpcPeeringConnections",
        "vpcPeeringConnectionSet",
        view => view.Aws.VpcPeeringConnections,
        Write
    )
    {
        IdParameter = "VpcPeeringConnectionId",
        Id = peering => peering.VpcPeeringConnectionId,
        Missing = ("InvalidVpcPeeringConnectionID.NotFound", "vpcPeeringConnection ID"),
        Tags = peering => peering.Tags,
        Sees = (view, peering) => view.Of.OwnsVpc(peering.RequesterVpcInfo.VpcId) || view.Of.OwnsVpc(peering.AccepterVpcInfo.VpcId),
        Filters = new()
        {
            ["vpc-peering-connection-id"] = (_, peering) => [peering.VpcPeeringConnectionId],
            ["requester-vpc-info.vpc-id"] = (_, peering) => [peering.RequesterVpcInfo.VpcId],
            ["accepter-vpc-info.vpc-id"] = (_, peering) => [peering.AccepterVpcInfo.VpcId],
            ["requester-vpc-info.owner-id"] = (view, peering) => [view.Owner(peering.RequesterVpcInfo.OwnerId)],
            ["accepter-vpc-info.owner-id"] = (view, peering) => [view.Owner(peering.AccepterVpcInfo.OwnerId)],
            ["requester-vpc-info.cidr-block"] = (_, peering) => peering.RequesterVpcInfo.CidrBlockSet.Select(block => block.CidrBlock),
            ["accepter-vpc-info.cidr-block"] = (_, peering) => peering.AccepterVpcInfo.CidrBlockSet.Select(block => block.CidrBlock),
            ["status-code"] = (_, peering) => [peering.Status.Code],
        },
    };

    private static readonly Listing<TransitGatewayVpcAttachment> Transits = new(
        "DescribeTransitGatewayVpcAttachments",
        "transitGatewayVpcAttachments",
        view => view.Aws.TransitGatewayVpcAttachments,
        Write
    )
    {
        IdParameter = "TransitGatewayAttachmentIds",
        Id = attachment => attachment.TransitGatewayAttachmentId,
        Missing = ("InvalidTransitGatewayAttachmentID.NotFound", "transitGatewayAttachment ID"),
        Tags = attachment => attachment.Tags,
        Sees = (view, attachment) => view.Of.OwnsVpc(attachment.VpcId),
        Filters = new()
        {
            ["vpc-id"] = (_, attachment) => [attachment.VpcId],
            ["transit-gateway-attachment-id"] = (_, attachment) => [attachment.TransitGatewayAttachmentId],
            ["transit-gateway-id"] = (_, attachment) => [attachment.TransitGatewayId],
            ["state"] = (_, attachment) => [attachment.State],
        },
    };

    private static readonly Listing<VpnGateway> VpnGateways = new(
        "DescribeVpnGateways",
        "vpnGatewaySet",
        view => view.Aws.VpnGateways,
        Write
    )
    {
        IdParameter = "VpnGatewayId",
        Id = gateway => gateway.VpnGatewayId,
        Missing = ("InvalidVpnGatewayID.NotFound", "vpnGateway ID"),
        Tags = gateway => gateway.Tags,
        Sees = (view, gateway) => view.Of.SeesVpc(gateway.VpcId),
        Owns = (view, gateway) => view.Of.OwnsVpc(gateway.VpcId),
        Page = null,
        Filters = new()
        {
            ["attachment.vpc-id"] = (_, gateway) => [gateway.VpcId],
            ["attachment.state"] = (_, gateway) => gateway.VpcId is null ? [] : ["attached"],
            ["vpn-gateway-id"] = (_, gateway) => [gateway.VpnGatewayId],
            ["state"] = (_, gateway) => [gateway.State],
            ["type"] = (_, _) => ["ipsec.1"],
        },
    };

    private static readonly Listing<NatGateway> NatGateways = new(
        "DescribeNatGateways",
        "natGatewaySet",
        view => view.Aws.NatGateways,
        Write
    )
    {
        IdParameter = "NatGatewayId",
        Id = gateway => gateway.NatGatewayId,
        // Source: EC2 error codes: this one has no dot.
        Missing = ("NatGatewayNotFound", "natGateway ID"),
        Tags = gateway => gateway.Tags,
        Sees = (view, gateway) => view.Of.SeesVpc(gateway.VpcId),
        Owns = (view, gateway) => view.Of.OwnsVpc(gateway.VpcId),
        Filters = new()
        {
            ["vpc-id"] = (_, gateway) => [gateway.VpcId],
            ["subnet-id"] = (_, gateway) => [gateway.SubnetId],
            ["nat-gateway-id"] = (_, gateway) => [gateway.NatGatewayId],
            ["state"] = (_, gateway) => [gateway.State],
        },
    };

    private static readonly Listing<InternetGateway> InternetGateways = new(
        "DescribeInternetGateways",
        "internetGatewaySet",
        view => view.Aws.InternetGateways,
        Write
    )
    {
        IdParameter = "InternetGatewayId",
        Id = gateway => gateway.InternetGatewayId,
        Missing = ("InvalidInternetGatewayID.NotFound", "internetGateway ID"),
        Tags = gateway => gateway.Tags,
        Sees = (view, gateway) => view.Of.SeesVpc(gateway.VpcId),
        Owns = (view, gateway) => view.Of.OwnsVpc(gateway.VpcId),
        Filters = new()
        {
            ["attachment.vpc-id"] = (_, gateway) => [gateway.VpcId],
            ["attachment.state"] = (_, gateway) => gateway.VpcId.Length > 0 ? ["available"] : [],
            ["internet-gateway-id"] = (_, gateway) => [gateway.InternetGatewayId],
            ["owner-id"] = (view, _) => [view.Account],
        },
    };

    private static readonly Listing<ManagedPrefixList> PrefixLists = new(
        "DescribeManagedPrefixLists",
        "prefixListSet",
        view => view.Aws.PrefixLists,
        Write
    )
    {
        IdParameter = "PrefixListId",
        Id = list => list.PrefixListId,
        Missing = ("InvalidPrefixListID.NotFound", "prefix list ID"),
        Tags = list => list.Tags,
        Page = (1, 100),
        Filters = new()
        {
            ["prefix-list-id"] = (_, list) => [list.PrefixListId],
            ["prefix-list-name"] = (_, list) => [list.PrefixListName],
            ["owner-id"] = (view, _) => [view.Account],
        },
    };

    private static readonly Listing<PrefixListEntry> Entries = new(
        "GetManagedPrefixListEntries",
        "entrySet",
        view => view.Aws.PrefixLists.SelectMany(list => list.Entries),
        (body, _, entry) => body.Text("cidr", entry.Cidr)
    )
    {
        Id = entry => entry.Cidr,
        Parameters = "PrefixListId*",
        Page = (1, 100),
        Narrow = (call, _) => EntriesOf(call),
        Filters = [],
    };

    public static IEnumerable<Ec2Operation> Operations =>
        [
            Acls.ToOperation(),
            Endpoints.ToOperation(),
            Peerings.ToOperation(),
            Transits.ToOperation(),
            VpnGateways.ToOperation(),
            NatGateways.ToOperation(),
            InternetGateways.ToOperation(),
            PrefixLists.ToOperation(),
            Entries.ToOperation(),
            Ec2Operation.Write(
                "ReplaceNetworkAclAssociation",
                "AssociationId* NetworkAclId* DryRun",
                (call, answer) =>
                    answer.Text(
                        "newAssociationId",
                        call.Ec2.ReplaceNetworkAclAssociation(call.Required("AssociationId"), call.Required("NetworkAclId"))
                    )
            ),
        ];

    private static List<PrefixListEntry> EntriesOf(Ec2Call call)
    {
        var id = call.Required("PrefixListId");
        return call.Aws.PrefixLists.Find(list => list.PrefixListId == id)?.Entries
            ?? throw new Simulation.WorldRefusal("InvalidPrefixListID.NotFound", $"The prefix list ID '{id}' does not exist");
    }

    private static void Write(Xml body, Ec2View view, NetworkAcl acl) =>
        body.Text("networkAclId", acl.NetworkAclId)
            .Text("vpcId", acl.VpcId)
            .Text("ownerId", view.OwnerOfVpc(acl.VpcId))
            .Text("default", acl.IsDefault)
            .Each("entrySet", acl.Entries, Write)
            .Each(
                "associationSet",
                acl.Associations,
                (item, association) =>
                    item.Text("networkAclAssociationId", association.NetworkAclAssociationId)
                        .Text("networkAclId", acl.NetworkAclId)
                        .Text("subnetId", association.SubnetId)
            )
            .Tags(view.Of.OwnsVpc(acl.VpcId) ? acl.Tags : []);

    private static void Write(Xml body, NetworkAclEntry entry)
    {
        body.Text("ruleNumber", entry.RuleNumber)
            .Text("protocol", entry.Protocol)
            .Text("ruleAction", entry.RuleAction)
            .Text("egress", entry.Egress)
            .Text("cidrBlock", entry.CidrBlock);
        if (entry.PortRange is { } ports)
        {
            body.In("portRange", range => range.Text("from", ports.From).Text("to", ports.To));
        }
    }

    private static void Write(Xml body, Ec2View view, VpcEndpoint endpoint) =>
        body.Text("vpcEndpointId", endpoint.VpcEndpointId)
            .Text("vpcEndpointType", endpoint.VpcEndpointType)
            .Text("vpcId", endpoint.VpcId)
            .Text("serviceName", endpoint.ServiceName)
            .Text("state", endpoint.State)
            .Text("ownerId", view.OwnerOfVpc(endpoint.VpcId))
            .Texts("routeTableIdSet", endpoint.RouteTableIds)
            .Texts("subnetIdSet", endpoint.SubnetIds)
            .Each(
                "groupSet",
                endpoint.Groups,
                (item, group) => item.Text("groupId", group.GroupId).Text("groupName", view.GroupName(group.GroupId))
            )
            .Text("privateDnsEnabled", endpoint.VpcEndpointType == "Interface")
            .Text("requesterManaged", false)
            .Texts("networkInterfaceIdSet", endpoint.NetworkInterfaceIds)
            .Tags(endpoint.Tags);

    private static void Write(Xml body, Ec2View view, VpcPeeringConnection peering) =>
        body.Text("vpcPeeringConnectionId", peering.VpcPeeringConnectionId)
            .In("requesterVpcInfo", side => Write(side, view, peering.RequesterVpcInfo))
            .In("accepterVpcInfo", side => Write(side, view, peering.AccepterVpcInfo))
            .In("status", status => status.Text("code", peering.Status.Code).Text("message", peering.Status.Code))
            .Tags(peering.Tags);

    private static void Write(Xml body, Ec2View view, PeeringVpc side) =>
        body.Text("ownerId", view.Owner(side.OwnerId))
            .Text("vpcId", side.VpcId)
            .Text("cidrBlock", side.CidrBlockSet.FirstOrDefault()?.CidrBlock)
            .Each("cidrBlockSet", side.CidrBlockSet, (item, block) => item.Text("cidrBlock", block.CidrBlock))
            .Text("region", view.Aws.Region);

    private static void Write(Xml body, Ec2View view, TransitGatewayVpcAttachment attachment) =>
        body.Text("transitGatewayAttachmentId", attachment.TransitGatewayAttachmentId)
            .Text("transitGatewayId", attachment.TransitGatewayId)
            .Text("vpcId", attachment.VpcId)
            .Text("vpcOwnerId", view.OwnerOfVpc(attachment.VpcId))
            .Text("state", attachment.State)
            .Texts("subnetIds", attachment.SubnetIds)
            .Tags(attachment.Tags);

    private static void Write(Xml body, Ec2View view, VpnGateway gateway) =>
        body.Text("vpnGatewayId", gateway.VpnGatewayId)
            .Text("state", gateway.State)
            .Text("type", "ipsec.1")
            .Each(
                "attachments",
                gateway.VpcId is { } vpc ? [vpc] : Array.Empty<string>(),
                (item, id) => item.Text("vpcId", id).Text("state", "attached")
            )
            .Tags(view.Of.OwnsVpc(gateway.VpcId) ? gateway.Tags : []);

    private static void Write(Xml body, Ec2View view, NatGateway gateway) =>
        body.Text("natGatewayId", gateway.NatGatewayId)
            .Text("vpcId", gateway.VpcId)
            .Text("subnetId", gateway.SubnetId)
            .Text("state", gateway.State)
            .Text("connectivityType", gateway.ConnectivityType)
            .Tags(view.Of.OwnsVpc(gateway.VpcId) ? gateway.Tags : []);

    private static void Write(Xml body, Ec2View view, InternetGateway gateway) =>
        body.Text("internetGatewayId", gateway.InternetGatewayId)
            .Text("ownerId", view.Account)
            .Each(
                "attachmentSet",
                gateway.VpcId.Length > 0 ? [gateway.VpcId] : Array.Empty<string>(),
                (item, id) => item.Text("vpcId", id).Text("state", "available")
            )
            .Tags(view.Of.OwnsVpc(gateway.VpcId) ? gateway.Tags : []);

    private static void Write(Xml body, Ec2View view, ManagedPrefixList list) =>
        body.Text("prefixListId", list.PrefixListId)
            .Text("prefixListName", list.PrefixListName)
            .Text("addressFamily", "IPv4")
            .Text("state", "create-complete")
            .Text("prefixListArn", view.Arn("prefix-list", list.PrefixListId))
            .Text("maxEntries", list.MaxEntries)
            .Text("version", 1)
            .Text("ownerId", view.Account)
            .Tags(list.Tags);
}
