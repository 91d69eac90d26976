using System.Diagnostics;
using System.Text.Json.Nodes;
using Amazon.EC2.Model;
using Podspace.Addressing;
using Podspace.Applying;
using Podspace.Aws.Observing;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Steps.Calls;

namespace Podspace.Aws.Calls;

/// <summary>One look at something that takes time.</summary>
/// <param name="nodes">As the cluster's account.</param>
internal sealed class StateReader(Ec2Wire ec2, Ec2Wire nodes, EksApi eks, RamApi ram, RecentlyCreated recent)
{
    private static readonly Progress.Pending NotYetSeen = new("not visible yet");

    public async Task<Progress> LookAsync(CloudState state, CancellationToken cancel)
    {
        try
        {
            return state switch
            {
                CloudState.BlockAssociated block => Associated(await BlockAsync(block.Vpc, block.Block, cancel), block.Block),
                CloudState.BlockGone block => Gone(await BlockAsync(block.Vpc, block.Block, cancel)),
                CloudState.SubnetAvailable subnet => await SubnetAsync(subnet.Subnet, cancel),
                CloudState.SubnetsShared shared => await SharedAsync(shared, cancel),
                CloudState.SubnetUnshared gone => await ram.StatusAsync(gone.Share, gone.Subnet, cancel)
                    is { } status
                        and not "DISASSOCIATED"
                    ? new Progress.Pending(status)
                    : new Progress.Reached(),
                CloudState.ShareGone gone => await ram.StatusAsync(gone.Share, cancel) is { } status and not "DELETED"
                    ? new Progress.Pending(status)
                    : new Progress.Reached(),
                CloudState.AddonUpdated update => Updated(
                    await eks.DescribeAddonUpdateAsync(update.Cluster, update.Addon, update.UpdateId, cancel)
                ),
                CloudState.AddonAtRest addon => AtRest(
                    EksSeen.Text(await eks.DescribeAddonAsync(addon.Cluster, addon.Addon, cancel), "status")
                ),
                CloudState.InstanceGone instance => await InstanceAsync(instance.Instance, cancel),
                _ => throw new UnreachableException($"{state.GetType().Name} has no look."),
            };
        }
        catch (Refused refused)
        {
            return new Progress.Failed(refused.Refusal);
        }
    }

    public async Task<(EquatableArray<SeenTag> Tags, Refusal? Refusal)> TagsAsync(AwsId vpc, CancellationToken cancel)
    {
        try
        {
            return ((await VpcsAsync(vpc, cancel)).SelectMany(found => Ec2Seen.Tags(found.Tags)).ToEquatable(), null);
        }
        catch (Refused refused)
        {
            return ([], refused.Refusal);
        }
    }

    private async Task<List<Vpc>> VpcsAsync(AwsId vpc, CancellationToken cancel)
    {
        var filter = Ec2Wire.Where("vpc-id", vpc.Text);
        return (
            await ec2.ReadAsync("DescribeVpcs", (client, stop) => client.DescribeVpcsAsync(new() { Filters = [filter] }, stop), cancel)
        ).Vpcs;
    }

    /// <summary>The newest entry of the block: old ones, failed or gone, stay visible for a while.</summary>
    private async Task<SeenBlock?> BlockAsync(AwsId vpc, Cidr block, CancellationToken cancel)
    {
        var entries = (await VpcsAsync(vpc, cancel))
            .SelectMany(vpc => vpc.CidrBlockAssociationSet)
            .Select(Ec2Seen.Block)
            .Where(entry => entry.Cidr == block)
            .ToList();
        return entries.Find(entry => entry.State is "associating" or "associated" or "disassociating") ?? entries.LastOrDefault();
    }

    private Progress Associated(SeenBlock? entry, Cidr block) =>
        entry?.State switch
        {
            "associated" => new Progress.Reached(),
            "associating" => new Progress.Pending("associating"),
            null or "disassociated" when recent.HoldsBlockAround(block) => NotYetSeen,
            null => Failure("NotAssociated", $"{block} is not associated with the VPC."),
            // The refusal that comes afterwards: AWS took the call and failed to do it.
            _ => Failure(entry.State, entry.Message ?? $"The association of {block} ended as \"{entry.State}\"."),
        };

