using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Podspace.Model;
using Polly;
using Polly.Retry;

namespace Podspace.Kubernetes;

/// <summary>JSON over HTTP to one API server: each attempt is told to the connection's
/// listener, and retried only when its class allows.</summary>
internal sealed class KubernetesApi : IDisposable
{
    public const string FieldManager = "podspace";

    private const int PageSize = 500;

    // 0.3 s doubling to 10 s, nine tries: about half a minute, in which an API server that is replaced comes back behind its load balancer.
    private const int Retries = 8;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(30);

    // The later look at a member that stands there twice would throw.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly ClusterConnection connection;
    private readonly Lazy<HttpClient> http;
    private readonly ResiliencePipeline retries;

    public KubernetesApi(ClusterConnection connection)
    {
        this.connection = connection;
        http = new(() =>
        {
            var client = connection.MakeClient();
            client.Timeout = AttemptTimeout;
            client.DefaultRequestVersion = connection.Handler is null ? new(2, 0) : new(1, 1);
            return client;
        });
        // In process nobody competes, and two runs are to be alike.
        Func<double> jitter = connection.Handler is null ? Random.Shared.NextDouble : () => 0.5;
        retries = new ResiliencePipelineBuilder { TimeProvider = connection.Time }
            .AddRetry(
                new RetryStrategyOptions
                {
                    ShouldHandle = arguments => new(arguments.Outcome.Exception is Refused { Again: not null }),
                    MaxRetryAttempts = Retries,
                    BackoffType = DelayBackoffType.Exponential,
                    Delay = FirstDelay,
                    MaxDelay = LongestDelay,
                    UseJitter = true,
                    Randomizer = jitter,
                    DelayGenerator = arguments => new(AskedFor(arguments.Outcome.Exception)),
                }
            )
            .Build();
    }

    public Task<JsonObject> GetAsync(ObjectKey key, CancellationToken cancel) =>
        SendAsync(new(HttpMethod.Get, ObjectPath.Of(key), new Expected.One(key)), cancel);

    /// <summary>Every page. A continue token that has grown too old starts the list again, once.</summary>
    public async Task<List<JsonObject>> ListAsync(Listing listing, CancellationToken cancel)
    {
        try
        {
            return await PagesAsync(listing, cancel);
        }
        catch (Refused refused) when (refused.Status == 410)
        {
            return await PagesAsync(listing, cancel);
        }
    }

    /// <summary>The answer, or <see cref="Refused"/> when the retries are at their end.</summary>
    public async Task<JsonObject> SendAsync(ApiCall call, CancellationToken cancel) =>
        await retries.ExecuteAsync(async token => await AttemptAsync(call, token), cancel);

    public void Dispose()
    {
        if (http.IsValueCreated)
        {
            http.Value.Dispose();
        }
    }

    private static TimeSpan? AskedFor(Exception? exception)
    {
        if (exception is not Refused { Again: { } again } || again <= TimeSpan.Zero)
        {
            return null;
        }
        return again < LongestDelay ? again : LongestDelay;
    }

    private async Task<List<JsonObject>> PagesAsync(Listing listing, CancellationToken cancel)
    {
        var path = $"{ObjectPath.Collection(listing.Api, listing.Plural, listing.Namespace)}?{listing.Query}limit={PageSize}";
        var items = new List<JsonObject>();
        string? token = null;
        do
        {
            var next = string.IsNullOrEmpty(token) ? "" : $"&continue={Uri.EscapeDataString(token)}";
            var page = await SendAsync(new(HttpMethod.Get, path + next, new Expected.Many(listing.Api, listing.Plural)), cancel);
            items.AddRange(page["items"]!.AsArray().Select(item => item!.AsObject()));
            token = Expected.Text(page["metadata"], "continue");
        } while (!string.IsNullOrEmpty(token));
        return items;
    }

    private async Task<JsonObject> AttemptAsync(ApiCall call, CancellationToken cancel)
    {
        var at = connection.Time.GetUtcNow();
        try
        {
            var (answer, requestId) = await AskAsync(call, cancel);
            Tell(call, at, requestId, null);
            return answer;
        }
        catch (Exception exception) when (Classified(exception, call, cancel) is { } refused)
        {
            call.WasLost |= refused.Status is 0 or >= 500;
            Tell(call, at, refused.Refusal.RequestId, refused.Refusal.Code);
            throw refused;
        }
    }

