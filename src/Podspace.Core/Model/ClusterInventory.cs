using Podspace.Addressing;

namespace Podspace.Model;

/// <summary>The Kubernetes side. Null in an <see cref="Inventory"/> means that there is no
/// cluster to ask, not that asking failed.</summary>
public sealed record ClusterInventory
{
    /// <summary>Null: there is no DaemonSet kube-system/aws-node (unless <see cref="Reading.AwsNode"/> is a gap).</summary>
    public SeenAwsNode? AwsNode { get; init; }

    public EquatableArray<SeenEniConfig> EniConfigs { get; init; }

    public EquatableArray<SeenNode> Nodes { get; init; }

    public EquatableArray<SeenPod> Pods { get; init; }

    public EquatableArray<SeenBudget> Budgets { get; init; }

    public EquatableArray<SeenClusterIp> ClusterIps { get; init; }

    public EquatableArray<SeenNodeClass> NodeClasses { get; init; }

    public EquatableArray<SeenNodePool> NodePools { get; init; }

    public EquatableArray<SeenNodeClaim> NodeClaims { get; init; }

    /// <summary>Of validating and mutating configurations; those that call an address outside the cluster are left out.</summary>
    public EquatableArray<SeenWebhook> Webhooks { get; init; }

    /// <summary>Karpenter's.</summary>
    public EquatableArray<SeenEc2NodeClass> Ec2NodeClasses { get; init; }

    /// <summary>Null: there is none, or there are no node classes for it.</summary>
    public SeenKarpenter? Karpenter { get; init; }

    /// <summary>Those in kube-system that tell of rights which a pod lacks in AWS. The API server forgets events after an hour.</summary>
    public EquatableArray<SeenEvent> Events { get; init; }

    /// <summary>ConfigMap kube-system/podspace-NAME: values that were there before us. Null: none was kept yet.</summary>
    public SeenRecord? Record { get; init; }

    public EquatableArray<Gap> Gaps { get; init; }
}

/// <param name="Env">Of container aws-node, in the manifest's order.</param>
/// <param name="Managers">Field managers of the DaemonSet and label hints such as <c>helm</c>, <c>argocd</c>, <c>flux</c>; sorted.</param>
/// <param name="Desired">Nodes that should run it; <paramref name="Updated"/> and
/// <paramref name="Ready"/> those that run the newest, and are ready.</param>
public sealed record SeenAwsNode(
    string Image,
    EquatableArray<EnvSetting> Env,
    EquatableArray<string> Managers,
    int Desired,
    int Updated,
    int Ready,
    bool IsObserved
)
{
    /// <summary>Which field managers hold the value of which setting; sorted. Empty where the server keeps no managed fields.</summary>
    public EquatableArray<SettingHolder> Holders { get; init; }

    /// <summary>Settings that take their value from a ConfigMap, a Secret or the pod: nothing else can be written there.</summary>
    public EquatableArray<string> Indirect { get; init; }

    /// <summary>Of container aws-eks-nodeagent, which enforces network policies; null without one.</summary>
    public string? AgentImage { get; init; }

    /// <summary>DISABLE_TCP_EARLY_DEMUX of the init container is true.</summary>
    public bool DisablesEarlyDemux { get; init; }

    public string? Setting(string name) => Env.Where(setting => setting.Name == name).Select(setting => setting.Value).FirstOrDefault();
}

public readonly record struct SettingHolder(string Setting, string Manager);

/// <param name="Overlay">Value of our label podspace.io/overlay, or null when it is not ours.</param>
/// <param name="Managers">Field managers; <c>eks</c> when the add-on wrote it.</param>
public sealed record SeenEniConfig(
    string Name,
    string Subnet,
    EquatableArray<string> Groups,
    string? Overlay,
    EquatableArray<string> Managers
);

