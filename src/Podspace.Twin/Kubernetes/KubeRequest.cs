using System.Text.Json.Nodes;
using Podspace.Simulation;
using Podspace.Simulation.Kubernetes;

namespace Podspace.Twin.Kubernetes;

/// <summary>A request in the terms of the Kubernetes API.</summary>
internal sealed class KubeRequest
{
    private readonly TwinRequest request;
    private readonly Dictionary<string, string> query = new(StringComparer.Ordinal);

    public KubeRequest(TwinRequest request)
    {
        this.request = request;
        foreach (var pair in request.Query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var sides = pair.Split('=', 2);
            query[Unescape(sides[0])] = sides.Length > 1 ? Unescape(sides[1]) : "";
        }
        Segments = [.. request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
        Target = ReadTarget();
    }

    public string[] Segments { get; }

    public string Path => "/" + string.Join('/', Segments);

    public string Method => request.Method;

    public string Accept => request.Header("Accept");

    /// <summary>Null when the path names nothing that is served.</summary>
    public Target? Target { get; }

    public string Verb =>
        Method switch
        {
            "GET" when Target!.Name is not null && !IsTrue("watch") => "get",
            "GET" when IsTrue("watch") => "watch",
            "GET" => "list",
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" when Target!.Name is null => "deletecollection",
            "DELETE" => "delete",
            _ => Method.ToLowerInvariant(),
        };

    public string Query(string key) => query.GetValueOrDefault(key, "");

    public bool IsTrue(string key) => Query(key) is "true" or "1";

    /// <summary>Whether the client would rather have rows and columns.</summary>
    public bool WantsTable => Accept.Contains("as=Table", StringComparison.Ordinal);

    public bool WantsMetadataOnly => Accept.Contains("as=PartialObjectMetadata", StringComparison.Ordinal);

    /// <summary>The body; null when there is none.</summary>
    /// <exception cref="WorldRefusal">BadRequest, 400; UnsupportedMediaType, 415.</exception>
    public JsonNode? Body()
    {
        if (request.Body.Length == 0)
        {
            return null;
        }
        var type = request.Header("Content-Type");
        if (type.Contains("cbor", StringComparison.Ordinal))
        {
            throw new WorldRefusal(
                "UnsupportedMediaType",
                $"the body of the request was in an unknown format ({type}) - accepted media types include: "
                    + $"application/json, application/yaml",
                415
            );
        }
        if (type.Contains("protobuf", StringComparison.Ordinal))
        {
            return ProtobufBody.Parse(request.Body.Span);
        }
        return type.Contains("yaml", StringComparison.Ordinal)
            ? RequestBody.Yaml(request.Body.Span, "BadRequest")
            : RequestBody.Json(request.Body.Span, "BadRequest");
    }

    /// <summary>The body, which must be an object.</summary>
    public JsonObject Manifest() => Body() as JsonObject ?? throw new WorldRefusal("BadRequest", "the body of the request is no object");

    /// <summary>The DeleteOptions, from the body or, where there is none, from the query.</summary>
    public JsonNode? Deletion() =>
        Body() ?? (Query("propagationPolicy") is { Length: > 0 } policy ? new JsonObject { ["propagationPolicy"] = policy } : null);

    public WriteOptions Options(JsonNode? inBody = null) =>
        new(Manager(), Query("dryRun") is "All" || inBody.Texts("dryRun").Contains("All"), IsTrue("force"));

    /// <summary>Empty where an apply names none, which is refused.</summary>
    private string Manager()
    {
        if (Query("fieldManager") is { Length: > 0 } manager)
        {
            return manager;
        }
        return IsApply ? "" : Agent();
    }

    private bool IsApply => request.Header("Content-Type").StartsWith("application/apply-patch", StringComparison.Ordinal);

    /// <exception cref="WorldRefusal">UnsupportedMediaType, 415.</exception>
    public PatchKind PatchKind() =>
        request.Header("Content-Type").Split(';')[0].Trim() switch
        {
            "application/merge-patch+json" => Simulation.Kubernetes.PatchKind.Merge,
            "application/strategic-merge-patch+json" => Simulation.Kubernetes.PatchKind.StrategicMerge,
            "application/json-patch+json" => Simulation.Kubernetes.PatchKind.Json,
            "application/apply-patch+yaml" => Simulation.Kubernetes.PatchKind.Apply,
            var other => throw new WorldRefusal(
                "UnsupportedMediaType",
                $"the body of the request was in an unknown format ({other}) - accepted media types include: "
                    + $"application/json-patch+json, application/merge-patch+json, "
                    + $"application/strategic-merge-patch+json, application/apply-patch+yaml",
                415
            ),
        };

    // A real server takes the part before the slash of the user agent for a client that names no manager.
    private string Agent() => request.Header("User-Agent").Split('/')[0] is { Length: > 0 } agent ? agent : "unknown";

    private Target? ReadTarget()
    {
        var (api, rest) = Segments switch
        {
            ["api", var version, .. var tail] => (version, tail),
            ["apis", var group, var version, .. var tail] => ($"{group}/{version}", tail),
            _ => ("", []),
        };
        return rest switch
        {
            ["namespaces", var ns, var plural, .. var tail] when KindTable.Find(api, plural) is { Namespaced: true } kind => Named(
                kind,
                ns,
                tail
            ),
            [var plural, .. var tail] when KindTable.Find(api, plural) is { } kind && (!kind.Namespaced || tail.Length == 0) => Named(
                kind,
                null,
                tail
            ),
            _ => null,
        };
    }

    private static Target? Named(KindEntry kind, string? ns, string[] tail) =>
        tail switch
        {
            [] => new(kind, ns, null),
            [var name] => new(kind, ns, name),
            [var name, .. var subresource] => new(kind, ns, name, string.Join('/', subresource)),
        };

    private static string Unescape(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
