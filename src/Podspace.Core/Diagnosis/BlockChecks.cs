using System.Globalization;
using Podspace.Addressing;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Diagnosis;

/// <summary>Blocks of the VPC: what is in their way, and who does not know them yet.</summary>
internal static class BlockChecks
{
    private static readonly TimeSpan LoadBalancersLearnAfter = TimeSpan.FromMinutes(10);

    public static readonly EquatableArray<Check> All =
    [
        new(DoctorCodes.BlockFailed, "A block of the VPC failed to associate", Severity.Warning, [Reading.Vpc], BlockFailed),
        new(DoctorCodes.DockerBridge, "Something that nodes reach uses 172.17.0.0/16", Severity.Warning, [Reading.Vpc], DockerBridge),
        new(DoctorCodes.ControlPlaneLearns, "The control plane may not know a block yet", Severity.Note, [Reading.Vpc], ControlPlaneLearns),
        new(
            DoctorCodes.LoadBalancersLearn,
            "The AWS Load Balancer Controller may not know a block yet",
            Severity.Note,
            [Reading.Vpc, Reading.Pods],
            LoadBalancersLearn
        ),
    ];

    private static IEnumerable<Symptom> BlockFailed(DoctorInput input) =>
        from block in input.Cloud.Vpc?.Blocks ?? []
        where block.State is "failed" or "failing"
        select new Symptom(
            block.Cidr.ToString(),
            $"{block.Cidr} is {block.State} in "
                + $"{input.Cloud.Vpc!.Id}{(block.Message is { Length: > 0 } why ? $" ({why})" : "")}: it is in "
                + $"the list and cannot be used.",
            "Choose another block, or mend what the message names and associate it again."
        );

    private static IEnumerable<Symptom> DockerBridge(DoctorInput input)
    {
        var bridge = Cidr.Parse("172.17.0.0/16");
        IEnumerable<(string What, Cidr Block)> blocks =
        [
            .. (input.Cloud.Vpc?.LiveBlocks ?? []).Select(block => ($"the VPC's {block.Cidr}", block.Cidr)),
            .. input.Cloud.Cluster?.ServiceCidr is { } service
                ? [($"the service range {service}", service)]
                : Array.Empty<(string, Cidr)>(),
            .. input
                .Cloud.Peerings.Where(peering => peering.State == "active")
                .SelectMany(peering => peering.PeerBlocks.Select(block => ($"{block} behind {peering.Id}", block))),
            .. input
                .Cloud.RouteTables.SelectMany(table => table.Routes)
                .Where(route => route.To is { } to && route.Via != "local" && bridge.Contains(to))
                .Select(route => ($"{route.To} behind {route.Via}", route.To!.Value))
                .Distinct(),
        ];
        return blocks
            .Where(one => one.Block.Overlaps(bridge))
            .DistinctBy(one => one.Block)
            .Select(one => new Symptom(
                one.Block.ToString(),
                $"{one.What} overlaps 172.17.0.0/16, which a node's container bridge may have: packets to it then never leave the node.",
                "Use other addresses there, or give the bridge others on nodes that have one."
            ));
    }

    private static IEnumerable<Symptom> ControlPlaneLearns(DoctorInput input) =>
        from joined in Joined(input, ControlPlaneClock.Longest)
        let older = joined.Since + ControlPlaneClock.LongestOfOlderPages
        let until = $"{joined.Since + ControlPlaneClock.Longest:HH:mm} UTC (by older AWS pages {older:HH:mm})"
        select new Symptom(
            joined.Tag,
            $"{joined.Block} joined the VPC at {joined.Since:HH:mm} UTC; "
                + $"until {until} the control plane may refuse to call webhooks on pods there (\"Address is not allowed\").",
            "Wait, or keep webhooks' pods on older nodes until then."
        );

    // Source: aws-load-balancer-controller, vpc_info_provider.go: the VPC's blocks are kept for ten minutes.
    private static IEnumerable<Symptom> LoadBalancersLearn(DoctorInput input) =>
        from joined in Joined(input, LoadBalancersLearnAfter)
        where
            input.Cluster.Pods.Any(pod =>
                pod.Phase == "Running"
                && pod.Labels.Any(label => label is { Key: "app.kubernetes.io/name", Value: "aws-load-balancer-controller" })
            )
        select new Symptom(
            joined.Tag,
            $"{joined.Block} joined the VPC at {joined.Since:HH:mm} UTC; "
                + $"until {joined.Since + LoadBalancersLearnAfter:HH:mm} UTC the AWS Load Balancer Controller may "
                + $"take pods' addresses there for some beyond the VPC, and their registration fails.",
            "Wait, or restart it:\n  kubectl -n kube-system rollout restart deployment aws-load-balancer-controller"
        );

    /// <summary>Blocks that joined the VPC not longer ago than that, as their tags say.</summary>
    private static IEnumerable<(string Tag, string Block, DateTimeOffset Since)> Joined(DoctorInput input, TimeSpan ago)
    {
        foreach (var tag in input.Cloud.Vpc?.Tags ?? [])
        {
            if (
                tag.Key.StartsWith(Tags.Prefix + "block.", StringComparison.Ordinal)
                && DateTimeOffset.TryParse(
                    tag.Value[(tag.Value.IndexOf('@', StringComparison.Ordinal) + 1)..],
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal,
                    out var since
                )
                && input.Cloud.ObservedAt - since < ago
            )
            {
                yield return (tag.Key, tag.Key[(Tags.Prefix.Length + "block.".Length)..].Replace('_', '/'), since);
            }
        }
    }
}
