using Podspace.Addressing;
using Podspace.Cni;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Reachability;

namespace Podspace.Diagnosis;

/// <summary>ENIConfigs, and settings of the CNI that do not fit together.</summary>
internal static class CniChecks
{
    private const int UsualCooldown = 30;
    private const string Edit = "\n  kubectl edit eniconfig ";

    public static readonly EquatableArray<Check> All =
    [
        new(
            DoctorCodes.ZoneWithoutEniConfig,
            "A zone without an ENIConfig",
            Severity.Error,
            [Reading.AwsNode, Reading.EniConfigs, Reading.Nodes, Reading.Nodegroups],
            ZonesWithout
        ),
        new(
            DoctorCodes.LabelLeftAlone,
            "Nodes look for an ENIConfig by a label that they do not have",
            Severity.Error,
            [Reading.AwsNode, Reading.EniConfigs, Reading.Nodes],
            LabelLeftAlone
        ),
        new(
            DoctorCodes.EniConfigElsewhere,
            "An ENIConfig names a subnet of another zone",
            Severity.Error,
            [Reading.AwsNode, Reading.EniConfigs, Reading.Nodes, Reading.Subnets],
            Elsewhere
        ),
        new(
            DoctorCodes.EniConfigSubnetGone,
            "An ENIConfig names a subnet that is not there",
            Severity.Error,
            [Reading.EniConfigs, Reading.Subnets],
            SubnetGone
        ),
        new(
            DoctorCodes.EniConfigGroupGone,
            "An ENIConfig names a security group that is not there",
            Severity.Error,
            [Reading.EniConfigs, Reading.SecurityGroups],
            GroupGone
        ),
        new(
            DoctorCodes.EniConfigManyGroups,
            "An ENIConfig names more groups than an interface may carry",
            Severity.Error,
            [Reading.EniConfigs],
            ManyGroups
        ),
        new(
            DoctorCodes.EniConfigNoGroups,
            "An ENIConfig without groups where pods have interfaces of their own",
            Severity.Warning,
            [Reading.AwsNode, Reading.EniConfigs, Reading.Interfaces, Reading.SecurityGroups],
            NoGroups
        ),
        new(DoctorCodes.EniConfigTwoWriters, "Two write the same ENIConfig", Severity.Warning, [Reading.EniConfigs], TwoWriters),
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
        new(
            DoctorCodes.NodeAsksForNothing,
            "A node asks for an ENIConfig that is not there",
            Severity.Error,
            [Reading.AwsNode, Reading.EniConfigs, Reading.Nodes],
            AsksForNothing
        ),
    ];

    // Source: amazon-vpc-cni-k8s #302: "Failed to attach any ENIs for custom networking".
    private static IEnumerable<Symptom> ZonesWithout(DoctorInput input)
    {
        if (!input.UsesEniConfigs || !input.NamesByZone)
        {
            yield break;
        }
        var nodes = input.CniNodes.Select(node => node.Zone).ToHashSet();
        var starts = input
            .Cloud.Nodegroups.SelectMany(nodegroup => nodegroup.Subnets)
            .Select(id => input.Cloud.Subnets.FirstOrDefault(subnet => subnet.Id == id)?.Zone)
            .OfType<string>();
        foreach (
            var zone in nodes
                .Concat(starts)
                .Where(zone => zone.Length > 0)
                .Distinct()
                .Order(StringComparer.Ordinal)
                .Where(zone => !input.Cluster.EniConfigs.Any(config => config.Name == zone))
        )
        {
            yield return new(
                zone,
                $"nodes {(nodes.Contains(zone) ? "run" : "can start")} in {zone}, custom networking is on, "
                    + $"and there is no ENIConfig {zone}: a node that starts there stays NotReady, \"Failed to attach any ENIs\".",
                $"Give the zone a pod subnet and an ENIConfig: name {zone} in 'spec.zones' (or leave 'zones' out), then\n  podspace apply",
                nodes.Contains(zone) ? Severity.Error : Severity.Warning
            );
        }
    }

    private static IEnumerable<Symptom> LabelLeftAlone(DoctorInput input)
    {
        var key = input.Settings.EniConfigLabel;
        if (!input.UsesEniConfigs || input.NamesByZone || input.Cluster.EniConfigs.Any(config => config.Name == "default"))
        {
            yield break;
        }
        var without = input.CniNodes.Where(node => !input.EniConfigOf(node).IsNamed).ToList();
        if (without.Count > 0)
        {
            yield return new(
                "daemonset/aws-node",
                $"ENI_CONFIG_LABEL_DEF is {key}, which {Some(without.Select(node => node.Name))} does not carry: "
                    + $"those look for an ENIConfig \"default\", and there is none.",
                "Let nodes look by their zone, in the add-on's configuration values:\n  {\"env\": "
                    + "{\"ENI_CONFIG_LABEL_DEF\": \"topology.kubernetes.io/zone\"}}"
            );
        }
    }

