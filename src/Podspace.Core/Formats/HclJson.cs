using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Podspace.Formats;

/// <summary>The same blocks in Terraform's JSON syntax. Source: Terraform documentation, "JSON Configuration Syntax".</summary>
internal static class HclJson
{
    /// <param name="head">Words at the top, as a property that Terraform passes over.</param>
    public static string Render(string head, IEnumerable<HclBlock> blocks)
    {
        var root = new JsonObject();
        if (head.Length > 0)
        {
            root["//"] = head;
        }
        foreach (var block in blocks)
        {
            Put(root, block);
        }
        return root.ToPage();
    }

    private static void Put(JsonObject root, HclBlock block)
    {
        var body = new JsonObject();
        if (block.Comment.Length > 0)
        {
            body["//"] = block.Comment;
        }
        foreach (var (key, value, _) in block.Attributes)
        {
            // Addresses in import and removed blocks, and of providers, are read as they are, not as templates.
            body[key] =
                (key == "provider" || block.Type is "import" or "removed") && value is HclValue.Reference address
                    ? address.Path
                    : Node(value);
        }
        foreach (var inner in block.Blocks)
        {
            Put(body, inner);
        }
        if (block.Labels.IsEmpty)
        {
            Child(root, block.Type, new JsonArray()).Add((JsonNode)body);
            return;
        }
        var at = Child(root, block.Type, new JsonObject());
        foreach (var label in block.Labels.SkipLast(1))
        {
            at = Child(at, label, new JsonObject());
        }
        at[block.Labels[^1]] = body;
    }

    private static T Child<T>(JsonObject parent, string key, T empty)
        where T : JsonNode
    {
        if (parent[key] is T there)
        {
            return there;
        }
        parent[key] = empty;
        return empty;
    }

    private static JsonNode? Node(HclValue value) =>
        value switch
        {
            HclValue.Text it => Template(it.Value),
            HclValue.Literal it => JsonNode.Parse(it.Word),
            HclValue.Reference it => $"${{{it.Path}}}",
            HclValue.List it => new JsonArray([.. it.Items.Select(Node)]),
            HclValue.Map it => new JsonObject(it.Entries.Select(entry => KeyValuePair.Create(Template(entry.Key), Node(entry.Value)))),
            // The document itself, with references standing in it: ids hold nothing that JSON would escape.
            HclValue.Json it => Node(it.Document)!.ToLine(),
            _ => throw new UnreachableException($"{value.GetType().Name} has no JSON."),
        };

    private static string Template(string text) =>
        text.Replace("${", "$${", StringComparison.Ordinal).Replace("%{", "%%{", StringComparison.Ordinal);
}
