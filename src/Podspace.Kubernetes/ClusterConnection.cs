using System.Security.Cryptography.X509Certificates;
using Podspace.Applying;

namespace Podspace.Kubernetes;

/// <summary>How an API server is reached, and as whom. Nothing is asked and no plugin run before the first call.</summary>
public sealed record ClusterConnection(Uri Server)
{
    /// <summary>Who may have signed the server's certificate; null: whom the machine trusts.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>Name that the server's certificate must bear when it is not the host's; null: the host's.</summary>
    public string? TlsServerName { get; init; }

    public bool SkipTlsVerify { get; init; }

    /// <summary>Asked before every call for the value of its Authorization header; null: none is sent.
    /// Keeps what it knows for as long as that is good.</summary>
    public Func<CancellationToken, Task<(string? Header, Refusal? Refusal)>>? Authorize { get; init; }

    /// <summary>Takes the place of the network; the twin in process. Never disposed here.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>Every wait between retries goes through it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told of each attempt of each call; called from any thread.</summary>
    public Action<CallRecord>? OnCall { get; init; }

    private const string ServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

    public static bool IsInCluster =>
        Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is { Length: > 0 } && File.Exists($"{ServiceAccount}/token");

    /// <summary>From a pod's service account. Its token is read anew for every call, because kubelet replaces it.</summary>
    public static ClusterConnection InCluster()
    {
        var host = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST");
        var port =
            Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT_HTTPS")
            ?? Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT")
            ?? "443";
        return new(new Uri($"https://{(host!.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}"))
        {
            Authorities = Certificates.Authorities(File.ReadAllText($"{ServiceAccount}/ca.crt")),
            Authorize = async cancel => ($"Bearer {(await File.ReadAllTextAsync($"{ServiceAccount}/token", cancel)).Trim()}", null),
        };
    }

    /// <param name="endpoint">As DescribeCluster says it.</param>
    /// <param name="authorityData">Base64 of PEM, likewise.</param>
    /// <param name="token">Makes a token, or says why it cannot; keeps one for as long as it is good.</param>
    public static ClusterConnection ForEks(
        string endpoint,
        string authorityData,
        Func<CancellationToken, Task<(string? Token, Refusal? Refusal)>> token
    ) =>
        new(new Uri(endpoint))
        {
            Authorities = authorityData.Length == 0 ? null : Certificates.Authorities(Certificates.Text(authorityData)),
            Authorize = async cancel =>
            {
                var (text, refusal) = await token(cancel);
                return (text is null ? null : $"Bearer {text}", refusal);
            },
        };

    /// <summary>Reports whether this is the cluster that EKS says: each has an authority of its own, so the same one by
    /// another address is a tunnel. Without one only the address tells.</summary>
    /// <param name="endpoint">As DescribeCluster says it.</param>
    /// <param name="authorityData">Base64 of PEM, likewise.</param>
    public bool LeadsTo(string endpoint, string authorityData)
    {
        if (Authorities is null || authorityData.Length == 0)
        {
            return string.Equals(Server.Authority, new Uri(endpoint).Authority, StringComparison.OrdinalIgnoreCase);
        }
        var theirs = Certificates.Authorities(Certificates.Text(authorityData)).Select(one => one.Thumbprint).ToHashSet();
        return Authorities.Any(one => theirs.Contains(one.Thumbprint));
    }

    /// <summary>A twin behind a handler.</summary>
    public static ClusterConnection InProcess(HttpMessageHandler twin, TimeProvider time) =>
        new(new Uri("http://kubernetes.twin")) { Handler = twin, Time = time };

    internal HttpClient MakeClient()
    {
        if (Handler is not null)
        {
            return new(Handler, disposeHandler: false);
        }
        var handler = new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            AutomaticDecompression = System.Net.DecompressionMethods.All,
            // Or the certificate and what the plugin hands out would go to whatever host it leads to.
            AllowAutoRedirect = false,
        };
        handler.SslOptions = Certificates.Options(this);
        return new(handler);
    }
}
