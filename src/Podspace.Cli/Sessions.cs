using Podspace.Cli.Output;
using Podspace.Observed;
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
    /// <param name="form">Null: text.</param>
    public static Task<int> EachAsync(
        Terminal terminal,
        Where where,
        Func<Session, Task<Said>> run,
        CancellationToken cancel,
        Form? form = null
    ) => EachAsync(terminal, where, Specs.Read(where.Files), null, run, cancel, form);

    /// <param name="sources">The specs, already read.</param>
    /// <param name="only">Name of the one overlay that is meant; null: all.</param>
    /// <inheritdoc cref="EachAsync(Terminal, Where, Func{Session, Task{Said}}, CancellationToken, Form)"/>
    public static async Task<int> EachAsync(
        Terminal terminal,
        Where where,
        IReadOnlyList<SourceText> sources,
        string? only,
        Func<Session, Task<Said>> run,
        CancellationToken cancel,
        Form? form = null
    )
    {
        var meant = Meant(terminal, where, sources, only);
        form ??= new("text", where.IsQuiet);
        var terraform = where.TerraformState is { } file ? Terraform(file) : TerraformState.None;
        using var twin = where.Twin is null ? null : TwinFile.Open(where.Twin);
        var faults = where.Faults is null ? null : FaultFile.Load(where.Faults, twin!.World);
        var isAlone = meant.Count == 1;
        if (!isAlone && form.IsOneDocument)
        {
            throw new UsageException($"-o {form.Format} is one document, and there are {meant.Count} overlays. Name one with -f.");
        }
        var rows = new SeveralSaid(terminal, form);
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
                Terminal = terminal,
            };
            if (isAlone)
            {
                return form.Say(terminal, await AloneAsync(terminal, session, form, run), spec.Name);
            }
            rows.Add(session, await ToldAsync(terminal, session, run));
        }
        return rows.End();
    }

    /// <exception cref="UsageException">The specs hold errors, which have been printed.</exception>
    private static List<OverlaySpec> Meant(Terminal terminal, Where where, IReadOnlyList<SourceText> sources, string? only)
    {
        var specs = OverlayYaml.ParseAll(sources);
        terminal.Error.Write(terminal.Colours.Paint(Messages.Findings(specs.Findings, where), terminal.IsErrorTerminal));
        if (!specs.Ok(out var all))
        {
            throw new UsageException("the spec holds errors; nothing was read or changed.");
        }
        if (where is { Faults: not null, Twin: null })
        {
            throw new UsageException("--faults is for simulated worlds: name one with --twin. On AWS nothing is let go wrong on purpose.");
        }
        return [.. all.Overlays.Where(spec => only is null || spec.Name == only)];
    }

    /// <summary>A mistake is told by whoever catches it; a program gets a document all the same.</summary>
    private static async Task<Said> AloneAsync(Terminal terminal, Session session, Form form, Func<Session, Task<Said>> run)
    {
        try
        {
            return await run(session);
        }
        catch (UsageException mistake) when (form.IsJson)
        {
            await terminal.Output.WriteAsync(ResultJson.OfMistake(mistake.Message, session, terminal.IsTerminal));
            throw;
        }
    }

    private static async Task<Said> ToldAsync(Terminal terminal, Session session, Func<Session, Task<Said>> run)
    {
        try
        {
            return await run(session);
        }
        catch (UsageException mistake)
        {
            return Said.Failed($"podspace: {session.Spec.Name}: {mistake.Message}\n") with
            {
                Json = () => ResultJson.OfMistake(mistake.Message, session, terminal.IsTerminal),
            };
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
