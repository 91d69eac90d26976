using System.Globalization;
using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Podspace.Formats.Toml;

/// <param name="Path">Never empty. A table's own line has a path and no value, and so has a value of several parts.</param>
/// <param name="Value">A whole number in decimal digits, or the text itself; null: something else.</param>
/// <param name="Line">From 1, as is the column.</param>
internal sealed record TomlEntry(EquatableArray<string> Path, string? Value, int Line, int Column);

/// <summary>TOML as a list of all that it says, however it says it: by tables, dotted keys or inline tables.</summary>
/// <remarks>By Tomlyn's syntax tree: its serializer warns when published natively.</remarks>
internal static class TomlText
{
    /// <param name="problem">Where the text stops being TOML, and why. Without its words, which may be secret: Tomlyn's own repeat
    /// them. Empty when it is TOML.</param>
    /// <returns>In the text's order; null when it is not TOML.</returns>
    public static IReadOnlyList<TomlEntry>? Read(string text, out string problem)
    {
        try
        {
            var document = SyntaxParser.Parse(text);
            problem = document.Diagnostics.FirstOrDefault(one => one.Kind == DiagnosticMessageKind.Error) is { } wrong ? Said(wrong) : "";
            return problem.Length == 0 ? [.. Of([], document.KeyValues), .. document.Tables.SelectMany(Of)] : null;
        }
        catch (TomlException)
        {
            // The parser stops at a depth of 64, and this is the one thing that it throws for.
            problem = "values are nested too deep";
            return null;
        }
    }

    private static string Said(DiagnosticMessage wrong)
    {
        var place = $"line {wrong.Span.Start.Line + 1}, column {wrong.Span.Start.Column + 1}";
        return wrong.Message.Contains("already defined", StringComparison.Ordinal)
            ? $"{place}: a key or a table stands there a second time"
            : $"{place}: a key, a value or a bracket is missing there, or not written as TOML wants it";
    }

    private static IEnumerable<TomlEntry> Of(TableSyntaxBase table)
    {
        string[] path = [.. Parts(table.Name)];
        return Of(path, table.Items).Prepend(At(path, null, table));
    }

    private static IEnumerable<TomlEntry> Of(string[] above, IEnumerable<KeyValueSyntax> pairs) =>
        pairs.SelectMany(pair => Of([.. above, .. Parts(pair.Key)], pair.Value));

    private static IEnumerable<TomlEntry> Of(string[] path, ValueSyntax? value)
    {
        var own = At(path, Text(value), value);
        return value is InlineTableSyntax table ? Of(path, table.Items.Select(item => item.KeyValue!)).Prepend(own) : [own];
    }

    private static TomlEntry At(string[] path, string? value, SyntaxNode? node)
    {
        var start = node?.Span.Start ?? default;
        return new(path.ToEquatable(), value, start.Line + 1, start.Column + 1);
    }

    private static string? Text(ValueSyntax? value) =>
        value switch
        {
            IntegerValueSyntax number => number.Value.ToString(CultureInfo.InvariantCulture),
            StringValueSyntax text => text.Value,
            _ => null,
        };

    private static IEnumerable<string> Parts(KeySyntax? key) =>
        key is null ? [] : key.DotKeys.Select(dotted => dotted.Key).Prepend(key.Key).Select(Part);

    private static string Part(BareKeyOrStringValueSyntax? part) =>
        part switch
        {
            BareKeySyntax bare => bare.Key?.Text ?? "",
            StringValueSyntax quoted => quoted.Value ?? "",
            _ => "",
        };
}
