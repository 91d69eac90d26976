using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Podspace.Twin;
using Podspace.Twin.Faults;

namespace Podspace.Tests.Applying;

/// <summary>What one request asks for, as the service names it: <c>ec2 CreateSubnet</c>, <c>eks
/// DescribeAddon</c>, <c>kubernetes patch nodes</c>.</summary>
internal sealed record Asked(string Service, string Call, bool IsWrite)
{
    /// <summary>Asks for the right only.</summary>
    public bool IsDryRun { get; private init; }

    public static async Task<Asked> OfAsync(HttpRequestMessage request, CancellationToken cancel) =>
        Of(request, request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancel));

    public static Asked Of(HttpRequestMessage request, string body)
    {
        var headers = request.Headers.ToDictionary(
            header => header.Key,
            header => string.Join(',', header.Value),
            StringComparer.OrdinalIgnoreCase
        );
        var asked = new TwinRequest(
            request.Method.Method,
            request.RequestUri!.AbsolutePath,
            request.RequestUri.Query.TrimStart('?'),
            headers,
            Encoding.UTF8.GetBytes(body)
        );
        var call = TwinHandler.IsKubernetes(asked.Path) ? CallNames.OfKubernetes(asked) : CallNames.OfAws(asked);
        return new(call.Service, call.Operation, call.IsWrite) { IsDryRun = body.Contains("DryRun=true", StringComparison.Ordinal) };
    }

    public override string ToString() => $"{Service} {Call}";
}

/// <summary>Keeps a list of what is asked for, and lets the service say "not allowed" where it is told
/// to: to the call, its DryRun and the review of its right.</summary>
internal sealed class Denying(HttpMessageHandler inner, Func<Asked, bool> isDenied) : DelegatingHandler(inner)
{
    private readonly List<Asked> asked = [];

    public IReadOnlyList<Asked> Calls
    {
        get
        {
            lock (asked)
            {
                return [.. asked];
            }
        }
    }

    /// <summary>Calls that were let through and change something.</summary>
    public IEnumerable<Asked> Changes => Calls.Where(call => call.IsWrite);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var what = Asked.Of(request, body);
        if (what.Call.StartsWith("create selfsubjectaccessreviews", StringComparison.Ordinal))
        {
            Note(what);
            const string No = """{"kind":"SelfSubjectAccessReview","status":{"allowed":false,"reason":"no rule allows it"}}""";
            return isDenied(Reviewed(body)) ? Json(HttpStatusCode.Created, No) : await base.SendAsync(request, cancellationToken);
        }
        if (isDenied(what))
        {
            return Refusal(what);
        }
        if (!what.IsDryRun)
        {
            Note(what);
        }
        return await base.SendAsync(request, cancellationToken);
    }

    private void Note(Asked what)
    {
        lock (asked)
        {
            asked.Add(what);
        }
    }

    private static Asked Reviewed(string body)
    {
        var asked = JsonNode.Parse(body)!["spec"]!["resourceAttributes"]!;
        var group = asked["group"]?.ToString() is { Length: > 0 } name ? $".{name}" : "";
        var part = asked["subresource"]?.ToString() is { Length: > 0 } sub ? $"/{sub}" : "";
        return new("kubernetes", $"{asked["verb"]} {asked["resource"]}{group}{part}", false);
    }

    private static HttpResponseMessage Refusal(Asked what) =>
        what.Service switch
        {
            "ec2" => Xml(
                "Response",
                "Errors",
                "UnauthorizedOperation",
                "You are not authorized to perform this operation. User: arn:aws:iam::111122223333:user/twin"
            ),
            "sts" => Xml(
                "ErrorResponse",
                "",
                "AccessDenied",
                $"User: arn:aws:iam::111122223333:user/twin is not authorized to perform: sts:{what.Call}"
            ),
            "kubernetes" => Json(
                HttpStatusCode.Forbidden,
                $$"""
                {
                  "kind": "Status",
                  "apiVersion": "v1",
                  "status": "Failure",
                  "reason": "Forbidden",
                  "message": "User cannot {{what.Call}}",
                  "code": 403
                }
                """
            ),
            _ => Json(
                HttpStatusCode.Forbidden,
                $$"""
                {
                  "__type": "AccessDeniedException",
                  "message": "User: arn:aws:iam::111122223333:user/twin is not authorized to perform: {{what.Service}}:{{what.Call}}"
                }
                """
            ),
        };

    private static HttpResponseMessage Xml(string root, string list, string code, string message)
    {
        var error = $"<Error><Code>{code}</Code><Message>{message}</Message></Error>";
        var body = list.Length == 0 ? $"<{root}>{error}</{root}>" : $"<{root}><{list}>{error}</{list}></{root}>";
        return new(HttpStatusCode.Forbidden) { Content = new StringContent(body, Encoding.UTF8, "text/xml") };
    }

    private static HttpResponseMessage Json(HttpStatusCode status, string body) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
