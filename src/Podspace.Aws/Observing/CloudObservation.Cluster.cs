using Podspace.Model;

namespace Podspace.Aws.Observing;

internal sealed partial class CloudObservation
{
    private async Task<IEnumerable<SeenInstance>> InstancesAsync()
    {
        var found = await nodes.AllPagesAsync(
            "DescribeInstances",
            (client, all, token, stop) =>
                client.DescribeInstancesAsync(
                    new()
                    {
                        Filters = [InVpc],
                        MaxResults = 1000,
                        NextToken = token,
                        IncludeManagedResources = all,
                    },
                    stop
                ),
            answer => (answer.Reservations, answer.NextToken),
            cancel
        );
        return found.SelectMany(reservation => reservation.Instances).Select(Ec2Seen.Instance).OrderBy(instance => instance.Id);
    }

    private async Task<IEnumerable<SeenInstanceType>> InstanceTypesAsync(params IEnumerable<string>[] named)
    {
        var names = named
            .SelectMany(some => some)
            .Where(name => name.Length > 0)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        var parts = await Task.WhenAll(
            names
                .Chunk(TypesPerCall)
                .Select(chunk =>
                    nodes.PagesAsync(
                        "DescribeInstanceTypes",
                        (client, token, stop) =>
                            client.DescribeInstanceTypesAsync(new() { InstanceTypes = [.. chunk], NextToken = token }, stop),
                        answer => (answer.InstanceTypes, answer.NextToken),
                        cancel
                    )
                )
        );
        return parts.SelectMany(part => part).Select(Ec2Seen.InstanceType).OrderBy(type => type.Name, StringComparer.Ordinal);
    }

    /// <summary>While it is being made it has neither an API server nor a group: as good as not there yet.</summary>
    private async Task<SeenCluster?> ClusterAsync() =>
        scope.Cluster is not null
        && EksSeen.Cluster(await eks.DescribeClusterAsync(scope.Cluster, cancel)) is { Status: not "CREATING" } cluster
            ? cluster
            : null;

    private async Task<IEnumerable<SeenNodegroup>> NodegroupsAsync()
    {
        if (scope.Cluster is null)
        {
            return [];
        }
        var names = await eks.ListNodegroupsAsync(scope.Cluster, cancel);
        // One by one, so that a group deleted meanwhile is absent by itself.
        var groups = await Task.WhenAll(
            names.Select(name =>
                Try(Reading.Nodegroups, async () => EksSeen.Nodegroup(await eks.DescribeNodegroupAsync(scope.Cluster, name, cancel)))
            )
        );
        return groups.OfType<SeenNodegroup>().OrderBy(group => group.Name, StringComparer.Ordinal);
    }

    private async Task<IEnumerable<SeenScalingGroup>> ScalingGroupsAsync() =>
        scope.Cluster is null
            ? []
            : (await scaling.ListAsync(scope.Cluster, cancel))
                .Select(ScalingSeen.Group)
                .OfType<SeenScalingGroup>()
                .OrderBy(group => group.Name, StringComparer.Ordinal);

    /// <summary>Only of groups whose user data is their owner's: a managed group without an AMI of its own is told by EKS.</summary>
    private async Task<IEnumerable<SeenLaunchTemplate>> LaunchTemplatesAsync(
        IEnumerable<SeenNodegroup> nodegroups,
        IEnumerable<SeenScalingGroup> scalingGroups
    )
    {
        var named = nodegroups
            .Where(group => group is { AmiType: "CUSTOM", LaunchTemplate: not null })
            .Select(group => new LaunchBy(group.LaunchTemplate!, group.TemplateVersion))
            .Concat(scalingGroups.SelectMany(group => group.Launches))
            .Distinct();
        // One by one, so that a template deleted meanwhile is absent by itself.
        var versions = await Task.WhenAll(named.Select(by => Try(Reading.LaunchTemplates, () => LaunchTemplateAsync(by))));
        return versions
            .OfType<SeenLaunchTemplate>()
            .OrderBy(template => template.Id, StringComparer.Ordinal)
            .ThenBy(template => template.Asked, StringComparer.Ordinal);
    }

    private async Task<SeenLaunchTemplate?> LaunchTemplateAsync(LaunchBy by)
    {
        var isId = by.Template.StartsWith("lt-", StringComparison.Ordinal);
        var (id, name) = isId ? (by.Template, null) : ((string?)null, by.Template);
        var answer = await nodes.ReadAllAsync(
            "DescribeLaunchTemplateVersions",
            (client, all, stop) =>
                client.DescribeLaunchTemplateVersionsAsync(
                    new()
                    {
                        LaunchTemplateId = id,
                        LaunchTemplateName = name,
                        Versions = [by.Version],
                        IncludeManagedResources = all,
                    },
                    stop
                ),
            cancel
        );
        return answer.LaunchTemplateVersions is [var version, ..] ? Ec2Seen.LaunchTemplate(version, by.Version) : null;
    }

    private async Task<IEnumerable<SeenAccessEntry>> AccessEntriesAsync()
    {
        var principals = await eks.ListAccessEntriesAsync(scope.Cluster!, cancel);
        var entries = await Task.WhenAll(
            principals.Select(principal =>
                Try(
                    Reading.AccessEntries,
                    async () =>
                        EksSeen.AccessEntry(
                            await eks.DescribeAccessEntryAsync(scope.Cluster!, principal, cancel),
                            await eks.ListAssociatedAccessPoliciesAsync(scope.Cluster!, principal, cancel)
                        )
                )
            )
        );
        return entries.OfType<SeenAccessEntry>().OrderBy(entry => entry.PrincipalArn, StringComparer.Ordinal);
    }

    private async Task<SeenAddon?> AddonAsync()
    {
        if (scope.Cluster is null)
        {
            return null;
        }
        var addon = await eks.DescribeAddonAsync(scope.Cluster, VpcCni, cancel);
        return EksSeen.Addon(addon, await SchemaAsync(EksSeen.Text(addon, "addonVersion")));
    }

    // Every version has a schema: not finding one is not seeing it.
    private async Task<string> SchemaAsync(string version)
    {
        try
        {
            return await eks.DescribeAddonConfigurationAsync(VpcCni, version, cancel);
        }
        catch (Refused refused)
        {
            gaps.Add(new(Reading.Addon, $"DescribeAddonConfiguration: {refused.Refusal}", Refusals.CauseOf(refused.Refusal)));
            return "";
        }
    }
}
