using Amazon.EC2;
using Amazon.EC2.Model;
using Podspace.Steps.Calls;

namespace Podspace.Aws.Calls;

internal sealed partial class CloudCalls
{
    private async Task<string?> CreateRouteTableAsync(CloudCall.CreateRouteTable call, bool dryRun, CancellationToken cancel)
    {
        var request = new CreateRouteTableRequest
        {
            VpcId = call.Vpc.Text,
            ClientToken = call.Token,
            TagSpecifications = Tagged(ResourceType.RouteTable, call.Tags),
            DryRun = Flag(dryRun),
        };
        var answer = await ec2.WriteAsync("CreateRouteTable", (client, stop) => client.CreateRouteTableAsync(request, stop), cancel);
        return answer.RouteTable.RouteTableId;
    }

    private async Task<string?> DeleteRouteTableAsync(CloudCall.DeleteRouteTable call, bool dryRun, CancellationToken cancel)
    {
        var request = new DeleteRouteTableRequest { RouteTableId = call.Table.Text, DryRun = Flag(dryRun) };
        await ec2.WriteAsync("DeleteRouteTable", (client, stop) => client.DeleteRouteTableAsync(request, stop), cancel);
        return null;
    }

    private async Task<string?> CreateRouteAsync(CloudCall.CreateRoute call, bool dryRun, CancellationToken cancel)
    {
        var request = new CreateRouteRequest
        {
            RouteTableId = call.Table.Text,
            DestinationCidrBlock = call.Route.To.ToString(),
            DryRun = Flag(dryRun),
        };
        SetTarget(request, call.Route.Via);
        await ec2.WriteAsync("CreateRoute", (client, stop) => client.CreateRouteAsync(request, stop), cancel, Unknown(call.Table));
        return null;
    }

    // The id's prefix says which of the request's fields it belongs in. Source: EC2 API Reference, CreateRoute.
    private static void SetTarget(CreateRouteRequest request, string via)
    {
        switch (via.Split('-')[0])
        {
            case "tgw":
                request.TransitGatewayId = via;
                break;
            case "nat":
                request.NatGatewayId = via;
                break;
            case "pcx":
                request.VpcPeeringConnectionId = via;
                break;
            case "eni":
                request.NetworkInterfaceId = via;
                break;
            case "vpce":
                request.VpcEndpointId = via;
                break;
            default:
                request.GatewayId = via;
                break;
        }
    }

    private async Task<string?> DeleteRouteAsync(CloudCall.DeleteRoute call, bool dryRun, CancellationToken cancel)
    {
        var request = new DeleteRouteRequest
        {
            RouteTableId = call.Table.Text,
            DestinationCidrBlock = call.To.ToString(),
            DryRun = Flag(dryRun),
        };
        await ec2.WriteAsync("DeleteRoute", (client, stop) => client.DeleteRouteAsync(request, stop), cancel);
        return null;
    }

    private async Task<string?> AssociateRouteTableAsync(CloudCall.AssociateRouteTable call, bool dryRun, CancellationToken cancel)
    {
        var request = new AssociateRouteTableRequest
        {
            RouteTableId = call.Table.Text,
            SubnetId = call.Subnet.Text,
            DryRun = Flag(dryRun),
        };
        var answer = await ec2.WriteAsync(
            "AssociateRouteTable",
            (client, stop) => client.AssociateRouteTableAsync(request, stop),
            cancel,
            Unknown(call.Table, call.Subnet)
        );
        return answer.AssociationId;
    }

    private async Task<string?> ReplaceAssociationAsync(CloudCall.AssociateRouteTable call, bool dryRun, CancellationToken cancel)
    {
        var request = new ReplaceRouteTableAssociationRequest
        {
            AssociationId = call.Replaces,
            RouteTableId = call.Table.Text,
            DryRun = Flag(dryRun),
        };
        // Only the table may be too new to be known; an unknown association means that it was replaced already.
        var answer = await ec2.WriteAsync(
            "ReplaceRouteTableAssociation",
            (client, stop) => client.ReplaceRouteTableAssociationAsync(request, stop),
            cancel,
            refusal => recent.Holds(call.Table.Text) && Refusals.Is(refusal, "InvalidRouteTableID.NotFound")
        );
        return answer.NewAssociationId;
    }

    private async Task<string?> DisassociateRouteTableAsync(CloudCall.DisassociateRouteTable call, bool dryRun, CancellationToken cancel)
    {
        var request = new DisassociateRouteTableRequest { AssociationId = call.AssociationId, DryRun = Flag(dryRun) };
        await ec2.WriteAsync("DisassociateRouteTable", (client, stop) => client.DisassociateRouteTableAsync(request, stop), cancel);
        return null;
    }

    private async Task<string?> AssociateAclAsync(CloudCall.AssociateAcl call, bool dryRun, CancellationToken cancel)
    {
        // Every subnet has an ACL, a new one the VPC's default, and only its association's id says which is to be replaced.
        var (acl, association) = await AclAssociations.OfAsync(ec2, call.Subnet, recent.Holds(call.Subnet.Text), cancel);
        if (acl == call.Acl && !dryRun)
        {
            return association;
        }
        var request = new ReplaceNetworkAclAssociationRequest
        {
            AssociationId = association,
            NetworkAclId = call.Acl.Text,
            DryRun = Flag(dryRun),
        };
        var answer = await ec2.WriteAsync(
            "ReplaceNetworkAclAssociation",
            (client, stop) => client.ReplaceNetworkAclAssociationAsync(request, stop),
            cancel
        );
        return answer.NewAssociationId;
    }
}
