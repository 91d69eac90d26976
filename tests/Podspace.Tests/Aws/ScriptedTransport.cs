using System.Net;
using System.Text;

namespace Podspace.Tests.Aws;

/// <summary>Answers as told, in order, and keeps what was asked. For what the twin cannot do: break.</summary>
internal sealed class ScriptedTransport(params IEnumerable<Func<HttpResponseMessage>> answers) : HttpMessageHandler
{
    private readonly Queue<Func<HttpResponseMessage>> answers = new(answers);

    public List<(HttpRequestMessage Request, string Body)> Asked { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        lock (answers)
        {
            Asked.Add((request, body));
            return answers.Dequeue()();
        }
    }

    public static Func<HttpResponseMessage> Xml(string body, HttpStatusCode status = HttpStatusCode.OK) =>
        () => new(status) { Content = new StringContent(body, Encoding.UTF8, "text/xml") };

    public static Func<HttpResponseMessage> Refusal(
        string code,
        string message = "no",
        HttpStatusCode status = HttpStatusCode.BadRequest
    ) =>
        Xml(
            $"<Response><Errors><Error><Code>{code}</Code><Message>{message}"
                + $"</Message></Error></Errors><RequestID>req-1</RequestID></Response>",
            status
        );

    public static Func<HttpResponseMessage> Json(string body, HttpStatusCode status = HttpStatusCode.OK) =>
        () => new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    public static readonly Func<HttpResponseMessage> LostAnswer = () => throw new HttpRequestException("the connection was closed");
}