    /// <summary>By its name, and by the nodes that look for it: one "default" for all is right in one zone at most.</summary>
    private static IEnumerable<Symptom> Elsewhere(DoctorInput input)
    {
        foreach (var (config, subnet) in input.EniConfigSubnets.Where(_ => input.UsesEniConfigs))
        {
            var isOfZone = input.NamesByZone && config.Name != subnet.Zone && input.Cloud.Zones.Any(zone => zone.Name == config.Name);
            var nodes = input
                .CniNodes.Where(node => node.Zone.Length > 0 && node.Zone != subnet.Zone && input.EniConfigOf(node).Name == config.Name)
                .ToList();
            if (isOfZone || nodes.Count > 0)
            {
                yield return new(
                    $"eniconfig/{config.Name}",
                    $"ENIConfig {config.Name} names {subnet.Id}, which is in {subnet.Zone}: "
                        + $"AWS attaches no interface across zones, the CNI makes and deletes them in "
                        + $"a loop, and nodes "
                        + $"{(isOfZone ? $"of {config.Name}" : $"elsewhere that look for it, such as {Some(nodes.Select(node => $"{node.Name} in {node.Zone}"))},")} "
                        + $"stay NotReady.",
                    isOfZone
                        ? $"Name a subnet of {config.Name}:{Edit}{config.Name}"
                        : $"Let nodes look by their zone (ENI_CONFIG_LABEL_DEF={CniEnv.ZoneLabel}), with an "
                            + $"ENIConfig for each:\n  podspace plan"
                );
            }
        }
    }

    private static IEnumerable<Symptom> SubnetGone(DoctorInput input) =>
        from config in input.Cluster.EniConfigs
        where input.Cloud.Subnets.All(subnet => subnet.Id.Text != config.Subnet)
        select new Symptom(
            $"eniconfig/{config.Name}",
            $"ENIConfig {config.Name} names {(config.Subnet.Length == 0 ? "no subnet" : config.Subnet)}, which is not in "
                + $"this VPC: no interface for pods can be made there.",
            $"Name one that is:{Edit}{config.Name}"
        );

    private static IEnumerable<Symptom> GroupGone(DoctorInput input) =>
        from config in input.Cluster.EniConfigs
        from id in config.Groups
        where input.Cloud.Groups.All(seen => seen.Id.Text != id)
        select new Symptom(
            $"eniconfig/{config.Name}",
            $"ENIConfig {config.Name} names group {id}, which is not in this VPC: EC2 refuses every interface that the CNI asks for.",
            $"Take it out, or name another:{Edit}{config.Name}"
        );

    private static IEnumerable<Symptom> ManyGroups(DoctorInput input) =>
        from config in input.Cluster.EniConfigs
        where config.Groups.Count > input.Cloud.Quotas.GroupsPerInterface
        select new Symptom(
            $"eniconfig/{config.Name}",
            $"ENIConfig {config.Name} names {config.Groups.Count} groups, and the quota is "
                + $"{input.Cloud.Quotas.GroupsPerInterface} (L-2AFB9258): SecurityGroupsPerInterfaceLimitExceeded, "
                + $"and nodes stay NotReady.",
            $"Name fewer:{Edit}{config.Name}"
        );

    // Source: amazon-vpc-resource-controller-k8s #189. What it has made already is seen on the trunks.
    private static IEnumerable<Symptom> NoGroups(DoctorInput input)
    {
        foreach (
            var config in input.Cluster.EniConfigs.Where(config => config.Groups.IsEmpty && CniEnv.IsTrue(input.Env(CniEnv.PodInterfaces)))
        )
        {
            yield return new(
                $"eniconfig/{config.Name}",
                $"ENABLE_POD_ENI is on and ENIConfig {config.Name} names no group: "
                    + $"trunk interfaces get the VPC's default group, which admits nobody.",
                $"Name the pods' groups:{Edit}{config.Name}"
            );
        }
        var standard = input.Cloud.Groups.Where(group => group.Name == "default").Select(group => group.Id).ToHashSet();
        var trunks = input.Cloud.Interfaces.Where(card => card.Type == "trunk" && card.Groups.Any(standard.Contains)).ToList();
        if (trunks.Count > 0)
        {
            yield return new(
                trunks[0].Id.Text,
                $"trunk {Some(trunks.Select(card => card.Id.Text))} carries the VPC's default group: "
                    + $"pods without a SecurityGroupPolicy of their own on it are reached by nobody.",
                "Name the pods' groups in the ENIConfig, and replace the nodes:\n  podspace rollout start"
            );
        }
    }

    private static IEnumerable<Symptom> TwoWriters(DoctorInput input) =>
        from config in input.Cluster.EniConfigs
        where config.Managers.Contains("eks") && config.Managers.Any(manager => manager is not "eks")
        select new Symptom(
            $"eniconfig/{config.Name}",
            $"ENIConfig {config.Name} is written by {string.Join(" and ", config.Managers)}: each puts back what the other changed.",
            "Leave it to one: take 'eniConfig' out of the add-on's values, or the object out of the other's source."
        );

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

    // What a zone's ENIConfig is missing for is PS3101's.
    private static IEnumerable<Symptom> AsksForNothing(DoctorInput input)
    {
        var lost = input.CniNodes.Where(node =>
            input.UsesEniConfigs
            && input.EniConfigOf(node) is { IsNamed: true } asked
            && !(input.NamesByZone && asked.Name == node.Zone)
            && input.Cluster.EniConfigs.All(config => config.Name != asked.Name)
        );
        foreach (var same in lost.GroupBy(node => input.EniConfigOf(node).Name))
        {
            yield return new(
                same.First().Name,
                $"{Some(same.Select(node => node.Name))} asks for ENIConfig \"{same.Key}\", by label or annotation, "
                    + $"and there is none; the CNI takes no other in its place, not \"default\" either: "
                    + $"no interface for pods is made there.",
                $"Take the label or annotation off, or make that ENIConfig:\n "
                    + $" kubectl get node {same.First().Name} -o jsonpath='{{.metadata.labels}}{{\"\\n\"}}{{.metadata.annotations}}'"
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
