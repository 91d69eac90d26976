using Podspace.Addressing;
using Podspace.Cni;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Reachability;

namespace Podspace.Diagnosis;

/// <summary>Settings of the CNI that do not fit together.</summary>
internal static class CniChecks
{
    private const int UsualCooldown = 30;

    public static readonly EquatableArray<Check> All =
    [
        new(
            DoctorCodes.SettingsFallApart,
            "The add-on's values and aws-node's live settings differ",
            Severity.Error,
            [Reading.AwsNode, Reading.Addon],
            FallApart
        ),
        new(DoctorCodes.WarmAddressesAlone, "WARM_IP_TARGET without MINIMUM_IP_TARGET", Severity.Warning, [Reading.AwsNode], WarmAlone),
        new(DoctorCodes.MinimumAlone, "MINIMUM_IP_TARGET without WARM_IP_TARGET", Severity.Warning, [Reading.AwsNode], MinimumAlone),
        new(
            DoctorCodes.PodAddressLeaves,
            "Pods leave the VPC with their own address",
            Severity.Warning,
            [Reading.AwsNode, Reading.RouteTables, Reading.Interfaces],
            PodAddressLeaves
        ),
        new(
            DoctorCodes.BranchesShutIn,
            "Pods with interfaces of their own have no way out",
            Severity.Warning,
            [Reading.AwsNode, Reading.EniConfigs, Reading.RouteTables],
            BranchesShutIn
        ),
        new(DoctorCodes.LongCooldown, "Addresses that pods gave back lie idle for long", Severity.Warning, [Reading.AwsNode], LongCooldown),
        new(DoctorCodes.RightsMissing, "The CNI lacks rights in AWS", Severity.Error, [Reading.Events], RightsMissing),
    ];

    // Source: amazon-vpc-cni-k8s #1382, #2150: kubectl set env lasts until the add-on is updated.
    private static IEnumerable<Symptom> FallApart(DoctorInput input)
    {
        if (input.Cloud.VpcCni is not { } addon || input.Cluster.AwsNode is not { } node)
        {
            yield break;
        }
        var values = AddonValues.Parse(addon.Values);
        foreach (var name in CniEnv.Known.Order(StringComparer.Ordinal))
        {
            var (said, live) = (values.Setting(name), node.Setting(name));
            var isReset = said is null && name == CniEnv.CustomNetworking && CniEnv.IsTrue(live);
            if (isReset || (said is not null && live is not null && said != live))
            {
                yield return new(
                    $"env/{name}",
                    isReset
                        ? $"{name} is true on aws-node and not in the add-on's values: "
                            + $"somebody set it by hand, and the next update of the add-on turns custom networking off."
                        : $"{name} is {live} on aws-node and {said} in the add-on's values: the next update of the add-on puts {said} in.",
                    "Say it in the add-on's values, which survive updates:\n  podspace plan",
                    name == CniEnv.CustomNetworking ? null : Severity.Warning
                );
            }
        }
    }

    private static IEnumerable<Symptom> WarmAlone(DoctorInput input)
    {
        if (input.Settings is { WarmIpTarget: > 0, MinimumIpTarget: null, PrefixDelegation: false })
        {
            yield return new(
                $"env/{CniEnv.WarmAddresses}",
                $"{CniEnv.WarmAddresses} is {input.Settings.WarmIpTarget} and {CniEnv.LeastAddresses} is not set: "
                    + $"nearly every pod that starts costs an EC2 call, and busy clusters are throttled.",
                $"Set {CniEnv.LeastAddresses} to the number of pods that a node usually runs."
            );
        }
    }

    private static IEnumerable<Symptom> MinimumAlone(DoctorInput input)
    {
        if (input.Settings is { MinimumIpTarget: > 0 } settings && settings.WarmIpTarget is null or 0)
        {
            yield return new(
                $"env/{CniEnv.LeastAddresses}",
                $"{CniEnv.LeastAddresses} is {input.Settings.MinimumIpTarget} and {CniEnv.WarmAddresses} counts as 0: "
                    + $"a node stops at that number of addresses, and further pods wait.",
                $"Set {CniEnv.WarmAddresses} to 1 at least."
            );
        }
    }

