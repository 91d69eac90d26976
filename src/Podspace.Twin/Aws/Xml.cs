using System.Globalization;
using System.Security;
using System.Text;
using Podspace.Simulation.State;

namespace Podspace.Twin.Aws;

/// <summary>Writes an answer of EC2 or STS, element by element. What is null is not written.</summary>
internal sealed class Xml
{
    private readonly StringBuilder text = new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", 1024);

    public ReadOnlyMemory<byte> ToBytes() => Encoding.UTF8.GetBytes(text.ToString());

    public Xml Text(string name, string? value)
    {
        if (value is not null)
        {
            text.Append('<').Append(name).Append('>').Append(SecurityElement.Escape(value)).Append("</").Append(name).Append('>');
        }
        return this;
    }

    public Xml Text(string name, bool value) => Text(name, value ? "true" : "false");

    public Xml Text(string name, int value) => Text(name, value.ToString(CultureInfo.InvariantCulture));

    public Xml Text(string name, DateTimeOffset? value) =>
        Text(name, value?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    public Xml In(string name, Action<Xml> content) => In(name, "", content);

    /// <param name="space">Namespace of the element and all in it; empty for none.</param>
    public Xml In(string name, string space, Action<Xml> content)
    {
        text.Append('<').Append(name);
        if (space.Length > 0)
        {
            text.Append(" xmlns=\"").Append(space).Append('"');
        }
        text.Append('>');
        content(this);
        text.Append("</").Append(name).Append('>');
        return this;
    }

    /// <summary>A list: each thing is an <c>item</c>.</summary>
    public Xml Each<T>(string name, IEnumerable<T> things, Action<Xml, T> content) =>
        In(
            name,
            list =>
            {
                foreach (var thing in things)
                {
                    list.In("item", item => content(item, thing));
                }
            }
        );

    public Xml Texts(string name, IEnumerable<string> values) =>
        In(
            name,
            list =>
            {
                foreach (var value in values)
                {
                    list.Text("item", value);
                }
            }
        );

    public Xml Tags(IEnumerable<Tag> tags) => Each("tagSet", tags, (item, tag) => item.Text("key", tag.Key).Text("value", tag.Value));

    /// <summary>VPCs, subnets and groups without tags have no <c>tagSet</c> at all, other kinds an empty
    /// one, as the CLI's output of the real service shows.</summary>
    public Xml TagsIfAny(List<Tag> tags) => tags.Count == 0 ? this : Tags(tags);
}
