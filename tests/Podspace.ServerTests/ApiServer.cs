using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Podspace.Kubernetes;

namespace Podspace.ServerTests;

/// <summary>A real kube-apiserver with its etcd on loopback, made for one test class and gone with
/// it. tests/installers/kube-apiserver builds both.</summary>
/// <remarks>Shared by the tests of a class, because it takes ten seconds to start; each test keeps to names of its own.</remarks>
public sealed class ApiServer : IAsyncLifetime
{
    public const string Admin = "admin-token";

    /// <summary>May do nothing but what a test binds to user <c>limited</c>.</summary>
    public const string Limited = "limited-token";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly string home = Directory.CreateTempSubdirectory("podspace-apiserver-").FullName;
    private readonly List<Process> processes = [];
    private readonly (int Etcd, int Peer, int Api) ports = (FreePort(), FreePort(), FreePort());
    private HttpClient? http;

    private static string Tools => Environment.GetEnvironmentVariable("PODSPACE_TOOLS") ?? "";

    public Uri Url => new($"https://127.0.0.1:{ports.Api}");

    /// <summary>Skips the test that asks when there is no server here.</summary>
    public ClusterConnection Connect(string token)
    {
        Assert.SkipUnless(IsHere, "kube-apiserver and etcd could not be had here (tests/tools says why)");
        return new(Url)
        {
            Authorities = Authorities(),
            Authorize = _ => Task.FromResult<(string?, Applying.Refusal?)>(($"Bearer {token}", null)),
        };
    }

    private static bool IsHere => File.Exists(Path.Combine(Tools, "kube-apiserver")) && File.Exists(Path.Combine(Tools, "etcd"));

    public async ValueTask InitializeAsync()
    {
        if (!IsHere)
        {
            return;
        }
        var (client, peer) = ($"http://127.0.0.1:{ports.Etcd}", $"http://127.0.0.1:{ports.Peer}");
        Start(
            "etcd",
            "--data-dir",
            Path.Combine(home, "etcd"),
            "--listen-client-urls",
            client,
            "--advertise-client-urls",
            client,
            "--listen-peer-urls",
            peer,
            "--initial-advertise-peer-urls",
            peer,
            "--initial-cluster",
            $"default={peer}"
        );
        await File.WriteAllTextAsync(Path.Combine(home, "tokens.csv"), $"{Admin},admin,1,\"system:masters\"\n{Limited},limited,2\n");
        using var key = RSA.Create(2048);
        await File.WriteAllTextAsync(Path.Combine(home, "sa.key"), key.ExportRSAPrivateKeyPem());
        await File.WriteAllTextAsync(Path.Combine(home, "sa.pub"), key.ExportSubjectPublicKeyInfoPem());
        StartApi();
        await ReadyAsync();
    }

    /// <summary>As an update of the control plane does it: gone at once, and back some seconds later.</summary>
    public async Task RestartAsync()
    {
        End(processes[^1]);
        StartApi();
        await ReadyAsync();
    }

    /// <summary>A request as the administrator makes it, past the adapter.</summary>
    public async Task<JsonNode> SendAsync(HttpMethod method, string path, string? body = null, string type = "application/json")
    {
        var (isFine, text) = await AskAsync(method, path, body, type);
        Assert.True(isFine, $"{method} {path}: {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>What it complains of.</summary>
    public async Task<string> RefusedAsync(HttpMethod method, string path, string body, string type)
    {
        var (isFine, text) = await AskAsync(method, path, body, type);
        Assert.False(isFine, $"{method} {path} was not refused: {text}");
        return text;
    }

    public async Task<bool> AnswersAsync(string path) => (await AskAsync(HttpMethod.Get, path, null, "application/json")).IsFine;

    private async Task<(bool IsFine, string Text)> AskAsync(HttpMethod method, string path, string? body, string type)
    {
        using var request = new HttpRequestMessage(method, new Uri(Url, path));
        request.Headers.Authorization = new("Bearer", Admin);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type));
        using var response = await http!.SendAsync(request);
        return (response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    public ValueTask DisposeAsync()
    {
        while (processes.Count > 0)
        {
            End(processes[^1]);
        }
        http?.Dispose();
        Directory.Delete(home, recursive: true);
        return ValueTask.CompletedTask;
    }

    private X509Certificate2Collection Authorities()
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(File.ReadAllText(Path.Combine(home, "certs", "apiserver.crt")));
        return authorities;
    }

    private void StartApi() =>
        Start(
            "kube-apiserver",
            "--etcd-servers",
            $"http://127.0.0.1:{ports.Etcd}",
            "--bind-address",
            "127.0.0.1",
            "--secure-port",
            $"{ports.Api}",
            "--cert-dir",
            Path.Combine(home, "certs"),
            "--token-auth-file",
            Path.Combine(home, "tokens.csv"),
            "--authorization-mode",
            "RBAC",
            "--disable-admission-plugins",
            "ServiceAccount",
            "--service-cluster-ip-range",
            "10.0.0.0/24",
            "--service-account-issuer",
            "https://podspace.test",
            "--service-account-key-file",
            Path.Combine(home, "sa.pub"),
            "--service-account-signing-key-file",
            Path.Combine(home, "sa.key")
        );

    /// <summary>The shell in between ends it when this process is gone, however it went: then nobody holds its input open.</summary>
    private void Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true };
        foreach (
            var word in (string[])
                [
                    "-c",
                    "log=$1; shift; exec 2>/dev/null; \"$@\" >>\"$log\" 2>&1 </dev/null & pid=$!; cat >/dev/null; kill -9 $pid; wait $pid",
                    "sh",
                    LogOf(program),
                    Path.Combine(Tools, program),
                    .. arguments,
                ]
        )
        {
            start.ArgumentList.Add(word);
        }
        processes.Add(Process.Start(start)!);
    }

    private string LogOf(string program) => Path.Combine(home, $"{program}.log");

    private void End(Process process)
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
        processes.Remove(process);
    }

    private async Task ReadyAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await IsReadyAsync())
        {
            if (patience.IsCancellationRequested)
            {
                Assert.Fail(
                    $"kube-apiserver is not ready after {Patience.TotalSeconds} s: "
                        + $"{string.Join('\n', File.ReadLines(LogOf("kube-apiserver")).TakeLast(20))}"
                );
            }
            await Task.Delay(200);
        }
    }

    private async Task<bool> IsReadyAsync()
    {
        if (!File.Exists(Path.Combine(home, "certs", "apiserver.crt")))
        {
            return false;
        }
        http ??= new(new SocketsHttpHandler { SslOptions = new() { CertificateChainPolicy = Trusting(Authorities()) } });
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Url, "/readyz"));
            request.Headers.Authorization = new("Bearer", Admin);
            using var response = await http.SendAsync(request);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static X509ChainPolicy Trusting(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
