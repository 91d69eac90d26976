using System.Net;
using System.Net.Sockets;
using Podspace.Applying;
using Podspace.Aws;
using Podspace.Kubernetes;
using Podspace.Model;
using Podspace.Steps.Calls;

namespace Podspace.Tests.Cli;

/// <summary>Whoever is asked with credentials may send us on to somebody else: nobody else is asked.</summary>
public sealed class RedirectTests : IDisposable
{
    private readonly Host other = new(_ => null);
    private readonly Host asked;

    public RedirectTests() => asked = new(path => new Uri(other.Address, path));

    public void Dispose()
    {
        asked.Dispose();
        other.Dispose();
    }

    [Fact]
    public async Task AWS_is_not_followed_elsewhere()
    {
        using var cloud = new AwsCloud(
            new("eu-west-1")
            {
                Credentials = new AwsCredentialSource.Keys("KEY", "secret", "session"),
                Ec2Endpoint = asked.Address,
                EksEndpoint = asked.Address,
                StsEndpoint = asked.Address,
                QuotasEndpoint = asked.Address,
                ScalingEndpoint = asked.Address,
                RamEndpoint = asked.Address,
            }
        );

        var seen = await cloud.ObserveAsync(new(new("vpc-1"), "prod"), default);

        Assert.Equal((0, true), (other.Asked, asked.Asked > 10));
        Assert.Contains(seen.Gaps, gap => gap is { Reading: Reading.Vpc, Cause: GapCause.Broken });
        Assert.Contains(seen.Gaps, gap => gap is { Reading: Reading.Cluster, Cause: GapCause.Broken });
        Assert.All(
            seen.Gaps,
            gap =>
                Assert.StartsWith(
                    "Redirected — 127.0.0.1 answered with HTTP status 307, which leads to localhost. It was not followed",
                    gap.Why,
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public async Task A_role_is_not_assumed_elsewhere()
    {
        using var cloud = new AwsCloud(
            new("eu-west-1")
            {
                Credentials = new AwsCredentialSource.Keys("KEY", "secret", "session"),
                StsEndpoint = asked.Address,
                Ec2Endpoint = asked.Address,
                NetworkRole = new("arn:aws:iam::111122223333:role/network", null),
            }
        );

        var outcome = await cloud.CallAsync(new CloudCall.DeleteSubnet(new("subnet-1")), default);

        Assert.Equal((0, 1), (other.Asked, asked.Asked));
        Assert.Contains("which leads to localhost. It was not followed", outcome.Refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_API_server_is_not_followed_elsewhere()
    {
        using var cluster = new LiveCluster(
            new(asked.Address) { Authorize = _ => Task.FromResult<(string?, Refusal?)>(("Bearer token", null)) }
        );

        var seen = await cluster.ObserveAsync("prod", default);

        Assert.Equal((0, true), (other.Asked, asked.Asked > 10));
        Assert.Contains(seen.Gaps, gap => gap is { Reading: Reading.Nodes, Cause: GapCause.Broken });
        Assert.All(
            seen.Gaps,
            gap =>
                Assert.StartsWith(
                    "Redirected — 127.0.0.1 answered with HTTP status 307, which leads to localhost. It was not followed",
                    gap.Why,
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public async Task A_Prometheus_with_a_password_is_not_followed_elsewhere()
    {
        using var run = new CommandRun();
        var address = new UriBuilder(asked.Address) { UserName = "me", Password = "secret" }.Uri;

        var (exit, _, error) = await run.RunAsync($"forecast -f @overlay.yaml --twin @world.yaml --prometheus {address}");

        Assert.Equal((1, 0), (exit, other.Asked));
        Assert.Contains("answers 307, which leads to localhost. It was not followed", error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    /// <summary>A server on the loopback that sends everybody on, or lets everybody wait for nothing.</summary>
    private sealed class Host : IDisposable
    {
        private readonly HttpListener listener = new();
        private int asked;

        /// <param name="leadsTo">Null: nowhere.</param>
        public Host(Func<string, Uri?> leadsTo)
        {
            using var free = new TcpListener(IPAddress.Loopback, 0);
            free.Start();
            var port = ((IPEndPoint)free.LocalEndpoint).Port;
            free.Stop();
            // Two names of one machine, so that a message can tell them apart.
            Address = new($"http://{(leadsTo("/") is null ? "localhost" : "127.0.0.1")}:{port}/");
            listener.Prefixes.Add($"{Address}");
            listener.Start();
            _ = AnswerAsync(leadsTo);
        }

        public Uri Address { get; }

        public int Asked => asked;

        public void Dispose() => listener.Close();

        private async Task AnswerAsync(Func<string, Uri?> leadsTo)
        {
            while (listener.IsListening)
            {
                HttpListenerContext context;
                try
                {
                    context = await listener.GetContextAsync();
                }
                catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
                Interlocked.Increment(ref asked);
                await context.Request.InputStream.CopyToAsync(Stream.Null);
                context.Response.StatusCode = 307;
                context.Response.RedirectLocation = leadsTo(context.Request.RawUrl ?? "/")?.AbsoluteUri;
                context.Response.Close();
            }
        }
    }
}
