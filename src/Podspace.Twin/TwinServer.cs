using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Podspace.Simulation;
using Podspace.Simulation.Aws;
using Podspace.Twin.Aws;
using Podspace.Twin.Faults;

namespace Podspace.Twin;

/// <param name="AwsPort">0: one that is free.</param>
/// <param name="KubePort">0: one that is free.</param>
/// <param name="Delay">Waited before every answer, as a network and a real service would have one wait.</param>
public sealed record TwinServerOptions(int AwsPort = 0, int KubePort = 0, TimeSpan Delay = default)
{
    /// <summary>Told of a bug of ours; whoever asked sees a bare 500.</summary>
    public Action<Exception>? OnFault { get; init; }

    /// <summary>What goes wrong at both ports; null: nothing.</summary>
    public Simulation.Faults.Faults? Faults { get; init; }
}

/// <summary>A world on loopback: AWS over HTTP on one port, Kubernetes over TLS on the
/// other. Keeps the world's time while it runs.</summary>
public sealed class TwinServer : IAsyncDisposable
{
    // Changes under way end within a second; a fiftieth of one late is not seen.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly World world;
    private readonly IEndpoint aws;
    private readonly IEndpoint kubernetes;
    private readonly TwinServerOptions options;
    private readonly TwinCertificates certificates = TwinCertificates.Make();
    private readonly CancellationTokenSource stopping = new();
    private readonly WebApplication server;
    private Task time = Task.CompletedTask;
    private int kubePort;

    private TwinServer(World world, IEndpoint kubernetes, TwinServerOptions options)
    {
        this.world = world;
        this.options = options;
        Aws = new(world);
        aws = options.Faults is null ? Aws : FaultyEndpoint.OfAws(Aws, world, options.Faults);
        this.kubernetes = options.Faults is null ? kubernetes : FaultyEndpoint.OfKubernetes(kubernetes, world, options.Faults);
        server = Build();
    }

    /// <summary>What answers on the AWS port; its log of calls is for tests and benches.</summary>
    public AwsEndpoint Aws { get; }

    public Uri AwsUrl { get; private set; } = new("http://127.0.0.1");

    public Uri KubeUrl { get; private set; } = new("https://127.0.0.1");

    /// <summary>The throwaway CA that signed the Kubernetes port's certificate.</summary>
    public string AuthorityPem => certificates.AuthorityPem;

    /// <summary>Lets a client in at the Kubernetes port; so does any token in the form of EKS's own.</summary>
    public string Token { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>A kubeconfig that leads kubectl here.</summary>
    public string Kubeconfig => TwinKubeconfig.Write(KubeUrl, AuthorityPem, Token);

    /// <exception cref="ArgumentException">The world's time is virtual: nobody would move it.</exception>
    /// <exception cref="IOException">A port that was asked for is taken.</exception>
    public static async Task<TwinServer> StartAsync(World world, IEndpoint kubernetes, TwinServerOptions options, CancellationToken cancel)
    {
        if (world.Clock.IsVirtual)
        {
            throw new ArgumentException("A world on a socket needs wall time.", nameof(world));
        }
        var server = new TwinServer(world, kubernetes, options);
        try
        {
            await server.StartAsync(cancel);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested)
        {
            return;
        }
        await stopping.CancelAsync();
        await server.StopAsync();
        await server.DisposeAsync();
        await time;
        world.Eks.Endpoint = ClusterEndpoint.InProcess;
        certificates.Dispose();
        stopping.Dispose();
    }

    private async Task StartAsync(CancellationToken cancel)
    {
        await server.StartAsync(cancel);
        var urls = server.Urls.Select(url => new Uri(url)).ToList();
        AwsUrl = urls.Single(url => url.Scheme == Uri.UriSchemeHttp);
        KubeUrl = urls.Single(url => url.Scheme == Uri.UriSchemeHttps);
        kubePort = KubeUrl.Port;
        world.Eks.Endpoint = new(KubeUrl.ToString().TrimEnd('/'), TwinKubeconfig.Base64(AuthorityPem));
        time = KeepTimeAsync();
    }

    private WebApplication Build()
    {
        // The empty builder reads no settings: neither files nor environment variables move the ports or add logs.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder
            .WebHost.UseKestrelCore()
            .UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Listen(IPAddress.Loopback, options.AwsPort, listen => listen.Protocols = HttpProtocols.Http1);
                kestrel.Listen(IPAddress.Loopback, options.KubePort, listen => listen.UseHttps(certificates.Server));
            });
        // Watches are open for as long as their readers like; stopping does not wait for them.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var application = builder.Build();
        application.Run(ServeAsync);
        return application;
    }

    private async Task ServeAsync(HttpContext http)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping.Token);
        try
        {
            await Task.Delay(options.Delay, cancel.Token);
            var request = await Exchange.ReadAsync(http, cancel.Token);
            await Exchange.WriteAsync(http, await AnswerAsync(http.Connection.LocalPort, request, cancel.Token), cancel.Token);
        }
        catch (Exception end) when (end is OperationCanceledException or BrokenConnection)
        {
            http.Abort();
        }
        catch (Exception fault) when (Report(fault))
        {
            throw;
        }
    }

    private bool Report(Exception fault)
    {
        options.OnFault?.Invoke(fault);
        return false;
    }

    private Task<TwinResponse> AnswerAsync(int port, TwinRequest request, CancellationToken cancel)
    {
        if (port != kubePort)
        {
            return aws.HandleAsync(request, cancel);
        }
        return IsAdmitted(request) ? kubernetes.HandleAsync(request, cancel) : Task.FromResult(Exchange.Unauthorized);
    }

    // Source: Kubernetes, "Default roles": health and version are for everybody. EKS's tokens
    // are presigned URLs; a twin has nobody to ask about them.
    private bool IsAdmitted(TwinRequest request)
    {
        var authorization = request.Header("Authorization");
        return request.Path is "/healthz" or "/livez" or "/readyz" or "/version"
            || authorization == $"Bearer {Token}"
            || authorization.StartsWith("Bearer k8s-aws-v1.", StringComparison.Ordinal);
    }

    private async Task KeepTimeAsync()
    {
        using var timer = new PeriodicTimer(Tick);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                if (world.NextDue <= world.Clock.GetUtcNow())
                {
                    world.Settle();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }
}
