using Podspace.Cni;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Reachability;

namespace Podspace.Diagnosis;

/// <summary>What a doctor looks at.</summary>
/// <param name="Told">What parsing and designing have said already.</param>
/// <param name="Terraform">What a Terraform plan would do; null when none was given.</param>
public sealed record DoctorInput(Inventory Inventory, EquatableArray<Finding> Told, TerraformChanges? Terraform)
{
    private EquatableArray<FlowResult>? flows;
    private Tracer? tracer;
    private ILookup<string, SeenInterface>? cards;

    internal CloudInventory Cloud => Inventory.Cloud;

    internal ClusterInventory Cluster { get; } = Inventory.Cluster ?? new();

    internal IEnumerable<SeenNode> CniNodes => Cluster.Nodes.Where(node => node.RunsAwsNode);

    internal IpamdSettings Settings { get; } =
        IpamdSettings.From(
            (Inventory.Cluster?.AwsNode?.Env ?? [])
                .DistinctBy(setting => setting.Name)
                .ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal)
        );

    internal EquatableArray<FlowResult> Flows => flows ??= EssentialFlows.Ask(Tracer);

    internal Tracer Tracer => tracer ??= Tracer.Of(NewNodes.In(Inventory));

    /// <summary>Subnets that ENIConfigs name, with the ENIConfig.</summary>
    internal IEnumerable<(SeenEniConfig Config, SeenSubnet Subnet)> EniConfigSubnets =>
        from config in Cluster.EniConfigs
        from subnet in Cloud.Subnets
        where subnet.Id.Text == config.Subnet
        select (config, subnet);

    /// <summary>Where pods live apart from nodes, with who says so: an ENIConfig, a NodeClass, or
    /// the tag that offers a subnet to discovery.</summary>
    internal IEnumerable<(string By, SeenSubnet Subnet)> PodSubnets =>
        EniConfigSubnets
            .Select(pair => (By: $"ENIConfig {pair.Config.Name}", pair.Subnet))
            .Concat(
                from nodeClass in Cluster.NodeClasses
                from subnet in Cloud.Subnets
                where nodeClass.PodSubnets.Contains(subnet.Id.Text)
                select (By: $"NodeClass {nodeClass.Name}", Subnet: subnet)
            )
            .Concat(Cloud.Subnets.Where(IsDiscovered).Select(subnet => (By: $"tag {Tags.CniRole}=1", Subnet: subnet)))
            .DistinctBy(pair => pair.Subnet.Id);

    /// <summary>Offered to discovery, and no node stands there: nodes' own subnets may carry the tag as well.</summary>
    private bool IsDiscovered(SeenSubnet subnet) =>
        Cluster.AwsNode is not null
        && Settings is { SubnetDiscovery: true, CustomNetworking: false }
        && subnet.Tags.Contains(new(Tags.CniRole, "1"))
        && !Cloud.Interfaces.Any(card => card is { DeviceIndex: 0, Instance: not null } && card.Subnet == subnet.Id);

    internal string? Env(string name) => Cluster.AwsNode?.Setting(name);

    internal bool UsesEniConfigs => Settings.CustomNetworking;

    /// <summary>Reports whether nodes find their ENIConfig by their zone.</summary>
    internal bool NamesByZone => Settings.EniConfigLabel == CniEnv.ZoneLabel;

    /// <summary>The ENIConfig that a node looks for, and whether something on the node names it. No
    /// name that leads nowhere falls back on "default".</summary>
    /// <remarks>Source: amazon-vpc-cni-k8s pkg/eniconfig: first the label externalEniConfig, then the annotation, then the label.</remarks>
    internal (string Name, bool IsNamed) EniConfigOf(SeenNode node) =>
        (
            node.Label(ExternalEniConfig)
            ?? node.Annotations.Where(note => note.Key == Settings.EniConfigAnnotation).Select(note => note.Value).FirstOrDefault()
            ?? node.Label(Settings.EniConfigLabel)
        )
            is { } named
            ? (named, true)
            : ("default", false);

    private const string ExternalEniConfig = "vpc.amazonaws.com/externalEniConfig";

    internal IEnumerable<SeenInterface> CardsOf(SeenNode node) =>
        (cards ??= Cloud.Interfaces.Where(card => card.Instance is not null).ToLookup(card => card.Instance!, StringComparer.Ordinal))[
            node.InstanceId
        ];

    /// <summary>The VPC CNI's release; null: there is none, or its image does not say.</summary>
    internal CniVersion? Release => CniVersion.OfImage(Cluster.AwsNode?.Image);

    /// <summary>For how many pods a node has addresses; null where its type is not known.</summary>
    internal int? PodsOn(SeenNode node) =>
        LimitsOf(node.InstanceType) is { } limits ? MaxPods.Uncapped(limits, Settings) ?? MaxPods.OnHostNetwork : null;

    internal InstanceLimits? LimitsOf(string type) =>
        Cloud.InstanceTypes.FirstOrDefault(seen => seen.Name == type) is { } seen
            ? new(seen.Name, seen.Interfaces, seen.AddressesPerInterface, seen.VCpus, seen.Hypervisor, seen.IsBareMetal)
            : InstanceLimits.Find(type);
}
