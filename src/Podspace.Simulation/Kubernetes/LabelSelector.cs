using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Podspace.Simulation.Kubernetes;

/// <summary>Which labels an object must have. No requirement at all: everything matches.</summary>
public sealed partial class LabelSelector
{
    private readonly List<Requirement> requirements = [];

    private enum Operator
    {
        In,
        NotIn,
        Exists,
        DoesNotExist,

        // Of node affinities and NodePools alone.
        Gt,
        Lt,
    }

    public static readonly LabelSelector Everything = new();

    /// <summary>The text form: <c>app=web,tier!=db,zone in (a,b),!legacy</c>.</summary>
    /// <exception cref="WorldRefusal">BadRequest, 400, when it is none.</exception>
    public static LabelSelector Parse(string text)
    {
        var selector = new LabelSelector();
        foreach (var part in Comma().Split(text).Select(part => part.Trim()).Where(part => part.Length > 0))
        {
            var match = Form().Match(part);
            if (!match.Success)
            {
                throw new WorldRefusal("BadRequest", $"unable to parse requirement: \"{part}\" is no label selector");
            }
            selector.requirements.Add(Read(match));
        }
        return selector;
    }

    /// <summary>The structured form of specs; null matches nothing, and an empty one everything.</summary>
    public static LabelSelector? From(JsonNode? node)
    {
        if (node is null)
        {
            return null;
        }
        var selector = new LabelSelector();
        selector.requirements.AddRange(node.Map("matchLabels").Select(label => new Requirement(label.Key, Operator.In, [label.Value])));
        selector.requirements.AddRange(node.Items("matchExpressions").Select(FromExpression));
        return selector;
    }

    /// <summary>One term of a node affinity.</summary>
    internal static bool MatchesExpressions(IEnumerable<JsonObject> expressions, IReadOnlyDictionary<string, string> labels) =>
        expressions.All(expression => FromExpression(expression).Matches(labels));

    public bool Matches(IReadOnlyDictionary<string, string> labels) => requirements.TrueForAll(requirement => requirement.Matches(labels));

    public bool Matches(JsonObject manifest) => requirements.Count == 0 || Matches(manifest.Map("metadata", "labels"));

    private static Requirement FromExpression(JsonObject expression) =>
        new(
            expression.Text("key") ?? "",
            Enum.TryParse<Operator>(expression.Text("operator"), out var parsed)
                ? parsed
                : throw new WorldRefusal("Invalid", $"\"{expression.Text("operator")}\" is not a valid label selector operator", 422),
            [.. expression.Texts("values")]
        );

    private static Requirement Read(Match match)
    {
        var key = match.Groups["key"].Value;
        if (match.Groups["not"].Success)
        {
            return new(key, Operator.DoesNotExist, []);
        }
        return match.Groups["op"].Value.Trim() switch
        {
            "" => new(key, Operator.Exists, []),
            "=" or "==" => new(key, Operator.In, [match.Groups["value"].Value]),
            "!=" => new(key, Operator.NotIn, [match.Groups["value"].Value]),
            "in" => new(key, Operator.In, Values(match)),
            _ => new(key, Operator.NotIn, Values(match)),
        };
    }

    private static string[] Values(Match match) => match.Groups["values"].Value.Split(',', StringSplitOptions.TrimEntries);

    [GeneratedRegex(@",(?![^(]*\))")]
    private static partial Regex Comma();

    [GeneratedRegex(
        @"^(?:(?<not>!)\s*)?(?<key>[A-Za-z0-9][A-Za-z0-9._/-]*)"
            + @"(?:\s*(?<op>=|==|!=)\s*(?<value>[A-Za-z0-9._-]*)|\s+(?<op>in|notin)\s*\((?<values>[^)]*)\))?$"
    )]
    private static partial Regex Form();

    private sealed record Requirement(string Key, Operator Operator, string[] Values)
    {
        public bool Matches(IReadOnlyDictionary<string, string> labels) =>
            Operator switch
            {
                Operator.In => labels.TryGetValue(Key, out var value) && Values.Contains(value),
                Operator.NotIn => !labels.TryGetValue(Key, out var value) || !Values.Contains(value),
                Operator.Exists => labels.ContainsKey(Key),
                Operator.DoesNotExist => !labels.ContainsKey(Key),
                Operator.Gt => Compared(labels) > 0,
                Operator.Lt => Compared(labels) < 0,
            };

        /// <summary>The label's number against the requirement's; null where either is none, which matches nothing.</summary>
        private int? Compared(IReadOnlyDictionary<string, string> labels) =>
            labels.TryGetValue(Key, out var text)
            && long.TryParse(text, out var number)
            && Values is [var wanted]
            && long.TryParse(wanted, out var bound)
                ? number.CompareTo(bound)
                : null;
    }
}
