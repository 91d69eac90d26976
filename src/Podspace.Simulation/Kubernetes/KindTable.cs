namespace Podspace.Simulation.Kubernetes;

/// <summary>One kind that the simulated API server serves, at one version.</summary>
/// <param name="StoredAs">The api under which its objects are kept; differs from
/// <paramref name="Api"/> for a version that is only another face.</param>
/// <param name="HasStatus">Has the subresource status: writes to the object leave status alone, and the other way round.</param>
/// <param name="HasGeneration">metadata.generation counts changes of the spec.</param>
/// <param name="IsCustom">Served from a CustomResourceDefinition: no strategic merge patch, and lists are replaced as a whole.</param>
public sealed record KindEntry(
    string Api,
    string Plural,
    string Kind,
    EquatableArray<string> ShortNames,
    bool Namespaced,
    bool HasStatus,
    bool HasGeneration,
    bool IsCustom,
    string StoredAs
)
{
    public string Singular => Kind.ToLowerInvariant();

    public string Group => Api.Contains('/', StringComparison.Ordinal) ? Api[..Api.IndexOf('/', StringComparison.Ordinal)] : "";

    public string Version => Api[(Api.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>As error messages name it: <c>pods</c>, <c>deployments.apps</c>.</summary>
    public string Resource => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    public bool InCategoryAll => Plural is "pods" or "services" or "daemonsets" or "deployments" or "replicasets" or "statefulsets";
}

/// <summary>The kinds that the simulated API server knows.</summary>
public static class KindTable
{
    public static readonly EquatableArray<KindEntry> All =
    [
        Core("namespaces", "Namespace", ["ns"], namespaced: false, status: true),
        Core("nodes", "Node", ["no"], namespaced: false, status: true),
        Core("pods", "Pod", ["po"], status: true),
        Core("services", "Service", ["svc"], status: true),
        Core("endpoints", "Endpoints", ["ep"]),
        Core("configmaps", "ConfigMap", ["cm"]),
        Core("secrets", "Secret", []),
        Core("serviceaccounts", "ServiceAccount", ["sa"]),
        Core("events", "Event", ["ev"]),
        Workload("deployments", "Deployment", "deploy"),
        Workload("replicasets", "ReplicaSet", "rs"),
        Workload("daemonsets", "DaemonSet", "ds"),
        Workload("statefulsets", "StatefulSet", "sts"),
        Budget("policy/v1"),
        Budget("policy/v1beta1"), // kubectl 1.20 and servers before 1.25
        new("coordination.k8s.io/v1", "leases", "Lease", [], true, false, false, false, "coordination.k8s.io/v1"),
        new(
            "apiextensions.k8s.io/v1",
            "customresourcedefinitions",
            "CustomResourceDefinition",
            ["crd", "crds"],
            false,
            true,
            true,
            false,
            "apiextensions.k8s.io/v1"
        ),
        Custom("crd.k8s.amazonaws.com/v1alpha1", "eniconfigs", "ENIConfig", status: false),
        Custom("eks.amazonaws.com/v1", "nodeclasses", "NodeClass", status: true),
        Custom("karpenter.sh/v1", "nodepools", "NodePool", status: true),
        Custom("karpenter.sh/v1", "nodeclaims", "NodeClaim", status: true),
        Custom("karpenter.k8s.aws/v1", "ec2nodeclasses", "EC2NodeClass", status: true),
        Cluster("admissionregistration.k8s.io/v1", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration"),
        Cluster("admissionregistration.k8s.io/v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration"),
        new("networking.k8s.io/v1", "networkpolicies", "NetworkPolicy", ["netpol"], true, false, true, false, "networking.k8s.io/v1"),
        new("networking.k8s.io/v1", "ingresses", "Ingress", ["ing"], true, true, true, false, "networking.k8s.io/v1"),
        new(
            "authorization.k8s.io/v1",
            "selfsubjectaccessreviews",
            "SelfSubjectAccessReview",
            [],
            false,
            false,
            false,
            false,
            "authorization.k8s.io/v1"
        ),
    ];

    private static readonly Dictionary<(string Api, string Plural), KindEntry> ByPlural = All.ToDictionary(kind => (kind.Api, kind.Plural));

    private static readonly Dictionary<(string Api, string Kind), KindEntry> ByKind = All.ToDictionary(kind => (kind.Api, kind.Kind));

    public static KindEntry? Find(string api, string plural) => ByPlural.GetValueOrDefault((api, plural));

    public static KindEntry? OfKind(string api, string kind) => ByKind.GetValueOrDefault((api, kind));

    /// <summary>The api under which objects are kept; <paramref name="api"/> itself for kinds that are not in the table.</summary>
    public static string StoredApi(string api, string plural) => Find(api, plural)?.StoredAs ?? api;

    /// <summary>The plural of a kind; for one that is not in the table, what its name suggests: a
    /// world file may hold kinds that nobody serves.</summary>
    public static string PluralOf(string api, string kind) => OfKind(api, kind)?.Plural ?? kind.ToLowerInvariant() + "s";

    private static KindEntry Core(
        string plural,
        string kind,
        EquatableArray<string> shortNames,
        bool namespaced = true,
        bool status = false
    ) => new("v1", plural, kind, shortNames, namespaced, status, false, false, "v1");

    private static KindEntry Workload(string plural, string kind, string shortName) =>
        new("apps/v1", plural, kind, [shortName], true, true, true, false, "apps/v1");

    private static KindEntry Budget(string api) =>
        new(api, "poddisruptionbudgets", "PodDisruptionBudget", ["pdb"], true, true, true, false, "policy/v1");

    private static KindEntry Cluster(string api, string plural, string kind) => new(api, plural, kind, [], false, false, true, false, api);

    private static KindEntry Custom(string api, string plural, string kind, bool status) =>
        new(api, plural, kind, [], false, status, true, true, api);
}
