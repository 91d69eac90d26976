namespace Podspace.Twin;

/// <summary>One request of a protocol, wherever it came from: a socket or a handler in the same process.</summary>
/// <param name="Path">As sent, still percent-encoded, without the query.</param>
/// <param name="Query">Without the question mark; empty when there is none.</param>
/// <param name="Headers">Names compared without case.</param>
public sealed record TwinRequest(
    string Method,
    string Path,
    string Query,
    IReadOnlyDictionary<string, string> Headers,
    ReadOnlyMemory<byte> Body
)
{
    public string Header(string name) => Headers.TryGetValue(name, out var value) ? value : "";
}

/// <param name="Body">Empty when <paramref name="Stream"/> is set.</param>
/// <param name="Stream">Chunks that come as things happen (watches); ends when the caller cancels or the endpoint does.</param>
public sealed record TwinResponse(
    int Status,
    string ContentType,
    ReadOnlyMemory<byte> Body,
    IAsyncEnumerable<ReadOnlyMemory<byte>>? Stream = null
)
{
    /// <summary>Further headers, such as a request id.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
}

/// <summary>A protocol spoken over the world: AWS's, or Kubernetes'.</summary>
public interface IEndpoint
{
    Task<TwinResponse> HandleAsync(TwinRequest request, CancellationToken cancel);
}
