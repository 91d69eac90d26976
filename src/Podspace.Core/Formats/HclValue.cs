using System.Text.Json;
using System.Text.Json.Nodes;

namespace Podspace.Formats;

/// <summary>A value of Terraform's language. A closed set.</summary>
public abstract record HclValue
{
    private HclValue() { }

    /// <summary>Taken as it is: <c>${</c> in it means nothing.</summary>
    public sealed record Text(string Value) : HclValue;

    /// <summary>A number, <c>true</c>, <c>false</c> or <c>null</c>, as JSON writes it.</summary>
    public sealed record Literal(string Word) : HclValue;

    /// <summary>A plain reference such as <c>aws_subnet.pods.id</c>, or another expression, taken as it stands.</summary>
    public sealed record Reference(string Path) : HclValue;

    public sealed record List(EquatableArray<HclValue> Items) : HclValue;

    /// <summary>Keys in the order in which they are written.</summary>
    public sealed record Map(EquatableArray<HclEntry> Entries) : HclValue
    {
        /// <summary>With a key put in the place of the one of that name, or at the end.</summary>
        public Map With(string key, HclValue value)
        {
            var at = Entries.Index().FirstOrDefault(entry => entry.Item.Key == key, (Entries.Count, new("", value))).Index;
            return new([.. Entries.Take(at), new(key, value), .. Entries.Skip(at + 1)]);
        }

        public HclValue? Find(string key) => Entries.Where(entry => entry.Key == key).Select(entry => entry.Value).FirstOrDefault();
    }

    /// <summary><c>jsonencode(…)</c>.</summary>
    public sealed record Json(Map Document) : HclValue;

    public static implicit operator HclValue(string text) => new Text(text);

    public static implicit operator HclValue(bool flag) => new Literal(flag ? "true" : "false");

    public static implicit operator HclValue(int number) => new Literal(number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public static HclValue From(JsonNode? json) =>
        json switch
        {
            null => new Literal("null"),
            JsonObject map => MapFrom(map),
            JsonArray list => new List(list.Select(From).ToEquatable()),
            _ when json.GetValueKind() == JsonValueKind.String => new Text(json.GetValue<string>()),
            _ => new Literal(json.ToJsonString()),
        };

    public static Map MapFrom(JsonObject map) => new(map.Select(entry => new HclEntry(entry.Key, From(entry.Value))).ToEquatable());
}

/// <param name="Comment">Lines above it that say why; empty: none. JSON has no place for them.</param>
public sealed record HclEntry(string Key, HclValue Value, string Comment = "");

/// <summary>A block such as <c>resource "aws_subnet" "pods" { … }</c>.</summary>
/// <param name="Comment">Lines above it that say why; empty: none.</param>
public sealed record HclBlock(string Type, EquatableArray<string> Labels, EquatableArray<HclEntry> Attributes, string Comment = "")
{
    /// <summary>Blocks in it, after its attributes.</summary>
    public EquatableArray<HclBlock> Blocks { get; init; }

    public static HclBlock Resource(string type, string name, string comment, params ReadOnlySpan<HclEntry> attributes) =>
        new("resource", [type, name], [.. attributes], comment);

    /// <summary>For a resource: <c>aws_subnet.pods</c>.</summary>
    public string Address => string.Join('.', Labels);
}