    private static Progress Gone(SeenBlock? entry) =>
        entry is null or { State: "disassociated" or "failed" } ? new Progress.Reached() : new Progress.Pending(entry.State);

    private async Task<Progress> SubnetAsync(AwsId id, CancellationToken cancel)
    {
        // By filter: an id that is not known yet then gives an empty answer, not a refusal.
        var filter = Ec2Wire.Where("subnet-id", id.Text);
        var answer = await ec2.ReadAsync(
            "DescribeSubnets",
            (client, stop) => client.DescribeSubnetsAsync(new() { Filters = [filter] }, stop),
            cancel
        );
        return answer.Subnets.FirstOrDefault()?.State?.Value switch
        {
            "available" => new Progress.Reached(),
            null when recent.Holds(id.Text) => NotYetSeen,
            null => new Progress.Failed(new(RefusalKind.NotFound, "InvalidSubnetID.NotFound", $"There is no subnet {id}.")),
            "pending" => new Progress.Pending("pending"),
            var state => Failure(state, $"Subnet {id} ended as \"{state}\"."),
        };
    }

    /// <summary>What counts is that the cluster's account sees them; RAM is asked why, while it does not.</summary>
    private async Task<Progress> SharedAsync(CloudState.SubnetsShared state, CancellationToken cancel)
    {
        var filter = Ec2Wire.Where("subnet-id", state.Subnets.Select(subnet => subnet.Text));
        var seen = (
            await nodes.ReadAsync(
                "DescribeSubnets",
                (client, stop) => client.DescribeSubnetsAsync(new() { Filters = [filter] }, stop),
                cancel
            )
        ).Subnets;
        if (state.Subnets.All(subnet => seen.Exists(one => one.SubnetId == subnet.Text)))
        {
            return new Progress.Reached();
        }
        return await ram.FailureAsync(state.Share, cancel) is { } why
            ? Failure("FAILED", $"A part of resource share {state.Share} did not come into force: {why}")
            : new Progress.Pending("ASSOCIATING");
    }

    private async Task<Progress> InstanceAsync(AwsId id, CancellationToken cancel)
    {
        var filter = Ec2Wire.Where("instance-id", id.Text);
        var answer = await nodes.ReadAllAsync(
            "DescribeInstances",
            (client, all, stop) => client.DescribeInstancesAsync(new() { Filters = [filter], IncludeManagedResources = all }, stop),
            cancel
        );
        var state = answer.Reservations.SelectMany(reservation => reservation.Instances).FirstOrDefault()?.State?.Name?.Value;
        return state is null or "terminated" ? new Progress.Reached() : new Progress.Pending(state);
    }

    private static Progress AtRest(string status) =>
        status is "CREATING" or "UPDATING" or "DELETING" ? new Progress.Pending(status) : new Progress.Reached();

    private static Progress Updated(JsonNode update)
    {
        var status = EksSeen.Text(update, "status");
        if (status is "Successful")
        {
            return new Progress.Reached();
        }
        if (status is not ("Failed" or "Cancelled"))
        {
            return new Progress.Pending(status);
        }
        var error = EksSeen.Items(update, "errors").FirstOrDefault();
        var code = EksSeen.Text(error, "errorCode") is { Length: > 0 } text ? text : status;
        var message = EksSeen.Text(error, "errorMessage") is { Length: > 0 } why ? why : $"The update of the add-on ended as \"{status}\".";
        // Source: EKS API Reference, Update.errors.
        var kind = code switch
        {
            "ConfigurationConflict" => RefusalKind.Conflict,
            "AccessDenied" => RefusalKind.Denied,
            _ => RefusalKind.Final,
        };
        return new Progress.Failed(new(kind, code, message));
    }

    private static Progress.Failed Failure(string code, string message) => new(new(RefusalKind.Final, code, message));
}
