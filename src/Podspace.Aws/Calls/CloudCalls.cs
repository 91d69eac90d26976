using System.Diagnostics;
using Amazon.EC2;
using Amazon.EC2.Model;
using Podspace.Applying;
using Podspace.Model;
using Podspace.Spec;

namespace Podspace.Aws.Calls;

/// <summary>One AWS request for each <see cref="CloudCall"/>, and nothing more: what a refusal then means is for <see cref="Settlement"/>.</summary>
/// <param name="nodes">As the cluster's account: groups, interfaces and instances are its own.</param>
internal sealed class CloudCalls(Ec2Wire ec2, Ec2Wire nodes, EksApi eks, RamApi ram, Fresh fresh)
{
    /// <summary>Sends it; answers with the id of what it made, if it made something. Throws <see cref="Refused"/>.</summary>
    /// <param name="dryRun">Only ask whether it would be allowed. Not for calls without <see cref="HasDryRun"/>.</param>
    public Task<string?> SendAsync(CloudCall call, bool dryRun, CancellationToken cancel) => call switch
    {
        CloudCall.Tag tag => TagAsync(tag, dryRun, cancel),
        // A tag without a value is deleted whatever its value. Source: EC2 API Reference, DeleteTags.
        CloudCall.Untag untag => UntagAsync(untag.Resource, untag.Keys.Select(key => new Amazon.EC2.Model.Tag { Key = key }), dryRun, cancel),
        CloudCall.UntagIf untag => UntagAsync(untag.Resource, Sdk([untag.Held]), dryRun, cancel),
        CloudCall.AssociateBlock associate => AssociateBlockAsync(associate, cancel),
        CloudCall.DisassociateBlock disassociate => DisassociateBlockAsync(disassociate, cancel),
        CloudCall.CreateSubnet create => CreateSubnetAsync(create, dryRun, cancel),
        CloudCall.DeleteSubnet delete => DeleteSubnetAsync(delete, dryRun, cancel),
        CloudCall.Reserve reserve => ReserveAsync(reserve, dryRun, cancel),
        CloudCall.DeleteReservation delete => DeleteReservationAsync(delete, dryRun, cancel),
        CloudCall.CreateRouteTable create => CreateRouteTableAsync(create, dryRun, cancel),
        CloudCall.DeleteRouteTable delete => DeleteRouteTableAsync(delete, dryRun, cancel),
        CloudCall.CreateRoute create => CreateRouteAsync(create, dryRun, cancel),
        CloudCall.DeleteRoute delete => DeleteRouteAsync(delete, dryRun, cancel),
        CloudCall.AssociateRouteTable { Replaces: null } associate => AssociateRouteTableAsync(associate, dryRun, cancel),
        CloudCall.AssociateRouteTable replace => ReplaceAssociationAsync(replace, dryRun, cancel),
        CloudCall.DisassociateRouteTable disassociate => DisassociateRouteTableAsync(disassociate, dryRun, cancel),
        CloudCall.AssociateAcl associate => AssociateAclAsync(associate, dryRun, cancel),
        CloudCall.CreateShare create => CreateShareAsync(create, cancel),
        CloudCall.AddToShare add => DoneAsync(ram.AssociateAsync(add.Share, add.Account, add.Subnets, cancel)),
        CloudCall.RemoveFromShare remove => DoneAsync(ram.DisassociateAsync(remove.Share, remove.Subnet, cancel)),
        CloudCall.DeleteShare delete => DoneAsync(ram.DeleteAsync(delete.Share, cancel)),
        CloudCall.CreateGroup create => CreateGroupAsync(create, dryRun, cancel),
        CloudCall.DeleteGroup delete => DeleteGroupAsync(delete, dryRun, cancel),
        CloudCall.Authorize { Rule.Direction: Direction.Ingress } authorize => AuthorizeIngressAsync(authorize, dryRun, cancel),
        CloudCall.Authorize authorize => AuthorizeEgressAsync(authorize, dryRun, cancel),
        CloudCall.Revoke { Direction: Direction.Ingress } revoke => RevokeIngressAsync(revoke, dryRun, cancel),
        CloudCall.Revoke revoke => RevokeEgressAsync(revoke, dryRun, cancel),
        CloudCall.UpdateAddon update => UpdateAddonAsync(update, cancel),
        CloudCall.CreateAccessEntry create => CreateAccessEntryAsync(create, cancel),
        CloudCall.AssociateAccessPolicy associate => AssociateAccessPolicyAsync(associate, cancel),
        CloudCall.DeleteAccessEntry delete => DeleteAccessEntryAsync(delete, cancel),
        CloudCall.DeleteInterface delete => DeleteInterfaceAsync(delete, dryRun, cancel),
        CloudCall.TerminateInstance terminate => TerminateAsync(terminate, dryRun, cancel),
        _ => throw new UnreachableException($"{call.GetType().Name} has no request."),
    };

