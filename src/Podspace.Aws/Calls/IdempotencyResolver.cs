using Amazon.EC2.Model;
using Podspace.Applying;
using Podspace.Aws.Observing;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Steps.Calls;

namespace Podspace.Aws.Calls;

/// <summary>What a refusal means to a call that may have been made before: when the world
/// is as the call wants it, that is a success.</summary>
/// <remarks>
/// AWS takes a client token for few calls, and an answer can be lost after its effect. So:
/// call, and when refused, describe, compare, adopt.
/// A thing is adopted only if it carries the overlay and name that the call would have given
/// it; anything else is somebody's, and the refusal stands.
/// </remarks>
internal sealed class IdempotencyResolver(CloudCalls calls, Ec2Wire ec2, Ec2Wire nodes, EksApi eks)
{
    /// <summary>Done, with the id of what is there already, or the refusal as it was.</summary>
    public async Task<Outcome> SettleAsync(CloudCall call, Refusal refusal, CancellationToken cancel)
    {
        try
        {
            return await FindAsync(call, refusal, cancel) ?? Outcome.Refused(refusal);
        }
        catch (Refused)
        {
            // Not being able to look does not change what was answered first.
            return Outcome.Refused(refusal);
        }
    }

    private async Task<Outcome?> FindAsync(CloudCall call, Refusal refusal, CancellationToken cancel) =>
        call switch
        {
            CloudCall.Untag
            or CloudCall.UntagIf
            or CloudCall.DeleteSubnet
            or CloudCall.DeleteReservation
            or CloudCall.DeleteRouteTable
            or CloudCall.DeleteRoute
            or CloudCall.DisassociateRouteTable
            or CloudCall.DeleteGroup
            or CloudCall.Revoke
            or CloudCall.DeleteInterface
            or CloudCall.RemoveFromShare
            or CloudCall.DeleteShare
            or CloudCall.TerminateInstance
            or CloudCall.DeleteAccessEntry => refusal.Kind == RefusalKind.NotFound ? Outcome.Done() : null,
            CloudCall.DisassociateBlock disassociate => refusal.Kind == RefusalKind.NotFound
            || await IsLeavingAsync(disassociate, refusal, cancel)
                ? Outcome.Done()
                : null,
            CloudCall.AssociateBlock associate => await BlockAsync(associate, refusal, cancel),
            CloudCall.CreateSubnet create when Refusals.Is(refusal, "InvalidSubnet.Conflict") => await SubnetAsync(create, cancel),
            CloudCall.Reserve reserve => await ReservationAsync(reserve, refusal, cancel),
            CloudCall.CreateRoute create when Refusals.Is(refusal, "RouteAlreadyExists") => await RouteAsync(create, cancel),
            CloudCall.AssociateRouteTable associate => await AssociationAsync(associate, refusal, cancel),
            // Replaced already, and the answer lost: the association has another id by now.
            CloudCall.AssociateAcl associate when Refusals.Is(refusal, "InvalidAssociationID.NotFound") => await AclAssociations.OfAsync(
                ec2,
                associate.Subnet,
                false,
                cancel
            )
                is var (acl, id)
            && acl == associate.Acl
                ? Outcome.Done(id)
                : null,
            CloudCall.CreateGroup create when Refusals.Is(refusal, "InvalidGroup.Duplicate") => await GroupAsync(create, cancel),
            CloudCall.Authorize authorize when Refusals.Is(refusal, "InvalidPermission.Duplicate") => await RuleAsync(authorize, cancel),
            CloudCall.CreateAccessEntry create when Refusals.Is(refusal, "ResourceInUseException") => await EntryAsync(create, cancel),
            _ => null,
        };

    private async Task<Outcome?> EntryAsync(CloudCall.CreateAccessEntry call, CancellationToken cancel)
    {
        var entry = EksSeen.AccessEntry(await eks.DescribeAccessEntryAsync(call.Cluster, call.PrincipalArn, cancel), []);
        return entry.Type == "EC2" && call.Tags.All(tag => entry.Tags.Contains(tag)) ? Outcome.Done() : null;
    }

