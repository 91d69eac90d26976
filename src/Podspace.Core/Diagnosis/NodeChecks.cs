using Podspace.Findings;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Reachability;

namespace Podspace.Diagnosis;

/// <summary>Nodes, their interfaces, and the pods on them.</summary>
internal static class NodeChecks
{
    public static readonly EquatableArray<Check> All =
    [
        new(
            DoctorCodes.TooManyPods,
            "A node takes more pods than it has addresses for",
            Severity.Error,
            [Reading.AwsNode, Reading.Nodes],
            TooManyPods
        ),
        new(
            DoctorCodes.NodeMixed,
            "A node gives pods addresses of both kinds",
            Severity.Warning,
            [Reading.AwsNode, Reading.EniConfigs, Reading.Nodes, Reading.Interfaces],
            Mixed
        ),
        new(DoctorCodes.RolloutHalfway, "A rollout was stopped half-way", Severity.Warning, [Reading.Nodes], HalfRolled),
        new(
            DoctorCodes.NodesOlderThanSwitch,
            "Nodes are older than custom networking",
            Severity.Warning,
            [Reading.AwsNode, Reading.EniConfigs, Reading.Nodes, Reading.Interfaces],
            OlderThanSwitch
        ),
        new(
            DoctorCodes.NodeOldGroups,
            "A node's interfaces for pods carry other groups than its ENIConfig",
            Severity.Warning,
            [Reading.AwsNode, Reading.EniConfigs, Reading.Nodes, Reading.Interfaces],
            OldGroups
        ),
        new(
            DoctorCodes.NodeNotReady,
            "A node is not Ready and has no interface for pods",
            Severity.Error,
            [Reading.AwsNode, Reading.Nodes, Reading.Interfaces],
            NotReady
        ),
        new(
            DoctorCodes.CordonedWithoutAddresses,
            "A cordoned node has no interface for pods",
            Severity.Warning,
            [Reading.AwsNode, Reading.Nodes, Reading.Interfaces],
            Cordoned
        ),
        new(
            DoctorCodes.NodeInPodSubnet,
            "A node stands in a pod subnet",
            Severity.Warning,
            [Reading.EniConfigs, Reading.Nodes, Reading.Interfaces],
            InPodSubnet
        ),
        new(
            DoctorCodes.ClusterTagOnCards,
            "Interfaces of pods carry two groups, and not exactly one has the cluster's tag",
            Severity.Warning,
            [Reading.Interfaces, Reading.SecurityGroups, Reading.Cluster, Reading.Nodes],
            ClusterTag
        ),
        new(
            DoctorCodes.BudgetAllowsNothing,
            "A disruption budget allows no pod to go",
            Severity.Warning,
            [Reading.DisruptionBudgets],
            BudgetAllowsNothing
        ),
        new(
            DoctorCodes.DnsOnOneNode,
            "All of the cluster's DNS stands on one node",
            Severity.Warning,
            [Reading.Pods, Reading.Nodes],
            DnsOnOneNode
        ),
        new(
            DoctorCodes.NodesCannotReachSts,
            "Nodes cannot reach the endpoint of STS",
            Severity.Error,
            [Reading.Endpoints, Reading.Interfaces, Reading.SecurityGroups, Reading.Nodes],
            NodesCannotReachSts
        ),
    ];

    private static IEnumerable<Symptom> TooManyPods(DoctorInput input)
    {
        var wrong = input.CniNodes.Where(node => input.PodsOn(node) is { } fit && node.MaxPods > fit);
        foreach (var same in wrong.GroupBy(node => (node.InstanceType, node.MaxPods)))
        {
            var limit = input.PodsOn(same.First())!.Value;
            yield return new(
                same.First().Name,
                $"{CniChecks.Some(same.Select(node => node.Name))} ({same.Key.InstanceType}) takes "
                    + $"{same.Key.MaxPods} pods and has addresses for {limit}: those beyond hang in "
                    + $"ContainerCreating, \"failed to assign an IP address to container\".",
                $"Start nodes with --max-pods={limit}. A managed node group without an AMI of its own "
                    + $"puts EKS's number in, whatever its user data says; replacing its nodes once custom networking is on "
                    + $"brings the right one:\n  podspace rollout start"
            );
        }
    }

    // DERIVED: a node older than the switch takes further interfaces from the pod subnets. Source: amazon-vpc-cni-k8s pkg/ipamd, #514.
    private static IEnumerable<Symptom> Mixed(DoctorInput input)
    {
        if (!input.UsesEniConfigs)
        {
            yield break;
        }
        var podSubnets = input.EniConfigSubnets.Select(pair => pair.Subnet.Id).ToHashSet();
        var mixed = input
            .CniNodes.Where(node =>
                input.CardsOf(node).ToList() is var cards
                && cards.Exists(card => podSubnets.Contains(card.Subnet))
                && cards.Exists(card => !podSubnets.Contains(card.Subnet) && card.MayHoldPods)
            )
            .ToList();
        if (mixed.Count > 0)
        {
            yield return new(
                mixed[0].Name,
                $"{CniChecks.Some(mixed.Select(node => node.Name))} started before custom networking was on and has taken "
                    + $"an interface in a pod subnet since: which kind of address a new pod gets there is chance.",
                "Replace it:\n  podspace rollout start"
            );
        }
    }