/// <summary>A NodeClass <c>eks.amazonaws.com/v1</c>. Subnets and groups are what its status says that its terms
/// select; the other four lists are the ids that its terms name.</summary>
/// <param name="HasOtherTerms">Reports whether a term other than <see cref="SeenNodeClass.PodSubnetTags"/>
/// selects by tags or by name: then the ids are not the whole of it.</param>
/// <param name="Managers">Field managers, and hints such as <c>argocd</c>.</param>
public sealed record SeenNodeClass(
    string Name,
    string Role,
    EquatableArray<string> Subnets,
    EquatableArray<string> Groups,
    EquatableArray<string> NodeSubnets,
    EquatableArray<string> NodeGroups,
    EquatableArray<string> PodSubnets,
    EquatableArray<string> PodGroups,
    bool HasOtherTerms,
    string SnatPolicy,
    string PrefixSize,
    bool IsReady,
    string? Overlay,
    EquatableArray<string> Managers
)
{
    /// <summary>Tags by which it selects subnets for pods beside those that it names; empty: by none.</summary>
    public EquatableArray<SeenTag> PodSubnetTags { get; init; }

    /// <summary>With the subnets that its tags select among those for pods, which its status does not tell.</summary>
    public SeenNodeClass In(CloudInventory cloud) =>
        PodSubnetTags.IsEmpty
            ? this
            : this with
            {
                PodSubnets = PodSubnets
                    .Concat(
                        cloud.Subnets.Where(subnet => PodSubnetTags.All(tag => subnet.Tags.Contains(tag))).Select(subnet => subnet.Id.Text)
                    )
                    .Distinct()
                    .Order(StringComparer.Ordinal)
                    .ToEquatable(),
            };
}

/// <param name="Spec">The whole spec as JSON, with sorted keys.</param>
/// <param name="IsClosed">Reports whether its limits let no node start.</param>
/// <param name="Like">Of ours: the pool that it was made like.</param>
public sealed record SeenNodePool(
    string Name,
    string NodeClass,
    string Spec,
    bool IsClosed,
    string? Like,
    string? Overlay,
    EquatableArray<string> Managers
);

/// <param name="Node">Null until the instance has joined.</param>
public sealed record SeenNodeClaim(string Name, string NodePool, string NodeClass, string? Node, bool IsTerminating);

/// <summary>An EC2NodeClass <c>karpenter.k8s.aws/v1</c>, as far as it decides about pods.</summary>
/// <param name="MaxPods">spec.kubelet.maxPods as it stands there, a number or CEL; empty: it says none.</param>
/// <param name="PodsPerCore">0: it says none.</param>
public sealed record SeenEc2NodeClass(string Name, string MaxPods, int PodsPerCore);

/// <summary>Karpenter's Deployment.</summary>
/// <param name="ReservedInterfaces">RESERVED_ENIS; null: it is set in a way that cannot be read.</param>
public sealed record SeenKarpenter(string Namespace, string Name, int? ReservedInterfaces);

/// <param name="MaxPods">status.capacity.pods; 0 when the node says none.</param>
/// <param name="CreatedAt">Nodes older than the switch keep their interfaces.</param>
public sealed record SeenNode(
    string Name,
    string Zone,
    string InstanceId,
    string InstanceType,
    Address? InternalAddress,
    int MaxPods,
    bool IsReady,
    bool IsCordoned,
    DateTimeOffset CreatedAt,
    EquatableArray<SeenTag> Labels,
    EquatableArray<SeenTag> Annotations
)
{
    /// <summary>Names the NodePool that a node belongs to.</summary>
    public const string PoolLabel = "karpenter.sh/nodepool";

    public const string ComputeTypeLabel = "eks.amazonaws.com/compute-type";

    /// <summary>EKS Auto Mode started it: no aws-node runs there.</summary>
    public bool IsAuto => Label(ComputeTypeLabel) == "auto";

    public bool IsFargate => Label(ComputeTypeLabel) == "fargate";

    public bool IsHybrid => Label(ComputeTypeLabel) == "hybrid";

    public bool IsWindows => Label("kubernetes.io/os") == "windows" || Label("beta.kubernetes.io/os") == "windows";

    /// <summary>The VPC CNI gives its pods addresses, by aws-node's settings and ENIConfigs.</summary>
    /// <remarks>Source: amazon-vpc-cni-k8s charts/aws-vpc-cni, affinity of the DaemonSet: Linux, and no other compute type.</remarks>
    public bool RunsAwsNode => Label(ComputeTypeLabel) is null or "ec2" && !IsWindows;

    /// <summary>As the kubelet says it, "Amazon Linux 2" say; empty where it says none.</summary>
    public string OsImage { get; init; } = "";

    /// <summary>The NodeClaim that owns it: so it is Auto Mode's (or Karpenter's), and goes by deleting that.</summary>
    public string? Claim { get; init; }

    public string? Annotation(string key) => Annotations.Where(one => one.Key == key).Select(one => one.Value).FirstOrDefault();

    public string? Label(string key) => Labels.Where(label => label.Key == key).Select(label => label.Value).FirstOrDefault();
}

