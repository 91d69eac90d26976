using System.Runtime.CompilerServices;
using Podspace.Simulation.Faults;
using Podspace.Spec;

namespace Podspace.Cli;

/// <summary>Opens a session for every spec that a command was given, one after the other.</summary>
internal static class Sessions
{
    /// <exception cref="Mistake">The specs hold errors, which have been printed; or the world cannot be opened.</exception>
    public static async IAsyncEnumerable<Session> OpenAsync(Terminal terminal, Where where, [EnumeratorCancellation] CancellationToken cancel)
    {
        var specs = Specs.Read(where.Files);
        Say.Findings(terminal.Error, specs.Findings);
        if (!specs.Ok(out var all))
        {
            throw new Mistake("the spec holds errors; nothing was read or changed.");
        }
        if (where is { Faults: not null, Twin: null })
        {
            throw new Mistake("--faults is for simulated worlds: name one with --twin. On AWS nothing is let go wrong on purpose.");
        }
        using var twin = where.Twin is null ? null : TwinFile.Open(where.Twin);
        var faults = where.Faults is null ? null : FaultFile.Load(where.Faults, twin!.World);
        foreach (var spec in all.Overlays)
        {
            cancel.ThrowIfCancellationRequested();
            await using var doors = Open(twin, faults, spec, where);
            yield return new Session(spec, doors);
        }
    }

    private static Doors Open(TwinFile? twin, Faults? faults, OverlaySpec spec, Where where)
    {
        var holder = $"{Environment.UserName}@{Environment.MachineName}/{Environment.ProcessId}";
        return twin is null ? Doors.ToAws(spec, where.Context, holder) : Doors.ToTwin(twin.World, spec.Region, holder, Doors.Wire(twin.World, faults));
    }
}
