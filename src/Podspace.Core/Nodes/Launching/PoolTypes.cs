using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Podspace.Cni;

namespace Podspace.Nodes.Launching;

/// <summary>Which types a NodePool of Karpenter's may start, among those whose limits are known.</summary>
/// <remarks>Source: Karpenter v1.14, "NodePools", well-known labels. A type's name says family, size, category,
/// generation and architecture; memory and prices are not known here.</remarks>
internal static partial class PoolTypes
{
    private const string Labels = "karpenter.k8s.aws/instance-";

    /// <summary>They say where and how, not which type.</summary>
    private static readonly string[] OfNoType =
    [
        "topology.kubernetes.io/zone",
        "topology.k8s.aws/zone-id",
        "karpenter.sh/capacity-type",
        "kubernetes.io/os",
        "karpenter.sh/nodepool",
    ];

    /// <param name="pool">Its spec.</param>
    /// <param name="isCertain">Leave out a type where a requirement speaks of what is not known here.</param>
    public static IEnumerable<InstanceLimits> Of(JsonNode? pool, IEnumerable<InstanceLimits> known, bool isCertain)
    {
        var requirements = (pool?["template"]?["spec"]?["requirements"] as JsonArray ?? [])
            .OfType<JsonObject>()
            .Where(one => !OfNoType.Contains($"{one["key"]}"))
            .ToList();
        return known.Where(type => requirements.TrueForAll(requirement => Admits(requirement, type) ?? !isCertain));
    }

    /// <summary>Null: nobody knows here.</summary>
    private static bool? Admits(JsonObject requirement, InstanceLimits type)
    {
        if (ValueOf($"{requirement["key"]}", type) is not { } value)
        {
            return null;
        }
        var values = (requirement["values"] as JsonArray ?? []).Select(one => $"{one}").ToList();
        return $"{requirement["operator"]}" switch
        {
            "In" => values.Contains(value),
            "NotIn" => !values.Contains(value),
            "Exists" => true,
            "DoesNotExist" => false,
            "Gt" => Compared(value, values) > 0,
            "Lt" => Compared(value, values) < 0,
            _ => null,
        };
    }

    private static int? Compared(string value, List<string> values) =>
        values is [var only]
        && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var one)
        && int.TryParse(only, NumberStyles.None, CultureInfo.InvariantCulture, out var other)
            ? one.CompareTo(other)
            : null;

    private static string? ValueOf(string key, InstanceLimits type)
    {
        var parts = Name().Match(type.Type);
        return key switch
        {
            "node.kubernetes.io/instance-type" => type.Type,
            $"{Labels}cpu" => type.VCpus.ToString(CultureInfo.InvariantCulture),
            $"{Labels}hypervisor" => type.IsBareMetal ? "" : type.Hypervisor,
            _ when !parts.Success => null,
            $"{Labels}family" => $"{parts.Groups["category"]}{parts.Groups["generation"]}{parts.Groups["attributes"]}",
            $"{Labels}category" => parts.Groups["category"].Value,
            $"{Labels}generation" => parts.Groups["generation"].Value,
            $"{Labels}size" => parts.Groups["size"].Value,
            "kubernetes.io/arch" => parts.Groups["attributes"].Value.StartsWith('g')
            || type.Type.StartsWith("a1.", StringComparison.Ordinal)
                ? "arm64"
                : "amd64",
            _ => null,
        };
    }

    // The letter behind the generation is the processor's maker: a, g or i. Source: EC2 User Guide, "Instance type naming conventions".
    [GeneratedRegex("^(?<category>[a-z]+)(?<generation>[0-9]+)(?<attributes>[a-z0-9-]*)\\.(?<size>[a-z0-9-]+)$")]
    private static partial Regex Name();
}
