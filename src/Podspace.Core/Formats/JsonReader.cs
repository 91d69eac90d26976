using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Podspace.Formats.Yaml;

namespace Podspace.Formats;

/// <summary>Reads JSON that others wrote, within the limits that YAML has: what System.Text.Json would stumble over later, when a
/// value is taken out, is said at once and with its place.</summary>
public static class JsonReader
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = YamlRules.MaxDepth + 2 };

    /// <summary>Null for the document null too.</summary>
    /// <param name="problem">Why the text is not read; null: it is.</param>
    public static JsonNode? Read(string text, long? mostCharacters, out DocumentProblem? problem)
    {
        var bare = text.StartsWith('\uFEFF') ? text[1..] : text;
        problem = TextCheck.Problem(new StringReader(bare), mostCharacters);
        if (problem is not null)
        {
            return null;
        }
        var utf8 = Encoding.UTF8.GetBytes(bare);
        problem = Problem(utf8);
        return problem is null ? JsonNode.Parse(utf8) : null;
    }

    /// <inheritdoc cref="Read(string, long?, out DocumentProblem?)"/>
    public static JsonNode? Read(ReadOnlySpan<byte> utf8, long mostBytes, out DocumentProblem? problem)
    {
        if (utf8.Length > mostBytes)
        {
            problem = TextCheck.TooLarge(mostBytes);
            return null;
        }
        return Read(Encoding.UTF8.GetString(utf8), mostBytes, out problem);
    }

    private static DocumentProblem? Problem(byte[] utf8)
    {
        var reader = new Utf8JsonReader(utf8, Options);
        var keys = new Stack<HashSet<string>>();
        try
        {
            while (reader.Read())
            {
                if (Problem(ref reader, keys) is var (kind, words, fix))
                {
                    var (line, column) = Place(utf8, reader.TokenStartIndex);
                    return new(kind, line, column, words, fix);
                }
            }
            return null;
        }
        catch (JsonException wrong)
        {
            return new(
                ProblemKind.Broken,
                (int)(wrong.LineNumber ?? 0) + 1,
                (int)(wrong.BytePositionInLine ?? 0) + 1,
                $"This is not JSON: {Reason(wrong)}.",
                "Correct it at this place: a missing comma, quote or bracket, or one too many."
            );
        }
    }

    private static (ProblemKind Kind, string Problem, string Fix)? Problem(ref Utf8JsonReader reader, Stack<HashSet<string>> keys)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray when reader.CurrentDepth >= YamlRules.MaxDepth:
                return (
                    ProblemKind.TooDeep,
                    $"Values are nested more than {YamlRules.MaxDepth} levels deep.",
                    "Nothing that is read here is nested so deep."
                );
            case JsonTokenType.StartObject:
                keys.Push(new(StringComparer.Ordinal));
                return null;
            case JsonTokenType.EndObject:
                keys.Pop();
                return null;
            case JsonTokenType.PropertyName or JsonTokenType.String when Text(ref reader) is null:
                return (
                    ProblemKind.Broken,
                    "Half of a surrogate pair stands in this text, which is no character.",
                    "Write both halves, or none."
                );
            case JsonTokenType.PropertyName when !keys.Peek().Add(reader.GetString()!):
                return (ProblemKind.KeyTwice, $"'{reader.GetString()}' stands here a second time.", "Keep one of the two.");
            default:
                return null;
        }
    }

    // Without escapes it is UTF-8 that was checked already.
    private static string? Text(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return "";
        }
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static (int Line, int Column) Place(ReadOnlySpan<byte> utf8, long at)
    {
        var before = utf8[..(int)at];
        return (before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'));
    }

    private static string Reason(JsonException wrong)
    {
        // Its words end with the place, which is said already.
        var end = wrong.Message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        return (end < 0 ? wrong.Message : wrong.Message[..end]).TrimEnd('.');
    }
}