    private async Task<(JsonObject, string?)> AskAsync(ApiCall call, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(
            call.Method,
            new Uri(connection.Server, connection.Server.AbsolutePath.TrimEnd('/') + call.Path)
        );
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("podspace", "0.1"));
        if (await AuthorizationAsync(cancel) is { } authorization)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }
        if (call.Body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(call.Body)) { Headers = { ContentType = new(call.ContentType) } };
        }
        using var response = await http.Value.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        var body = await response.Content.ReadAsByteArrayAsync(cancel);
        var answer = Parse(body);
        if (!response.IsSuccessStatusCode)
        {
            throw Declined(call, response, body, answer);
        }
        if (Problem(call.Answer, response, body, answer) is { } problem)
        {
            throw Refusals.NoAnswerAtAll(call, response, problem);
        }
        return (answer as JsonObject ?? [], response.Headers.TryGetValues("Audit-Id", out var ids) ? ids.First() : null);
    }

    /// <summary>"There is none" only an API server can say: a Status, or the words that it has for an API that it does not serve.</summary>
    private static Refused Declined(ApiCall call, HttpResponseMessage response, byte[] body, JsonNode? answer)
    {
        if ((int)response.StatusCode < 400)
        {
            return Refusals.NotFollowed(response);
        }
        var isSaid = Expected.Text(answer, "kind") == "Status" || body.AsSpan().StartsWith("404 page not found"u8);
        return response.StatusCode == HttpStatusCode.NotFound && !isSaid
            ? Refusals.NoAnswerAtAll(call, response, Described(response, body) ?? "no Status")
            : Refusals.From((int)response.StatusCode, response.Headers, answer);
    }

    private static string? Problem(Expected expected, HttpResponseMessage response, byte[] body, JsonNode? answer)
    {
        if (expected.MayBeEmpty && body.Length == 0)
        {
            return null;
        }
        return (answer is null ? Described(response, body) : null) ?? expected.Problem(answer);
    }

    /// <summary>What it is, when it is no JSON; null when it is.</summary>
    private static string? Described(HttpResponseMessage response, byte[] body)
    {
        var words = body.AsSpan().Trim(" \t\r\n"u8);
        if (words.IsEmpty)
        {
            return "an empty body";
        }
        var isJson = Parse(body) is not null || words.SequenceEqual("null"u8);
        var type = response.Content.Headers.ContentType?.MediaType ?? "no type";
        return isJson ? null : $"{body.Length} bytes of {type} that are no JSON, or only the beginning of some";
    }

    private async Task<string?> AuthorizationAsync(CancellationToken cancel)
    {
        if (connection.Authorize is null)
        {
            return null;
        }
        var (header, refusal) = await connection.Authorize(cancel);
        return refusal is null ? header : throw new Refused(refusal, 401);
    }

    private static JsonNode? Parse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body, documentOptions: Strict);
        }
        catch (JsonException)
        {
            // A proxy's page, an empty body, or half an answer.
            return null;
        }
    }

    private static Refused? Classified(Exception exception, ApiCall call, CancellationToken cancel) =>
        exception switch
        {
            Refused refused => call.IsEviction ? Refusals.OfEviction(refused) : refused,
            OperationCanceledException when cancel.IsCancellationRequested => null,
            OperationCanceledException or TimeoutException => Refusals.NoAnswer("the answer did not come in time"),
            HttpRequestException { InnerException: AuthenticationException tls } => Refusals.NotTrusted(tls.Message),
            HttpRequestException or IOException => Refusals.NoAnswer((exception.InnerException ?? exception).Message),
            _ => null,
        };

    private void Tell(ApiCall call, DateTimeOffset at, string? requestId, string? error) =>
        connection.OnCall?.Invoke(
            new(
                "kubernetes",
                $"{call.Method.Method} {call.Path.Split('?')[0]}",
                call.IsWrite,
                at,
                connection.Time.GetUtcNow() - at,
                requestId,
                error
            )
        );
}

/// <param name="Query">Ends with an ampersand, unless it is empty.</param>
internal sealed record Listing(string Api, string Plural, string? Namespace = null, string Query = "");

/// <param name="Path">With its query, from the root of the API.</param>
/// <param name="Answer">Nothing is taken for an answer before it was held against this.</param>
internal sealed record ApiCall(
    HttpMethod Method,
    string Path,
    Expected Answer,
    string? Body = null,
    string ContentType = "application/json"
)
{
    public bool IsEviction { get; init; }

    /// <summary>Reports that the call changes something; asking for rights is a POST that does not.</summary>
    public bool IsWrite { get; init; } = Method != HttpMethod.Get;

    /// <summary>Set when an attempt ended without a clear answer, so that it may have had its effect.</summary>
    public bool WasLost { get; set; }
}