/// <param name="Controller">Kind of the controlling owner (ReplicaSet, DaemonSet, StatefulSet…),
/// or null for a bare pod that nobody would make anew.</param>
public sealed record SeenPod(
    string Namespace,
    string Name,
    string? Node,
    Address? Address,
    bool HostNetwork,
    string Phase,
    bool IsReady,
    string? Controller,
    bool IsMirror,
    bool IsTerminating,
    EquatableArray<SeenTag> Labels
)
{
    public override string ToString() => $"{Namespace}/{Name}";
}

/// <param name="Selector">matchLabels; empty covers every pod of the namespace, which is also
/// what is assumed of a selector with expressions.</param>
public sealed record SeenBudget(
    string Namespace,
    string Name,
    int DisruptionsAllowed,
    int ExpectedPods,
    int CurrentHealthy,
    int DesiredHealthy,
    EquatableArray<SeenTag> Selector
)
{
    public bool Covers(SeenPod pod) => pod.Namespace == Namespace && Selector.All(label => pod.Labels.Contains(label));
}

/// <summary>A Service that has an address in the cluster's service range.</summary>
/// <param name="Selector">Empty: its endpoints are somebody's own affair, as those of default/kubernetes.</param>
public sealed record SeenClusterIp(
    string Namespace,
    string Name,
    Address Address,
    EquatableArray<SeenTag> Selector,
    EquatableArray<SeenClusterPort> Ports
)
{
    /// <summary>Of the load balancer that stands before it; empty without one.</summary>
    public string LoadBalancer { get; init; } = "";

    /// <summary>Its load balancer sends to the nodes' ports, and not to pods by their addresses.</summary>
    public bool UsesNodePorts { get; init; }

    /// <summary>externalTrafficPolicy Local: who comes by a node's port keeps its address, and only pods of that node are asked.</summary>
    public bool KeepsClients { get; init; }

    public bool Selects(SeenPod pod) =>
        !Selector.IsEmpty && pod.Namespace == Namespace && Selector.All(label => pod.Labels.Contains(label));
}

/// <summary>A Service that the API server calls before it takes an object.</summary>
/// <param name="Port">Of the Service.</param>
public sealed record SeenWebhook(string Configuration, string Namespace, string Service, int Port);

/// <param name="Pod">Whom it is about.</param>
public sealed record SeenEvent(string Reason, string Pod, string Message)
{
    /// <summary>EC2 said that it may not. Source: amazon-vpc-cni-k8s, pkg/awsutils and docs/iam-policy.md.</summary>
    public const string MissingRights = "MissingIAMPermissions";
}

/// <param name="Protocol">TCP, UDP or SCTP.</param>
/// <param name="TargetPort">Null: a port that the pods name themselves.</param>
/// <param name="NodePort">0: none.</param>
public sealed record SeenClusterPort(string Protocol, int Port, int? TargetPort, int NodePort);

/// <summary>What we changed and what stood there before; <c>destroy</c> restores a key only if it still holds what we wrote.</summary>
/// <param name="AddonValues">The add-on's document before our first change; null when the add-on was not touched.</param>
/// <param name="WrittenValues">The document that we wrote last.</param>
/// <param name="Entries">The rest of the record, by key (<see cref="RecordKeys"/>), sorted.</param>
public sealed record SeenRecord(string? AddonValues, string? WrittenValues, EquatableArray<EnvSetting> Entries)
{
    public string? Entry(string key) => Entries.Where(entry => entry.Name == key).Select(entry => entry.Value).FirstOrDefault();
}

/// <summary>Keys of ConfigMap kube-system/podspace-NAME. Each holds a JSON document.</summary>
public static class RecordKeys
{
    public const string AddonValues = "addon-values";
    public const string WrittenValues = "written-values";

    /// <summary>Settings of DaemonSet aws-node before our first change of each; null: it was not set.</summary>
    public const string AwsNodeBefore = "aws-node-before";

    /// <summary>Every value that we wrote there, by setting, the last one last.</summary>
    public const string AwsNodeWritten = "aws-node-written";

    /// <summary>Tags of subnets that are not ours, by id: before us, and every value that we wrote.</summary>
    public const string SubnetRoles = "subnet-roles";

    /// <summary>Subnets, route tables and groups that Podspace made, by id, with our name for each: tags can be taken off.</summary>
    public const string Made = "made";

    /// <summary>What was noted as written and then refused, in the form of the add-on's document: it never stood there.</summary>
    public const string Refused = "refused-values";

    public static readonly EquatableArray<string> All =
    [
        AddonValues,
        WrittenValues,
        AwsNodeBefore,
        AwsNodeWritten,
        SubnetRoles,
        Made,
        Refused,
    ];
}
