using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Auth;

namespace Podspace.Aws;

/// <summary>Signature Version 4 for the few requests that no SDK client sends; key derivation and MAC are the SDK's own signer.</summary>
/// <remarks>Source: IAM User Guide, "Create a signed AWS API request".</remarks>
internal static class Signature
{
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Adds the headers that authorise the request.</summary>
    public static void Sign(
        HttpRequestMessage request,
        ReadOnlySpan<byte> body,
        ImmutableCredentials credentials,
        string region,
        string service,
        DateTimeOffset now
    )
    {
        var uri = request.RequestUri!;
        var at = now.UtcDateTime;
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = uri.Authority,
            ["x-amz-date"] = at.ToString(TimeFormat, CultureInfo.InvariantCulture),
        };
        if (credentials.UseToken)
        {
            headers["x-amz-security-token"] = credentials.Token;
        }
        if (request.Headers.TryGetValues("x-amz-target", out var target))
        {
            headers["x-amz-target"] = target.First();
            request.Headers.Remove("x-amz-target");
        }
        var canonical = Canonical(request.Method.Method, uri, Query(uri), headers, Convert.ToHexStringLower(SHA256.HashData(body)));
        var signed = Compute(credentials, region, service, at, headers, canonical);
        foreach (var (name, value) in headers.Where(header => header.Key != "host"))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        request.Headers.TryAddWithoutValidation("Authorization", signed.ForAuthorizationHeader);
    }

    /// <summary>A GET that carries its authority in its query and is good for <paramref name="life"/>.</summary>
    /// <param name="headers">Further headers that the receiver must send along, lower-case.</param>
    public static Uri Presign(
        Uri uri,
        SortedDictionary<string, string> headers,
        ImmutableCredentials credentials,
        string region,
        string service,
        DateTimeOffset now,
        TimeSpan life
    )
    {
        var at = now.UtcDateTime;
        headers["host"] = uri.Authority;
        var day = at.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var query = Query(uri);
        query["X-Amz-Algorithm"] = "AWS4-HMAC-SHA256";
        query["X-Amz-Credential"] = $"{credentials.AccessKey}/{day}/{region}/{service}/aws4_request";
        query["X-Amz-Date"] = at.ToString(TimeFormat, CultureInfo.InvariantCulture);
        query["X-Amz-Expires"] = ((int)life.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        query["X-Amz-SignedHeaders"] = string.Join(';', headers.Keys);
        if (credentials.UseToken)
        {
            query["X-Amz-Security-Token"] = credentials.Token;
        }
        var canonical = Canonical("GET", uri, query, headers, AWS4Signer.EmptyBodySha256);
        var signature = Compute(credentials, region, service, at, headers, canonical).Signature;
        return new($"{uri.Scheme}://{uri.Authority}{uri.AbsolutePath}?{Text(query)}&X-Amz-Signature={signature}");
    }

    private static AWS4SigningResult Compute(
        ImmutableCredentials credentials,
        string region,
        string service,
        DateTime at,
        SortedDictionary<string, string> headers,
        string canonical
    ) => AWS4Signer.ComputeSignature(credentials, region, at, service, string.Join(';', headers.Keys), canonical);

    private static string Canonical(
        string method,
        Uri uri,
        SortedDictionary<string, string> query,
        SortedDictionary<string, string> headers,
        string bodyHash
    )
    {
        // Every service but S3 signs the path encoded a second time.
        var path = string.Join('/', uri.AbsolutePath.Split('/').Select(Uri.EscapeDataString));
        var text = new StringBuilder().Append(method).Append('\n').Append(path).Append('\n').Append(Text(query)).Append('\n');
        foreach (var (name, value) in headers)
        {
            text.Append(name).Append(':').Append(value.Trim()).Append('\n');
        }
        return text.Append('\n').AppendJoin(';', headers.Keys).Append('\n').Append(bodyHash).ToString();
    }

    private static SortedDictionary<string, string> Query(Uri uri)
    {
        var query = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? pair : pair[..equals];
            query[Uri.UnescapeDataString(name)] = equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..]);
        }
        return query;
    }

    private static string Text(SortedDictionary<string, string> query) =>
        string.Join('&', query.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
}
