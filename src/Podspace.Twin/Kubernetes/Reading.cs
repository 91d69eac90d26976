using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Podspace.Simulation;
using Podspace.Simulation.Kubernetes;

namespace Podspace.Twin.Kubernetes;

/// <summary>Objects and lists in the shape that the client asked for: whole, metadata only, or as a table.</summary>
internal static class Reading
{
    public static TwinResponse Shown(KubeRequest request, Target target, JsonObject found, int status, World world)
    {
        if (request.WantsTable && target.Subresource.Length == 0)
        {
            return Answers.Json(status, Tables.Of(target.Kind, [found], IncludeObject(request), world, found.Version(), withColumns: true));
        }
        return Answers.Json(status, Face(request, target, found));
    }

    /// <summary>One object as this request shows it.</summary>
    public static JsonObject Face(KubeRequest request, Target target, JsonObject found)
    {
        if (request.WantsMetadataOnly)
        {
            return MetadataOf(found);
        }
        if (target.Kind.Api == target.Kind.StoredAs || target.Subresource.Length > 0)
        {
            return found;
        }
        var shown = found.Clone();
        shown["apiVersion"] = target.Kind.Api;
        return shown;
    }

    public static JsonObject MetadataOf(JsonObject found) =>
        new()
        {
            ["kind"] = "PartialObjectMetadata",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = found["metadata"]?.DeepClone(),
        };

    public static string IncludeObject(KubeRequest request) => request.Query("includeObject") is { Length: > 0 } asked ? asked : "Metadata";

    /// <summary>What the selectors leave, in order.</summary>
    public static IEnumerable<JsonObject> Selected(KubeRequest request, Target target, World world)
    {
        var labels = LabelSelector.Parse(request.Query("labelSelector"));
        var fields = FieldSelector.Parse(target.Kind, request.Query("fieldSelector"));
        return world
            .Objects.List(target.Kind.Api, target.Kind.Plural, target.Namespace)
            .Where(found => labels.Matches(found) && fields.Matches(found));
    }

    public static TwinResponse List(KubeRequest request, Target target, World world)
    {
        var items = Selected(request, target, world);
        var from = Continuation(request.Query("continue"));
        if (from is { } last)
        {
            items = items.Where(item => string.CompareOrdinal(Position(item), last) > 0);
        }
        var found = items.ToList();
        var rest = 0;
        if (
            int.TryParse(request.Query("limit"), NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit > 0
            && found.Count > limit
        )
        {
            rest = found.Count - limit;
            found.RemoveRange(limit, rest);
        }
        var list = List(request, target, found, world);
        if (rest > 0)
        {
            list["metadata"]!["continue"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(Position(found[^1])));
            list["metadata"]!["remainingItemCount"] = rest;
        }
        return Answers.Json(200, list);
    }

    private static JsonObject List(KubeRequest request, Target target, List<JsonObject> found, World world)
    {
        var version = world.Objects.Version;
        if (request.WantsTable)
        {
            return Tables.Of(target.Kind, found, IncludeObject(request), world, version, withColumns: true);
        }
        return request.WantsMetadataOnly ? MetadataList(found, version) : ListObject(target.Kind, found, version);
    }

    /// <summary>A typed list. Items of built-in kinds say neither apiVersion nor kind, as those of a real server.</summary>
    public static JsonObject ListObject(KindEntry kind, IEnumerable<JsonObject> items, long version) =>
        new()
        {
            ["kind"] = kind.Kind + "List",
            ["apiVersion"] = kind.Api,
            ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) },
            ["items"] = new JsonArray([.. items.Select(item => Item(kind, item))]),
        };

    private static JsonObject MetadataList(IEnumerable<JsonObject> items, long version) =>
        new()
        {
            ["kind"] = "PartialObjectMetadataList",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) },
            ["items"] = new JsonArray([.. items.Select(MetadataOf)]),
        };

    private static JsonNode Item(KindEntry kind, JsonObject item)
    {
        var shown = item.Clone();
        if (!kind.IsCustom)
        {
            shown.Remove("apiVersion");
            shown.Remove("kind");
        }
        return shown;
    }

    private static string Position(JsonObject item) => $"{item.Namespace()}\0{item.Name()}";

    private static string? Continuation(string token)
    {
        if (token.Length == 0)
        {
            return null;
        }
        var bytes = new byte[token.Length];
        return Convert.TryFromBase64String(token, bytes, out var length)
            ? Encoding.UTF8.GetString(bytes.AsSpan(0, length))
            : throw new WorldRefusal("BadRequest", "continue key is not valid: it is a token that an earlier list answered with");
    }
}