    /// <summary>Source: EC2 API model; EKS and RAM have none anywhere.</summary>
    public static bool HasDryRun(CloudCall call) =>
        call is not (CloudCall.AssociateBlock or CloudCall.DisassociateBlock or CloudCall.UpdateAddon
            or CloudCall.CreateShare or CloudCall.AddToShare or CloudCall.RemoveFromShare or CloudCall.DeleteShare
            or CloudCall.CreateAccessEntry or CloudCall.AssociateAccessPolicy or CloudCall.DeleteAccessEntry);

    private async Task<string?> CreateAccessEntryAsync(CloudCall.CreateAccessEntry call, CancellationToken cancel)
    {
        await eks.CreateAccessEntryAsync(call.Cluster, call.PrincipalArn, "EC2", call.Tags.Select(tag => KeyValuePair.Create(tag.Key, tag.Value)), cancel);
        return null;
    }

    private async Task<string?> AssociateAccessPolicyAsync(CloudCall.AssociateAccessPolicy call, CancellationToken cancel)
    {
        await eks.AssociateAccessPolicyAsync(call.Cluster, call.PrincipalArn, call.Policy, cancel);
        return null;
    }

    private async Task<string?> DeleteAccessEntryAsync(CloudCall.DeleteAccessEntry call, CancellationToken cancel)
    {
        await eks.DeleteAccessEntryAsync(call.Cluster, call.PrincipalArn, cancel);
        return null;
    }

    private async Task<string?> TagAsync(CloudCall.Tag call, bool dryRun, CancellationToken cancel)
    {
        var request = new CreateTagsRequest { Resources = [call.Resource.Text], Tags = Sdk(call.Tags), DryRun = Flag(dryRun) };
        await Of(call.Resource).WriteAsync("CreateTags", (client, stop) => client.CreateTagsAsync(request, stop), cancel, Unknown(call.Resource));
        return null;
    }

    private async Task<string?> UntagAsync(AwsId resource, IEnumerable<Amazon.EC2.Model.Tag> tags, bool dryRun, CancellationToken cancel)
    {
        var request = new DeleteTagsRequest { Resources = [resource.Text], Tags = [.. tags], DryRun = Flag(dryRun) };
        await Of(resource).WriteAsync("DeleteTags", (client, stop) => client.DeleteTagsAsync(request, stop), cancel);
        return null;
    }

    /// <summary>Whose a thing is, its id's kind says: the VPC's account makes subnets and tables, the cluster's groups and what stands on instances.</summary>
    private Ec2Wire Of(AwsId resource) => resource.Text.Split('-')[0] is "sg" or "sgr" or "eni" or "i" ? nodes : ec2;

    private async Task<string?> CreateShareAsync(CloudCall.CreateShare call, CancellationToken cancel) =>
        await ram.CreateAsync(call.Name, call.Account, call.Subnets, call.Token, call.Tags, cancel);

    private static async Task<string?> DoneAsync(Task call)
    {
        await call;
        return null;
    }

    private async Task<string?> AssociateBlockAsync(CloudCall.AssociateBlock call, CancellationToken cancel)
    {
        var request = new AssociateVpcCidrBlockRequest { VpcId = call.Vpc.Text, CidrBlock = call.Block.ToString() };
        var answer = await ec2.WriteAsync("AssociateVpcCidrBlock", (client, stop) => client.AssociateVpcCidrBlockAsync(request, stop), cancel);
        return answer.CidrBlockAssociation.AssociationId;
    }

