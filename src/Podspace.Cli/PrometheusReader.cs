using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Podspace.Forecasting;

namespace Podspace.Cli;

/// <summary>Asks a Prometheus, or what speaks its language (Thanos, Mimir, Amazon Managed
/// Prometheus behind its proxy), for weeks of free addresses.</summary>
internal static class PrometheusReader
{
    // Prometheus gives at most 11,000 points a series; a quarter of an hour gives an hour's
    // median four to choose from. Source: Prometheus, web/api/v1.
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(15);
    private const int MostDays = 110;

    /// <param name="queries">What to ask for each measure.</param>
    /// <exception cref="UsageException">It cannot be reached, or does not answer.</exception>
    public static async Task<History> ReadAsync(
        string address,
        IReadOnlyDictionary<Measure, string> queries,
        string label,
        int days,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        if (
            !Uri.TryCreate(address.TrimEnd('/') + "/api/v1/query_range", UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https")
        )
        {
            throw new UsageException($"\"{address}\" is no address of a Prometheus, such as http://localhost:9090.");
        }
        // A redirect leads to whatever host: name and password do not go there.
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = uri.UserInfo.Length == 0 };
        using var http = new HttpClient(handler) { Timeout = TimeSpan.FromMinutes(1) };
        if (uri.UserInfo.Length > 0)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(uri.UserInfo)))
            );
        }
        var history = History.Nothing;
        foreach (var (measure, query) in queries.OrderBy(one => one.Key))
        {
            var text = await AskAsync(http, uri, query, now.AddDays(-Math.Min(days, MostDays)), now, cancel);
            history = history.With(
                PrometheusAnswer.Read(text, label, measure, out var problem)
                    ?? throw new UsageException($"{Bare(uri)}, asked for {query}: {problem}.")
            );
        }
        return history;
    }

    private static async Task<string> AskAsync(
        HttpClient http,
        Uri uri,
        string query,
        DateTimeOffset start,
        DateTimeOffset end,
        CancellationToken cancel
    )
    {
        var bare = Bare(uri);
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["query"] = query,
                ["start"] = start.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
                ["end"] = end.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
                ["step"] = Step.TotalSeconds.ToString(CultureInfo.InvariantCulture),
            }
        );
        try
        {
            // The query stands in a GET's address, as every proxy in front of a Prometheus lets through; some refuse the POST form.
            using var response = await http.GetAsync($"{bare}?{await form.ReadAsStringAsync(cancel)}", cancel);
            // One without a password was followed already.
            if ((int)response.StatusCode is >= 300 and < 400)
            {
                var to = response.Headers.Location is { } location ? new Uri(uri, location).Host : "nowhere";
                throw new UsageException(
                    $"{bare} answers {(int)response.StatusCode}, which leads to {to}. "
                        + "It was not followed: name and password go to no other host. Name the right address."
                );
            }
            var text = await response.Content.ReadAsStringAsync(cancel);
            return response.IsSuccessStatusCode || text.StartsWith('{')
                ? text
                : throw new UsageException(
                    $"{bare} answers {(int)response.StatusCode} {response.ReasonPhrase}. "
                        + $"Save the answer with a tool that may ask, and name the file:\n  podspace forecast --history FILE"
                );
        }
        catch (HttpRequestException wrong)
        {
            throw new UsageException(
                $"{bare} cannot be reached: {wrong.Message} If it runs in the cluster:\n  kubectl -n "
                    + $"monitoring port-forward service/prometheus-server 9090:80"
            );
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new UsageException($"{bare} gave no answer within a minute. Ask for fewer days: --days 28.");
        }
    }

    // Name and password stand in no message.
    private static string Bare(Uri uri) => uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}
