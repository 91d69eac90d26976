using System.Text;
using System.Text.RegularExpressions;
using Podspace.Naming;
using Podspace.Observed;

namespace Podspace.Steps.Text;

/// <summary>Commands for a POSIX shell. Whatever a name holds, it stays one word; what is made on the way is a variable.</summary>
internal static partial class Shell
{
    /// <summary>Longer commands get a line for each option.</summary>
    private const int Width = 110;

    /// <summary>Stands in a word for a variable until <see cref="Word"/> or <see cref="Document"/> puts it in.</summary>
    public static string Variable(string name) => $"@@{name}@@";

    /// <summary>POD_SUBNET_EU_WEST_1B_0 for pods-eu-west-1b-0.</summary>
    public static string VariableOf(string kind, ResourceName name)
    {
        var rest = name.Text == ResourceNames.Pods ? "" : name.Text[(ResourceNames.Pods.Length + 1)..];
        return $"POD_{kind}{(rest.Length == 0 ? "" : "_")}"
            + $"{string.Concat(rest.Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToUpperInvariant(letter) : '_'))}";
    }

    /// <summary>One word: bare where it may be, else quoted, with variables in double quotes between.</summary>
    public static string Word(string text)
    {
        if (Plain().IsMatch(text))
        {
            return text;
        }
        if (Plain().IsMatch(Variables().Replace(text, "x")))
        {
            return $"\"{Variables().Replace(text, match => Filled(match, text))}\"";
        }
        var word = new StringBuilder();
        var at = 0;
        foreach (Match variable in Variables().Matches(text))
        {
            Quote(word, text[at..variable.Index]);
            word.Append($"\"${variable.Groups[1].Value}\"");
            at = variable.Index + variable.Length;
        }
        Quote(word, text[at..]);
        return word.Length == 0 ? "''" : word.ToString();
    }

    /// <summary>In braces where the text goes on in a way that would lengthen its name.</summary>
    private static string Filled(Match variable, string text)
    {
        var (name, end) = (variable.Groups[1].Value, variable.Index + variable.Length);
        return end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_') ? $"${{{name}}}" : $"${name}";
    }

    /// <summary>A command and its options; an option is a flag alone, or a flag and the words behind it.</summary>
    public static string Command(string command, params IEnumerable<string[]> options)
    {
        var parts = options.Select(option => string.Join(' ', option.Select(Word))).ToList();
        var line = string.Join(' ', parts.Prepend(command));
        return line.Length <= Width ? line : string.Join(" \\\n    ", parts.Prepend(command));
    }

    /// <summary>Text that a command reads, with its variables filled in by the shell.</summary>
    public static string Document(string before, string text)
    {
        var end = "EOF";
        while (text.Split('\n').Contains(end))
        {
            end += "F";
        }
        var escaped = Special().Replace(text, match => "\\" + match.Value);
        return $"{before} <<{end}\n{Variables().Replace(escaped, match => $"${{{match.Groups[1].Value}}}").TrimEnd('\n')}\n{end}";
    }

    /// <summary>Asks until the answer is as wanted.</summary>
    public static string Until(string command, string answer) => $"until [ \"$({command})\" = {Word(answer)} ]; do sleep 2; done";

    private static void Quote(StringBuilder word, string text)
    {
        if (text.Length > 0)
        {
            word.Append('\'').Append(text.Replace("'", "'\\''", StringComparison.Ordinal)).Append('\'');
        }
    }

    [GeneratedRegex("^[A-Za-z0-9_%+=:,./-]+$")]
    private static partial Regex Plain();

    [GeneratedRegex("@@(POD_[A-Z0-9_]+)@@")]
    private static partial Regex Variables();

    // What a shell would act on in a document whose end is not quoted. Source: POSIX.1-2024, "Here-Document".
    [GeneratedRegex(@"[\\$`]")]
    private static partial Regex Special();
}
