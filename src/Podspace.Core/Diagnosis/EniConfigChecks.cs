using Podspace.Cni;
using Podspace.Findings;
using Podspace.Model;

namespace Podspace.Diagnosis;

/// <summary>ENIConfigs, and what nodes look for.</summary>
internal static class EniConfigChecks
{
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
                $"ENI_CONFIG_LABEL_DEF is {key}, which {CniChecks.Some(without.Select(node => node.Name))} does not carry: "
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
                var others = CniChecks.Some(nodes.Select(node => $"{node.Name} in {node.Zone}").DefaultIfEmpty(""));
                var lost = isOfZone ? $"of {config.Name}" : $"elsewhere that look for it, such as {others},";
                yield return new(
                    $"eniconfig/{config.Name}",
                    $"ENIConfig {config.Name} names {subnet.Id}, which is in {subnet.Zone}: "
                        + $"AWS attaches no interface across zones, the CNI makes and deletes them in "
                        + $"a loop, and nodes {lost} stay NotReady.",
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
                $"trunk {CniChecks.Some(trunks.Select(card => card.Id.Text))} carries the VPC's default group: "
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
                $"{CniChecks.Some(same.Select(node => node.Name))} asks for ENIConfig \"{same.Key}\", by label or annotation, "
                    + $"and there is none; the CNI takes no other in its place, not \"default\" either: "
                    + $"no interface for pods is made there.",
                $"Take the label or annotation off, or make that ENIConfig:\n "
                    + $" kubectl get node {same.First().Name} -o jsonpath='{{.metadata.labels}}{{\"\\n\"}}{{.metadata.annotations}}'"
            );
        }
    }
}
