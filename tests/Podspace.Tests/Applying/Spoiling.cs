using System.Net;
using System.Text;

namespace Podspace.Tests.Applying;

/// <summary>Lets a 2xx come with something else than what was asked for, as a proxy on the way does.</summary>
/// <param name="isSpoiled">Of which calls; each of them has its effect first.</param>
internal sealed class Spoiling(HttpMessageHandler inner, string form, Func<Asked, bool> isSpoiled) : DelegatingHandler(inner)
{
    public const string Empty = "empty";

    private const string Brackets = "{}",
        Html = "HTML",
        Half = "half",
        Array = "array",
        Other = "other",
        Null = "null",
        Hollow = "hollow";

    private readonly List<Asked> asked = [];

    public static IReadOnlyList<string> Forms { get; } = [Empty, Brackets, Html, Half, Array, Other, Null, Hollow];

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

    public IEnumerable<Asked> Changes => Calls.Where(call => call is { IsWrite: true, IsDryRun: false });

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var what = await Asked.OfAsync(request, cancellationToken);
        lock (asked)
        {
            asked.Add(what);
        }
        var answer = await base.SendAsync(request, cancellationToken);
        if (!answer.IsSuccessStatusCode || !isSpoiled(what))
        {
            return answer;
        }
        var isXml = answer.Content.Headers.ContentType?.MediaType == "text/xml";
        var (type, body) = Spoiled(what, isXml, await answer.Content.ReadAsStringAsync(cancellationToken));
        return new(HttpStatusCode.OK) { RequestMessage = request, Content = new StringContent(body, Encoding.UTF8, type) };
    }

    private (string Type, string Body) Spoiled(Asked what, bool isXml, string body) =>
        form switch
        {
            Empty => ("text/plain", ""),
            Brackets => ("application/json", "{}"),
            Html => ("text/html", "<html><head><title>Sign in</title></head><body>Sign in to the network.</body></html>"),
            Half => (isXml ? "text/xml" : "application/json", body[..(body.Length / 2)]),
            Array => ("application/json", "[]"),
            Null => ("application/json", "null"),
            Hollow => isXml
                ? ("text/xml", $"<{what.Call}Response><requestId>r</requestId></{what.Call}Response>")
                : ("application/json", """{"kind":"List","apiVersion":"v1","metadata":{}}"""),
            _ => isXml
                ? ("text/xml", "<DescribeKeyPairsResponse><requestId>r</requestId><keySet/></DescribeKeyPairsResponse>")
                : ("application/json", """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success"}"""),
        };
}
