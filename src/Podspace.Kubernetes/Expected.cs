using System.Text.Json;
using System.Text.Json.Nodes;
using Podspace.Model;

namespace Podspace.Kubernetes;

/// <summary>What the answer to a call has to hold. A 2xx with anything else, as a proxy gives it, says nothing of what there is.</summary>
internal abstract record Expected
{
    private Expected() { }

    /// <summary>Reports whether a body without a word is an answer too.</summary>
    public virtual bool MayBeEmpty => false;

    /// <summary>What it is instead, to stand behind "was 200 with"; null: it is what was asked for.</summary>
    public string? Problem(JsonNode? answer) =>
        answer is JsonObject found ? Problem(found) : $"a JSON {Name(answer)} where {Asked} was asked for";

    protected abstract string Asked { get; }

    protected abstract string? Problem(JsonObject answer);

    /// <summary>The object itself.</summary>
    public sealed record One(ObjectKey Key) : Expected
    {
        protected override string Asked => $"{Key}";

        protected override string? Problem(JsonObject answer)
        {
            var (kind, name) = (Text(answer, "kind"), Text(answer["metadata"], "name"));
            if (!IsOf(kind, Key.Plural) || Text(answer, "apiVersion") != Key.Api)
            {
                return Instead(answer);
            }
            return name == Key.Name ? null : $"{kind} \"{name}\" where {Asked} was asked for";
        }
    }

    /// <summary>A list, empty or not; its items need not say their kind.</summary>
    public sealed record Many(string Api, string Plural) : Expected
    {
        private const string Suffix = "List";

        protected override string Asked => $"a list of {Plural}";

        protected override string? Problem(JsonObject answer)
        {
            var kind = Text(answer, "kind");
            var isList = kind.EndsWith(Suffix, StringComparison.Ordinal) && IsOf(kind[..^Suffix.Length], Plural);
            if (!isList || Text(answer, "apiVersion") != Api)
            {
                return Instead(answer);
            }
            if (answer["items"] is not JsonArray items)
            {
                return $"a {kind} without items";
            }
            var areNamed = items.All(item => Text((item as JsonObject)?["metadata"], "name").Length > 0);
            return areNamed ? null : $"a {kind} in which an item has no name";
        }
    }

    /// <summary>The list of what an API version serves.</summary>
    public sealed record Resources : Expected
    {
        protected override string Asked => "an APIResourceList";

        protected override string? Problem(JsonObject answer) =>
            Text(answer, "kind") == "APIResourceList" && answer["resources"] is JsonArray ? null : Instead(answer);
    }

    /// <summary>Whether something is allowed.</summary>
    public sealed record Review : Expected
    {
        protected override string Asked => "a SelfSubjectAccessReview with its status";

        protected override string? Problem(JsonObject answer)
        {
            var allowed = (answer["status"] as JsonObject)?["allowed"]?.GetValueKind();
            var isSaid = allowed is JsonValueKind.True or JsonValueKind.False;
            return Text(answer, "kind") == "SelfSubjectAccessReview" && isSaid ? null : Instead(answer);
        }
    }

    /// <summary>Only that it was taken: a Status, or what it was done to, as servers differ in this.</summary>
    public sealed record Taken(ObjectKey Key) : Expected
    {
        public override bool MayBeEmpty => true;

        protected override string Asked => "a Status";

        protected override string? Problem(JsonObject answer)
        {
            var kind = Text(answer, "kind");
            var isTaken = kind == "Status" ? Text(answer, "status") != "Failure" : kind == "Eviction" || IsOf(kind, Key.Plural);
            return isTaken ? null : Instead(answer);
        }
    }

    /// <summary>A member that is text; empty where there is none.</summary>
    public static string Text(JsonNode? node, string name) =>
        (node as JsonObject)?[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "";

    // As Kubernetes itself makes one of the other: apimachinery, meta.UnsafeGuessKindToResource.
    private static bool IsOf(string kind, string plural)
    {
        var one = kind.ToLowerInvariant();
        return one.Length > 0 && (plural == $"{one}s" || plural == $"{one}es" || (one[^1] == 'y' && plural == $"{one[..^1]}ies"));
    }

    private static string Name(JsonNode? answer) => answer?.GetValueKind().ToString().ToLowerInvariant() ?? "null";

    private string Instead(JsonObject answer)
    {
        var kind = Text(answer, "kind");
        var api = Text(answer, "apiVersion");
        var what = kind.Length == 0 ? "a JSON object without a kind" : $"a {kind} of apiVersion \"{api}\"";
        return $"{what} where {Asked} was asked for";
    }
}
