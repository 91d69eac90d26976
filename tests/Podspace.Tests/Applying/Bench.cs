using Podspace.Cli;
using Podspace.Model;
using Podspace.Operations;
using Podspace.Simulation;
using Podspace.Simulation.WorldFile;
using Podspace.Spec;
using Podspace.Steps;
using Podspace.Twin;
using Podspace.Twin.Aws;
using Podspace.Twin.Kubernetes;

namespace Podspace.Tests.Applying;

/// <summary>A world with the real adapters in front of it, and the commands as methods. Everything a command would print is kept.</summary>
internal sealed class Bench : IDisposable
{
    private readonly HttpMessageHandler wire;
    private readonly StringWriter said = new();

    public Bench(World world)
    {
        World = world;
        Aws = new(world);
        wire = new TwinHandler(Aws, new KubernetesEndpoint(world));
    }

    public World World { get; }

    public AwsEndpoint Aws { get; }

    /// <summary>To the world's doors.</summary>
    public HttpMessageHandler Wire => wire;

    public string Said => said.ToString();

    public Terminal Terminal => new(said, said, TextReader.Null, false);

    private static Where Where => new([], null, null, false);

    public Task<int> ApplyAsync(OverlaySpec spec, Stage? stage = Stage.Nodes) =>
        RunAsync(spec, (session, cancel) => ApplyCommand.ApplyAsync(Terminal, session, Where, new(stage, true, true), cancel));

    /// <summary>As somebody else than everybody here, with words and calls of their own.</summary>
    /// <param name="between">Stands in front of the wire; null: nothing does.</param>
    public async Task<int> ApplyAsAsync(
        string holder,
        OverlaySpec spec,
        Stage stage,
        StringWriter words,
        Func<HttpMessageHandler, HttpMessageHandler>? between = null
    )
    {
        await using var connections = Connections.ToTwin(World, spec, holder, between is null ? wire : between(wire));
        return await ApplyCommand.ApplyAsync(
            new(words, words, TextReader.Null, false),
            new(spec, connections),
            Where,
            new(stage, true, true),
            default
        );
    }

    public Task<int> RollAsync(OverlaySpec spec) =>
        RunAsync(spec, (session, cancel) => RolloutCommand.StartAsync(Terminal, session, Where, cancel));

    public Task<int> BackAsync(OverlaySpec spec) =>
        RunAsync(spec, (session, cancel) => RolloutCommand.BackAsync(Terminal, session, Where, cancel));

    public Task<int> DestroyAsync(OverlaySpec spec, Stage from = Stage.Network, bool sweeps = false) =>
        RunAsync(spec, (session, cancel) => DestroyCommand.DestroyAsync(Terminal, session, Where, true, cancel, from, sweeps));

    public Task<int> TakeOverAsync(OverlaySpec spec, string name) =>
        RunAsync(spec, (session, cancel) => ApplyCommand.TakeOverAsync(Terminal, session, name, true, cancel));

    public Task<int> VerifyAsync(OverlaySpec spec) =>
        RunAsync(spec, (session, cancel) => VerifyCommand.VerifyAsync(Terminal, session, cancel));

    public async Task<PlannedState> LookAsync(OverlaySpec spec)
    {
        await using var connections = Connections.ToTwin(World, spec, "test", wire);
        return await new Session(spec, connections).PlanAsync(default);
    }

    public Task<int> RunAsync(OverlaySpec spec, Job job)
    {
        job.Before?.Invoke(World);
        return RunAsync(spec, (session, cancel) => job.Run(Terminal, session, cancel));
    }

    /// <param name="between">Stands in front of the wire.</param>
    public async Task<int> RunAsync(OverlaySpec spec, Job job, Terminal terminal, HttpMessageHandler between)
    {
        job.Before?.Invoke(World);
        await using var connections = Connections.ToTwin(World, spec, "test", between);
        return await job.Run(terminal, new(spec, connections), default);
    }

    public Task<int> CutAsync(OverlaySpec spec, int at, bool isAfterEffect, Job job) =>
        CutAsync(spec, at, isAfterEffect, (session, terminal, cancel) => job.Run(terminal, session, cancel));

    /// <summary>Cut off right before its first call of this name.</summary>
    public Task<int> CutBeforeAsync(OverlaySpec spec, string call, Job job) =>
        CutAsync(
            spec,
            1,
            false,
            (session, terminal, cancel) => job.Run(terminal, session, cancel),
            asked => asked.ToString() == call && !asked.IsDryRun
        );

    /// <summary>As the executor leaves a copy of the world.</summary>
    /// <param name="isSeen">The copy is made of what is seen through the doors, as before the real world.</param>
    public async Task<Inventory> PlannedAsync(OverlaySpec spec, bool isSeen = false)
    {
        await using var connections = Connections.ToTwin(World, spec, "test", wire);
        var session = new Session(spec, connections);
        return isSeen
            ? (await PlannedWorld.OfSeenAsync(session.For(null), new TwinCopies(), default)).Inventory!
            : await session.ObservePlannedAsync(default);
    }

    /// <summary>Runs it, cut off at one call.</summary>
    /// <returns>How many calls were made.</returns>
    public async Task<int> CutAsync(
        OverlaySpec spec,
        int at,
        bool isAfterEffect,
        Func<Session, Terminal, CancellationToken, Task<int>> run,
        Func<Asked, bool>? counts = null
    )
    {
        using var source = new CancellationTokenSource();
        var cut = new Cut(wire, at, isAfterEffect, source, counts);
        await using var connections = Connections.ToTwin(World, spec, "cut", cut);
        try
        {
            await run(new(spec, connections), Terminal, source.Token);
        }
        catch (OperationCanceledException)
        {
            // The process is gone.
        }
        return cut.Calls;
    }

    /// <summary>The same world again, as a file would bring it back.</summary>
    public Bench Copy() => new(Load(WorldWriter.Write(World.State)));

    public static World Load(string text)
    {
        var read = WorldReader.Read(text, "world.yaml");
        Assert.True(read.Ok(out var state), string.Join('\n', read.Findings));
        return new(state);
    }

    public void Dispose()
    {
        wire.Dispose();
        said.Dispose();
    }

    private async Task<int> RunAsync(OverlaySpec spec, Func<Session, CancellationToken, Task<int>> run)
    {
        await using var connections = Connections.ToTwin(World, spec, "test", wire);
        return await run(new(spec, connections), default);
    }
}
