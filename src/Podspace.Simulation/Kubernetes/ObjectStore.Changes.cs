using System.Text.Json.Nodes;

namespace Podspace.Simulation.Kubernetes;

public enum ChangeKind
{
    Added,
    Modified,
    Deleted,
}

/// <param name="Object">As it was right after the change; of a deleted one the last state, under the version of its deletion.</param>
/// <param name="Before">As it was before the change; null when it was added.</param>
public sealed record ObjectChange(long Version, ChangeKind Kind, string Plural, JsonObject Object, JsonObject? Before);

public sealed partial class ObjectStore
{
    /// <summary>How many changes are remembered for watches. A watch that starts further back is told to
    /// list anew (410), as by a real server after compaction.</summary>
    public const int Remembered = 20_000;

    private readonly List<ObjectChange> changes = [];
    private long oldest;

    /// <summary>Raised under the world's gate after each change.</summary>
    public event Action? Happened;

    /// <summary>What happened to objects of one kind after a version, oldest first.</summary>
    /// <exception cref="WorldRefusal">Expired, 410: what happened since is no longer known, or the
    /// version is of another life of this world.</exception>
    public IReadOnlyList<ObjectChange> Since(string api, string plural, long version)
    {
        if (version < oldest || version > Version)
        {
            throw new WorldRefusal("Expired", $"too old resource version: {version} ({oldest})", 410);
        }
        var stored = KindTable.StoredApi(api, plural);
        var start = changes.FindLastIndex(change => change.Version <= version) + 1;
        return [.. changes.Skip(start).Where(change => change.Plural == plural && change.Object.Api() == stored)];
    }

    private void Log(ObjectChange change)
    {
        changes.Add(change);
        if (changes.Count > Remembered + (Remembered / 4))
        {
            oldest = changes[^(Remembered + 1)].Version;
            changes.RemoveRange(0, changes.Count - Remembered);
        }
        Happened?.Invoke();
    }
}
