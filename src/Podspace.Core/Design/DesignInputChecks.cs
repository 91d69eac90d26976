using Podspace.Findings;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Spec;

namespace Podspace.Design;

/// <summary>Is this the account, region, VPC and cluster that the spec means, and could enough of it be read?</summary>
internal static class DesignInputChecks
{
    public static void NoVpc(DesignReport report, OverlaySpec spec, Inventory inventory)
    {
        CheckPlace(report, spec, inventory.Cloud);
        if (inventory.Sees(Reading.Vpc))
        {
            report.Error(
                DesignCodes.NoVpc,
                spec.Vpc,
                "spec.vpc",
                $"There is no VPC {spec.Vpc} in account {inventory.Cloud.Account}, region {inventory.Cloud.Region}.",
                $"To see those that are there:\n  aws ec2 describe-vpcs --region {spec.Region}"
            );
        }
        CheckGaps(report, inventory, spec);
    }

    public static void Check(DesignInput input)
    {
        var (spec, report) = (input.Spec, input.Report);
        CheckPlace(report, spec, input.Cloud);
        CheckGaps(report, input.Inventory, spec);
        ReportTestimonies(report, input.Cloud);
        if (
            input.Vpc.OwnerAccount.Length > 0
            && input.Cloud.Account.Length > 0
            && input.Vpc.OwnerAccount != input.Cloud.Account
            && spec.Owners.Network == Owner.Podspace
        )
        {
            report.Error(
                DesignCodes.SharedVpc,
                spec.Vpc,
                "spec.vpc",
                $"{spec.Vpc} is shared by account {input.Vpc.OwnerAccount}; only its owner can add blocks and subnets to it.",
                $"Let 'spec.access.network' name a role in account {input.Vpc.OwnerAccount}, "
                    + $"or set 'spec.owners.network' to who will do it. Whose the credentials are:\n  aws sts get-caller-identity"
            );
        }
        CheckCluster(input);
    }

    private static void CheckPlace(DesignReport report, OverlaySpec spec, CloudInventory cloud)
    {
        if (spec.Account is not null && cloud.Account.Length > 0 && spec.Account != cloud.Account)
        {
            report.Error(
                DesignCodes.OtherAccount,
                cloud.Account,
                "spec.account",
                $"The credentials lead to account {cloud.Account}, and the overlay is for {spec.Account}.",
                "Choose other credentials (AWS_PROFILE), or correct 'spec.account'. To see whose they are:\n  aws sts get-caller-identity"
            );
        }
        if (cloud.Region.Length > 0 && spec.Region != cloud.Region)
        {
            report.Error(
                DesignCodes.OtherRegion,
                cloud.Region,
                "spec.region",
                $"{cloud.Region} was read, and the overlay is for {spec.Region}.",
                "Correct 'spec.region', or read that region."
            );
        }
    }

    /// <summary>Whose account it is has to be known before anything else, where the spec names one; and
    /// which ACL a subnet has, where the spec asks for one.</summary>
    private static bool IsNeeded(Gap gap, Inventory inventory, OverlaySpec spec) =>
        Needs.IsNeeded(gap.Reading, inventory)
        || (gap.Reading == Reading.Interfaces && MayHaveOwnGroup(inventory.Cloud))
        || (gap.Reading == Reading.Identity && spec.Account is not null)
        || (gap.Reading == Reading.NetworkAcls && spec.Subnets.NetworkAcl is not null);

    /// <summary>Nodes carry the cluster's group unless a launch template says otherwise; then only their
    /// interfaces tell which, and pods would be given the wrong one.</summary>
    private static bool MayHaveOwnGroup(CloudInventory cloud) =>
        cloud.Cluster is { } cluster
        && (
            cloud.Nodegroups.Any(group => group.LaunchTemplate is not null)
            || cloud.Groups.Any(group =>
                group.Id != cluster.ClusterGroup && group.Tags.Any(tag => tag.Key == Tags.ClusterOwned(cluster.Name))
            )
        );

    private static void CheckGaps(DesignReport report, Inventory inventory, OverlaySpec spec)
    {
        var told = new HashSet<(string, GapCause)>();
        // What is needed goes first: a cause that it names is not named again for what is only checked.
        foreach (var gap in inventory.Gaps.Where(gap => Concerns(gap, inventory, spec)).OrderBy(gap => !IsNeeded(gap, inventory, spec)))
        {
            if (gap.Cause != GapCause.NotAllowed && told.Contains((GapText.Asked(gap), gap.Cause)))
            {
                continue;
            }
            var path = gap.Reading switch
            {
                >= Reading.Cluster => "spec.cluster",
                Reading.Identity => "spec.account",
                _ => "spec.vpc",
            };
            if (IsNeeded(gap, inventory, spec))
            {
                told.Add((GapText.Asked(gap), gap.Cause));
                report.Error(DesignCodes.NotSeen, gap.Reading.ToString(), path, GapText.Problem(gap), GapText.Fix(gap));
                continue;
            }
            var need = Needs.Of(gap.Reading);
            report.Warning(
                DesignCodes.Unchecked,
                gap.Reading.ToString(),
                path,
                $"Not checked: {need.Checks}. {GapText.Unread(gap)}",
                gap.Cause == GapCause.NotAllowed ? $"Allow {need.Right}, or answer for it in 'spec.accept'." : GapText.Fix(gap)
            );
        }
    }

    /// <summary>AWS asked without a cluster in mind leaves nothing of the cluster unseen.</summary>
    private static bool Concerns(Gap gap, Inventory inventory, OverlaySpec spec) =>
        (gap.Reading < Reading.Cluster || spec.Cluster is not null)
        && (!Needs.IsOfAutoMode(gap.Reading) || inventory.Cloud.Cluster is { IsAutoMode: true });

