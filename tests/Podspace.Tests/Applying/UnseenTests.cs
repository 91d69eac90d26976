using System.Net;
using Podspace.Cli;
using Podspace.Steps;
using Podspace.Twin;
using Podspace.Twin.Aws;
using Podspace.Twin.Kubernetes;

namespace Podspace.Tests.Applying;

[Trait("speed", "slow")]
public sealed class UnseenTests
{
    private static readonly Where Where = new([], null, null, false);

    [Fact]
    public async Task A_node_whose_pods_cannot_be_listed_is_not_empty_and_is_not_terminated()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, Stage.Admit);

        var (exit, said, _) = await WithoutAsync(
            bench,
            "/api/v1/pods",
            (session, terminal) => RolloutCommand.StartAsync(terminal, session, Where, default)
        );

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains("Pods could not be read", said, StringComparison.Ordinal);
        // The right to it was tried, no more.
        Assert.DoesNotContain(bench.World.State.History, entry => entry.Call == "TerminateInstances");
    }

    [Fact]
    public async Task Pods_that_cannot_be_listed_prove_nothing()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, null);
        await bench.RollAsync(Guide.Spec);

        var (exit, said, _) = await WithoutAsync(
            bench,
            "/api/v1/pods",
            (session, terminal) => VerifyCommand.VerifyAsync(terminal, session, default)
        );

        Assert.Equal(ExitCode.Something, exit);
        Assert.Contains("NO  pods: not looked at", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nodes_may_carry_a_group_of_their_own_none_is_guessed()
    {
        var estate = Worlds.All().Single(one => one.Name == "terraform-eks");
        using var bench = estate.Open();
        using var inner = Connections.Wire(bench.World, null);
        using var wire = new Denying(inner, call => call.ToString() == "ec2 DescribeNetworkInterfaces");
        using var words = new StringWriter();

        var exit = await bench.RunAsync(estate.Spec, Job.All[0], new(words, words, TextReader.Null, false), wire);

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains("PS1006: ec2:DescribeNetworkInterfaces was not possible", $"{words}", StringComparison.Ordinal);
        Assert.Empty(wire.Changes.Select(call => call.ToString()));
    }

    [Fact]
    public async Task Previous_values_that_cannot_be_read_are_not_written_over()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, Stage.Switch);
        var kept = Record(bench);

        var moved = Guide.Spec with { Cni = Guide.Spec.Cni with { PrefixDelegation = false } };
        var (exit, _, _) = await WithoutAsync(
            bench,
            $"/api/v1/namespaces/kube-system/configmaps/podspace-{Guide.Spec.Name}",
            (session, terminal) => ApplyCommand.ApplyAsync(terminal, session, Where, new(Stage.Switch, true, true), default),
            moved
        );

        Assert.Equal(ExitCode.Error, exit);
        Assert.Equal(kept, Record(bench));
    }

    [Fact]
    public async Task Nothing_is_taken_back_while_previous_values_cannot_be_read()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, Stage.Switch);

        await Assert.ThrowsAsync<UsageException>(() =>
            WithoutAsync(
                bench,
                $"/api/v1/namespaces/kube-system/configmaps/podspace-{Guide.Spec.Name}",
                (session, terminal) => DestroyCommand.DestroyAsync(terminal, session, Where, true, default)
            )
        );
    }

    private static string Record(Bench bench) =>
        bench.World.Objects.Find("v1", "configmaps", "kube-system", $"podspace-{Guide.Spec.Name}")!["data"]!.ToJsonString();

    /// <summary>Runs it with credentials that may not read one path.</summary>
    private static async Task<(int Exit, string Said, AwsEndpoint Aws)> WithoutAsync(
        Bench bench,
        string path,
        Func<Session, Terminal, Task<int>> run,
        Podspace.Spec.OverlaySpec? spec = null
    )
    {
        spec ??= Guide.Spec;
        var aws = new AwsEndpoint(bench.World);
        using var said = new StringWriter();
        using var wire = new Forbidding(new TwinHandler(aws, new KubernetesEndpoint(bench.World)), path);
        await using var connections = Connections.ToTwin(bench.World, spec, "test", wire);
        var exit = await run(new(spec, connections), new(said, said, TextReader.Null, false));
        return (exit, said.ToString(), aws);
    }

    private sealed class Forbidding(HttpMessageHandler inner, string path) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath == path
                ? Task.FromResult(
                    new HttpResponseMessage(HttpStatusCode.Forbidden) { RequestMessage = request, Content = new StringContent("") }
                )
                : base.SendAsync(request, cancellationToken);
    }
}
