using Podspace.Observed;
using Podspace.Planning;
using Podspace.Simulation.Faults;
using Podspace.Spec;

namespace Podspace.Cli;

/// <summary>Opens a session for every spec that a command was given, one after the other.</summary>
internal static class Sessions
{
    /// <summary>Runs a command on each. Of several, one that fails does not keep the others from
    /// their turn, and all end with a row in one table.</summary>
    /// <returns>The worst exit code.</returns>
    /// <exception cref="UsageException">The specs hold errors, which have been printed; the world cannot
    /// be opened; or the one spec that there is met it.</exception>
    public static Task<int> EachAsync(Terminal terminal, Where where, Func<Session, Task<int>> run, CancellationToken cancel) =>
        EachAsync(terminal, where, Specs.Read(where.Files), null, run, cancel);

    /// <param name="sources">The specs, already read.</param>
    /// <param name="only">Name of the one overlay that is meant; null: all.</param>
    /// <inheritdoc cref="EachAsync(Terminal, Where, Func{Session, Task{int}}, CancellationToken)"/>
    public static async Task<int> EachAsync(
        Terminal terminal,
        Where where,
        IReadOnlyList<SourceText> sources,
        string? only,
        Func<Session, Task<int>> run,
        CancellationToken cancel
    )
    {
        var specs = OverlayYaml.ParseAll(sources);
        terminal.Error.Write(Messages.Findings(specs.Findings, where));
        if (!specs.Ok(out var all))
        {
            throw new UsageException("the spec holds errors; nothing was read or changed.");
        }
        if (where is { Faults: not null, Twin: null })
        {
            throw new UsageException("--faults is for simulated worlds: name one with --twin. On AWS nothing is let go wrong on purpose.");
        }
        var terraform = where.TerraformState is { } file ? Terraform(file) : TerraformState.None;
        using var twin = where.Twin is null ? null : TwinFile.Open(where.Twin);
        var faults = where.Faults is null ? null : FaultFile.Load(where.Faults, twin!.World);
        var meant = all.Overlays.Where(spec => only is null || spec.Name == only).ToList();
        var isAlone = meant.Count == 1;
        var exit = ExitCode.Fine;
        var rows = new List<Standing>();
        foreach (var spec in meant)
        {
            cancel.ThrowIfCancellationRequested();
            await using var connections = Open(twin, faults, spec, where);
            var session = new Session(spec, connections, isAlone ? where : where.Only(spec))
            {
                IsAlone = isAlone,
                Source = SourceOf(spec, sources),
                Evidence = await EvidenceAsync(where, spec, cancel),
                Terraform = terraform,
            };
            var its = isAlone ? await run(session) : await ToldAsync(terminal, spec, () => run(session));
            exit = ExitCode.Worst(exit, its);
            rows.Add(session.Standing ?? Standing.After(its));
            rows[^1] = rows[^1] with
            {
                Overlay = spec.Name,
                Cluster = spec.Cluster ?? "none",
                Account = PlanText.Account(session.Account, terminal.IsTerminal),
                Region = spec.Region,
            };
        }
        if (!isAlone)
        {
            terminal.Error.Write(Standing.Table(rows));
        }
        return exit;
    }

    private static async Task<int> ToldAsync(Terminal terminal, OverlaySpec spec, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (UsageException mistake)
        {
            await terminal.Error.WriteLineAsync($"podspace: {spec.Name}: {mistake.Message}");
            return ExitCode.Error;
        }
    }

    private static SourceText SourceOf(OverlaySpec spec, IReadOnlyList<SourceText> sources) =>
        sources.First(source => source.File == spec.Places.Of("metadata.name")!.File);

    /// <summary>Read by the same adapters as the real world.</summary>
    /// <exception cref="UsageException">The file is missing or holds no world.</exception>
    private static async Task<Evidence?> EvidenceAsync(Where where, OverlaySpec spec, CancellationToken cancel)
    {
        if (where.Evidence is not { } file)
        {
            return null;
        }
        using var world = TwinFile.Open(file, isSaved: false, wall: null, speed: 1);
        await using var connections = Connections.ToTwin(world.World, spec, "evidence");
        return new(file, await new Session(spec, connections, where).ObserveAsync(cancel));
    }

    private static TerraformState Terraform(string file)
    {
        var text = Specs.Text(
            file,
            $"there is no file {file}. To make it, where Terraform runs:\n  terraform show -json > {Where.Quoted(file)}"
        );
        return TerraformState.Parse(text, out var problem)
            ?? throw new UsageException(
                $"{file} is not what terraform show -json prints: {problem}. To make it, where Terraform runs:\n"
                    + $"  terraform show -json > {Where.Quoted(file)}"
            );
    }

    public static Connections Open(TwinFile? twin, Faults? faults, OverlaySpec spec, Where where)
    {
        var holder = $"{Environment.UserName}@{Environment.MachineName}/{Environment.ProcessId}";
        return twin is null
            ? Connections.ToAws(spec, where.Context, holder)
            : Connections.ToTwin(twin.World, spec, holder, Connections.Wire(twin.World, faults));
    }
}
