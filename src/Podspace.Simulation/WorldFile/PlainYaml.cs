using System.Buffers;

namespace Podspace.Simulation.WorldFile;

/// <summary>Reads the part of YAML in which world files are written, many times as fast as a parser of all of YAML.</summary>
/// <remarks>
/// Whatever it is not sure of (tabs, anchors, folded text, comments behind values, keys
/// standing twice, mistakes of any kind) it gives up on by
/// answering null, and <see cref="YamlTreeReader"/> reads the whole text instead: this one
/// reports nothing, and reads nothing otherwise than that one.
/// </remarks>
internal sealed partial class PlainYaml
{
    private const int MaxDepth = 50;

    private static readonly SearchValues<char> Usual = SearchValues.Create(['\n', .. Enumerable.Range(' ', 95).Select(c => (char)c)]);

    private readonly string text;
    private int pos;
    private int line = 1;
    private int lineStart;
    private int depth;

    private PlainYaml(string text) => this.text = text;

    /// <summary>Null when this is not for it to read.</summary>
    public static YamlTree? Read(string text)
    {
        if (text.AsSpan().ContainsAnyExcept(Usual))
        {
            return null;
        }
        var yaml = new PlainYaml(text);
        yaml.FindLine();
        var root = yaml.Column == 0 ? yaml.Block() : null;
        return yaml.AtEnd ? root : null;
    }

    /// <summary>From 0.</summary>
    private int Column => pos - lineStart;

    private bool AtEnd => pos >= text.Length;

    private char Here => At(pos);

    private char Next => At(pos + 1);

    /// <summary>The end of the text looks like the end of a line.</summary>
    private char At(int index) => index < text.Length ? text[index] : '\n';

    /// <summary>Goes to the first letter of the line that says something, this one or a later one.</summary>
    private void FindLine()
    {
        while (!AtEnd)
        {
            while (Here == ' ')
            {
                pos++;
            }
            if (Here is not ('#' or '\n'))
            {
                return;
            }
            var end = text.IndexOf('\n', pos);
            StartLine(end < 0 ? text.Length : end + 1);
        }
    }

    private void StartLine(int at)
    {
        pos = at;
        lineStart = at;
        line++;
    }

    /// <summary>Every value ends with this: behind it stands the first letter of the next line that says something.</summary>
    private bool EndLine()
    {
        if (Here != '\n')
        {
            return false;
        }
        if (!AtEnd)
        {
            StartLine(pos + 1);
            FindLine();
        }
        return true;
    }

    private bool IsMark(char mark) => Here == mark && Next is (' ' or '\n');

    private YamlTree? Block()
    {
        if (++depth > MaxDepth)
        {
            return null;
        }
        YamlTree? block = IsMark('-') ? List() : Map();
        depth--;
        return block;
    }

    private YamlTree.Map? Map()
    {
        var indent = Column;
        var map = new YamlTree.Map(line, indent + 1);
        do
        {
            if (Key(inFlow: false) is not { } key || !IsMark(':') || map.Find(key.Text) is not null)
            {
                return null;
            }
            pos++;
            if (Behind(indent) is not { } value)
            {
                return null;
            }
            map.Entries.Add((key, value));
        } while (!AtEnd && Column == indent);
        return AtEnd || Column < indent ? map : null;
    }

    private YamlTree.List? List()
    {
        var indent = Column;
        var list = new YamlTree.List(line, indent + 1);
        do
        {
            if (!IsMark('-'))
            {
                return null;
            }
            pos++;
            if ((Here == ' ' && StartsMap(pos + 1) ? MapBehindDash() : Behind(indent)) is not { } item)
            {
                return null;
            }
            list.Items.Add(item);
        } while (!AtEnd && Column == indent);
        return AtEnd || Column < indent ? list : null;
    }

    private YamlTree.Map? MapBehindDash()
    {
        pos++;
        if (++depth > MaxDepth)
        {
            return null;
        }
        var map = Map();
        depth--;
        return map;
    }

    /// <summary>The value behind a colon or a dash: on this line, or a block on the next ones.</summary>
    private YamlTree? Behind(int indent)
    {
        if (Here == '\n')
        {
            return EndLine() && !AtEnd && Column > indent ? Block() : null;
        }
        pos++;
        if (Here == '|')
        {
            return Literal(indent);
        }
        YamlTree? value =
            Here is '[' or '{' ? Flow(indent)
            : Here is '"' or '\'' ? Quoted()
            : Word(inFlow: false);
        return value is not null && EndLine() && (AtEnd || Column <= indent) ? value : null;
    }

    /// <summary>Reports whether a key starts there, rather than a word that is a list's item.</summary>
    private bool StartsMap(int at)
    {
        if (At(at) is '[' or '{' or '|')
        {
            return false;
        }
        if (At(at) is '"' or '\'')
        {
            var quote = text[at];
            do
            {
                at += quote == '"' && At(at) == '\\' ? 2 : 1;
            } while (At(at) != quote && At(at) != '\n');
            return At(at + 1) == ':';
        }
        while (At(at) != '\n' && !(At(at) == ':' && At(at + 1) is (' ' or '\n')))
        {
            at++;
        }
        return At(at) == ':';
    }

    private YamlTree? Flow(int indent)
    {
        if (++depth > MaxDepth)
        {
            return null;
        }
        YamlTree? flow = Here == '{' ? FlowMap(indent) : FlowList(indent);
        depth--;
        return flow;
    }

    private YamlTree.Map? FlowMap(int indent)
    {
        var map = new YamlTree.Map(line, Column + 1);
        pos++;
        while (Here != '}')
        {
            if (Key(inFlow: true) is not { } key || Here != ':' || Next != ' ' || map.Find(key.Text) is not null)
            {
                return null;
            }
            pos += 2;
            if (FlowValue(indent) is not { } value || !Comma(indent, '}'))
            {
                return null;
            }
            map.Entries.Add((key, value));
        }
        pos++;
        return map;
    }

    private YamlTree.List? FlowList(int indent)
    {
        var list = new YamlTree.List(line, Column + 1);
        pos++;
        while (Here != ']')
        {
            if (FlowValue(indent) is not { } item || !Comma(indent, ']'))
            {
                return null;
            }
            list.Items.Add(item);
        }
        pos++;
        return list;
    }

    private YamlTree? FlowValue(int indent) =>
        Here is '[' or '{' ? Flow(indent)
        : Here is '"' or '\'' ? Quoted()
        : Word(inFlow: true);

    /// <summary>A comma with the space or the end of a line behind it, and another value after that; or the end of the list.</summary>
    private bool Comma(int indent, char end)
    {
        if (Here == end)
        {
            return true;
        }
        if (Here != ',')
        {
            return false;
        }
        pos++;
        if (Here == '\n')
        {
            return !AtEnd && EndLine() && !AtEnd && Column > indent && Here != end;
        }
        pos++;
        return At(pos - 1) == ' ' && Here is not (' ' or '\n') && Here != end;
    }
}
