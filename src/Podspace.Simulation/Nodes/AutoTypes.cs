using System.Globalization;
using System.Text.Json.Nodes;
using Podspace.Cni;
using Podspace.Simulation.Kubernetes;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Nodes;

/// <summary>Which instance types a NodePool admits, and the labels that a node of one would carry.</summary>
internal static class AutoTypes
{
    private const string TypeLabel = "node.kubernetes.io/instance-type";

    /// <summary>Karpenter looks at prices; here the smallest comes first, then the name.</summary>
    public static IEnumerable<InstanceType> Admitted(World world, JsonObject pool) =>
        world
            .Compute.InstanceTypes.Where(type => Fits(pool, Labels(pool, type, "")))
            .OrderBy(type => type.DefaultVCpus)
            .ThenBy(type => type.Name, StringComparer.Ordinal);

    public static bool AdmitsZone(JsonObject pool, string zone) =>
        LabelSelector.MatchesExpressions(
            pool.Items("spec", "template", "spec", "requirements").Where(one => one.Text("key") == CniEnv.ZoneLabel),
            new Dictionary<string, string> { [CniEnv.ZoneLabel] = zone }
        );

    /// <summary>Labels of a node, those of the pool's template among them. Source: EKS User Guide,
    /// "Create a Node Pool for EKS Auto Mode", supported labels.</summary>
    public static SortedDictionary<string, string> Labels(JsonObject pool, InstanceType type, string zone)
    {
        var (family, size) = (type.Name.Split('.')[0], type.Name.Split('.')[^1]);
        var digits = new string([.. family.SkipWhile(char.IsLetter).TakeWhile(char.IsDigit)]);
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [AutoClaims.ComputeTypeLabel] = "auto",
            ["eks.amazonaws.com/instance-category"] = new([.. family.TakeWhile(char.IsLetter)]),
            ["eks.amazonaws.com/instance-cpu"] = type.DefaultVCpus.ToString(CultureInfo.InvariantCulture),
            ["eks.amazonaws.com/instance-family"] = family,
            ["eks.amazonaws.com/instance-generation"] = digits,
            ["eks.amazonaws.com/instance-hypervisor"] = type.Hypervisor,
            ["eks.amazonaws.com/instance-size"] = size,
            ["eks.amazonaws.com/nodeclass"] = AutoClaims.ClassOf(pool),
            ["karpenter.sh/capacity-type"] = "on-demand",
            [AutoClaims.PoolLabel] = pool.Name(),
            ["kubernetes.io/arch"] = IsArm(family) ? "arm64" : "amd64",
            ["kubernetes.io/os"] = "linux",
            [TypeLabel] = type.Name,
        };
        if (zone.Length > 0)
        {
            labels[CniEnv.ZoneLabel] = zone;
        }
        foreach (var (key, value) in pool.Map("spec", "template", "metadata", "labels"))
        {
            labels[key] = value;
        }
        return labels;
    }

    /// <summary>How many pods a node takes: what its interfaces hold, without the primary where pods have subnets
    /// of their own, and 110 at most. Source: EKS User Guide, "Learn about VPC Networking and Load Balancing in EKS
    /// Auto Mode" (the exact formula UNCONFIRMED).</summary>
    public static int PodsOf(InstanceType type, JsonObject nodeClass)
    {
        var limits = new InstanceLimits(
            type.Name,
            type.MaximumNetworkInterfaces,
            type.Ipv4AddressesPerInterface,
            type.DefaultVCpus,
            type.Hypervisor,
            type.BareMetal
        );
        var hold =
            MaxPods.Uncapped(limits, AutoAgent.HasPodSubnets(nodeClass), AutoAgent.TakesPrefixes(nodeClass)) ?? MaxPods.OnHostNetwork;
        return Math.Min(hold - MaxPods.OnHostNetwork, MostPods);
    }

    private const int MostPods = 110;

    // A requirement on a label that no instance has is one that the node is given; it says nothing about the type.
    private static bool Fits(JsonObject pool, SortedDictionary<string, string> labels) =>
        LabelSelector.MatchesExpressions(
            pool.Items("spec", "template", "spec", "requirements").Where(one => labels.ContainsKey(one.Text("key") ?? "")),
            labels
        );

    // Graviton: a g right after the generation, such as m7g or c8gn.
    private static bool IsArm(string family) => family.SkipWhile(char.IsLetter).SkipWhile(char.IsDigit).FirstOrDefault() == 'g';
}
