using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Podspace.Simulation;

namespace Podspace.Twin.Eks;

/// <summary>EKS's REST JSON protocol over the world. Source of paths and members: EKS API reference, 2017-11-01.</summary>
public sealed class EksEndpoint(World world) : IEndpoint
{
    private readonly EksOperations operations = new(world);
    private long requests;

    public Task<TwinResponse> HandleAsync(TwinRequest request, CancellationToken cancel)
    {
        try
        {
            var call = new EksCall(request);
            return Task.FromResult(Answer(200, world.Do(() => operations.Run(call)), null));
        }
        catch (WorldRefusal refusal)
        {
            return Task.FromResult(Answer(refusal.Status, new JsonObject { ["message"] = refusal.Message }, refusal.Code));
        }
    }

    private TwinResponse Answer(int status, JsonObject body, string? error)
    {
        var id = Interlocked.Increment(ref requests);
        return new(status, "application/json", Encoding.UTF8.GetBytes(body.ToJsonString()))
        {
            Headers =
            [
                ("x-amzn-RequestId", $"00000000-0000-4000-9000-{id.ToString("x12", CultureInfo.InvariantCulture)}"),
                .. error is null ? [] : (IEnumerable<(string, string)>)[("x-amzn-ErrorType", error)],
            ],
        };
    }
}

/// <summary>A request taken apart: path, query and JSON body.</summary>
internal sealed class EksCall
{
    public EksCall(TwinRequest request)
    {
        Method = request.Method;
        Path = [.. request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
        foreach (var pair in request.Query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var cut = pair.IndexOf('=', StringComparison.Ordinal);
            Query.TryAdd(Unescaped(cut < 0 ? pair : pair[..cut]), cut < 0 ? "" : Unescaped(pair[(cut + 1)..]));
        }
        Body = Parsed(request.Body);
    }

    public string Method { get; }

    public string[] Path { get; }

    public Dictionary<string, string> Query { get; } = new(StringComparer.Ordinal);

    public JsonObject Body { get; }

    public string? Asked(string name) => Query.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    public string? Text(string name)
    {
        if (Body[name] is not { } value)
        {
            return null;
        }
        return value.GetValueKind() == JsonValueKind.String
            ? value.GetValue<string>()
            : throw new WorldRefusal("SerializationException", $"{name} must be a string");
    }

    public string Required(string name) => Text(name) ?? throw new WorldRefusal(Simulation.Aws.Eks.BadParameter, $"{name} is required");

    /// <summary>A member that is a map of texts; empty when it is not there.</summary>
    public IReadOnlyDictionary<string, string> Map(string name) =>
        (Body[name] as JsonObject ?? []).ToDictionary(entry => entry.Key, entry => entry.Value?.ToString() ?? "", StringComparer.Ordinal);

    private static string Unescaped(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static JsonObject Parsed(ReadOnlyMemory<byte> body) =>
        body.IsEmpty ? [] : RequestBody.Json(body.Span, "SerializationException") as JsonObject ?? [];
}
