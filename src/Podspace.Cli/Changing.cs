using Podspace.Applying;
using Podspace.Planning;

namespace Podspace.Cli;

/// <summary>What every command does around a change: says where, asks, takes the lock, looks again, carries out.</summary>
internal sealed class Changing(Terminal terminal, Session session, bool isQuiet)
{
    private RunLock? held;

    /// <summary>Told what came of each step.</summary>
    public Action<StepReport>? OnStep { get; init; }

    /// <summary>Prints account, Region and cluster; on a terminal it asks, without one <paramref name="yes"/> must have been said.</summary>
    public bool IsAgreed(string what, string account, bool yes)
    {
        var spec = session.Spec;
        terminal.Error.WriteLine($"{what} in account {PlanText.Account(account, terminal.IsTerminal)}, {spec.Region}, {spec.Vpc}{(spec.Cluster is null ? "" : $", cluster {spec.Cluster}")}.");
        if (yes)
        {
            return true;
        }
        if (!terminal.IsTerminal)
        {
            throw new Mistake("nobody is here to ask, so nothing was changed. To go ahead without being asked, add --yes.");
        }
        terminal.Error.Write("Go ahead? [y/N] ");
        var isAgreed = terminal.Input.ReadLine() is "y" or "Y" or "yes";
        if (!isAgreed)
        {
            terminal.Error.WriteLine("Nothing was changed.");
        }
        return isAgreed;
    }

    /// <summary>Runs <paramref name="work"/> while the Lease is ours. Where there is no cluster yet there is nothing to hold it.</summary>
    public async Task<int> HoldingAsync(Situation before, Func<Patience, Task<int>> work, CancellationToken cancel)
    {
        if (session.Doors.ClusterOf(before.Inventory.Cloud) is not { } cluster)
        {
            return await work(new(session.Doors.Time));
        }
        held = new(cluster, session.Spec.Name, session.Doors.Holder, session.Doors.Time);
        if (await held.AcquireAsync(cancel) is { } refusal)
        {
            terminal.Error.WriteLine($"refused: {refusal}");
            return ExitCode.Error;
        }
        int exit;
        try
        {
            exit = await work(new(session.Doors.Time, held.BeatAsync));
        }
        catch
        {
            // Also when the run was cancelled: the Lease would lock others out for half a minute more.
            await held.ReleaseAsync(CancellationToken.None);
            throw;
        }
        return IsGone(await held.ReleaseAsync(CancellationToken.None)) ? exit : ExitCode.Worst(exit, ExitCode.Error);
    }

    private bool IsGone(Refusal? refusal)
    {
        if (refusal is not null)
        {
            terminal.Error.WriteLine($"refused: {ObjectKey.Lease(session.Spec.Name)} is still there ({refusal}). It keeps others out for {RunLock.Duration.TotalSeconds:0} s at most. To take it away, run the same command again.");
        }
        return refusal is null;
    }

    /// <summary>With nothing to do there is still the Lease of a run that was killed at its very end.</summary>
    /// <returns>Whether there is none any more.</returns>
    public async Task<bool> ClearLockAsync(Situation situation, CancellationToken cancel) =>
        session.Doors.ClusterOf(situation.Inventory.Cloud) is not { } cluster
        || IsGone(await new RunLock(cluster, session.Spec.Name, session.Doors.Holder, session.Doors.Time).ClearAsync(cancel));

    /// <summary>Asks for the rights before the first change, so that a missing one leaves nothing half done.</summary>
    public async Task<bool> MayAsync(EquatableArray<Step> steps, Situation situation, CancellationToken cancel)
    {
        var report = await Rehearsal.TryAsync(
            session.Spec, steps, situation.Inventory, session.Doors.Cloud, session.Doors.ClusterOf(situation.Inventory.Cloud), cancel);
        foreach (var denied in report.Denied)
        {
            terminal.Error.WriteLine($"not allowed: {denied}");
        }
        if (!report.Denied.IsEmpty)
        {
            terminal.Error.WriteLine("Nothing was changed.");
        }
        else if (!report.NotTried.IsEmpty && !isQuiet)
        {
            terminal.Error.WriteLine($"Rights were asked for first, but for these nobody can try: {string.Join(", ", report.NotTried)}.");
        }
        return report.Denied.IsEmpty;
    }

    /// <returns>Whether every step was done, and the first refusal if one was refused.</returns>
    public async Task<(bool IsWhole, Refusal? Refusal)> CarryOutAsync(EquatableArray<Step> steps, Situation situation, Patience patience, CancellationToken cancel)
    {
        var executor = new Executor(session.Doors.Cloud, session.Doors.ClusterOf(situation.Inventory.Cloud), patience);
        var (isWhole, refusal) = (true, (Refusal?)null);
        await foreach (var report in executor.ApplyAsync(session.Spec, steps, situation.Inventory, cancel))
        {
            isWhole &= report.Result is StepResult.Started or StepResult.Done;
            refusal ??= report.Refusal;
            OnStep?.Invoke(report);
            if (!isQuiet || report.Result == StepResult.Refused)
            {
                Say.Report(terminal.Error, report);
            }
        }
        if (!isWhole)
        {
            terminal.Error.WriteLine("Not all of it was done. What was done stays; the same command goes on from there.");
        }
        return (isWhole, refusal);
    }

    /// <summary>Once the lock is ours: reports whether a plan made now may be carried out. One that a person agreed to must still stand on the same ground; who said --yes agreed to whatever is right now.</summary>
    public bool IsStillAgreed(Plan shown, Plan? now, bool yes)
    {
        if (now is not null && (yes || now.Fingerprint == shown.Fingerprint))
        {
            return true;
        }
        terminal.Error.WriteLine("Somebody changed what this plan stands on since it was made, so nothing was done. Run the command again to see the new plan.");
        return false;
    }
}
