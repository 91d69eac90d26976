using System.Text.Json.Nodes;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Cni;

/// <summary>Reads and writes the vpc-cni add-on's configuration values.</summary>
public static class CniValues
{
    /// <summary>Reads the document, which EKS keeps exactly as it was sent: JSON or YAML, or nothing at all.</summary>
    /// <exception cref="FormatException">It is neither, or no mapping.</exception>
    public static JsonObject Parse(string values) =>
        AddonValues.Root(values, out var problem)
        ?? throw new FormatException(
            $"The add-on's configuration values, or the record of them, are neither a JSON object nor a YAML mapping: {problem}"
        );

    /// <summary>The value of <c>eniConfig</c>. Source: amazon-vpc-cni-k8s charts/aws-vpc-cni/templates/eniconfig.yaml.</summary>
    public static JsonObject EniConfigs(IEnumerable<EniConfig> eniConfigs, string region, Func<Ref, string> id)
    {
        var subnets = new JsonObject();
        foreach (var eniConfig in eniConfigs)
        {
            subnets[eniConfig.Zone] = new JsonObject
            {
                ["id"] = id(eniConfig.Subnet),
                ["securityGroups"] = new JsonArray([.. eniConfig.Groups.Select(group => (JsonNode)id(group))]),
            };
        }
        return new JsonObject
        {
            ["create"] = true,
            ["region"] = region,
            ["subnets"] = subnets,
        };
    }

    public static string? Env(JsonObject document, string name) => (document["env"] as JsonObject)?[name]?.ToString();

    /// <summary>The document with live settings put in that it lacks: someone set them past the
    /// add-on, and the next update would drop them.</summary>
    /// <returns>The names that were put in.</returns>
    public static IReadOnlyList<string> Fold(JsonObject document, IEnumerable<EnvSetting> live, IReadOnlySet<string> allowed)
    {
        var folded = new List<string>();
        foreach (var setting in live)
        {
            if (!allowed.Contains(setting.Name) || Env(document, setting.Name) is not null || CniDefaults.Is(setting))
            {
                continue;
            }
            if (document["env"] is not JsonObject env)
            {
                document["env"] = env = [];
            }
            env[setting.Name] = setting.Value;
            folded.Add(setting.Name);
        }
        return folded;
    }

    /// <summary>Reports whether two documents say the same, whatever the order of their keys.</summary>
    public static bool Same(JsonNode? left, JsonNode? right) => JsonNode.DeepEquals(left, right);
}
