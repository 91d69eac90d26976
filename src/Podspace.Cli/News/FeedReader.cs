using System.Net;
using System.Net.Http.Headers;
using System.Xml;
using Podspace.News;
using Polly;
using Polly.Retry;

namespace Podspace.Cli.News;

/// <summary>Fetches feeds, asking only for what is newer than what is remembered.</summary>
internal sealed class FeedReader : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly HttpClient http = new() { Timeout = Patience, MaxResponseContentBufferSize = FeedText.MostBytes };

    private readonly ResiliencePipeline retries = new ResiliencePipelineBuilder()
        .AddRetry(
            new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<HttpRequestException>(IsPassing),
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromSeconds(0.5),
                BackoffType = DelayBackoffType.Exponential,
            }
        )
        .Build();

    /// <summary>Its entries, or in words why it could not be read.</summary>
    /// <param name="remembered">Brought up to date.</param>
    public async Task<(IReadOnlyList<NewsItem> Items, string? Problem)> ReadAsync(
        string address,
        RememberedFeed remembered,
        CancellationToken cancel
    )
    {
        try
        {
            if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            {
                await retries.ExecuteAsync(async token => await FetchAsync(uri!, remembered, token), cancel);
            }
            else
            {
                remembered.Document = await ReadFileAsync(address, cancel);
            }
            using var document = new MemoryStream(remembered.Document);
            return (FeedText.Parse(document), null);
        }
        catch (XmlException wrong)
        {
            // What cannot be read now shall be asked for again, not taken from memory.
            (remembered.ETag, remembered.Modified, remembered.Document) = (null, null, []);
            return ([], $"it is no feed: {wrong.Message}");
        }
        catch (HttpRequestException wrong)
        {
            return ([], wrong.Message);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return ([], wrong.Message);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return ([], $"no answer within {Patience.TotalSeconds} s");
        }
    }

    public void Dispose() => http.Dispose();

    private async Task FetchAsync(Uri address, RememberedFeed remembered, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.UserAgent.Add(new("podspace", null));
        if (remembered.Document.Length > 0)
        {
            request.Headers.IfModifiedSince = remembered.Modified;
            if (EntityTagHeaderValue.TryParse(remembered.ETag, out var tag))
            {
                request.Headers.IfNoneMatch.Add(tag);
            }
        }
        using var response = await http.SendAsync(request, cancel);
        if (response.StatusCode == HttpStatusCode.NotModified)
        {
            return;
        }
        response.EnsureSuccessStatusCode();
        remembered.Document = await response.Content.ReadAsByteArrayAsync(cancel);
        remembered.ETag = response.Headers.ETag?.ToString();
        remembered.Modified = response.Content.Headers.LastModified;
    }

    // Not by its length: a pipe or a device has none.
    private static async Task<byte[]> ReadFileAsync(string file, CancellationToken cancel)
    {
        using var text = new MemoryStream();
        await using var stream = File.OpenRead(file);
        var piece = new byte[64 * 1024];
        for (int read; (read = await stream.ReadAsync(piece, cancel)) > 0; )
        {
            text.Write(piece, 0, read);
            if (text.Length > FeedText.MostBytes)
            {
                throw new IOException($"it is larger than {FeedText.MostBytes / 1024 / 1024} MB");
            }
        }
        return text.ToArray();
    }

    private static bool IsPassing(HttpRequestException wrong) =>
        wrong.StatusCode is null
            ? wrong.HttpRequestError is not HttpRequestError.ConfigurationLimitExceeded
            : wrong.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
}