    /// <summary>Older than a day it is worth a warning: what was seen may be over.</summary>
    private static void ReportTestimonies(DesignReport report, CloudInventory cloud)
    {
        foreach (var testimony in cloud.Testimonies)
        {
            var age = cloud.ObservedAt - testimony.TakenAt;
            var how = age.TotalHours switch
            {
                < 0 => "from the future",
                < 48 => $"{Math.Floor(age.TotalHours):0} hours old",
                _ => $"{Math.Floor(age.TotalDays):0} days old",
            };
            report.Add(
                DesignCodes.FromEvidence,
                age.TotalDays is >= 0 and < 1 ? Severity.Note : Severity.Warning,
                testimony.Reading.ToString(),
                testimony.Reading >= Reading.Cluster ? "spec.cluster" : "spec.vpc",
                $"{testimony.Reading} is taken from {testimony.File}, {how} ({testimony.TakenAt.UtcDateTime:yyyy-MM-dd HH:mm} "
                    + $"UTC), because it could not be read ({testimony.Why}).",
                ""
            );
        }
    }

    /// <summary>A name that was mistyped looks just like a cluster that is still to come.</summary>
    private static void ReportOtherClusters(DesignInput input, string wanted)
    {
        var there = ClustersOf(input.Cloud);
        if (there.Count == 0 || there.Contains(wanted))
        {
            return;
        }
        var near = Suggestion.Nearest(wanted, there);
        input.Report.Warning(
            DesignCodes.ClusterMistyped,
            wanted,
            "spec.cluster",
            $"{input.Vpc.Id} holds {(near is null ? string.Join(", ", there) : $"cluster {near}")}, and no cluster "
                + $"{wanted}{(near is null ? "" : ", whose name is nearly the same")}: is one still to come, "
                + $"or is the name mistyped?",
            $"{(near is null ? "If it is mistyped," : $"Did you mean '{near}'? Then")} correct 'spec.cluster': "
                + $"what is made for {wanted} carries that name in its tags, and no other cluster's overlay takes it for its own. "
                + $"To see all:\n  aws eks list-clusters --region {input.Spec.Region}"
        );
    }

    /// <summary>By what EKS and everybody's tools leave in a VPC: the control plane's interfaces, the
    /// clusters' groups, and subnets tagged for a cluster.</summary>
    private static SortedSet<string> ClustersOf(CloudInventory cloud)
    {
        var ofSubnet = Tags.ClusterOwned("");
        var names = new SortedSet<string>(StringComparer.Ordinal);
        names.UnionWith(cloud.Interfaces.Select(one => one.ClusterOfControlPlane).OfType<string>());
        names.UnionWith(
            cloud.Groups.SelectMany(group => group.Tags).Where(tag => tag.Key == "aws:eks:cluster-name").Select(tag => tag.Value)
        );
        names.UnionWith(
            cloud
                .Subnets.SelectMany(subnet => subnet.Tags)
                .Where(tag => tag.Key.StartsWith(ofSubnet, StringComparison.Ordinal))
                .Select(tag => tag.Key[ofSubnet.Length..])
        );
        return names;
    }

    private static void CheckCluster(DesignInput input)
    {
        var (spec, report) = (input.Spec, input.Report);
        if (spec.Cluster is null || !input.Sees(Reading.Cluster))
        {
            return;
        }
        if (input.Cluster is not { } cluster)
        {
            if (spec.Zones.IsEmpty && spec.Subnets.Existing.IsEmpty)
            {
                var clusters = ClustersOf(input.Cloud) is { Count: > 0 } there ? $" {input.Vpc.Id} holds {string.Join(", ", there)}." : "";
                report.Error(
                    DesignCodes.NoCluster,
                    spec.Cluster,
                    "spec.cluster",
                    $"There is no cluster {spec.Cluster} in {input.Cloud.Region} yet, so nothing says in which zones pods will be.",
                    $"List the zones in 'spec.zones', or correct 'spec.cluster'.{clusters} "
                        + $"To see what is there:\n  aws eks list-clusters --region {spec.Region}"
                );
            }
            else
            {
                report.Note(
                    DesignCodes.NoCluster,
                    spec.Cluster,
                    "spec.cluster",
                    $"There is no cluster {spec.Cluster} in {input.Cloud.Region} yet: only the network stage is designed.",
                    ""
                );
                ReportOtherClusters(input, spec.Cluster);
            }
            return;
        }
        if (cluster.Vpc != input.Vpc.Id)
        {
            report.Error(
                DesignCodes.ClusterElsewhere,
                cluster.Name,
                "spec.cluster",
                $"Cluster {cluster.Name} is in {cluster.Vpc}, not in {spec.Vpc}; pods get addresses of their cluster's VPC.",
                $"Correct 'spec.vpc' to {cluster.Vpc}, or name another cluster."
            );
        }
        if (input.Inventory.Cluster is null)
        {
            report.Error(
                DesignCodes.ClusterNotAsked,
                cluster.Name,
                "spec.cluster",
                $"Cluster {cluster.Name} exists, and was not asked for its nodes, CNI and ENIConfigs.",
                "Name its kubeconfig (KUBECONFIG, --context), or use credentials that EKS admits."
            );
        }
        if (cluster.IpFamily == "ipv6")
        {
            report.Error(
                DesignCodes.IpVersionSix,
                cluster.Name,
                "spec.cluster",
                $"Cluster {cluster.Name} gives pods IPv6 addresses: "
                    + $"they use up no IPv4 block, and the CNI refuses custom networking there.",
                "Nothing is to be done for this cluster."
            );
        }
    }
}
