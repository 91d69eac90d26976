using System.Text.Json.Nodes;

namespace Podspace.Formats;

/// <summary>JSON with the keys of every map in order, so that two texts of one meaning are one text.</summary>
public static class SortedJson
{
    public static JsonNode? Of(JsonNode? node) =>
        node switch
        {
            JsonObject map => new JsonObject([
                .. map.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, Of(entry.Value))),
            ]),
            JsonArray list => new JsonArray([.. list.Select(Of)]),
            _ => node?.DeepClone(),
        };

    /// <summary>Reports whether everything that is wanted is so; what is there beside it does not matter. Lists must be the same.</summary>
    public static bool Holds(JsonNode? found, JsonNode? wanted) =>
        (found, wanted) switch
        {
            (JsonObject has, JsonObject want) => want.All(pair => Holds(has[pair.Key], pair.Value)),
            _ => JsonNode.DeepEquals(Of(found), Of(wanted)),
        };
}