    private static IEnumerable<Symptom> HalfRolled(DoctorInput input)
    {
        var mark = Tags.Rollout("");
        var held = input
            .Cluster.Nodes.Where(node => node.IsCordoned)
            .SelectMany(node =>
                node.Annotations.Where(note => note.Key.StartsWith(mark, StringComparison.Ordinal))
                    .Select(note => (Overlay: note.Key[mark.Length..], node.Name))
            );
        foreach (var rollout in held.GroupBy(pair => pair.Overlay, pair => pair.Name))
        {
            var (some, all) = (rollout.Count(), input.Cluster.Nodes.Count);
            yield return new(
                rollout.First(),
                $"{CniChecks.Some(rollout)} is cordoned by a rollout of overlay {rollout.Key} ({some} of {all} nodes): "
                    + $"no new pod starts there. Unless that rollout still runs, it was stopped half-way.",
                "Go on:\n  podspace rollout start\nor go back, after which the nodes take pods again:\n  podspace rollout back",
                some == all ? Severity.Error : Severity.Warning
            );
        }
    }

    private static IEnumerable<Symptom> OlderThanSwitch(DoctorInput input)
    {
        var podSubnets = input.EniConfigSubnets.Select(pair => pair.Subnet.Id).ToHashSet();
        var nodes = input.CniNodes.ToList();
        var old = nodes
            .Where(node =>
                input.UsesEniConfigs
                && input.CardsOf(node).ToList() is var cards
                && cards.Exists(card => card.MayHoldPods)
                && !cards.Exists(card => podSubnets.Contains(card.Subnet))
            )
            .ToList();
        if (old.Count > 0)
        {
            yield return new(
                old[0].Name,
                $"{CniChecks.Some(old.Select(node => node.Name))} started before custom networking was on "
                    + $"({old.Count} of {nodes.Count} nodes): pods there keep addresses of the node subnets, "
                    + $"until the node takes one more interface and gives both kinds.",
                "Replace them:\n  podspace rollout start"
            );
        }
    }

    private static IEnumerable<Symptom> OldGroups(DoctorInput input)
    {
        foreach (var (config, subnet) in input.EniConfigSubnets.Where(_ => input.UsesEniConfigs))
        {
            var wanted = config.Groups.Order(StringComparer.Ordinal).ToList();
            var nodes = input
                .CniNodes.Where(node =>
                    wanted.Count > 0
                    && input
                        .CardsOf(node)
                        .Any(card =>
                            card.Subnet == subnet.Id
                            && card.DeviceIndex != 0
                            && !card.Groups.Select(group => group.Text).Order(StringComparer.Ordinal).SequenceEqual(wanted)
                        )
                )
                .ToList();
            if (nodes.Count > 0)
            {
                yield return new(
                    $"eniconfig/{config.Name}",
                    $"ENIConfig {config.Name} names {string.Join(", ", wanted)}, and interfaces of "
                        + $"{CniChecks.Some(nodes.Select(node => node.Name))} carry others: "
                        + $"a changed ENIConfig is for new interfaces only.",
                    "Replace the nodes:\n  podspace rollout start"
                );
            }
        }
    }

    private static IEnumerable<Symptom> NotReady(DoctorInput input) =>
        from node in input.CniNodes
        where input.UsesEniConfigs && !node.IsReady && input.CardsOf(node).Any() && !input.CardsOf(node).Any(card => card.DeviceIndex > 0)
        select new Symptom(
            node.Name,
            $"{node.Name} in {node.Zone} is not Ready and has no interface but its own: the CNI could make none for pods.",
            $"Look at ENIConfig {input.EniConfigOf(node).Name}, at free addresses of its subnet, and at what the CNI says:\n"
                + $"  kubectl -n kube-system logs -l k8s-app=aws-node --field-selector spec.nodeName={node.Name}"
        );

    private static IEnumerable<Symptom> Cordoned(DoctorInput input) =>
        from node in input.CniNodes
        where
            input.UsesEniConfigs
            && node is { IsCordoned: true, IsReady: true }
            && !input.Settings.ManageNonSchedulable
            && input.CardsOf(node).Any()
            && !input.CardsOf(node).Any(card => card.DeviceIndex > 0)
        select new Symptom(
            node.Name,
            $"{node.Name} is cordoned and has no interface for pods: "
                + $"the CNI gives none to cordoned nodes, so its DaemonSets' pods get no address.",
            $"Uncordon it, or set AWS_MANAGE_ENIS_NON_SCHEDULABLE to true:\n  kubectl uncordon {node.Name}"
        );

