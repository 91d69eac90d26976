using Podspace.Findings;
using Podspace.Model;
using Podspace.Nodes;

namespace Podspace.Diagnosis;

/// <summary>Who gives nodes a number of pods that custom networking has no addresses for.</summary>
internal static class LaunchChecks
{
    private const string NodegroupLabel = "eks.amazonaws.com/nodegroup";

    public static readonly EquatableArray<Check> All =
    [
        new(
            DoctorCodes.NodegroupSetsMaxPods,
            "A managed node group's own number of pods goes unheard",
            Severity.Warning,
            [Reading.AwsNode, Reading.Nodes, Reading.Nodegroups],
            Nodegroups
        ),
        new(
            DoctorCodes.KarpenterCountsPrimary,
            "Karpenter counts on an interface that custom networking takes away",
            Severity.Error,
            [Reading.AwsNode, Reading.Nodes],
            Karpenter
        ),
        new(
            DoctorCodes.LaunchTakesTooMany,
            "What starts nodes tells them to take more pods than fit",
            Severity.Error,
            [Reading.AwsNode, Reading.Nodegroups],
            Launches
        ),
        new(DoctorCodes.NodegroupIssues, "EKS says that a managed node group is not well", Severity.Warning, [Reading.Nodegroups], Issues),
    ];

    // Source: EKS User Guide, managed node groups: without an AMI of one's own EKS writes max-pods
    // into the user data, behind whatever the launch template says.
    private static IEnumerable<Symptom> Nodegroups(DoctorInput input) =>
        from nodegroup in input.Cloud.Nodegroups
        where nodegroup.LaunchTemplate is not null && nodegroup.AmiType != "CUSTOM"
        let nodes = TooMany(input, node => node.Label(NodegroupLabel) == nodegroup.Name)
        where nodes.Count > 0
        select new Symptom(
            $"nodegroup/{nodegroup.Name}",
            $"node group {nodegroup.Name} has launch template {nodegroup.LaunchTemplate} and no AMI of its own "
                + $"({nodegroup.AmiType}), so EKS puts its own max-pods in: {CniChecks.Some(nodes.Select(node => node.Name))} "
                + $"takes {nodes[0].MaxPods} pods, and custom networking has addresses for {input.PodsOn(nodes[0])}.",
            "Name an AMI in the launch template, and max-pods in its user data; or turn prefix delegation on, which has addresses for them."
        );

    private static IEnumerable<Symptom> Launches(DoctorInput input) =>
        input.UsesEniConfigs
            ? LaunchPaths.Live(input.Inventory, input.Settings).Select(finding => new Symptom(finding.Object, finding.Problem, finding.Fix))
            : [];

    // Source: karpenter-provider-aws #2273, docs/settings: RESERVED_ENIS.
    private static IEnumerable<Symptom> Karpenter(DoctorInput input)
    {
        var nodes = TooMany(
            input,
            node => node is { IsAuto: false, Claim: not null } || (!node.IsAuto && node.Label(SeenNode.PoolLabel) is not null)
        );
        if (nodes.Count > 0)
        {
            yield return new(
                nodes[0].Name,
                $"Karpenter started {CniChecks.Some(nodes.Select(node => node.Name))} ({nodes[0].InstanceType}) for "
                    + $"{nodes[0].MaxPods} pods, and custom networking has addresses for {input.PodsOn(nodes[0])}: "
                    + $"it does not know that the first interface holds no pods, and packs nodes too full.",
                "Tell it (Helm value settings.reservedENIs=1), or set kubelet.maxPods in the EC2NodeClass:\n"
                    + "  kubectl -n kube-system set env deployment/karpenter RESERVED_ENIS=1"
            );
        }
    }

    // Source: EKS API, NodegroupHealth. NodeCreationFailure: new nodes did not join, as without an interface for pods they do not.
    private static IEnumerable<Symptom> Issues(DoctorInput input) =>
        from nodegroup in input.Cloud.Nodegroups
        where !nodegroup.Issues.IsEmpty
        select new Symptom(
            $"nodegroup/{nodegroup.Name}",
            $"EKS says of node group {nodegroup.Name}: "
                + $"{string.Join("; ", nodegroup.Issues.Select(issue => issue.TrimEnd('.')))}. "
                + $"Until that is mended it may start no nodes, and none is replaced.",
            $"Mend what it names; where nodes do not become Ready, look first at their zone's ENIConfig and at what the CNI "
                + $"says:\n  kubectl -n kube-system logs -l k8s-app=aws-node --tail=50\n  aws eks describe-nodegroup --cluster-name "
                + $"{input.Cloud.Cluster?.Name ?? "…"} --nodegroup-name {nodegroup.Name} --query nodegroup.health"
        );

    private static List<SeenNode> TooMany(DoctorInput input, Func<SeenNode, bool> isMeant) =>
        input.UsesEniConfigs
            ? [.. input.Cluster.Nodes.Where(isMeant).Where(node => input.PodsOn(node) is { } limit && node.MaxPods > limit)]
            : [];
}
