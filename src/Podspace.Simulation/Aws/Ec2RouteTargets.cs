using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

/// <summary>What a route may lead to: it must exist, and in or at the table's VPC.</summary>
public sealed partial class Ec2
{
    private void CheckTarget(RouteTable table, Route route)
    {
        if (route.DestinationPrefixListId is { } list && !Aws.PrefixLists.Exists(known => known.PrefixListId == list))
        {
            throw Missing(list, "pl-", "InvalidPrefixListID", "prefix list ID");
        }
        var (id, vpcId) = (
            route.GatewayId,
            route.NatGatewayId,
            route.TransitGatewayId,
            route.VpcPeeringConnectionId,
            route.NetworkInterfaceId
        ) switch
        {
            ({ } gateway, _, _, _, _) => (gateway, VpcOfGateway(gateway)),
            (_, { } nat, _, _, _) => (nat, VpcOfNat(nat)),
            (_, _, { } transit, _, _) => (transit, VpcOfTransit(transit, table.VpcId)),
            (_, _, _, { } peering, _) => (peering, VpcOfPeering(peering, table.VpcId)),
            _ => (route.NetworkInterfaceId!, VpcOfInterface(route.NetworkInterfaceId!)),
        };
        CheckSameNetwork(table, vpcId, id);
    }

    /// <summary>An internet gateway, a virtual private gateway or a Gateway Load Balancer endpoint.</summary>
    private string? VpcOfGateway(string id)
    {
        if (Aws.VpcEndpoints.Find(endpoint => endpoint.VpcEndpointId == id) is { } endpoint)
        {
            return endpoint.VpcEndpointType == "GatewayLoadBalancer"
                ? endpoint.VpcId
                : throw new WorldRefusal(
                    "InvalidParameterValue",
                    $"{id} is an endpoint of type {endpoint.VpcEndpointType}; a route can lead to one of type GatewayLoadBalancer."
                );
        }
        if (Aws.InternetGateways.Find(gateway => gateway.InternetGatewayId == id) is { } gateway)
        {
            return gateway.VpcId;
        }
        return Aws.VpnGateways.Find(gateway => gateway.VpnGatewayId == id) is { } vpn
            ? vpn.VpcId
            : throw new WorldRefusal("InvalidGatewayID.NotFound", $"The gateway ID '{id}' does not exist");
    }

    private string VpcOfNat(string id) =>
        Aws.NatGateways.Find(gateway => gateway.NatGatewayId == id && gateway.State is "available" or "pending")?.VpcId
        ?? throw new WorldRefusal("InvalidNatGatewayID.NotFound", $"The natGateway ID '{id}' does not exist");

    // A transit gateway is known by its attachments; without one to this VPC it can't be told from one that does not exist.
    private string VpcOfTransit(string id, string vpcId) =>
        Aws.TransitGatewayVpcAttachments.Find(attachment =>
            attachment.TransitGatewayId == id && attachment.VpcId == vpcId && attachment.State == "available"
        )?.VpcId
        ?? throw new WorldRefusal(
            "InvalidTransitGatewayID.NotFound",
            $"The transitGateway ID '{id}' does not exist or has no attachment to {vpcId}."
        );

    private string? VpcOfPeering(string id, string vpcId)
    {
        var peering =
            Aws.VpcPeeringConnections.Find(peering => peering.VpcPeeringConnectionId == id)
            ?? throw new WorldRefusal("InvalidVpcPeeringConnectionID.NotFound", $"The vpcPeeringConnection ID '{id}' does not exist");
        // Source: VPC Peering Guide: a route may be made from pending-acceptance on; the traffic flows once the connection is active.
        if (peering.Status.Code is not ("active" or "pending-acceptance" or "provisioning"))
        {
            throw new WorldRefusal("InvalidStateTransition", $"The vpcPeeringConnection '{id}' is {peering.Status.Code}.");
        }
        return peering.RequesterVpcInfo.VpcId == vpcId || peering.AccepterVpcInfo.VpcId == vpcId ? vpcId : null;
    }

    private string VpcOfInterface(string id)
    {
        var found =
            Aws.NetworkInterfaces.Find(known => known.NetworkInterfaceId == id)
            ?? throw Missing(id, "eni-", "InvalidNetworkInterfaceID", "networkInterface ID");
        return FindSubnet(found.SubnetId).VpcId;
    }
}