    private static IEnumerable<Symptom> InPodSubnet(DoctorInput input)
    {
        var podSubnets = input.PodSubnets.Select(pair => pair.Subnet.Id).ToHashSet();
        var nodes = input
            .Cluster.Nodes.Where(node => input.CardsOf(node).Any(card => card.DeviceIndex == 0 && podSubnets.Contains(card.Subnet)))
            .ToList();
        if (nodes.Count > 0)
        {
            yield return new(
                nodes[0].Name,
                $"{CniChecks.Some(nodes.Select(node => node.Name))} has its own interface in "
                    + $"a pod subnet: not only pods, the node too is unroutable beyond the VPC.",
                "Take the pod subnets out of the node group, or out of what Karpenter selects by (tags karpenter.sh/discovery, Name)."
            );
        }
    }

    // Source: aws-load-balancer-controller, networking_manager.go.
    private static IEnumerable<Symptom> ClusterTag(DoctorInput input)
    {
        if (input.Cloud.Cluster is not { } cluster)
        {
            yield break;
        }
        var nodes = input.Cluster.Nodes.Select(node => node.InstanceId).ToHashSet();
        foreach (
            var same in input
                .Cloud.Interfaces.Where(card => card.Groups.Count > 1 && card.Instance is { } instance && nodes.Contains(instance))
                .GroupBy(card => card.Groups)
        )
        {
            var tagged = input
                .Cloud.Groups.Where(group =>
                    same.Key.Contains(group.Id) && group.Tags.Any(tag => tag.Key == Tags.ClusterOwned(cluster.Name))
                )
                .ToList();
            if (tagged.Count != 1)
            {
                yield return new(
                    string.Join(",", same.Key),
                    $"interfaces such as {same.First().Id} carry {same.Key.Count} groups, "
                        + $"of which {tagged.Count} have the tag {Tags.ClusterOwned(cluster.Name)}; "
                        + $"the AWS Load Balancer Controller wants exactly one and registers no targets otherwise.",
                    tagged.Count == 0
                        ? $"Tag one:\n  aws ec2 create-tags --resources {same.Key[0]} --tags "
                            + $"Key={Tags.ClusterOwned(cluster.Name)},Value=owned"
                        : $"Take the tag off the group that is not the cluster's:\n "
                            + $" aws ec2 delete-tags --resources {tagged[^1].Id} --tags Key={Tags.ClusterOwned(cluster.Name)}"
                );
            }
        }
    }

    private static IEnumerable<Symptom> BudgetAllowsNothing(DoctorInput input) =>
        from budget in input.Cluster.Budgets
        where budget is { DisruptionsAllowed: 0, ExpectedPods: > 0 }
        select new Symptom(
            $"pdb/{budget.Namespace}/{budget.Name}",
            $"budget {budget.Namespace}/{budget.Name} lets none of its {budget.ExpectedPods} pods go ({budget.CurrentHealthy} "
                + $"healthy, {budget.DesiredHealthy} wanted): a node with one of them cannot be emptied.",
            $"Make its pods healthy, or give it room:\n  kubectl -n {budget.Namespace} describe pdb {budget.Name}"
        );

    // 1,024 packets a second and interface. Source: VPC User Guide, "DNS quotas".
    private static IEnumerable<Symptom> DnsOnOneNode(DoctorInput input)
    {
        var dns = input.Cluster.Pods.Where(pod => Ends.IsDns(pod) && pod is { Phase: "Running", Node: not null }).ToList();
        if (dns.Count > 1 && input.Cluster.Nodes.Count > 1 && dns.TrueForAll(pod => pod.Node == dns[0].Node))
        {
            yield return new(
                dns[0].Node!,
                $"all {dns.Count} DNS pods stand on {dns[0].Node}: "
                    + $"they share its interfaces' 1,024 packets a second to the VPC's resolver, and go with it.",
                "Spread them (topologySpreadConstraints in the coredns add-on's values), "
                    + "or restart them once more nodes are there:\n  kubectl -n kube-system rollout restart deployment coredns"
            );
        }
    }

    // DERIVED: aws-node is on hostNetwork and needs STS for its role before there is any pod network.
    private static IEnumerable<Symptom> NodesCannotReachSts(DoctorInput input)
    {
        var nodes = new Ends(input.Inventory).NodesIn(null);
        foreach (var endpoint in input.Cloud.Endpoints.Where(endpoint => endpoint.Service.EndsWith(".sts", StringComparison.Ordinal)))
        {
            var end = new Ends(input.Inventory).Find(endpoint.Id.Text)!;
            if (
                !nodes.Addresses.IsEmpty
                && !end.Addresses.IsEmpty
                && input.Tracer.Between(nodes, end, Protocol.Tcp, 443) is { Outcome.IsBlocked: true } trace
            )
            {
                yield return new(
                    endpoint.Id.Text,
                    $"nodes cannot reach {endpoint.Id} ({VerdictText.Short(trace.Outcome)}): "
                        + $"where aws-node has a role of its own it gets no credentials, and new nodes stay NotReady.",
                    VerdictText.Remedy(trace, input.Tracer)
                );
            }
        }
    }
}
