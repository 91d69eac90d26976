using System.Runtime.CompilerServices;
using System.Text;
using Podspace.Twin;

namespace Podspace.Tests.Twin;

/// <summary>The twin as an HTTP handler: the right endpoint, the request as sent, streams that flow and end.</summary>
public sealed class TwinHandlerTests
{
    [Theory]
    [InlineData("/api/v1/nodes", true)]
    [InlineData("/apis", true)]
    [InlineData("/openapi/v2", true)]
    [InlineData("/version", true)]
    [InlineData("/readyz", true)]
    [InlineData("/", false)]
    [InlineData("/clusters/prod", false)]
    [InlineData("/apiserver", false)]
    public async Task A_path_tells_whose_it_is(string path, bool isKubernetes)
    {
        using var client = new HttpClient(new TwinHandler(new Named("aws"), new Named("kubernetes")));
        Assert.StartsWith(
            isKubernetes ? "kubernetes" : "aws",
            await client.GetStringAsync(new Uri($"http://twin{path}")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Method_query_headers_and_body_arrive()
    {
        using var client = new HttpClient(new TwinHandler(new Named("aws"), new Named("kubernetes")));
        using var request = new HttpRequestMessage(HttpMethod.Patch, "http://twin/api/v1/x%2Fy?fieldManager=a%20b");
        request.Headers.TryAddWithoutValidation("X-One", "1");
        request.Content = new StringContent("{}", Encoding.UTF8, "application/apply-patch+yaml");
        using var answer = await client.SendAsync(request);
        Assert.Equal(
            "kubernetes PATCH /api/v1/x%2Fy fieldManager=a%20b 1 application/apply-patch+yaml; charset=utf-8 {}",
            await answer.Content.ReadAsStringAsync()
        );
        Assert.Equal("7", Assert.Single(answer.Headers.GetValues("X-Seen")));
    }

    [Fact]
    public async Task A_stream_flows_chunk_by_chunk_and_closing_it_ends_its_source()
    {
        var endpoint = new Endless();
        using var client = new HttpClient(new TwinHandler(new Named("aws"), endpoint));
        var stream = await client.GetStreamAsync(new Uri("http://twin/api/v1/pods?watch=true"));
        var buffer = new byte[3];
        await stream.ReadExactlyAsync(buffer);
        Assert.Equal("one", Encoding.UTF8.GetString(buffer));
        using (var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(20)))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stream.ReadExactlyAsync(buffer, impatient.Token));
        }
        endpoint.Go.SetResult();
        await stream.ReadExactlyAsync(buffer);
        Assert.Equal("two", Encoding.UTF8.GetString(buffer));
        await stream.DisposeAsync();
        await endpoint.Ended.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private sealed class Named(string name) : IEndpoint
    {
        public Task<TwinResponse> HandleAsync(TwinRequest request, CancellationToken cancel)
        {
            var said =
                $"{name} {request.Method} {request.Path} {request.Query} {request.Header("x-one")} "
                + $"{request.Header("content-type")} {Encoding.UTF8.GetString(request.Body.Span)}";
            return Task.FromResult(new TwinResponse(200, "text/plain", Encoding.UTF8.GetBytes(said)) { Headers = [("X-Seen", "7")] });
        }
    }

    private sealed class Endless : IEndpoint
    {
        public TaskCompletionSource Go { get; } = new();

        public TaskCompletionSource Ended { get; } = new();

        public Task<TwinResponse> HandleAsync(TwinRequest request, CancellationToken cancel) =>
            Task.FromResult(new TwinResponse(200, "application/json", default, ChunksAsync(CancellationToken.None)));

        private async IAsyncEnumerable<ReadOnlyMemory<byte>> ChunksAsync([EnumeratorCancellation] CancellationToken cancel)
        {
            try
            {
                yield return "one"u8.ToArray();
                await Go.Task.WaitAsync(cancel);
                yield return "two"u8.ToArray();
                await Task.Delay(Timeout.Infinite, cancel);
            }
            finally
            {
                Ended.SetResult();
            }
        }
    }
}
