using Podspace.Applying;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Planning;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Cli;

/// <summary>What every command does around a change: says where, asks, takes the lock, looks again, carries out.</summary>
internal sealed class ChangeRun(Terminal terminal, Session session, bool isQuiet)
{
    private RunLock? held;
    private Refusal? told;

    /// <summary>Reports whether it was printed with its step.</summary>
    public bool HasTold(Refusal refusal) => ReferenceEquals(refusal, told);

    /// <summary>Told what came of each step.</summary>
    public Action<StepReport>? OnStep { get; init; }

    /// <summary>Prints account, Region and cluster; on a terminal it asks, without one
    /// <paramref name="yes"/> must have been said.</summary>
    public async Task<bool> IsAgreedAsync(string what, string account, bool yes, CancellationToken cancel)
    {
        var spec = session.Spec;
        terminal.Error.WriteLine(
            $"{what} in account {PlanText.Account(account, terminal.IsTerminal)}, {spec.Region}, "
                + $"{spec.Vpc}{(spec.Cluster is null ? "" : $", cluster {spec.Cluster}")}."
        );
        if (yes)
        {
            return true;
        }
        if (!terminal.IsTerminal)
        {
            throw new UsageException("nobody is here to ask, so nothing was changed. To go ahead without being asked, add --yes.");
        }
        terminal.Error.Write("Go ahead? [y/N] ");
        var isAgreed = await terminal.AnswerAsync(cancel) is "y" or "Y" or "yes";
        if (!isAgreed)
        {
            terminal.Error.WriteLine("Nothing was changed.");
        }
        return isAgreed;
    }

    /// <summary>Runs <paramref name="work"/> while the lock is ours.</summary>
    public async Task<int> HoldingAsync(PlannedState before, Func<Waiter, Task<int>> work, CancellationToken cancel)
    {
        held = LockFor(before);
        if ((await ClearVpcAsync(before, cancel) ?? await held.AcquireAsync(cancel)) is { } refusal)
        {
            return RefuseBefore(terminal, session.Where, refusal);
        }
        int exit;
        try
        {
            exit = await work(new(session.Connections.Time, held.RenewLockAsync));
        }
        catch
        {
            // Also when the run was cancelled: the lock would keep others out for half a minute more.
            await held.ReleaseAsync(CancellationToken.None);
            throw;
        }
        return IsGone(await held.ReleaseAsync(CancellationToken.None)) ? exit : ExitCode.Worst(exit, ExitCode.Error);
    }

    /// <summary>Says what kept a run from beginning.</summary>
    public static int RefuseBefore(Terminal terminal, Where where, Refusal refusal)
    {
        var mend = refusal is { Kind: RefusalKind.Denied, IsSignedOut: false }
            ? " Allow it, then run the same command again. Nothing was changed."
            : "";
        terminal.Error.WriteLine(where.Pasteable($"refused: {refusal}{mend}"));
        return ExitCode.Error;
    }

    private bool IsGone(Refusal? refusal)
    {
        if (refusal is not null)
        {
            terminal.Error.WriteLine(
                $"refused: the lock of overlay {session.Spec.Name} is still there ({refusal}). "
                    + $"It keeps others out for {RunLock.Duration.TotalSeconds:0} s at most. To take it away, run "
                    + $"the same command again."
            );
        }
        return refusal is null;
    }

    /// <summary>With nothing to do there is still the lock of a run that was killed at its very end.</summary>
    /// <returns>Whether there is none any more.</returns>
    public async Task<bool> ClearLockAsync(PlannedState state, CancellationToken cancel) =>
        IsGone(await ClearVpcAsync(state, cancel) ?? await LockFor(state).ClearAsync(cancel));

    /// <summary>A run that began before there was a cluster holds the VPC, not the Lease: it is
    /// waited for, and its tag goes when it was killed.</summary>
    private async Task<Refusal?> ClearVpcAsync(PlannedState state, CancellationToken cancel)
    {
        var (connections, vpc) = (session.Connections, state.Inventory.Cloud.Vpc!);
        if (connections.ClusterOf(state.Inventory.Cloud) is null || vpc.Tags.All(tag => tag.Key != Tags.Lock(session.Spec.Name)))
        {
            return null;
        }
        var vpcLock = RunLock.OnVpc(connections.Cloud, vpc.Id, session.Spec.Name, connections.Holder, connections.Time);
        if (await vpcLock.AcquireAsync(cancel) is { } refusal)
        {
            return refusal;
        }
        return await vpcLock.ReleaseAsync(CancellationToken.None);
    }

    private RunLock LockFor(PlannedState state)
    {
        var (connections, cloud) = (session.Connections, state.Inventory.Cloud);
        return connections.ClusterOf(cloud) is { } cluster
            ? RunLock.OnLease(cluster, session.Spec.Name, connections.Holder, connections.Time, News)
            : RunLock.OnVpc(connections.Cloud, cloud.Vpc!.Id, session.Spec.Name, connections.Holder, connections.Time, News);

        void News(string text)
        {
            if (!isQuiet)
            {
                terminal.Error.WriteLine(text);
            }
        }
    }

