using Podspace.Cli;
using Podspace.Steps;
using Podspace.Twin;
using Podspace.Twin.Aws;
using Podspace.Twin.Kubernetes;

namespace Podspace.Tests.Applying;

/// <summary>Rights are asked for before the first change, so that a missing one leaves nothing half done.</summary>
[Trait("speed", "slow")]
public sealed class RightsTests
{
    private static readonly Where Where = new([], null, null, false);

    [Theory]
    [InlineData("ec2 TerminateInstances")]
    [InlineData("kubernetes patch nodes")]
    [InlineData("kubernetes create pods/eviction")]
    [InlineData("kubernetes create leases.coordination.k8s.io")]
    [InlineData("kubernetes update leases.coordination.k8s.io")]
    [InlineData("kubernetes patch configmaps")]
    public async Task A_rollout_there_asks_for_every_right_before_it_changes_anything(string denied)
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, Stage.Admit);

        var (exit, said, changes) = await WithoutAsync(
            bench,
            denied,
            (session, terminal) => RolloutCommand.StartAsync(terminal, session, Where, default)
        );

        Assert.Equal((ExitCode.Error, true), (exit, said.EndsWith("Nothing was changed.\n", StringComparison.Ordinal)));
        Assert.Contains("not allowed: ", said, StringComparison.Ordinal);
        Assert.Empty(changes);
    }

    [Theory]
    [InlineData("ec2 TerminateInstances")]
    [InlineData("kubernetes patch nodes")]
    [InlineData("kubernetes create pods/eviction")]
    [InlineData("kubernetes delete leases.coordination.k8s.io")]
    [InlineData("kubernetes patch configmaps")]
    public async Task A_rollout_back_does_likewise(string denied)
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec);
        await bench.RollAsync(Guide.Spec);

        var (exit, said, changes) = await WithoutAsync(
            bench,
            denied,
            (session, terminal) => RolloutCommand.BackAsync(terminal, session, Where, default)
        );

        Assert.Equal((ExitCode.Error, true), (exit, said.EndsWith("Nothing was changed.\n", StringComparison.Ordinal)));
        Assert.Contains("not allowed: ", said, StringComparison.Ordinal);
        Assert.Empty(changes);
    }

    [Theory]
    [InlineData("ec2 DeleteSubnet")]
    [InlineData("ec2 DeleteRouteTable")]
    [InlineData("ec2 DeleteSubnetCidrReservation")]
    [InlineData("ec2 DeleteTags")]
    [InlineData("kubernetes delete configmaps")]
    public async Task A_destroy_does_likewise(string denied)
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec);

        var (exit, said, changes) = await WithoutAsync(
            bench,
            denied,
            (session, terminal) => DestroyCommand.DestroyAsync(terminal, session, Where, true, default)
        );

        Assert.Equal((ExitCode.Error, true), (exit, said.EndsWith("Nothing was changed.\n", StringComparison.Ordinal)));
        Assert.Contains("not allowed: ", said, StringComparison.Ordinal);
        Assert.Empty(changes);
    }

    [Theory] // the account is checked before anything else: who cannot be asked whose it is changes nothing
    [InlineData("apply")]
    [InlineData("rollout start")]
    [InlineData("rollout back")]
    [InlineData("destroy")]
    public async Task Where_the_spec_names_an_account_nothing_is_changed_before_it_is_known(string command)
    {
        using var bench = new Bench(Guide.World());
        var job = Job.All.Single(one => one.Name == command);
        foreach (var before in Job.All.TakeWhile(one => one != job))
        {
            await bench.RunAsync(Guide.Spec, before);
        }
        using var said = new StringWriter();
        using var wire = new Denying(bench.Wire, asked => asked.ToString() == "sts GetCallerIdentity");

        var exit = await EndAsync(
            () => bench.RunAsync(Guide.Spec with { Account = "111122223333" }, job, new(said, said, TextReader.Null, false), wire),
            said
        );

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains("sts:GetCallerIdentity was not possible", said.ToString(), StringComparison.Ordinal);
        Assert.Empty(wire.Changes);
    }

    [Theory]
    [InlineData("rollout back")]
    [InlineData("destroy")]
    public async Task With_credentials_of_another_account_nothing_is_taken_back(string command)
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec);

        var mistake = await Assert.ThrowsAsync<UsageException>(() =>
            bench.RunAsync(Guide.Spec with { Account = "999999999999" }, Job.All.Single(one => one.Name == command))
        );

        Assert.Contains("the overlay is for 999999999999", mistake.Message, StringComparison.Ordinal);
    }

    private static async Task<int> EndAsync(Func<Task<int>> run, StringWriter said)
    {
        try
        {
            return await run();
        }
        catch (UsageException mistake)
        {
            await said.WriteLineAsync(mistake.Message);
            return ExitCode.Error;
        }
    }

    /// <summary>Runs it with credentials that lack one right.</summary>
    private static async Task<(int Exit, string Said, IReadOnlyList<string> Changes)> WithoutAsync(
        Bench bench,
        string denied,
        Func<Session, Terminal, Task<int>> run
    )
    {
        using var said = new StringWriter();
        using var wire = new Denying(
            new TwinHandler(new AwsEndpoint(bench.World), new KubernetesEndpoint(bench.World)),
            asked => asked.ToString() == denied
        );
        await using var connections = Connections.ToTwin(bench.World, Guide.Spec, "test", wire);
        var exit = await run(new(Guide.Spec, connections), new(said, said, TextReader.Null, false));
        return (exit, said.ToString(), [.. wire.Changes.Select(call => call.ToString())]);
    }
}
