namespace Podspace.Model;

public readonly record struct ObjectKind(string Api, string Plural, string Kind);

/// <param name="Api">Group and version as in a manifest: <c>v1</c>, <c>crd.k8s.amazonaws.com/v1alpha1</c>.</param>
/// <param name="Plural">As in the path: <c>configmaps</c>, <c>eniconfigs</c>.</param>
/// <param name="Namespace">Null for cluster-scoped kinds.</param>
public sealed record ObjectKey(string Api, string Plural, string? Namespace, string Name)
{
    public static ObjectKey EniConfig(string name) => new("crd.k8s.amazonaws.com/v1alpha1", "eniconfigs", null, name);

    public static ObjectKey NodeClass(string name) => new("eks.amazonaws.com/v1", "nodeclasses", null, name);

    public static ObjectKey NodePool(string name) => new("karpenter.sh/v1", "nodepools", null, name);

    public static ObjectKey NodeClaim(string name) => new("karpenter.sh/v1", "nodeclaims", null, name);

    public static ObjectKey Record(string overlay) => new("v1", "configmaps", "kube-system", $"podspace-{overlay}");

    public static ObjectKey Lease(string overlay) => new("coordination.k8s.io/v1", "leases", "kube-system", $"podspace-{overlay}");

    public static readonly ObjectKey AwsNode = new("apps/v1", "daemonsets", "kube-system", "aws-node");

    /// <summary>As kubectl takes it beside a name.</summary>
    public string Singular => Plural.EndsWith("classes", StringComparison.Ordinal) ? Plural[..^2] : Plural[..^1];

    public override string ToString() => Namespace is null ? $"{Plural}/{Name}" : $"{Plural}/{Namespace}/{Name}";
}
