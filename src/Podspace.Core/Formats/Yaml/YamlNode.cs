namespace Podspace.Formats.Yaml;

/// <summary>One node of a YAML document, with where it stands; line and column start at 1. Mutable, so that
/// pasted forms can be rewritten in it; one that stands behind several aliases is one object.</summary>
internal abstract class YamlNode(int line, int column)
{
    public int Line { get; } = line;

    public int Column { get; } = column;

    /// <summary>As people call it.</summary>
    public string Shape =>
        this switch
        {
            Scalar => "a single value",
            Sequence => "a list",
            _ => "a map",
        };

    /// <param name="isPlain">Written without quotes: only then can it be a number, true, false or null.</param>
    internal sealed class Scalar(string text, bool isPlain, int line, int column) : YamlNode(line, column)
    {
        public string Text { get; } = text;

        public bool IsPlain { get; } = isPlain;

        public ScalarValue Value => IsPlain ? ScalarSchema.Read(Text) : ScalarValue.OfText;

        public bool IsNull => IsPlain && ScalarSchema.IsNull(Text);
    }

    internal sealed class Sequence(int line, int column) : YamlNode(line, column)
    {
        public List<YamlNode> Items { get; } = [];
    }

    /// <summary>Entries in the file's order; no key stands in it twice.</summary>
    internal sealed class Mapping(int line, int column) : YamlNode(line, column)
    {
        public List<(Scalar Key, YamlNode Value)> Entries { get; } = [];

        public YamlNode? Find(string key)
        {
            foreach (var (name, value) in Entries)
            {
                if (name.Text == key)
                {
                    return value;
                }
            }
            return null;
        }

        public void Remove(string key) => Entries.RemoveAll(entry => entry.Key.Text == key);

        public void Set(string key, YamlNode value)
        {
            var index = Entries.FindIndex(entry => entry.Key.Text == key);
            if (index < 0)
            {
                Entries.Add((new Scalar(key, true, value.Line, value.Column), value));
                return;
            }
            Entries[index] = (Entries[index].Key, value);
        }
    }
}
