using System.Buffers;

namespace Podspace.Formats.Yaml;

/// <summary>Reads the part of YAML in which world files are written, many times as fast as a parser of all of YAML.</summary>
/// <remarks>
/// Whatever it is not sure of (tabs, anchors, folded text, comments behind values, keys
/// standing twice, mistakes of any kind) it gives up on by
/// answering null, and <see cref="YamlReader"/> reads the whole text instead: this one
/// reports nothing, and reads nothing otherwise than that one.
/// </remarks>
internal sealed partial class PlainYaml
{
    private const int MaxDepth = 50;

    private const int FirstLength = 1 << 14;

    private static readonly SearchValues<char> Usual = SearchValues.Create(['\n', .. Enumerable.Range(' ', 95).Select(c => (char)c)]);

    private readonly TextReader text;
    private readonly long mostCharacters;

    // Whole lines, from the one that is read on: nothing looks further ahead than to its line's end.
    private char[] buffer = new char[FirstLength];
    private int filled;
    private long total;
    private bool isUnusual;

    private int pos;
    private int line = 1;
    private int lineStart;
    private int depth;

    private PlainYaml(TextReader text, long? mostCharacters)
    {
        this.text = text;
        this.mostCharacters = mostCharacters ?? long.MaxValue;
    }

    /// <summary>Null when this is not for it to read.</summary>
    public static YamlNode? Read(TextReader text, long? mostCharacters)
    {
        var yaml = new PlainYaml(text, mostCharacters);
        yaml.Fill();
        yaml.FindLine();
        var root = yaml.Column == 0 ? yaml.Block() : null;
        return yaml.AtEnd && !yaml.isUnusual ? root : null;
    }

    /// <summary>Sees to it that the line which starts at <see cref="lineStart"/> is in the buffer to its end.</summary>
    private void Fill()
    {
        var seen = lineStart;
        while (!buffer.AsSpan(seen, filled - seen).Contains('\n'))
        {
            seen = filled - lineStart;
            if (lineStart > 0)
            {
                buffer.AsSpan(lineStart, seen).CopyTo(buffer);
                (pos, lineStart, filled) = (pos - lineStart, 0, seen);
            }
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
            var more = text.ReadBlock(buffer, filled, buffer.Length - filled);
            if (more == 0)
            {
                return;
            }
            total += more;
            if (total > mostCharacters || buffer.AsSpan(filled, more).ContainsAnyExcept(Usual))
            {
                // What was read so far is let go, so that the end comes at once.
                (isUnusual, pos, lineStart, filled) = (true, 0, 0, 0);
                return;
            }
            filled += more;
        }
    }

    /// <summary>From 0.</summary>
    private int Column => pos - lineStart;

    private bool AtEnd => pos >= filled;

    private char Here => At(pos);

    private char Next => At(pos + 1);

    /// <summary>The end of the text looks like the end of a line.</summary>
    private char At(int index) => index < filled ? buffer[index] : '\n';

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
            StartLine(Math.Min(LineEnd + 1, filled));
        }
    }

    /// <summary>Where the line ends that is read: at its line feed, or at the end of the text.</summary>
    private int LineEnd => buffer.AsSpan(pos, filled - pos).IndexOf('\n') is var found and >= 0 ? pos + found : filled;

    private void StartLine(int at)
    {
        pos = at;
        lineStart = at;
        line++;
        Fill();
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

    private YamlNode? Block()
    {
        if (++depth > MaxDepth)
        {
            return null;
        }
        YamlNode? block = IsMark('-') ? Sequence() : Mapping();
        depth--;
        return block;
    }

    private YamlNode.Mapping? Mapping()
    {
        var indent = Column;
        var map = new YamlNode.Mapping(line, indent + 1);
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

    private YamlNode.Sequence? Sequence()
    {
        var indent = Column;
        var list = new YamlNode.Sequence(line, indent + 1);
        do
        {
            if (!IsMark('-'))
            {
                return null;
            }
            pos++;
            if ((Here == ' ' && StartsMapping(pos + 1) ? MappingBehindDash() : Behind(indent)) is not { } item)
            {
                return null;
            }
            list.Items.Add(item);
        } while (!AtEnd && Column == indent);
        return AtEnd || Column < indent ? list : null;
    }

    private YamlNode.Mapping? MappingBehindDash()
    {
        pos++;
        if (++depth > MaxDepth)
        {
            return null;
        }
        var map = Mapping();
        depth--;
        return map;
    }

    /// <summary>The value behind a colon or a dash: on this line, or a block on the next ones.</summary>
    private YamlNode? Behind(int indent)
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
        var value = Here is '[' or '{' ? Flow(indent) : Scalar(inFlow: false);
        return value is not null && EndLine() && (AtEnd || Column <= indent) ? value : null;
    }

    /// <summary>Reports whether a key starts there, rather than a word that is a list's item.</summary>
    private bool StartsMapping(int at)
    {
        if (At(at) is '[' or '{' or '|')
        {
            return false;
        }
        if (At(at) is '"' or '\'')
        {
            var quote = At(at);
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

    private YamlNode? Flow(int indent)
    {
        if (++depth > MaxDepth)
        {
            return null;
        }
        YamlNode? flow = Here == '{' ? FlowMapping(indent) : FlowSequence(indent);
        depth--;
        return flow;
    }

    private YamlNode.Mapping? FlowMapping(int indent)
    {
        var map = new YamlNode.Mapping(line, Column + 1);
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

    private YamlNode.Sequence? FlowSequence(int indent)
    {
        var list = new YamlNode.Sequence(line, Column + 1);
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

    private YamlNode? FlowValue(int indent) => Here is '[' or '{' ? Flow(indent) : Scalar(inFlow: true);

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
