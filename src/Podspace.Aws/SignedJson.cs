using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Podspace.Aws;

/// <summary>Signed JSON requests to services for which no SDK package is at hand: REST for
/// EKS, a target header for Service Quotas.</summary>
internal sealed class SignedJson(AwsConnection connection, HttpClient http, Credentials credentials, Wire wire)
{
    // The later look at a member that stands there twice would throw.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <param name="call">Its service is also the one that the signature names.</param>
    /// <param name="expected">Nothing is taken for an answer before it was held against this.</param>
    /// <param name="target">Of the AWS JSON 1.1 protocol; null for REST. Source: Smithy, "AWS JSON 1.1 protocol".</param>
    /// <param name="patience">For each attempt; null: the client's own.</param>
    public Task<JsonObject> SendAsync(
        Call call,
        HttpMethod method,
        Uri uri,
        JsonObject? body,
        Expected expected,
        CancellationToken cancel,
        string? target = null,
        TimeSpan? patience = null
    ) =>
        wire.SendAsync(
            call,
            async token =>
            {
                using var limited = CancellationTokenSource.CreateLinkedTokenSource(token);
                limited.CancelAfter(patience ?? Timeout.InfiniteTimeSpan);
                return await AttemptAsync(call, method, uri, body, expected, target, limited.Token);
            },
            cancel
        );

    private async Task<(JsonObject, string?)> AttemptAsync(
        Call call,
        HttpMethod method,
        Uri uri,
        JsonObject? body,
        Expected expected,
        string? target,
        CancellationToken cancel
    )
    {
        var bytes = body is null ? [] : Encoding.UTF8.GetBytes(body.ToJsonString());
        var keys = await credentials.GetCredentialsAsync();
        using var request = new HttpRequestMessage(method, uri);
        if (body is not null)
        {
            var type = target is null ? "application/json" : "application/x-amz-json-1.1";
            request.Content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        }
        if (target is not null)
        {
            request.Headers.TryAddWithoutValidation("x-amz-target", target);
        }
        Signature.Sign(request, bytes, keys, connection.Region, call.Service, connection.Time.GetUtcNow());
        using var response = await http.SendAsync(request, cancel);
        var text = await response.Content.ReadAsStringAsync(cancel);
        var requestId = Header(response, "x-amzn-RequestId");
        var answer = Parse(text);
        if (!response.IsSuccessStatusCode)
        {
            throw new AmazonServiceException(
                Message(call.Service, answer, response),
                ErrorType.Unknown,
                Code(answer, response),
                requestId,
                response.StatusCode
            );
        }
        return Problem(expected, text, answer, response) is { } problem
            ? throw new NoAnswer(call.Operation, response, problem)
            : (answer as JsonObject ?? [], requestId);
    }

    private static string? Problem(Expected expected, string text, JsonNode? answer, HttpResponseMessage response)
    {
        var words = text.Trim();
        if (words.Length == 0)
        {
            return expected.MayBeEmpty ? null : "an empty body";
        }
        var type = response.Content.Headers.ContentType?.MediaType ?? "no type";
        return answer is null && words != "null"
            ? $"{text.Length} characters of {type} that are no JSON, or only the beginning of some"
            : expected.Problem(answer);
    }

    // The type may carry a namespace before '#' and a URL after ':'. Source: Smithy, "AWS restJson1 protocol", operation errors.
    private static string Code(JsonNode? answer, HttpResponseMessage response)
    {
        var code = Header(response, "x-amzn-ErrorType") ?? Text(answer, "__type") ?? Text(answer, "code") ?? "";
        return code.Split(':')[0].Split('#')[^1];
    }

    private static string Message(string service, JsonNode? answer, HttpResponseMessage response) =>
        Text(answer, "message") ?? Text(answer, "Message") ?? $"{service} answered with HTTP status {(int)response.StatusCode}.";

    private static string? Text(JsonNode? node, string name) => node is JsonObject part ? part[name]?.ToString() : null;

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;

    private static JsonNode? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text, documentOptions: Strict);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
