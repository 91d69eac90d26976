using System.Globalization;
using Podspace.Naming;
using Podspace.Steps.Calls;

namespace Podspace.Applying;

/// <summary>Tag podspace.io/lock.NAME of the VPC, <c>holder@expiry</c>, for as long as there is no cluster to hold a Lease.</summary>
/// <remarks>
/// EC2 lets every writer of a tag through, the last one stays. So: look, write, wait longer
/// than anybody takes from look to write, look again.
/// Whoever took longer than that has written over somebody who had the lock already, and lets go.
/// </remarks>
internal sealed class VpcTagPlace(ICloud cloud, AwsId vpc, string overlay, TimeProvider time) : ILockPlace
{
    public const string TooLate = "TooLate";

    /// <summary>Also as long as EC2 may take until a tag is seen. UNCONFIRMED: AWS names no time for its eventual consistency.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    private readonly string key = Tags.Lock(overlay);
    private DateTimeOffset looked;

    public async Task<(LockNote? Note, Refusal? Refusal)> ReadAsync(CancellationToken cancel)
    {
        looked = time.GetUtcNow();
        var (tags, refusal) = await cloud.TagsAsync(vpc, cancel);
        return (tags.Where(tag => tag.Key == key).Select(tag => Note(tag.Value)).FirstOrDefault(), refusal);
    }

    public async Task<Outcome> WriteAsync(LockNote? over, string holder, CancellationToken cancel)
    {
        var isRenewal = over?.Holder == holder;
        var value = Tags.LockValue(holder, time.GetUtcNow() + RunLock.Duration);
        var written = await cloud.CallAsync(new CloudCall.Tag(vpc, [new(key, value)]), cancel);
        if (written.Refusal is not null)
        {
            return written;
        }
        var start = isRenewal ? over!.Renewed ?? looked : looked;
        if (time.GetUtcNow() - start >= (isRenewal ? RunLock.Duration : Settling))
        {
            await DropAsync(value, cancel);
            return Outcome.Refused(
                new(RefusalKind.Conflict, TooLate, "Between looking and writing somebody else may have taken the lock.")
            );
        }
        return isRenewal ? Outcome.Done(value) : await SettledAsync(value, cancel);
    }

    /// <summary>EC2 takes a tag off only while it has the value that is named, and says done in any case: so it is looked for.</summary>
    public async Task<Refusal?> DropAsync(string? version, CancellationToken cancel)
    {
        if (version is null)
        {
            return null;
        }
        var dropped = await cloud.CallAsync(new CloudCall.UntagIf(vpc, new(key, version)), cancel);
        var (note, refusal) = dropped.Refusal is null ? await ReadAsync(cancel) : (null, dropped.Refusal);
        return refusal ?? (note is null ? null : new(RefusalKind.Conflict, "Kept", $"the tag holds {note.Version} by now"));
    }

    private async Task<Outcome> SettledAsync(string value, CancellationToken cancel)
    {
        await Task.Delay(Settling, time, cancel);
        var (tags, refusal) = await cloud.TagsAsync(vpc, cancel);
        if (refusal is not null)
        {
            return Outcome.Refused(refusal);
        }
        return tags.Contains(new(key, value))
            ? Outcome.Done(value)
            : Outcome.Refused(new(RefusalKind.Conflict, "Overtaken", "Somebody else took the lock at the same time."));
    }

    private static LockNote Note(string value)
    {
        var at = value.LastIndexOf('@');
        var until = DateTimeOffset.TryParse(value[(at + 1)..], CultureInfo.InvariantCulture, out var time) ? time : (DateTimeOffset?)null;
        return new(at < 0 ? value : value[..at], until - RunLock.Duration, RunLock.Duration, value);
    }
}
