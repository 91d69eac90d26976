using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Podspace.Simulation;
using Podspace.Simulation.State;
using Podspace.Twin;

namespace Podspace.ServerTests;

/// <summary>The twin on sockets: ports, TLS, tokens, time, streams.</summary>
public sealed class TwinServerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kubernetes_is_behind_TLS_that_the_throwaway_CA_vouches_for()
    {
        await using var server = await StartAsync();
        using var client = Trusting(server);
        client.DefaultRequestHeaders.Authorization = new("Bearer", server.Token);
        Assert.Equal(
            "GET /api/v1/nodes?watch=false",
            await client.GetStringAsync(new Uri(server.KubeUrl, "/api/v1/nodes?watch=false"), Cancel)
        );
        using var stranger = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetStringAsync(server.KubeUrl, Cancel));
    }

    [Theory]
    [InlineData("/api/v1/nodes", "", HttpStatusCode.Unauthorized)]
    [InlineData("/api/v1/nodes", "wrong", HttpStatusCode.Unauthorized)]
    [InlineData("/api/v1/nodes", "k8s-aws-v1.aHR0cHM6Ly9zdHM", HttpStatusCode.OK)]
    [InlineData("/readyz", "", HttpStatusCode.OK)]
    public async Task Who_brings_no_token_learns_only_that_it_is_well(string path, string token, HttpStatusCode status)
    {
        await using var server = await StartAsync();
        using var client = Trusting(server);
        client.DefaultRequestHeaders.Authorization = token.Length == 0 ? null : new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.GetAsync(new Uri(server.KubeUrl, path), Cancel);
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task A_path_arrives_as_it_was_sent()
    {
        await using var server = await StartAsync();
        using var client = Trusting(server);
        client.DefaultRequestHeaders.Authorization = new("Bearer", server.Token);
        Assert.Equal("GET /api/a%2Fb?x=%20", await client.GetStringAsync(new Uri(server.KubeUrl, "/api/a%2Fb?x=%20"), Cancel));
    }

    [Fact]
    public async Task A_stream_flows_as_things_happen_and_ends_with_the_server()
    {
        var server = await StartAsync();
        using var client = Trusting(server);
        client.DefaultRequestHeaders.Authorization = new("Bearer", server.Token);
        await using var stream = await client.GetStreamAsync(new Uri(server.KubeUrl, "/api/stream"), Cancel);
        var buffer = new byte[16];
        Assert.Equal("first", Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer, Cancel)));
        await server.DisposeAsync();
        await Assert.ThrowsAnyAsync<IOException>(async () => await stream.ReadExactlyAsync(new byte[1], Cancel));
    }

    [Fact]
    public async Task The_worlds_time_goes_on_without_being_asked()
    {
        var world = NewWorld();
        await using var server = await TwinServer.StartAsync(world, new EchoDoor(), new(), Cancel);
        using var client = new HttpClient();
        using var form = new StringContent("Action=AssociateVpcCidrBlock&Version=2016-11-15&VpcId=vpc-1&CidrBlock=100.64.0.0/16");
        (await client.PostAsync(server.AwsUrl, form, Cancel)).EnsureSuccessStatusCode().Dispose();
        Assert.NotNull(world.NextDue);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (world.NextDue is not null)
        {
            await Task.Delay(10, patience.Token);
        }
        Assert.Equal("associated", world.State.Aws.Vpcs[0].CidrBlockAssociationSet[0].CidrBlockState.State);
        Assert.Equal(
            [("ec2", "AssociateVpcCidrBlock", true)],
            server.Aws.Calls.Select(call => (call.Service, call.Operation, call.IsWrite))
        );
    }

    [Fact]
    public async Task The_cluster_names_the_server_as_its_endpoint_while_it_runs()
    {
        var world = NewWorld();
        await using (var server = await TwinServer.StartAsync(world, new EchoDoor(), new(), Cancel))
        {
            Assert.Equal(server.KubeUrl, new Uri(world.Eks.Endpoint.Url));
            Assert.Equal(server.AuthorityPem, Encoding.UTF8.GetString(Convert.FromBase64String(world.Eks.Endpoint.AuthorityData)));
            Assert.Contains(world.Eks.Endpoint.AuthorityData, server.Kubeconfig, StringComparison.Ordinal);
            Assert.Contains(server.Token, server.Kubeconfig, StringComparison.Ordinal);
        }
        Assert.EndsWith(".eks.amazonaws.com", world.Eks.Endpoint.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await Assert.ThrowsAnyAsync<IOException>(() =>
            TwinServer.StartAsync(NewWorld(), new EchoDoor(), new(AwsPort: ((IPEndPoint)taken.LocalEndpoint).Port), Cancel)
        );
    }

    [Fact]
    public async Task A_delay_is_waited_before_every_answer()
    {
        await using var server = await TwinServer.StartAsync(
            NewWorld(),
            new EchoDoor(),
            new(Delay: TimeSpan.FromMilliseconds(300)),
            Cancel
        );
        using var client = new HttpClient();
        var started = TimeProvider.System.GetTimestamp();
        (await client.GetAsync(new Uri(server.AwsUrl, "/?Action=DescribeVpcs&Version=2016-11-15"), Cancel))
            .EnsureSuccessStatusCode()
            .Dispose();
        Assert.True(TimeProvider.System.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(290));
    }

    private static Task<TwinServer> StartAsync() => TwinServer.StartAsync(NewWorld(), new EchoDoor(), new(), Cancel);

    private static World NewWorld()
    {
        var state = new WorldState { Clock = DateTimeOffset.UtcNow };
        state.Aws.Vpcs = [new() { VpcId = "vpc-1", CidrBlock = "10.196.24.0/24" }];
        return new(state, TimeProvider.System);
    }

    private static HttpClient Trusting(TwinServer server)
    {
        var authority = X509Certificate2.CreateFromPem(server.AuthorityPem);
        return new(
            new SocketsHttpHandler
            {
                SslOptions =
                {
                    CertificateChainPolicy = new()
                    {
                        TrustMode = X509ChainTrustMode.CustomRootTrust,
                        CustomTrustStore = { authority },
                        RevocationMode = X509RevocationMode.NoCheck,
                    },
                },
            }
        );
    }

    /// <summary>Answers with what it was asked; <c>/api/stream</c> says one word and then waits for ever.</summary>
    private sealed class EchoDoor : IEndpoint
    {
        public Task<TwinResponse> HandleAsync(TwinRequest request, CancellationToken cancel)
        {
            if (request.Path == "/api/stream")
            {
                return Task.FromResult(new TwinResponse(200, "application/json", default, Chunks(cancel)));
            }
            var query = request.Query.Length > 0 ? $"?{request.Query}" : "";
            return Task.FromResult(new TwinResponse(200, "text/plain", Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{query}")));
        }

        private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Chunks(
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel
        )
        {
            yield return "first"u8.ToArray();
            await Task.Delay(Timeout.Infinite, cancel);
        }
    }
}
