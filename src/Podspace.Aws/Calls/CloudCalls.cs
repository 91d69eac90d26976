using System.Diagnostics;
using Amazon.EC2;
using Amazon.EC2.Model;
using Podspace.Applying;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Spec;
using Podspace.Steps.Calls;

namespace Podspace.Aws.Calls;

/// <summary>One AWS request for each <see cref="CloudCall"/>, and nothing more: what a refusal
/// then means is for <see cref="IdempotencyResolver"/>.</summary>
/// <param name="nodes">As the cluster's account: groups, interfaces and instances are its own.</param>
internal sealed partial class CloudCalls(Ec2Wire ec2, Ec2Wire nodes, EksApi eks, RamApi ram, RecentlyCreated recent)
{
    /// <summary>Sends it; answers with the id of what it made, if it made something. Throws <see cref="Refused"/>.</summary>
    /// <param name="dryRun">Only ask whether it would be allowed. Not for calls without <see cref="HasDryRun"/>.</param>
    public Task<string?> SendAsync(CloudCall call, bool dryRun, CancellationToken cancel) =>
        call switch
        {
            CloudCall.Tag tag => TagAsync(tag, dryRun, cancel),
            // A tag without a value is deleted whatever its value. Source: EC2 API Reference, DeleteTags.
            CloudCall.Untag untag => UntagAsync(
                untag.Resource,
                untag.Keys.Select(key => new Amazon.EC2.Model.Tag { Key = key }),
                dryRun,
                cancel
            ),
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
        call
            is not (
                CloudCall.AssociateBlock
                or CloudCall.DisassociateBlock
                or CloudCall.UpdateAddon
                or CloudCall.CreateShare
                or CloudCall.AddToShare
                or CloudCall.RemoveFromShare
                or CloudCall.DeleteShare
                or CloudCall.CreateAccessEntry
                or CloudCall.AssociateAccessPolicy
                or CloudCall.DeleteAccessEntry
            );

    private async Task<string?> CreateAccessEntryAsync(CloudCall.CreateAccessEntry call, CancellationToken cancel)
    {
        await eks.CreateAccessEntryAsync(
            call.Cluster,
            call.PrincipalArn,
            "EC2",
            call.Tags.Select(tag => KeyValuePair.Create(tag.Key, tag.Value)),
            cancel
        );
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
        var request = new CreateTagsRequest
        {
            Resources = [call.Resource.Text],
            Tags = Sdk(call.Tags),
            DryRun = Flag(dryRun),
        };
        await Of(call.Resource)
            .WriteAsync("CreateTags", (client, stop) => client.CreateTagsAsync(request, stop), cancel, Unknown(call.Resource));
        return null;
    }

    private async Task<string?> UntagAsync(AwsId resource, IEnumerable<Amazon.EC2.Model.Tag> tags, bool dryRun, CancellationToken cancel)
    {
        var request = new DeleteTagsRequest
        {
            Resources = [resource.Text],
            Tags = [.. tags],
            DryRun = Flag(dryRun),
        };
        await Of(resource).WriteAsync("DeleteTags", (client, stop) => client.DeleteTagsAsync(request, stop), cancel);
        return null;
    }

    /// <summary>Whose a thing is, its id's kind says: the VPC's account makes subnets and tables, the
    /// cluster's groups and what stands on instances.</summary>
    private Ec2Wire Of(AwsId resource) => resource.Text.Split('-')[0] is "sg" or "sgr" or "eni" or "i" ? nodes : ec2;

    private static async Task<string?> DoneAsync(Task call)
    {
        await call;
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

    private Func<Refusal, bool> Unknown(params AwsId[] ids) =>
        refusal => refusal.Kind == RefusalKind.NotFound && ids.Any(id => recent.Holds(id.Text));

    // The SDK leaves out what is null; AWS treats a missing DryRun as false.
    private static bool? Flag(bool dryRun) => dryRun ? true : null;

    private static List<TagSpecification> Tagged(ResourceType type, EquatableArray<SeenTag> tags) =>
        tags.IsEmpty ? [] : [new() { ResourceType = type, Tags = Sdk(tags) }];

    private static List<Amazon.EC2.Model.Tag> Sdk(EquatableArray<SeenTag> tags) =>
        [.. tags.Select(tag => new Amazon.EC2.Model.Tag(tag.Key, tag.Value))];
}