    private async Task<string?> DisassociateBlockAsync(CloudCall.DisassociateBlock call, CancellationToken cancel)
    {
        var request = new DisassociateVpcCidrBlockRequest { AssociationId = call.AssociationId };
        await ec2.WriteAsync("DisassociateVpcCidrBlock", (client, stop) => client.DisassociateVpcCidrBlockAsync(request, stop), cancel);
        return null;
    }

    private async Task<string?> CreateSubnetAsync(CloudCall.CreateSubnet call, bool dryRun, CancellationToken cancel)
    {
        var request = new CreateSubnetRequest
        {
            VpcId = call.Vpc.Text,
            AvailabilityZone = IsZoneId(call.Zone) ? null : call.Zone,
            AvailabilityZoneId = IsZoneId(call.Zone) ? call.Zone : null,
            CidrBlock = call.Block.ToString(),
            TagSpecifications = Tagged(ResourceType.Subnet, call.Tags),
            DryRun = Flag(dryRun),
        };
        // A block that is "associated" may still be unknown to CreateSubnet for a moment. UNCONFIRMED by AWS's documents; asking again harms nothing.
        var answer = await ec2.WriteAsync(
            "CreateSubnet",
            (client, stop) => client.CreateSubnetAsync(request, stop),
            cancel,
            refusal => fresh.HoldsBlockAround(call.Block) && Refusals.Is(refusal, "InvalidSubnet.Range", "InvalidSubnetRange"));
        return answer.Subnet.SubnetId;
    }

    // euw1-az3, and not eu-west-1b: an id has "-az" and a number at its end. Source: EC2 User Guide, "Availability Zone IDs".
    internal static bool IsZoneId(string zone) => zone.LastIndexOf("-az", StringComparison.Ordinal) is > 0 and var at && int.TryParse(zone.AsSpan(at + 3), out _);

    private async Task<string?> DeleteSubnetAsync(CloudCall.DeleteSubnet call, bool dryRun, CancellationToken cancel)
    {
        var request = new DeleteSubnetRequest { SubnetId = call.Subnet.Text, DryRun = Flag(dryRun) };
        await ec2.WriteAsync("DeleteSubnet", (client, stop) => client.DeleteSubnetAsync(request, stop), cancel);
        return null;
    }

    private async Task<string?> ReserveAsync(CloudCall.Reserve call, bool dryRun, CancellationToken cancel)
    {
        var request = new CreateSubnetCidrReservationRequest
        {
            SubnetId = call.Subnet.Text,
            Cidr = call.Block.ToString(),
            ReservationType = SubnetCidrReservationType.Prefix,
            TagSpecifications = Tagged(ResourceType.SubnetCidrReservation, call.Tags),
            DryRun = Flag(dryRun),
        };
        var answer = await ec2.WriteAsync(
            "CreateSubnetCidrReservation", (client, stop) => client.CreateSubnetCidrReservationAsync(request, stop), cancel, Unknown(call.Subnet));
        return answer.SubnetCidrReservation.SubnetCidrReservationId;
    }

