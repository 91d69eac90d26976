using System.Text.Json;
using System.Text.Json.Nodes;
using Podspace.Formats;
using Podspace.Formats.Yaml;
using Podspace.Model;

namespace Podspace.Cni;

/// <summary>What of the vpc-cni add-on's configuration values concerns a pod network. The document
/// may be JSON or YAML; EKS gives it back as it was sent.</summary>
/// <param name="Env">Sorted by name.</param>
/// <param name="EniConfigs">By zone: subnet id and groups; empty when the document creates none.</param>
/// <param name="IsReadable">False: there is a document, and it is neither JSON nor one that could be read.</param>
public sealed record AddonValues(EquatableArray<EnvSetting> Env, EquatableArray<SeenEniConfig> EniConfigs, bool IsReadable)
{
    public static readonly AddonValues Empty = new([], [], true);

    public string? Setting(string name)
    {
        foreach (var setting in Env)
        {
            if (setting.Name == name)
            {
                return setting.Value;
            }
        }
        return null;
    }

    public static AddonValues Parse(string document)
    {
        if (string.IsNullOrWhiteSpace(document))
        {
            return Empty;
        }
        return Root(document) is { } root
            ? new(ReadEnv(root["env"]), ReadEniConfigs(root["eniConfig"]), true)
            : Empty with
            {
                IsReadable = false,
            };
    }

    /// <summary>The whole document as JSON; null when it is not one that could be read. An empty text is the empty document.</summary>
    public static JsonObject? Root(string document) => Root(document, out _);

    /// <inheritdoc cref="Root(string)"/>
    /// <param name="problem">Why it could not be read, with its place; empty when it could.</param>
    public static JsonObject? Root(string document, out string problem)
    {
        problem = "";
        if (string.IsNullOrWhiteSpace(document))
        {
            return [];
        }
        if (Read(document, out var found) is JsonObject root)
        {
            return root;
        }
        problem = found?.ToString() ?? "it is no map of keys";
        return null;
    }

    // YAML's flow style also begins with a brace.
    private static JsonNode? Read(string document, out DocumentProblem? problem)
    {
        if (document.AsSpan().TrimStart() is ['{', ..])
        {
            var json = JsonReader.Read(document, YamlRules.MostOfAPage, out problem);
            if (problem is null or not { Kind: ProblemKind.Broken })
            {
                return json;
            }
        }
        return YamlJson.Read(document, out problem);
    }

    private static EquatableArray<EnvSetting> ReadEnv(JsonNode? node) =>
        node is JsonObject env
            ? env.Select(entry => new EnvSetting(entry.Key, Text(entry.Value)))
                .OrderBy(setting => setting.Name, StringComparer.Ordinal)
                .ToEquatable()
            : [];

    private static EquatableArray<SeenEniConfig> ReadEniConfigs(JsonNode? node)
    {
        if (node is not JsonObject configs || Text(configs["create"]) != "true" || configs["subnets"] is not JsonObject subnets)
        {
            return [];
        }
        return subnets
            .Select(entry => new SeenEniConfig(
                entry.Key,
                Text((entry.Value as JsonObject)?["id"]),
                Groups((entry.Value as JsonObject)?["securityGroups"]),
                null,
                ["eks"]
            ))
            .OrderBy(config => config.Name, StringComparer.Ordinal)
            .ToEquatable();
    }

    private static EquatableArray<string> Groups(JsonNode? node) =>
        node is JsonArray groups ? groups.Select(Text).Order(StringComparer.Ordinal).ToEquatable() : [];

    private static string Text(JsonNode? node) =>
        node switch
        {
            null => "",
            JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
            _ => node.ToJsonString(),
        };
}