    // Which code AWS uses for a block that is associated already is not documented; so any final no is looked into.
    private async Task<Outcome?> BlockAsync(CloudCall.AssociateBlock call, Refusal refusal, CancellationToken cancel)
    {
        if (refusal.Kind is not (RefusalKind.Final or RefusalKind.Conflict or RefusalKind.Unavailable))
        {
            return null;
        }
        var vpc = await VpcAsync(Ec2Wire.Where("vpc-id", call.Vpc.Text), cancel);
        return vpc?.LiveBlocks.FirstOrDefault(block => block.Cidr == call.Block) is { } block ? Outcome.Done(block.AssociationId) : null;
    }

    private async Task<bool> IsLeavingAsync(CloudCall.DisassociateBlock call, Refusal refusal, CancellationToken cancel)
    {
        if (refusal.Kind == RefusalKind.Denied)
        {
            return false;
        }
        var vpc = await VpcAsync(Ec2Wire.Where("cidr-block-association.association-id", call.AssociationId), cancel);
        return vpc?.Blocks.FirstOrDefault(block => block.AssociationId == call.AssociationId)
            is { State: "disassociating" or "disassociated" };
    }

    private async Task<SeenVpc?> VpcAsync(Filter filter, CancellationToken cancel)
    {
        var answer = await ec2.ReadAsync(
            "DescribeVpcs",
            (client, stop) => client.DescribeVpcsAsync(new() { Filters = [filter] }, stop),
            cancel
        );
        return answer.Vpcs is [var vpc, ..] ? Ec2Seen.Vpc(vpc) : null;
    }

    private async Task<Outcome?> SubnetAsync(CloudCall.CreateSubnet call, CancellationToken cancel)
    {
        List<Filter> filters = [Ec2Wire.Where("vpc-id", call.Vpc.Text), Ec2Wire.Where("cidr-block", call.Block.ToString())];
        var answer = await ec2.ReadAsync(
            "DescribeSubnets",
            (client, stop) => client.DescribeSubnetsAsync(new() { Filters = filters }, stop),
            cancel
        );
        return
            answer.Subnets.FirstOrDefault(subnet =>
                (CloudCalls.IsZoneId(call.Zone) ? subnet.AvailabilityZoneId : subnet.AvailabilityZone) == call.Zone
                && AreSame(subnet.Tags, call.Tags)
            )
                is { } subnet
            ? Outcome.Done(subnet.SubnetId)
            : null;
    }

    // Likewise undocumented.
    private async Task<Outcome?> ReservationAsync(CloudCall.Reserve call, Refusal refusal, CancellationToken cancel)
    {
        if (refusal.Kind is not (RefusalKind.Final or RefusalKind.Conflict or RefusalKind.Unavailable))
        {
            return null;
        }
        var answer = await ec2.ReadAsync(
            "GetSubnetCidrReservations",
            (client, stop) => client.GetSubnetCidrReservationsAsync(new() { SubnetId = call.Subnet.Text }, stop),
            cancel
        );
        return
            answer.SubnetIpv4CidrReservations.FirstOrDefault(found =>
                Ec2Seen.Ipv4(found.Cidr) == call.Block && AreSame(found.Tags, call.Tags)
            )
                is { } found
            ? Outcome.Done(found.SubnetCidrReservationId)
            : null;
    }

    private async Task<Outcome?> RouteAsync(CloudCall.CreateRoute call, CancellationToken cancel)
    {
        var answer = await ec2.ReadAsync(
            "DescribeRouteTables",
            (client, stop) => client.DescribeRouteTablesAsync(new() { Filters = [Ec2Wire.Where("route-table-id", call.Table.Text)] }, stop),
            cancel
        );
        return answer
            .RouteTables.SelectMany(table => table.Routes)
            .Any(route => Ec2Seen.Ipv4(route.DestinationCidrBlock) == call.Route.To && Ec2Seen.Target(route) == call.Route.Via)
            ? Outcome.Done()
            : null;
    }

