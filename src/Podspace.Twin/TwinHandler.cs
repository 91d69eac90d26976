using System.Net;
using System.Net.Sockets;

namespace Podspace.Twin;

/// <summary>The twin in the same process: an SDK or HTTP client with this handler speaks to the world without a socket.</summary>
/// <remarks>Put a <see cref="DelegatingHandler"/> in front to cut, slow or count calls.</remarks>
public sealed class TwinHandler(IEndpoint aws, IEndpoint kubernetes) : HttpMessageHandler
{
    private static readonly string[] KubernetesRoots = ["/api", "/apis", "/openapi", "/version", "/healthz", "/livez", "/readyz"];

    /// <summary>Reports whether a path is the Kubernetes API server's.</summary>
    public static bool IsKubernetes(string path) =>
        Array.Exists(
            KubernetesRoots,
            root => path.StartsWith(root, StringComparison.Ordinal) && (path.Length == root.Length || path[root.Length] == '/')
        );

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        var endpoint = IsKubernetes(path) ? kubernetes : aws;
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var asked = new TwinRequest(request.Method.Method, path, request.RequestUri.Query.TrimStart('?'), HeadersOf(request), body);
        try
        {
            return Message(request, await endpoint.HandleAsync(asked, cancellationToken));
        }
        catch (BrokenConnection broken)
        {
            throw AsTheNetworkWould(broken.How);
        }
    }

    private static Exception AsTheNetworkWould(Break how) =>
        how switch
        {
            Break.Refused => new HttpRequestException(
                HttpRequestError.ConnectionError,
                "Connection refused",
                new SocketException((int)SocketError.ConnectionRefused)
            ),
            Break.Reset => new HttpRequestException(HttpRequestError.ResponseEnded, "The response ended prematurely."),
            Break.TimedOut => new TaskCanceledException("The request was canceled due to a time-out.", new TimeoutException()),
        };

    private static Dictionary<string, string> HeadersOf(HttpRequestMessage request)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            headers[name] = values.ToString();
        }
        if (request.Content is not null)
        {
            foreach (var (name, values) in request.Content.Headers.NonValidated)
            {
                headers[name] = values.ToString();
            }
        }
        return headers;
    }

    private static HttpResponseMessage Message(HttpRequestMessage request, TwinResponse response)
    {
        HttpContent content = response.Stream is { } chunks
            ? new StreamContent(new ChunkStream(chunks))
            : new ReadOnlyMemoryContent(response.Body);
        content.Headers.TryAddWithoutValidation("Content-Type", response.ContentType);
        var message = new HttpResponseMessage((HttpStatusCode)response.Status) { RequestMessage = request, Content = content };
        foreach (var (name, value) in response.Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }
        return message;
    }
}
