using Podspace.Naming;

namespace Podspace.Applying;

/// <summary>Lets one run through at a time, for 30 s, renewed while the run goes on.</summary>
/// <remarks>A run that was killed holds it until it expires; the next run waits that long and no longer.</remarks>
public sealed class RunLock
{
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    /// <summary>How a holder is called that only keeps others out.</summary>
    internal const string PausedBy = "paused by ";

    /// <summary>Nobody is to be locked out for ever by somebody who left.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromDays(7);

    private static readonly TimeSpan RenewAfter = TimeSpan.FromSeconds(10);

    /// <summary>Two clocks are never further apart: AWS refuses requests five minutes off. Source: IAM
    /// User Guide, "AWS Signature Version 4 for API requests".</summary>
    private static readonly TimeSpan ClocksApart = TimeSpan.FromMinutes(10);

    private readonly ILockPlace place;
    private readonly string overlay;
    private readonly string holder;
    private readonly TimeProvider time;
    private readonly Action<LockHolder>? news;
    private readonly Lock gate = new();
    private Task<Refusal?> beat = Task.FromResult<Refusal?>(null);
    private DateTimeOffset renewed;
    private string? version;
    private Refusal? lost;
    private bool isHeld;

    private RunLock(ILockPlace place, string overlay, string holder, TimeProvider time, Action<LockHolder>? news)
    {
        this.news = news;
        this.place = place;
        this.overlay = overlay;
        this.holder = holder;
        this.time = time;
    }

    /// <summary>Written down as Lease kube-system/podspace-NAME.</summary>
    /// <param name="news">Told once when another run is waited for.</param>
    public static RunLock OnLease(ICluster cluster, string overlay, string holder, TimeProvider time, Action<LockHolder>? news = null) =>
        new(new LeasePlace(cluster, overlay, time), overlay, holder, time, news);

    /// <summary>Written down as a tag of the VPC, where there is no cluster yet.</summary>
    public static RunLock OnVpc(
        ICloud cloud,
        AwsId vpc,
        string overlay,
        string holder,
        TimeProvider time,
        Action<LockHolder>? news = null
    ) => new(new VpcTagPlace(cloud, vpc, overlay, time), overlay, holder, time, news);

    /// <summary>Takes the lock from whoever holds it and gives it to nobody: a run stops at its
    /// next renewal, and none begins. Only on a Lease.</summary>
    public async Task<Refusal?> PauseAsync(CancellationToken cancel)
    {
        while (true)
        {
            var (note, refusal) = await place.ReadAsync(cancel);
            if (refusal is not null || IsPaused(note))
            {
                return refusal;
            }
            var outcome = await place.WriteAsync(note, PausedBy + holder, cancel);
            // A conflict is the other run's renewal: then onto that.
            if (outcome.Refusal is not { Kind: RefusalKind.Conflict })
            {
                return outcome.Refusal;
            }
        }
    }

    /// <returns>Whether there was a pause, and what kept it from being ended.</returns>
    public async Task<(bool WasPaused, Refusal? Refusal)> ResumeAsync(CancellationToken cancel)
    {
        var (note, refusal) = await place.ReadAsync(cancel);
        return refusal is not null || !IsPaused(note) ? (false, refusal) : (true, await place.DropAsync(note!.Version, cancel));
    }

    /// <returns>Null when the lock is ours; else who holds it.</returns>
    public async Task<Refusal?> AcquireAsync(CancellationToken cancel)
    {
        var patience = time.GetUtcNow() + (Duration * 1.5);
        (string? Mark, DateTimeOffset Since) seen = (null, default);
        var hasTold = false;
        while (true)
        {
            var (note, refusal) = await place.ReadAsync(cancel);
            if (refusal is not null)
            {
                return refusal;
            }
            if (MarkOf(note) is var mark && mark != seen.Mark)
            {
                seen = (mark, time.GetUtcNow());
            }
            if (note is null || note.Holder.Length == 0 || note.Holder == holder || IsOver(note, seen.Since))
            {
                var outcome = await TakeAsync(note, cancel);
                if (outcome.Refusal is not { Kind: RefusalKind.Conflict })
                {
                    isHeld = outcome.Refusal is null;
                    return outcome.Refusal;
                }
            }
            else if (IsPaused(note))
            {
                return Paused(note.Holder);
            }
            else if (time.GetUtcNow() > patience)
            {
                return new(
                    RefusalKind.Conflict,
                    "Held",
                    $"{note.Holder} is changing overlay \"{overlay}\" right now and goes on "
                        + $"renewing its lock. Wait for it to end, then run this again."
                );
            }
            else if (!hasTold)
            {
                hasTold = true;
                news?.Invoke(new(note.Holder, overlay, note.Renewed + note.Length));
            }
            await Task.Delay(TimeSpan.FromSeconds(2), time, cancel);
        }
    }

