using System.Runtime.CompilerServices;
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
        using var twin = where.Twin is null ? null : TwinFile.Open(where.Twin);
        foreach (var spec in all.Overlays)
        {
            cancel.ThrowIfCancellationRequested();
            await using var doors = Open(twin, spec, where);
            yield return new Session(spec, doors);
        }
    }

    private static Doors Open(TwinFile? twin, OverlaySpec spec, Where where)
    {
        var holder = $"{Environment.UserName}@{Environment.MachineName}/{Environment.ProcessId}";
        return twin is null ? Doors.ToAws(spec, where.Context, holder) : Doors.ToTwin(twin.World, spec.Region, holder);
    }
}
