using System.Text.Json;
using System.Text.Json.Nodes;
using Podspace.Naming;

namespace Podspace.Observed;

/// <summary>What Terraform keeps, as <c>terraform show -json</c> says it: by AWS's ids,
/// because those are what a plan would change.</summary>
public sealed class TerraformState
{
    public static readonly TerraformState None = new();

    private readonly Dictionary<string, string> addresses = new(StringComparer.Ordinal);
    private readonly HashSet<string> inline = new(StringComparer.Ordinal);

    private TerraformState() { }

    /// <summary>Such as <c>module.vpc.aws_vpc.this[0]</c>; null when Terraform does not keep it.</summary>
    public string? AddressOf(string id) => addresses.GetValueOrDefault(id);

    public bool Keeps(AwsId? id) => id is { } known && addresses.ContainsKey(known.Text);

    public bool KeepsAddon(string cluster) => addresses.ContainsKey($"{cluster}:vpc-cni");

    /// <param name="kind">ENIConfig, NodeClass or NodePool.</param>
    public bool KeepsObject(string kind, string name) => addresses.ContainsKey(ObjectKey(kind, name));

    /// <summary>Reports whether a group's rules stand in the group's own resource: the next apply takes out every other one.
    /// Source: aws_security_group, "Avoid using the ingress and egress arguments".</summary>
    public bool HasRulesInline(AwsId group) => inline.Contains(group.Text);

    /// <param name="problem">Why it is none; empty when it could be read.</param>
    public static TerraformState? Parse(string text, out string problem)
    {
        problem = "";
        JsonObject? root;
        try
        {
            root = JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException wrong)
        {
            problem = $"it is not JSON: {wrong.Message}";
            return null;
        }
        if (root?["format_version"] is null)
        {
            problem = root?["resources"] is null
                ? "it has no format_version"
                : "it is the raw state, whose form Terraform promises to nobody";
            return null;
        }
        var state = new TerraformState();
        // Of a saved plan: what there is, not what is wanted.
        var values = (root["prior_state"] as JsonObject ?? root)["values"];
        state.Read(values?["root_module"] as JsonObject);
        return state;
    }

    private void Read(JsonObject? module)
    {
        foreach (var resource in Items(module?["resources"]))
        {
            if (resource["mode"]?.ToString() == "managed" && resource["values"] is JsonObject values)
            {
                Read(resource["type"]?.ToString() ?? "", resource["address"]?.ToString() ?? "", values);
            }
        }
        foreach (var child in Items(module?["child_modules"]))
        {
            Read(child);
        }
    }

    private void Read(string type, string address, JsonObject values)
    {
        var id = values["id"]?.ToString() ?? "";
        switch (type)
        {
            // A rule's older resource has an id of its own making; the rule's own stands beside it.
            case "aws_security_group_rule" when values["security_group_rule_id"]?.ToString() is { Length: > 0 } rule:
                id = rule;
                break;
            case "aws_security_group" when values["ingress"] is JsonArray { Count: > 0 }:
                inline.Add(id);
                break;
            case "kubernetes_manifest" when values["manifest"] is JsonObject manifest:
                id = ObjectKey(manifest["kind"]?.ToString() ?? "", manifest["metadata"]?["name"]?.ToString() ?? "");
                break;
            case "kubectl_manifest":
                id = ObjectKey(values["kind"]?.ToString() ?? "", values["name"]?.ToString() ?? "");
                break;
        }
        if (id.Length > 0)
        {
            addresses[id] = address;
        }
    }

    private static string ObjectKey(string kind, string name) => $"{kind}/{name}";

    private static IEnumerable<JsonObject> Items(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();
}
