using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Podspace.Formats;

/// <summary>JSON as everything here writes it: arrows and quotes stay readable, for it never stands inside HTML.</summary>
public static class JsonText
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>For people and files: indented, with a line end behind it.</summary>
    public static string ToPage(this JsonNode document) => document.ToJsonString(Indented) + "\n";

    /// <summary>All in one line, with none behind it.</summary>
    public static string ToLine(this JsonNode node) => node.ToJsonString(Plain);
}