    /// <summary>Asks for the rights before the first change, so that a missing one leaves nothing half done.</summary>
    /// <param name="nodes">Those that will be replaced; null: none.</param>
    public async Task<bool> MayAsync(
        IEnumerable<Step> steps,
        PlannedState state,
        CancellationToken cancel,
        IEnumerable<SeenNode>? nodes = null
    )
    {
        steps = steps.ToList();
        if (Blocked(steps, state.Inventory) is { } blocked)
        {
            terminal.Error.WriteLine($"{blocked}\nNothing was changed.");
            return false;
        }
        var report = await Rehearsal.TryAsync(
            session.Spec,
            steps,
            nodes ?? [],
            state.Inventory,
            session.Connections.Cloud,
            session.Connections.ClusterOf(state.Inventory.Cloud),
            cancel
        );
        foreach (var denied in report.Denied)
        {
            terminal.Error.WriteLine($"not allowed: {denied}");
        }
        if (!report.Denied.IsEmpty)
        {
            terminal.Error.WriteLine(
                report.IsSignedOut ? "Nothing was changed." : "Allow it, then run the same command again. Nothing was changed."
            );
        }
        else if (!report.NotTried.IsEmpty && !isQuiet)
        {
            terminal.Error.WriteLine($"Rights were asked for first, but for these nobody can try: {string.Join(", ", report.NotTried)}.");
        }
        return report.Denied.IsEmpty;
    }

    /// <summary>Written without having been read, the record would note our own values as those that were there before us.</summary>
    private static string? Blocked(IEnumerable<Step> steps, Inventory inventory) =>
        steps.FirstOrDefault(step => step is { Owner: Owner.Podspace, Change: Change.SetAddonValues or Change.SetAwsNode }) is { } step
        && inventory.Gaps.FirstOrDefault(gap => gap.Reading == Reading.Record) is { } gap
            ? (
                $"blocked: {step.Change.Phrase}, because previous values would be lost: " + $"{GapText.Unread(gap)} {GapText.Mend(gap)}"
            ).TrimEnd()
            : null;

    /// <returns>Whether every step was done, and the first refusal if one was refused.</returns>
    public async Task<(bool IsWhole, Refusal? Refusal)> CarryOutAsync(
        EquatableArray<Step> steps,
        PlannedState state,
        Waiter waiter,
        CancellationToken cancel
    )
    {
        var executor = new Executor(session.Connections.Cloud, session.Connections.ClusterOf(state.Inventory.Cloud), waiter);
        var (isWhole, refusal) = (true, (Refusal?)null);
        await foreach (var report in executor.ApplyAsync(session.Spec, steps, state.Inventory, cancel))
        {
            isWhole &= report.Result is StepResult.Started or StepResult.Done;
            refusal ??= report.Refusal;
            OnStep?.Invoke(report);
            if (!isQuiet || report.Result == StepResult.Refused)
            {
                Messages.Report(terminal.Error, report);
            }
        }
        told = refusal;
        if (!isWhole)
        {
            terminal.Error.WriteLine("Not all of it was done. What was done stays; the same command goes on from there.");
        }
        return (isWhole, refusal);
    }

    /// <summary>The same for a look that may have found no plan, or have seen less: then it says
    /// why, for nobody need have changed anything.</summary>
    public bool IsStillAgreed(PlannedState shown, PlannedState now, bool yes)
    {
        if (now.HasErrors)
        {
            Messages.Obstacles(terminal.Error, now.Findings, session.Where);
            terminal.Error.WriteLine("That was found by the second look, right before the first change: nothing was done.");
            return false;
        }
        // A plan by less than was seen may leave out what was shown, and would end as if all of it had been done.
        var isLess = shown.Plan!.Steps.Select(step => step.Id).Except(now.Plan!.Steps.Select(step => step.Id)).Any();
        if (isLess && now.Inventory.Gaps.FirstOrDefault(gap => shown.Inventory.Gaps.All(known => known.Reading != gap.Reading)) is { } lost)
        {
            terminal.Error.WriteLine(
                (
                    $"The second look, right before the first change, saw less than "
                    + $"the first, so nothing was done. {GapText.Unread(lost)} {GapText.Mend(lost)}"
                ).TrimEnd()
            );
            return false;
        }
        return IsStillAgreed(shown.Plan, now.Plan, yes);
    }

    /// <summary>Once the lock is ours: reports whether a plan made now may be carried out. One that a person agreed to must
    /// still stand on the same ground; who said --yes agreed to whatever is right now.</summary>
    public bool IsStillAgreed(Plan shown, Plan now, bool yes)
    {
        if (yes || now.Fingerprint == shown.Fingerprint)
        {
            return true;
        }
        terminal.Error.WriteLine(
            "Somebody changed what this plan stands on since it was made, so nothing was done. Run the command again to see the new plan."
        );
        return false;
    }
}