    // What is behind the gateway cannot be read; that it must know the block is certain.
    private static IEnumerable<Symptom> PodAddressLeaves(DoctorInput input)
    {
        foreach (
            var (question, trace) in input.Flows.Where(answer =>
                answer.Question.Concern is Concern.OnPremises or Concern.Internet && answer.Trace.Outcome.Verdict == Verdict.Leaves
            )
        )
        {
            var gateway = trace.Hops.LastOrDefault(hop => hop.Kind == HopKind.Edge);
            if (
                gateway is not null
                && !gateway.At.StartsWith("igw-", StringComparison.Ordinal)
                && Cidr.Parse("100.64.0.0/10").Contains(trace.Outcome.SeenAs)
            )
            {
                yield return new(
                    gateway.At,
                    $"{question.From.Name} reach {question.To.Name} by {gateway.At} with their own "
                        + $"address, such as {trace.Outcome.SeenAs}: answers are lost unless the network behind it has a route to "
                        + $"that block.",
                    $"Have a route made there, or let nodes translate: "
                        + $"'{CniEnv.ExternalSnat}' false, and nothing in '{CniEnv.ExcludedFromSnat}'."
                );
            }
        }
    }

    // Source: amazon-vpc-cni-k8s README, POD_SECURITY_GROUP_ENFORCING_MODE: strict is the default, and nothing is translated.
    private static IEnumerable<Symptom> BranchesShutIn(DoctorInput input)
    {
        if (!CniEnv.IsTrue(input.Env(CniEnv.PodInterfaces)) || input.Env("POD_SECURITY_GROUP_ENFORCING_MODE") == "standard")
        {
            yield break;
        }
        foreach (var (config, subnet) in input.EniConfigSubnets)
        {
            var table = RouteTables.Of(input.Cloud, subnet.Id);
            if (table is not null && !table.Routes.Any(route => route.To is { PrefixLength: 0 } && route.State == "active"))
            {
                yield return new(
                    subnet.Id.Text,
                    $"pods with security groups of their own in {subnet.Id} (ENIConfig {config.Name}) keep their address in "
                        + $"strict mode, and {table.Id} has no route to 0.0.0.0/0: no Internet, no public AWS endpoints.",
                    $"Add a route to a NAT gateway, or set POD_SECURITY_GROUP_ENFORCING_MODE to standard:\n "
                        + $" aws ec2 create-route --route-table-id {table.Id} --destination-cidr-block 0.0.0.0/0 --nat-gateway-id "
                        + $"nat-…"
                );
            }
        }
    }

    // Addresses in cooldown count as available to the CNI, which asks for no others meanwhile. Source: amazon-vpc-cni-k8s #2896, #1700.
    private static IEnumerable<Symptom> LongCooldown(DoctorInput input)
    {
        if (input.Cluster.AwsNode is not null && input.Settings.CooldownSeconds > UsualCooldown)
        {
            yield return new(
                "env/IP_COOLDOWN_PERIOD",
                $"IP_COOLDOWN_PERIOD is {input.Settings.CooldownSeconds} s, {UsualCooldown} where nothing is said: "
                    + $"where pods come and go, new ones wait that long for an address although the CNI counts enough as available.",
                "Lower it, or keep more addresses warm. To see what a load makes of it:\n  podspace simulate --load load.yaml"
            );
        }
    }

    // Source: amazon-vpc-cni-k8s docs/iam-policy.md: told as an event of the pod aws-node.
    private static IEnumerable<Symptom> RightsMissing(DoctorInput input)
    {
        var told = input
            .Cluster.Events.Where(seen =>
                seen.Reason == SeenEvent.MissingRights && seen.Pod.StartsWith("aws-node", StringComparison.Ordinal)
            )
            .ToList();
        if (told.Count > 0)
        {
            yield return new(
                "daemonset/aws-node",
                $"{Some(told.Select(seen => seen.Pod).Distinct())} was refused by EC2: {told[0].Message.Trim().TrimEnd('.')}. "
                    + $"New nodes stay NotReady, and full ones get no further addresses.",
                "Give the role that aws-node has (of its service account, its Pod Identity association, "
                    + "or the node) the policy AmazonEKS_CNI_Policy, and look for conditions on tags or VPC in one of your own:\n"
                    + "  kubectl -n kube-system get serviceaccount aws-node -o yaml\n "
                    + " aws iam attach-role-policy --role-name … --policy-arn arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"
            );
        }
    }

    /// <summary>The first, and how many more.</summary>
    internal static string Some(IEnumerable<string> names)
    {
        var all = names.ToList();
        return all.Count == 1 ? all[0] : $"{all[0]} (and {all.Count - 1} more)";
    }
}
