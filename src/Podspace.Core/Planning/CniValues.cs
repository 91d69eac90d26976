using System.Text.Json;
using System.Text.Json.Nodes;
using Podspace.Model;
using YamlDotNet.RepresentationModel;

namespace Podspace.Planning;

/// <summary>Reads and writes the vpc-cni add-on's configuration values.</summary>
public static class CniValues
{
    /// <summary>Reads the document, which EKS keeps exactly as it was sent: JSON or YAML, or nothing at all.</summary>
    /// <exception cref="FormatException">It is neither, or no mapping.</exception>
    public static JsonObject Parse(string values)
    {
        if (string.IsNullOrWhiteSpace(values))
        {
            return [];
        }
        try
        {
            return values.TrimStart().StartsWith('{') ? JsonNode.Parse(values)!.AsObject() : FromYaml(values);
        }
        catch (Exception wrong) when (wrong is JsonException or YamlDotNet.Core.YamlException or InvalidOperationException)
        {
            throw new FormatException($"The add-on's configuration values are neither JSON nor YAML: {wrong.Message}", wrong);
        }
    }

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
        return new JsonObject { ["create"] = true, ["region"] = region, ["subnets"] = subnets };
    }

    public static string? Env(JsonObject document, string name) => (document["env"] as JsonObject)?[name]?.ToString();

    /// <summary>The document with live settings put in that it lacks: someone set them past the add-on, and the next update would drop them.</summary>
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

    private static JsonObject FromYaml(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents is [{ RootNode: YamlMappingNode root }]
            ? (JsonObject)ToJson(root)!
            : throw new InvalidOperationException("it is not one mapping");
    }

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(pair => KeyValuePair.Create($"{pair.Key}", ToJson(pair.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(ToJson)]),
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain } plain => Plain(plain.Value ?? ""),
        _ => ((YamlScalarNode)node).Value,
    };

    private static JsonNode? Plain(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => true,
        "false" => false,
        _ => long.TryParse(text, out var number) ? number : text,
    };
}
