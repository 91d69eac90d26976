namespace Podspace.Applying;

/// <summary>How waiting is done: look at once, then at growing intervals, up to a budget; and at each look say that the run is still alive.</summary>
/// <param name="beat">Called before each step and at each look: renews the Lease, and says when it is lost.</param>
/// <param name="budget">Null: ten minutes, as EKS's own waiter AddonActive (10 s × 60).</param>
public sealed class Patience(TimeProvider time, Func<CancellationToken, Task<Refusal?>>? beat = null, TimeSpan? budget = null)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);

    // Little more than a quarter of what something took is ever waited too long. A block that takes half a minute is looked at some twenty times:
    // EC2 gives descriptions a bucket of 100 that fills by 20 a second. Source: EC2 Developer Guide, "Request throttling".
    private const double Growth = 1.25;

    /// <summary>EC2's own waiters look every 15 s; associations have none, and 5 s is what operators use.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly TimeSpan budget = budget ?? TimeSpan.FromMinutes(10);

    public TimeProvider Time { get; } = time;

    public Patience With(TimeSpan otherBudget) => new(Time, beat, otherBudget);

    /// <summary>Says that the run is alive.</summary>
    /// <returns>Null while it may go on.</returns>
    public Task<Refusal?> BeatAsync(CancellationToken cancel) => beat is null ? Task.FromResult<Refusal?>(null) : beat(cancel);

    /// <returns>Null once it is so; else why it is not.</returns>
    public Task<Refusal?> UntilAsync(ICloud cloud, CloudState state, CancellationToken cancel) =>
        UntilAsync(() => cloud.LookAsync(state, cancel), state.ToString(), cancel);

    /// <param name="what">For the message when the budget is used up.</param>
    public async Task<Refusal?> UntilAsync(Func<Task<Progress>> look, string what, CancellationToken cancel)
    {
        var start = Time.GetTimestamp();
        var interval = First;
        while (true)
        {
            switch (await look())
            {
                case Progress.Reached:
                    return null;
                case Progress.Failed failed:
                    return failed.Refusal;
                case Progress.Pending pending when Time.GetElapsedTime(start) > budget:
                    return new(RefusalKind.Unavailable, "StillPending", $"{what}: still \"{pending.State}\" after {budget.TotalMinutes:0} minutes. To go on waiting, run the same command again.");
                default:
                    if (await BeatAsync(cancel) is { } lost)
                    {
                        return lost;
                    }
                    await Task.Delay(interval, Time, cancel);
                    interval = interval * Growth < Longest ? interval * Growth : Longest;
                    break;
            }
        }
    }
}
