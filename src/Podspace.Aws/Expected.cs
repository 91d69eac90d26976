using System.Text.Json;
using System.Text.Json.Nodes;

namespace Podspace.Aws;

/// <summary>What an answer in JSON has to hold. A 2xx with anything else is no answer, and says nothing of what there is.</summary>
internal sealed class Expected
{
    private readonly string member;
    private readonly Func<JsonNode, bool> fits;

    private Expected(string member, Func<JsonNode, bool> fits) => (this.member, this.fits) = (member, fits);

    /// <summary>Only that it was taken; what came with it is not looked at.</summary>
    public static Expected Taken { get; } = new("", _ => true) { MayBeEmpty = true };

    public bool MayBeEmpty { get; private init; }

    /// <summary>An object of this name, with text in one of its own members.</summary>
    public static Expected One(string member, string part) => new(member, node => node is JsonObject found && IsText(found[part]));

    public static Expected Text(string member) => new(member, IsText);

    /// <summary>A list of texts, empty or not.</summary>
    public static Expected Texts(string member) => new(member, node => node is JsonArray list && list.All(IsText));

    /// <summary>A list of objects, empty or not.</summary>
    public static Expected Many(string member) => new(member, node => node is JsonArray list && list.All(item => item is JsonObject));

    /// <summary>What it is instead, to stand behind "was 200 with"; null: it is what was asked for.</summary>
    public string? Problem(JsonNode? answer)
    {
        if (answer is not JsonObject found)
        {
            return $"a JSON {answer?.GetValueKind().ToString().ToLowerInvariant() ?? "null"} where an object was asked for";
        }
        if (member.Length == 0 || (found[member] is { } node && fits(node)))
        {
            return null;
        }
        return found[member] is null ? $"a JSON object without \"{member}\"" : $"a JSON object whose \"{member}\" is not what it has to be";
    }

    private static bool IsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String && node.GetValue<string>().Length > 0;
}