    /// <summary>Renews it when it is time to. Whoever asks meanwhile waits for the answer.</summary>
    /// <returns>Null while the lock is ours; else that it is lost, and nothing more may be
    /// changed: what this run knows may be over.</returns>
    public Task<Refusal?> RenewLockAsync(CancellationToken cancel)
    {
        lock (gate)
        {
            if (beat.IsCompleted)
            {
                beat = !isHeld || time.GetUtcNow() - renewed < RenewAfter ? Task.FromResult(lost) : RenewAsync(cancel);
            }
            return beat;
        }
    }

    private async Task<Refusal?> RenewAsync(CancellationToken cancel)
    {
        await Task.Yield();
        var (note, refusal) = await place.ReadAsync(cancel);
        if (refusal is not null)
        {
            return time.GetUtcNow() - renewed < Duration
                ? null
                : Lost($"the lock could not be renewed for {Duration.TotalSeconds:0} s ({refusal})");
        }
        if (IsPaused(note))
        {
            isHeld = false;
            return lost = Paused(note!.Holder);
        }
        if (note?.Holder != holder || (await TakeAsync(note, cancel)).Refusal is { Code: VpcTagPlace.TooLate })
        {
            return Lost(
                $"this run stood still for longer than {Duration.TotalSeconds:0} s, and "
                    + $"{(note is null || note.Holder == holder ? "another one may have come and gone" : $"{note.Holder} took its place")}"
            );
        }
        return null;
    }

    /// <summary>Removes the lock of a run that was killed, once it has expired; waits for a run that is alive.</summary>
    /// <returns>Null when there is none any more; else why it is still there.</returns>
    public async Task<Refusal?> ClearAsync(CancellationToken cancel)
    {
        var (note, refusal) = await place.ReadAsync(cancel);
        if (note is null)
        {
            // Who may not even read it has left none behind.
            return refusal is { Kind: RefusalKind.Denied } ? null : refusal;
        }
        return await AcquireAsync(cancel) ?? await ReleaseAsync(cancel);
    }

    /// <summary>It is taken away: nothing of a run stays behind it.</summary>
    /// <returns>Null when it is not ours any more; else why it is still there.</returns>
    public async Task<Refusal?> ReleaseAsync(CancellationToken cancel)
    {
        if (!isHeld)
        {
            return null;
        }
        isHeld = false;
        var refusal = await place.DropAsync(version, cancel);
        if (refusal is not { Kind: RefusalKind.Conflict })
        {
            return refusal;
        }
        // Somebody else's by now: then it stays. Or we renewed it, and the answer with its version was lost.
        var (note, unseen) = await place.ReadAsync(cancel);
        return unseen ?? (note?.Holder == holder ? await place.DropAsync(note.Version, cancel) : null);
    }

    private Refusal Paused(string by) =>
        new(
            RefusalKind.Conflict,
            "Paused",
            $"overlay \"{overlay}\" is {by}. What was done stays done, and cordoned nodes stay cordoned. "
                + $"To go on:\n  podspace rollout resume"
        );

    private static bool IsPaused(LockNote? note) => note?.Holder.StartsWith(PausedBy, StringComparison.Ordinal) == true;

    private Refusal Lost(string why)
    {
        isHeld = false;
        return lost = new(RefusalKind.Conflict, "LockLost", $"{why}. To go on from what is there now, run the same command again.");
    }

    private async Task<Outcome> TakeAsync(LockNote? note, CancellationToken cancel)
    {
        renewed = time.GetUtcNow();
        var outcome = await place.WriteAsync(note, holder, cancel);
        version = outcome.Refusal is null ? outcome.Id : version;
        return outcome;
    }

    private static string? MarkOf(LockNote? note) => note is null ? null : $"{note.Holder} {note.Renewed:O}";

    /// <summary>Reports whether its holder has stood still for the lock's length by our own
    /// clock, for the holder's may be another.</summary>
    private bool IsOver(LockNote note, DateTimeOffset unchangedSince)
    {
        var now = time.GetUtcNow();
        return now - unchangedSince >= note.Length || note.Renewed is null || now - note.Renewed > note.Length + ClocksApart;
    }
}

/// <summary>Whose lock is waited for.</summary>
/// <param name="Until">When it ends unless it is renewed; null: that cannot be read.</param>
public sealed record LockHolder(string Name, string Overlay, DateTimeOffset? Until)
{
    public override string ToString() =>
        $"{Name} is at work on overlay \"{Overlay}\", or was killed: its lock ends at {Until:HH:mm:ss} UTC unless it is renewed.";
}