    private async Task<string?> DeleteReservationAsync(CloudCall.DeleteReservation call, bool dryRun, CancellationToken cancel)
    {
        var request = new DeleteSubnetCidrReservationRequest { SubnetCidrReservationId = call.Reservation.Text, DryRun = Flag(dryRun) };
        await ec2.WriteAsync("DeleteSubnetCidrReservation", (client, stop) => client.DeleteSubnetCidrReservationAsync(request, stop), cancel);
        return null;
    }

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
        var request = new AssociateRouteTableRequest { RouteTableId = call.Table.Text, SubnetId = call.Subnet.Text, DryRun = Flag(dryRun) };
        var answer = await ec2.WriteAsync(
            "AssociateRouteTable", (client, stop) => client.AssociateRouteTableAsync(request, stop), cancel, Unknown(call.Table, call.Subnet));
        return answer.AssociationId;
    }

    private async Task<string?> ReplaceAssociationAsync(CloudCall.AssociateRouteTable call, bool dryRun, CancellationToken cancel)
    {
        var request = new ReplaceRouteTableAssociationRequest { AssociationId = call.Replaces, RouteTableId = call.Table.Text, DryRun = Flag(dryRun) };
        // Only the table may be too new to be known; an unknown association means that it was replaced already.
        var answer = await ec2.WriteAsync(
            "ReplaceRouteTableAssociation",
            (client, stop) => client.ReplaceRouteTableAssociationAsync(request, stop),
            cancel,
            refusal => fresh.Holds(call.Table.Text) && Refusals.Is(refusal, "InvalidRouteTableID.NotFound"));
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
        var (acl, association) = await AclAssociations.OfAsync(ec2, call.Subnet, fresh.Holds(call.Subnet.Text), cancel);
        if (acl == call.Acl && !dryRun)
        {
            return association;
        }
        var request = new ReplaceNetworkAclAssociationRequest { AssociationId = association, NetworkAclId = call.Acl.Text, DryRun = Flag(dryRun) };
        var answer = await ec2.WriteAsync("ReplaceNetworkAclAssociation", (client, stop) => client.ReplaceNetworkAclAssociationAsync(request, stop), cancel);
        return answer.NewAssociationId;
    }

    private async Task<string?> CreateGroupAsync(CloudCall.CreateGroup call, bool dryRun, CancellationToken cancel)
    {
        var request = new CreateSecurityGroupRequest
        {
            VpcId = call.Vpc.Text,
            GroupName = call.Name,
            Description = call.Description,
            TagSpecifications = Tagged(ResourceType.SecurityGroup, call.Tags),
            DryRun = Flag(dryRun),
        };
        var answer = await nodes.WriteAsync("CreateSecurityGroup", (client, stop) => client.CreateSecurityGroupAsync(request, stop), cancel);
        return answer.GroupId;
    }

    private async Task<string?> DeleteGroupAsync(CloudCall.DeleteGroup call, bool dryRun, CancellationToken cancel)
    {
        var request = new DeleteSecurityGroupRequest { GroupId = call.Group.Text, DryRun = Flag(dryRun) };
        await nodes.WriteAsync("DeleteSecurityGroup", (client, stop) => client.DeleteSecurityGroupAsync(request, stop), cancel);
        return null;
    }

    private async Task<string?> AuthorizeIngressAsync(CloudCall.Authorize call, bool dryRun, CancellationToken cancel)
    {
        var request = new AuthorizeSecurityGroupIngressRequest
        {
            GroupId = call.Rule.Group.Id.Text,
            IpPermissions = [Permission(call.Rule)],
            TagSpecifications = Tagged(ResourceType.SecurityGroupRule, call.Tags),
            DryRun = Flag(dryRun),
        };
        var answer = await nodes.WriteAsync(
            "AuthorizeSecurityGroupIngress", (client, stop) => client.AuthorizeSecurityGroupIngressAsync(request, stop), cancel, Unknown(Named(call.Rule)));
        return answer.SecurityGroupRules.FirstOrDefault()?.SecurityGroupRuleId;
    }

    private async Task<string?> AuthorizeEgressAsync(CloudCall.Authorize call, bool dryRun, CancellationToken cancel)
    {
        var request = new AuthorizeSecurityGroupEgressRequest
        {
            GroupId = call.Rule.Group.Id.Text,
            IpPermissions = [Permission(call.Rule)],
            TagSpecifications = Tagged(ResourceType.SecurityGroupRule, call.Tags),
            DryRun = Flag(dryRun),
        };
        var answer = await nodes.WriteAsync(
            "AuthorizeSecurityGroupEgress", (client, stop) => client.AuthorizeSecurityGroupEgressAsync(request, stop), cancel, Unknown(Named(call.Rule)));
        return answer.SecurityGroupRules.FirstOrDefault()?.SecurityGroupRuleId;
    }

    private async Task<string?> RevokeIngressAsync(CloudCall.Revoke call, bool dryRun, CancellationToken cancel)
    {
        var request = new RevokeSecurityGroupIngressRequest { GroupId = call.Group.Text, SecurityGroupRuleIds = [call.RuleId], DryRun = Flag(dryRun) };
        await nodes.WriteAsync("RevokeSecurityGroupIngress", (client, stop) => client.RevokeSecurityGroupIngressAsync(request, stop), cancel);
        return null;
    }

    private async Task<string?> RevokeEgressAsync(CloudCall.Revoke call, bool dryRun, CancellationToken cancel)
    {
        var request = new RevokeSecurityGroupEgressRequest { GroupId = call.Group.Text, SecurityGroupRuleIds = [call.RuleId], DryRun = Flag(dryRun) };
        await nodes.WriteAsync("RevokeSecurityGroupEgress", (client, stop) => client.RevokeSecurityGroupEgressAsync(request, stop), cancel);
        return null;
    }

    private async Task<string?> UpdateAddonAsync(CloudCall.UpdateAddon call, CancellationToken cancel)
    {
        var conflicts = call.Conflicts switch
        {
            Conflicts.Fail => "NONE",
            Conflicts.Preserve => "PRESERVE",
            Conflicts.Overwrite => "OVERWRITE",
        };
        return (string?)(await eks.UpdateAddonAsync(call.Cluster, call.Addon, call.Values, conflicts, call.Token, cancel))["id"];
    }

    private async Task<string?> DeleteInterfaceAsync(CloudCall.DeleteInterface call, bool dryRun, CancellationToken cancel)
    {
        var request = new DeleteNetworkInterfaceRequest { NetworkInterfaceId = call.Interface.Text, DryRun = Flag(dryRun) };
        await nodes.WriteAsync("DeleteNetworkInterface", (client, stop) => client.DeleteNetworkInterfaceAsync(request, stop), cancel);
        return null;
    }

    private async Task<string?> TerminateAsync(CloudCall.TerminateInstance call, bool dryRun, CancellationToken cancel)
    {
        var request = new TerminateInstancesRequest { InstanceIds = [call.Instance.Text], DryRun = Flag(dryRun) };
        await nodes.WriteAsync("TerminateInstances", (client, stop) => client.TerminateInstancesAsync(request, stop), cancel);
        return null;
    }

    private static IpPermission Permission(GroupRule rule)
    {
        var permission = new IpPermission { IpProtocol = rule.Traffic.Protocol };
        if (rule.Traffic.Protocol != "-1")
        {
            permission.FromPort = rule.Traffic.From;
            permission.ToPort = rule.Traffic.To;
        }
        switch (rule.Peer)
        {
            case { Cidr: { } cidr }:
                permission.Ipv4Ranges = [new() { CidrIp = cidr.ToString(), Description = rule.Why }];
                break;
            case { Group: { } group }:
                permission.UserIdGroupPairs = [new() { GroupId = group.Id.Text, Description = rule.Why }];
                break;
            case { PrefixList: { } list }:
                permission.PrefixListIds = [new() { Id = list.Text, Description = rule.Why }];
                break;
        }
        return permission;
    }

    private static AwsId[] Named(GroupRule rule) => rule.Peer.Group is { } peer ? [rule.Group.Id, peer.Id] : [rule.Group.Id];

    private Func<Refusal, bool> Unknown(params AwsId[] ids) =>
        refusal => refusal.Kind == RefusalKind.NotFound && ids.Any(id => fresh.Holds(id.Text));

    // The SDK leaves out what is null; AWS treats a missing DryRun as false.
    private static bool? Flag(bool dryRun) => dryRun ? true : null;

    private static List<TagSpecification> Tagged(ResourceType type, EquatableArray<SeenTag> tags) =>
        tags.IsEmpty ? [] : [new() { ResourceType = type, Tags = Sdk(tags) }];

    private static List<Amazon.EC2.Model.Tag> Sdk(EquatableArray<SeenTag> tags) => [.. tags.Select(tag => new Amazon.EC2.Model.Tag(tag.Key, tag.Value))];
}
