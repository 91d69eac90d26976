using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Podspace.Applying;
using Podspace.Model;

namespace Podspace.Kubernetes;

/// <summary>What an API server's "no" means to us: by its HTTP status, with the Status object's own reason and words.</summary>
/// <remarks>Source: Kubernetes API conventions, "HTTP Status codes".</remarks>
internal static class Refusals
{
    private const string InvalidAnswerCode = "InvalidAnswer";

    private const string RedirectedCode = "Redirected";

    private const string SignIn =
        "Its token or certificate has run out, or is not known there: sign in "
        + "again, or give its owner an access entry. Then run the same command again.";

    public static Refused From(int status, HttpResponseHeaders headers, JsonNode? answer)
    {
        var code = Text(answer, "reason") is { Length: > 0 } reason ? reason : $"Http{status}";
        var message = Text(answer, "message") is { Length: > 0 } text ? text : $"The API server answered with HTTP status {status}.";
        var refusal =
            status == 401
                ? new Refusal(RefusalKind.Denied, code, $"{message.TrimEnd('.')}. {SignIn}", RequestId(headers)) { IsSignedOut = true }
                : new Refusal(KindOf(status), code, WithCauses(message, answer), RequestId(headers));
        return new(refusal, status, refusal.Kind == RefusalKind.Unavailable ? Wait(headers) : null);
    }

    public static RefusalKind KindOf(int status) =>
        status switch
        {
            401 or 403 => RefusalKind.Denied,
            404 => RefusalKind.NotFound,
            409 => RefusalKind.Conflict,
            408 or 429 or >= 500 => RefusalKind.Unavailable,
            _ => RefusalKind.Final,
        };

    public static GapCause CauseOf(Refusal refusal) =>
        refusal switch
        {
            { Kind: RefusalKind.Denied, Code: not ("Forbidden" or "Http403") } => GapCause.NotSignedIn,
            { Kind: RefusalKind.Unavailable } => GapCause.NoAnswer,
            { Code: RedirectedCode } => GapCause.Broken,
            _ => GapCause.NotAllowed,
        };

    /// <summary>Eviction says 429 for a budget that allows none now: to wait for that is the
    /// rollout's. Source: Kubernetes, "API-initiated eviction".</summary>
    public static Refused OfEviction(Refused refused) =>
        refused.Status switch
        {
            429 => new(refused.Refusal with { Kind = RefusalKind.Conflict }, 429),
            // Two budgets on one pod: the server cannot decide, however often it is asked.
            500 when refused.Refusal.Message.Contains("more than one PodDisruptionBudget", StringComparison.Ordinal) => new(
                refused.Refusal with
                {
                    Kind = RefusalKind.Final,
                },
                500
            ),
            _ => refused,
        };

    public static Refused NoAnswer(string why) => new(new(RefusalKind.Unavailable, "NoAnswer", why), 0, TimeSpan.Zero);

    /// <summary>Something came, and it is not the API server's answer: the call may have had its effect, and may be made again.</summary>
    public static Refused NoAnswerAtAll(ApiCall call, HttpResponseMessage response, string what) =>
        new(
            new(
                RefusalKind.Unavailable,
                InvalidAnswerCode,
                $"the answer to {call.Method} {call.Path.Split('?')[0]} was {(int)response.StatusCode} with {what}",
                RequestId(response.Headers)
            ),
            0,
            TimeSpan.Zero
        );

    public static Refused NotFollowed(HttpResponseMessage response)
    {
        var asked = response.RequestMessage?.RequestUri;
        var to = response.Headers.Location is { } location && asked is not null ? new Uri(asked, location).Host : "nowhere";
        var message =
            $"{asked?.Host} answered with HTTP status {(int)response.StatusCode}, which leads to {to}. "
            + "It was not followed: what signs in here goes to no other host. "
            + "Name the API server itself in the kubeconfig, then run the same command again.";
        return new(new(RefusalKind.Final, RedirectedCode, message), (int)response.StatusCode);
    }

    /// <summary>Asking again cannot help: it is the wrong server, or the wrong authority.</summary>
    public static Refused NotTrusted(string why) =>
        new(new(RefusalKind.Final, "NotTrusted", $"The API server's certificate is not signed by the authority that was named: {why}"), 0);

    // Causes name the budget or the fields and their managers; some are in the message already.
    private static string WithCauses(string message, JsonNode? answer)
    {
        var causes = ((answer as JsonObject)?["details"] as JsonObject)?["causes"] as JsonArray ?? [];
        var words = causes
            .Select(cause => Text(cause, "message"))
            .Where(word => word.Length > 0 && !message.Contains(word, StringComparison.Ordinal))
            .ToList();
        return words.Count == 0 ? message : $"{message.TrimEnd('.')}: {string.Join("; ", words)}";
    }

    private static TimeSpan Wait(HttpResponseHeaders headers) =>
        headers.TryGetValues("Retry-After", out var values)
        && double.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.Zero;

    // The audit log's id of the request. Source: Kubernetes, "Auditing".
    private static string? RequestId(HttpResponseHeaders headers) =>
        headers.TryGetValues("Audit-Id", out var values) ? values.First() : null;

    private static string Text(JsonNode? node, string name) => (node as JsonObject)?[name]?.ToString() ?? "";
}
