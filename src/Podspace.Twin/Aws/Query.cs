using System.Globalization;
using System.Text;
using Podspace.Simulation;

namespace Podspace.Twin.Aws;

/// <summary>The parameters of a Query request, nested at their dots:
/// <c>Filter.1.Value.2</c> is the second value of the first filter.</summary>
internal sealed class Query
{
    private SortedDictionary<string, Query>? children;

    /// <summary>Null where only parameters below have one.</summary>
    public string? Value { get; private set; }

    public IEnumerable<string> Names => children?.Keys ?? Enumerable.Empty<string>();

    /// <param name="form">As in a form's body or behind the question mark of a URL.</param>
    public static Query Parse(string form)
    {
        var query = new Query();
        foreach (var range in form.AsSpan().Split('&'))
        {
            var pair = form.AsSpan()[range];
            var equals = pair.IndexOf('=');
            var name = equals < 0 ? pair : pair[..equals];
            if (name.Length > 0)
            {
                query.At(Decode(name)).Value = equals < 0 ? "" : Decode(pair[(equals + 1)..]);
            }
        }
        return query;
    }

    public static Query Parse(ReadOnlySpan<byte> form) => Parse(Encoding.UTF8.GetString(form));

    public Query? Below(string name) => children is not null && children.TryGetValue(name, out var child) ? child : null;

    public string? Text(string name) => Below(name)?.Value;

    /// <exception cref="WorldRefusal">MissingParameter.</exception>
    public string Required(string name) =>
        Text(name) is { Length: > 0 } value
            ? value
            : throw new WorldRefusal("MissingParameter", $"The request must contain the parameter {Lower(name)}");

    public int? Number(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new WorldRefusal(
                "InvalidParameterValue",
                $"Value ({text}) for parameter {Lower(name)} is invalid. It is not a number."
            );
    }

    public bool Flag(string name) => "true".Equals(Text(name), StringComparison.OrdinalIgnoreCase);

    /// <summary>The items of a list in the order of their numbers.</summary>
    public IEnumerable<Query> Each(string name)
    {
        var list = Below(name);
        return list is null
            ? []
            : list
                .Names.Select(key => (Order: int.TryParse(key, out var order) ? order : int.MaxValue, Item: list.Below(key)!))
                .OrderBy(item => item.Order)
                .Select(item => item.Item);
    }

    public IReadOnlyList<string> Texts(string name) => [.. Each(name).Select(item => item.Value ?? "")];

    /// <summary>As EC2's messages write a parameter's name.</summary>
    private static string Lower(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static string Decode(ReadOnlySpan<char> text) => Uri.UnescapeDataString(text.ToString().Replace('+', ' '));

    private Query At(string path)
    {
        var at = this;
        foreach (var part in path.Split('.'))
        {
            at.children ??= new(StringComparer.Ordinal);
            if (!at.children.TryGetValue(part, out var next))
            {
                at.children[part] = next = new();
            }
            at = next;
        }
        return at;
    }
}
