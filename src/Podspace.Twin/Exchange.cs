using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Podspace.Twin;

/// <summary>HTTP as Kestrel has it, to and from a endpoint.</summary>
internal static class Exchange
{
    /// <summary>As an API server answers who brings no token, or a wrong one.</summary>
    public static readonly TwinResponse Unauthorized = new(
        401,
        "application/json",
        Encoding.UTF8.GetBytes(
            """
            {
              "kind": "Status",
              "apiVersion": "v1",
              "metadata": {},
              "status": "Failure",
              "message": "Unauthorized",
              "reason": "Unauthorized",
              "code": 401
            }
            """
        )
    );

    public static async Task<TwinRequest> ReadAsync(HttpContext http, CancellationToken cancel)
    {
        // The raw target, because a decoded path can't be told from one that had slashes in a name.
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var headers = http.Request.Headers.ToDictionary(
            header => header.Key,
            header => header.Value.ToString(),
            StringComparer.OrdinalIgnoreCase
        );
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, cancel);
        return new(
            http.Request.Method,
            query < 0 ? target : target[..query],
            query < 0 ? "" : target[(query + 1)..],
            headers,
            body.GetBuffer().AsMemory(0, (int)body.Length)
        );
    }

    public static async Task WriteAsync(HttpContext http, TwinResponse answer, CancellationToken cancel)
    {
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = answer.ContentType;
        foreach (var (name, value) in answer.Headers)
        {
            http.Response.Headers.Append(name, value);
        }
        if (answer.Stream is null)
        {
            http.Response.ContentLength = answer.Body.Length;
            await http.Response.Body.WriteAsync(answer.Body, cancel);
            return;
        }
        // A watcher waits for the headers before the first event comes.
        await http.Response.Body.FlushAsync(cancel);
        await foreach (var chunk in answer.Stream.WithCancellation(cancel))
        {
            await http.Response.Body.WriteAsync(chunk, cancel);
            await http.Response.Body.FlushAsync(cancel);
        }
    }
}
