using System.Text.RegularExpressions;

namespace Podspace.Formats.Yaml;

/// <summary>Which words need no quotes: YAML calls that the plain style. A word is quoted wherever
/// any parser of any YAML version would misread it.</summary>
internal static partial class PlainStyle
{
    /// <summary>Reports whether the text, written without quotes, is read back as the same text by every common YAML parser.</summary>
    /// <param name="inFlow">Inside brackets or braces, where commas and brackets end a word.</param>
    public static bool Suits(string text, bool inFlow)
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
        return ScalarSchema.Read(text).Kind == ScalarKind.Text && !IsOfAnotherSchema(text);
    }

    private static bool IsOfAnotherSchema(string text) =>
        (char.IsAsciiDigit(text[0]) || text[0] is '+' or '.') && OfOtherSchemas().IsMatch(text);

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

    // What only YAML 1.1 or 1.2 takes for a number or a date: 12:30, 0o8, 2026-01-31.
    [GeneratedRegex(
        @"^([-+]?(0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|"
            + @"[0-9][0-9_]*(:[0-9]+)*\.?[0-9_]*([eE][-+]?[0-9]+)?|\.[0-9_]+([eE][-+]?[0-9]+)?)|"
            + @"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?)\z"
    )]
    private static partial Regex OfOtherSchemas();
}
