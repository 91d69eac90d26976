using System.Text;

namespace Podspace.Spec;

/// <summary>The table of every setting in docs/overlay.md, made from the parser's own key table.</summary>
internal static class OverlayReference
{
    /// <summary>Markdown; ends with a line feed.</summary>
    public static string Text()
    {
        var text = new StringBuilder("| Setting | Value | Left out | Meaning |\n|---|---|---|---|\n");
        foreach (var (path, key) in OverlayKeys.All())
        {
            text.Append("| `")
                .Append(path)
                .Append("` | ")
                .Append(Escape(Value(key.Shape)))
                .Append(" | ")
                .Append(key.Default is null ? "**required**" : Escape(key.Default))
                .Append(" | ")
                .Append(Escape(key.Meaning))
                .Append(" |\n");
        }
        return text.ToString();
    }

    private static string Value(Shape shape) =>
        shape switch
        {
            Shape.Text text => text.Format.Meaning,
            Shape.Choice choice => string.Join(", ", choice.Values.Select(value => $"`{value}`")),
            Shape.Number number => $"{number.Min} to {number.Max}",
            Shape.Flag flag => string.Join(", ", flag.Others.Append("true").Append("false").Select(value => $"`{value}`")),
            Shape.List { Item: Shape.Map } => "list of the following",
            Shape.List list => $"list; each {Value(list.Item)}",
            Shape.OneOrList either => $"{Value(either.One)}; or a list, each {Value(either.Item)}",
            Shape.Dictionary dictionary => $"map; each key {dictionary.KeyFormat.Meaning}, each value {Value(dictionary.Value)}",
            _ => "map of the following",
        };

    private static string Escape(string text) => text.Replace("|", "\\|");
}
