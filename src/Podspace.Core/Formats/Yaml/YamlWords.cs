using System.Text.RegularExpressions;

namespace Podspace.Formats.Yaml;

/// <summary>What a word without quotes is: YAML 1.2's core schema when read; when written,
/// quoted wherever any YAML version would misread it.</summary>
internal static partial class YamlWords
{
    public static bool IsNull(string text) => text is "" or "~" or "null" or "Null" or "NULL";

    public static bool? Boolean(string text) =>
        text switch
        {
            "true" or "True" or "TRUE" => true,
            "false" or "False" or "FALSE" => false,
            _ => null,
        };

    /// <summary>Reports whether JSON writes the number the same way.</summary>
    public static bool IsNumber(string text) => text.Length > 0 && (char.IsAsciiDigit(text[0]) || text[0] == '-') && Number().IsMatch(text);

    /// <summary>Reports whether the text, written without quotes, is read back as the same text by every common YAML parser.</summary>
    /// <param name="inFlow">Inside brackets or braces, where commas and brackets end a word.</param>
    public static bool CanBePlain(string text, bool inFlow)
    {
        if (text.Length == 0 || !CanStart(text[0]) || text[^1] is ' ' or ':')
        {
            return false;
        }
        for (var i = 0; i < text.Length; i++)
        {
            if (!CanBeInside(text[i]) || (inFlow && text[i] == ',') || (text[i] == ':' && text[i + 1] == ' '))
            {
                return false;
            }
        }
        return !IsMisread(text);
    }

    /// <summary>Letters that have no meaning of their own anywhere in a word, in any parser: some
    /// trip over a quote or an asterisk behind a space.</summary>
    public static bool CanBeInside(char c) =>
        char.IsAsciiLetterOrDigit(c)
        || c
            is ' '
                or '/'
                or '_'
                or '.'
                or '-'
                or ':'
                or '+'
                or '@'
                or '%'
                or '='
                or '('
                or ')'
                or '$'
                or '^'
                or ';'
                or ','
                or '\''
                or '<'
                or '>';

    // A word may start with these in every style; the many others that may in some are quoted.
    private static bool CanStart(char c) => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '.' or '$' or '(' or '+' or '^';

    private static bool IsMisread(string text)
    {
        if (char.IsAsciiDigit(text[0]) || text[0] is '+' or '.')
        {
            return NumberLike().IsMatch(text);
        }
        return text.Length <= 5 && text.ToLowerInvariant() is "null" or "true" or "false" or "yes" or "no" or "on" or "off" or "y" or "n";
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$")]
    private static partial Regex Number();

    // Also what YAML 1.1 takes for a number or a date: octal, 1_000, 12:30, 2026-01-31…
    [GeneratedRegex(
        @"^[-+]?(0[xX][0-9a-fA-F_]+|0o[0-7_]+|0b[01_]+|[0-9][0-9_]*(:[0-9]+)*\.?[0-9_]*([eE][-+]?[0-9]+)?|\.[0-9_]+([eE][-+]?[0-9]+)?|\.(inf|Inf|INF|nan|NaN|NAN))$|^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?$"
    )]
    private static partial Regex NumberLike();
}