    // Associating again says Resource.AlreadyAssociated, replacing again InvalidAssociationID.NotFound: the first time gave it a new id.
    private async Task<Outcome?> AssociationAsync(CloudCall.AssociateRouteTable call, Refusal refusal, CancellationToken cancel)
    {
        if (!Refusals.Is(refusal, "Resource.AlreadyAssociated", "InvalidAssociationID.NotFound"))
        {
            return null;
        }
        var answer = await ec2.ReadAsync(
            "DescribeRouteTables",
            (client, stop) =>
                client.DescribeRouteTablesAsync(new() { Filters = [Ec2Wire.Where("association.subnet-id", call.Subnet.Text)] }, stop),
            cancel
        );
        return
            answer
                .RouteTables.Where(table => table.RouteTableId == call.Table.Text)
                .SelectMany(table => table.Associations)
                .FirstOrDefault(association => association.SubnetId == call.Subnet.Text)
                is { } association
            ? Outcome.Done(association.RouteTableAssociationId)
            : null;
    }

    private async Task<Outcome?> GroupAsync(CloudCall.CreateGroup call, CancellationToken cancel)
    {
        List<Filter> filters = [Ec2Wire.Where("vpc-id", call.Vpc.Text), Ec2Wire.Where("group-name", call.Name)];
        var answer = await nodes.ReadAsync(
            "DescribeSecurityGroups",
            (client, stop) => client.DescribeSecurityGroupsAsync(new() { Filters = filters }, stop),
            cancel
        );
        return answer.SecurityGroups.FirstOrDefault(group => AreSame(group.Tags, call.Tags)) is { } group
            ? Outcome.Done(group.GroupId)
            : null;
    }

    /// <summary>The rule is there. In a group that we made it becomes ours by its tags; elsewhere it stays whose it is.</summary>
    /// <remarks>
    /// That is also how the egress rule which AWS puts into every new group becomes the
    /// design's: the group is made, this rule is asked for,
    /// AWS says Duplicate, and it is tagged here. Cut between the two, the rule stands
    /// untagged in a group of ours, and the next plan tags it.
    /// Whose group it is the plan says: a group just made may be unknown to DescribeSecurityGroups for a moment.
    /// </remarks>
    private async Task<Outcome?> RuleAsync(CloudCall.Authorize call, CancellationToken cancel)
    {
        var filter = Ec2Wire.Where("group-id", call.Rule.Group.Id.Text);
        var rules = await nodes.PagesAsync(
            "DescribeSecurityGroupRules",
            (client, token, stop) =>
                client.DescribeSecurityGroupRulesAsync(
                    new()
                    {
                        Filters = [filter],
                        MaxResults = 1000,
                        NextToken = token,
                    },
                    stop
                ),
            answer => (answer.SecurityGroupRules, answer.NextToken),
            cancel
        );
        var rule = rules.FirstOrDefault(rule => IsSame(rule, call.Rule));
        if (rule is null)
        {
            return null;
        }
        return AreSame(rule.Tags, call.Tags) || !call.IsInOurGroup
            ? Outcome.Done(rule.SecurityGroupRuleId)
            : await TaggedAsync(rule.SecurityGroupRuleId, call.Tags, cancel);
    }

    private async Task<Outcome> TaggedAsync(string rule, EquatableArray<SeenTag> tags, CancellationToken cancel)
    {
        try
        {
            await calls.SendAsync(new CloudCall.Tag(new(rule), tags), dryRun: false, cancel);
            return Outcome.Done(rule);
        }
        catch (Refused refused)
        {
            // That the rule is a duplicate is no trouble; that it cannot be tagged is.
            return Outcome.Refused(refused.Refusal);
        }
    }

    private static bool IsSame(SecurityGroupRule found, GroupRule rule)
    {
        if (found.CidrIpv6 is { Length: > 0 })
        {
            return false;
        }
        var seen = Ec2Seen.Rule(found);
        return seen.Direction == rule.Direction && seen.Traffic == rule.Traffic && seen.Peer == rule.Peer;
    }

    private static bool AreSame(List<Amazon.EC2.Model.Tag> found, EquatableArray<SeenTag> wanted) =>
        Value(wanted, Tags.Overlay) is { } overlay
        && overlay == Value(found, Tags.Overlay)
        && Value(wanted, Tags.Name) == Value(found, Tags.Name);

    private static string? Value(List<Amazon.EC2.Model.Tag> tags, string key) => tags.Find(tag => tag.Key == key)?.Value;

    private static string? Value(EquatableArray<SeenTag> tags, string key) =>
        tags.Where(tag => tag.Key == key).Select(tag => tag.Value).FirstOrDefault();
}
