using Podspace.Steps.Calls;

namespace Podspace.Applying;

/// <summary>How waiting is done: look at once, then at growing intervals, up to a budget; and
/// at each look say that the run is still alive.</summary>
/// <param name="beat">Called before each step and at each look: renews the Lease, and says when it is lost.</param>
/// <param name="budget">Null: ten minutes, as EKS's own waiter AddonActive (10 s × 60).</param>
/// <param name="told">Told of each wait at each look, from any thread; null: nobody is.</param>
public sealed class Waiter(
    TimeProvider time,
    Func<CancellationToken, Task<Refusal?>>? beat = null,
    TimeSpan? budget = null,
    Action<Wait>? told = null
)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);

    // Little more than a quarter of what something took is ever waited too long. A block that
    // takes half a minute is looked at some twenty times:
    // EC2 gives descriptions a bucket of 100 that fills by 20 a second. Source: EC2 Developer Guide, "Request throttling".
    private const double Growth = 1.25;

    /// <summary>EC2's own waiters look every 15 s; associations have none, and 5 s is what operators use.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>A second, doubling to ten: changes have a bucket of 50 that fills by 5 a second. Source: as above.</summary>
    private static readonly TimeSpan FirstRelease = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestRelease = TimeSpan.FromSeconds(10);

    /// <summary>What lingers was seen to last minutes; UNCONFIRMED how many at most. A second run goes on from here.</summary>
    private static readonly TimeSpan Release = TimeSpan.FromMinutes(5);

    private readonly TimeSpan budget = budget ?? TimeSpan.FromMinutes(10);

    public TimeProvider Time { get; } = time;

    public Waiter With(TimeSpan otherBudget) => new(Time, beat, otherBudget, told);

    /// <summary>Says that the run is alive.</summary>
    /// <returns>Null while it may go on.</returns>
    public Task<Refusal?> RenewLockAsync(CancellationToken cancel) => beat is null ? Task.FromResult<Refusal?>(null) : beat(cancel);

    /// <summary>Makes a call again while the answer is that something still hangs on the thing.</summary>
    /// <remarks>
    /// A plan deletes only what nothing is seen on, and AWS may hold on to what is gone for seconds to minutes.
    /// Source: terraform-provider-aws #9495 and #1671, cb-spider #460: every client asks again.
    /// </remarks>
    public async Task<Outcome> WhileInUseAsync(Func<Task<Outcome>> call, CancellationToken cancel)
    {
        var (start, interval) = (Time.GetTimestamp(), FirstRelease);
        using var wait = new ToldWait("what still uses it to go", Time.GetUtcNow(), told);
        while (true)
        {
            var outcome = await call();
            if (outcome.Refusal is not { Kind: RefusalKind.InUse } refusal)
            {
                return outcome;
            }
            wait.Tell($"{refusal}");
            if (Time.GetElapsedTime(start) >= Release)
            {
                var message = $"{refusal.Message}\nStill so after {Release.TotalMinutes:0} minutes of asking again.";
                return Outcome.Refused(refusal with { Message = message });
            }
            if (await RenewLockAsync(cancel) is { } lost)
            {
                return Outcome.Refused(lost);
            }
            await Task.Delay(interval, Time, cancel);
            interval = interval * 2 < LongestRelease ? interval * 2 : LongestRelease;
        }
    }

    /// <returns>Null once it is so; else why it is not.</returns>
    public Task<Refusal?> UntilAsync(ICloud cloud, CloudState state, CancellationToken cancel) =>
        UntilAsync(() => cloud.LookAsync(state, cancel), state.InWords, cancel);

    /// <param name="what">For whoever sits and waits, and for the message when the budget is used up.</param>
    public async Task<Refusal?> UntilAsync(Func<Task<Progress>> look, string what, CancellationToken cancel)
    {
        var start = Time.GetTimestamp();
        var interval = First;
        using var wait = new ToldWait(what, Time.GetUtcNow(), told);
        while (true)
        {
            switch (await look())
            {
                case Progress.Reached:
                    return null;
                case Progress.Failed failed:
                    return failed.Refusal;
                case Progress.Pending pending when Time.GetElapsedTime(start) > budget:
                    return new(
                        RefusalKind.Unavailable,
                        "StillPending",
                        $"waited for {what}: still \"{pending.State}\" after {budget.TotalMinutes:0} minutes. "
                            + $"To go on waiting, run the same command again."
                    );
                case var progress:
                    wait.Tell(progress is Progress.Pending { State: var state } ? state : "");
                    if (await RenewLockAsync(cancel) is { } lost)
                    {
                        return lost;
                    }
                    await Task.Delay(interval, Time, cancel);
                    interval = interval * Growth < Longest ? interval * Growth : Longest;
                    break;
            }
        }
    }

    /// <summary>Once it was told, its end is told too.</summary>
    private sealed class ToldWait(string what, DateTimeOffset since, Action<Wait>? told) : IDisposable
    {
        private Wait? last;

        public void Tell(string state) => told?.Invoke(last = new(what, state, since));

        public void Dispose()
        {
            if (last is not null)
            {
                told?.Invoke(last with { IsOver = true });
            }
        }
    }
}

/// <summary>Something that is waited for.</summary>
/// <param name="For">In words, as in "waiting for …".</param>
/// <param name="State">How far it is, in the words of whoever was asked; may be empty.</param>
/// <param name="Since">By the world's clock.</param>
public sealed record Wait(string For, string State, DateTimeOffset Since)
{
    public bool IsOver { get; init; }
}
