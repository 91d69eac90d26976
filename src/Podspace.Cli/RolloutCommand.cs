using System.CommandLine;
using Podspace.Applying;
using Podspace.Design;
using Podspace.Model;
using Podspace.Planning;
using Podspace.Rolling;
using Podspace.Spec;

namespace Podspace.Cli;

/// <summary>Moves running nodes into the overlay and back.</summary>
internal static class RolloutCommand
{
    public static Command Make(Terminal terminal) => new("rollout", "Replace running nodes, one of each zone first.")
    {
        Part(terminal, "start", "Throw the switch and replace every node that still gives pods addresses of its own subnet.", StartAsync),
        Part(terminal, "status", "Say of every node where its pods get their addresses.", (at, _, cancel) => StatusAsync(at, cancel)),
        Part(terminal, "pause", "Let a rollout that goes on, here or elsewhere, stop where it is; nothing begins until resume or back.", (at, _, cancel) => PauseAsync(at, cancel)),
        Part(terminal, "resume", "End the pause and go on where the rollout stopped.", ResumeAsync),
        Part(terminal, "back", "Turn the switch off and replace the nodes again, so that pods live in the node subnets.", BackAsync),
    };

    private sealed record At(Terminal Terminal, Session Session, Where Where);

    private static Command Part(Terminal terminal, string name, string description, Func<At, bool, CancellationToken, Task<int>> run)
    {
        var world = new WorldOptions();
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var command = new Command(name, description);
        if (name is not ("status" or "pause"))
        {
            command.Add(yes);
        }
        world.AddTo(command);
        command.SetAction((parsed, cancel) => Sessions.EachAsync(
            terminal, world.Of(parsed), session => run(new(terminal, session, session.Where), name is not ("status" or "pause") && parsed.GetValue(yes), cancel), cancel));
        return command;
    }

    internal static Task<int> StartAsync(Terminal terminal, Session session, Where where, CancellationToken cancel) =>
        StartAsync(new(terminal, session, where), true, cancel);

    internal static Task<int> BackAsync(Terminal terminal, Session session, Where where, CancellationToken cancel) =>
        BackAsync(new(terminal, session, where), true, cancel);

    internal static Task<int> PauseAsync(Terminal terminal, Session session, Where where, CancellationToken cancel) =>
        PauseAsync(new(terminal, session, where), cancel);

    internal static Task<int> ResumeAsync(Terminal terminal, Session session, Where where, CancellationToken cancel) =>
        ResumeAsync(new(terminal, session, where), true, cancel);

    private static async Task<int> StartAsync(At at, bool yes, CancellationToken cancel)
    {
        var situation = await at.Session.LookAtRestAsync(new(at.Session.Doors.Time), at.Terminal.Error, cancel);
        if (situation.Plan is not { } plan || situation.HasErrors)
        {
            Say.Obstacles(at.Terminal.Error, situation.Findings, at.Where);
            return ExitCode.Error;
        }
        RefuseOthersNodes(at);
        RefuseUnready(at, plan);
        RefuseWithoutCluster(situation);
        var changing = new Changing(at.Terminal, at.Session, at.Where.IsQuiet);
        if (!await changing.IsAgreedAsync("Replacing nodes", plan.Account, yes, cancel) || !await changing.MayAsync(plan.UpTo(Stage.Switch), situation, cancel, RollPlan.For(situation.Inventory, StatesOf(at, situation), NodeState.InOverlay, at.Session.Spec.Name).Nodes))
        {
            return ExitCode.Error;
        }
        return await changing.HoldingAsync(situation, async patience =>
        {
            var now = await at.Session.LookAtRestAsync(patience, at.Terminal.Error, cancel);
            if (!changing.IsStillAgreed(situation, now, yes))
            {
                return ExitCode.Error;
            }
            RefuseUnready(at, now.Plan!);
            return await RollAsync(at, changing, patience, now, new(
                seen => StatesOf(at, now with { Inventory = seen }), NodeState.InOverlay,
                stop => ThrowAsync(changing, now, patience, stop),
                stop => SwitchOffAsync(at, changing, patience, keepsPools: false, stop)), cancel);
        }, cancel);
    }

    private static void RefuseOthersNodes(At at)
    {
        if (at.Session.Spec.Owners.Nodes is not Owner.Podspace and var owner)
        {
            throw new Mistake($"replacing nodes is left to {Owners.Whose(owner)} ('spec.owners.nodes'), so none is touched here. Roll the node groups there; how far it is:\n  podspace rollout status{at.Where.Again()}");
        }
    }

    /// <summary>A rollout throws the switch and no more: what belongs before it, or would disturb others, is for <c>apply</c>.</summary>
    private static void RefuseUnready(At at, Plan plan)
    {
        if (plan.UpTo(Stage.Switch).FirstOrDefault(step => step.Owner != Owner.Podspace && step.Change.Action != "delete") is { } theirs)
        {
            throw new Mistake($"\"{PlanText.Describe(theirs.Change)}\" is left to {Owners.Whose(theirs.Owner)}, and nodes are replaced only once it is done. To see what to write there:\n  podspace plan{at.Where.Again()}");
        }
        if (plan.Steps.FirstOrDefault(step => step.Disruption == Disruption.RunningPods) is { } harsh)
        {
            throw new Mistake($"\"{PlanText.Describe(harsh.Change)}\" disturbs pods that run now, and not only those that move. If that is meant, do it first:\n  podspace apply --stage switch --allow running-pods{at.Where.Again()}");
        }
        if (plan.SwitchObstacle is { } obstacle && plan.Steps.Any(step => step.Change.ThrowsSwitch))
        {
            throw new Mistake(at.Where.Pasteable($"{obstacle}"));
        }
        if (plan.UpTo(Stage.Admit).FirstOrDefault(step => step.Change.Action != "delete") is { } open)
        {
            throw new Mistake($"\"{PlanText.Describe(open.Change)}\" has to be done before nodes are replaced. Do it first:\n  podspace apply{at.Where.Again()}");
        }
    }

    private static async Task<int> BackAsync(At at, bool yes, CancellationToken cancel)
    {
        RefuseOthersNodes(at);
        var inventory = await at.Session.ObserveAtRestAsync(new(at.Session.Doors.Time), at.Terminal.Error, cancel);
        var situation = new Situation(inventory, null, null, []);
        at.Session.RefuseOtherAccount(inventory);
        Session.RefuseUnseen(inventory);
        RefuseWithoutCluster(situation);
        var changing = new Changing(at.Terminal, at.Session, at.Where.IsQuiet);
        if (!await changing.IsAgreedAsync("Replacing nodes to go back", inventory.Cloud.Account, yes, cancel)
            || !await changing.MayAsync(Planner.SwitchOff(at.Session.Spec, inventory, at.Session.Terraform, keepsPools: true), situation, cancel, RollPlan.For(inventory, Found(at, inventory), NodeState.InNodeSubnet, at.Session.Spec.Name).Nodes))
        {
            return ExitCode.Error;
        }
        // Who goes back does not go on: the pause has done its work.
        if ((await (await LockAsync(at, cancel)).ResumeAsync(cancel)).Refusal is { } stuck)
        {
            return Changing.RefuseBefore(at.Terminal, at.Where, stuck);
        }
        return await changing.HoldingAsync(situation, async patience =>
        {
            return await RollAsync(at, changing, patience, situation, new(
                now => Found(at, now), NodeState.InNodeSubnet, stop => SwitchOffAsync(at, changing, patience, keepsPools: true, stop), null), cancel);
        }, cancel);
    }

    private static async Task<Refusal?> ThrowAsync(Changing changing, Situation now, Patience patience, CancellationToken cancel)
    {
        var (isWhole, refusal) = await changing.CarryOutAsync(now.Plan!.UpTo(Stage.Switch), now, patience, cancel);
        return isWhole ? null : refusal ?? new(RefusalKind.Final, "LeftToOthers", "some of it is left to others, and nodes are replaced only once all of it is done.");
    }

    private static async Task<int> RollAsync(At at, Changing changing, Patience patience, Situation situation, RollWay way, CancellationToken cancel)
    {
        var cluster = at.Session.Doors.ClusterOf(situation.Inventory.Cloud)!;
        // Ctrl-C leaves nodes cordoned, which nobody who stops it expects.
        using var told = cancel.Register(() => at.Terminal.Error.WriteLine($"podspace: old nodes stay cordoned and take no new pods until it goes on, or back:{OnOrBack(at)}"));
        var rollout = new Rollout(at.Session.Doors.Cloud, cluster, patience, at.Session.Spec.Name, at.Session.ObserveAsync);
        await foreach (var report in rollout.RollAsync(way, cancel))
        {
            at.Terminal.Error.WriteLine($"  {report.Text}");
            if (report.Refusal is { } refusal)
            {
                if (!changing.HasTold(refusal))
                {
                    at.Terminal.Error.WriteLine(at.Where.Pasteable($"refused: {refusal}"));
                }
                at.Terminal.Error.WriteLine("What was done stays; once that is mended, the same command goes on from there.");
                return ExitCode.Error;
            }
        }
        var (state, next) = way.Goal == NodeState.InOverlay ? ("all nodes are in the overlay", "podspace verify") : ("all nodes are back", "podspace destroy");
        at.Session.Standing = new(state, next + at.Where.Again());
        at.Terminal.Error.WriteLine($"{(way.Goal == NodeState.InOverlay ? "To prove it" : "To take the rest back")}:\n  {next}{at.Where.Again()}");
        return ExitCode.Fine;
    }

    private static string OnOrBack(At at) => $"\n  podspace rollout start{at.Where.Again()}\n  podspace rollout back{at.Where.Again()}";

    private static async Task<Refusal?> SwitchOffAsync(At at, Changing changing, Patience patience, bool keepsPools, CancellationToken cancel)
    {
        var inventory = await at.Session.ObserveAtRestAsync(patience, at.Terminal.Error, cancel);
        // Where the settings cannot be seen, the switch would be taken for off already.
        Session.RefuseUnseen(inventory);
        var steps = Planner.SwitchOff(at.Session.Spec, inventory, at.Session.Terraform, keepsPools);
        if (steps.FirstOrDefault(step => step.Owner != Owner.Podspace) is { } theirs)
        {
            return new(RefusalKind.Final, "LeftToOthers", $"\"{PlanText.Describe(theirs.Change)}\" is left to {Owners.Whose(theirs.Owner)}. Have it done there, then run the same command again.");
        }
        if (steps.IsEmpty && IsOnByOthers(at, inventory))
        {
            return new(RefusalKind.Final, "LeftToOthers", $"the switch is on, and its settings are left to {Owners.Whose(at.Session.Spec.Owners.Cni)}: set AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG to false there, then run this again.");
        }
        return steps.IsEmpty ? null : (await changing.CarryOutAsync(steps, new(inventory, null, null, []), patience, cancel)).Refusal;
    }

    /// <summary>Thrown, and not by us: no record says what stood there before.</summary>
    private static bool IsOnByOthers(At at, Inventory inventory) =>
        at.Session.Spec.Owners.Cni != Owner.Podspace && Planner.IsSwitchedOn(inventory);

    private static async Task<int> PauseAsync(At at, CancellationToken cancel)
    {
        if (await (await LockAsync(at, cancel)).PauseAsync(cancel) is { } refusal)
        {
            at.Terminal.Error.WriteLine($"refused: {refusal}");
            return ExitCode.Error;
        }
        at.Session.Standing = new("paused", $"podspace rollout resume{at.Where.Again()}");
        at.Terminal.Error.WriteLine($"Paused for a week at most. A rollout that goes on now notices within ten seconds and stops. To go on:\n  podspace rollout resume{at.Where.Again()}");
        return ExitCode.Fine;
    }

    private static async Task<int> ResumeAsync(At at, bool yes, CancellationToken cancel) =>
        await EndPauseAsync(at, cancel) ? await StartAsync(at, yes, cancel) : ExitCode.Error;

    /// <returns>False when there was a pause and it could not be ended.</returns>
    private static async Task<bool> EndPauseAsync(At at, CancellationToken cancel)
    {
        var (wasPaused, refusal) = await (await LockAsync(at, cancel)).ResumeAsync(cancel);
        at.Terminal.Error.WriteLine(refusal is not null ? $"refused: {refusal}" : wasPaused ? "The pause is over." : "Nobody had paused.");
        return refusal is null;
    }

    private static async Task<RunLock> LockAsync(At at, CancellationToken cancel)
    {
        var inventory = await at.Session.ObserveAsync(cancel);
        RefuseWithoutCluster(new(inventory, null, null, []));
        return RunLock.OnLease(at.Session.Doors.ClusterOf(inventory.Cloud)!, at.Session.Spec.Name, at.Session.Doors.Holder, at.Session.Doors.Time);
    }

    private static async Task<int> StatusAsync(At at, CancellationToken cancel)
    {
        var inventory = await at.Session.ObserveAsync(cancel);
        RefuseWithoutCluster(new(inventory, null, null, []));
        var states = Found(at, inventory);
        var waits = false;
        var width = inventory.Cluster!.Nodes.Select(node => node.Name.Length).DefaultIfEmpty(0).Max();
        foreach (var node in inventory.Cluster.Nodes)
        {
            var pods = inventory.Cluster.Pods.Count(pod => pod.Node == node.Name && !pod.HostNetwork);
            var state = states.Of(node) switch
            {
                NodeState.InOverlay => "overlay",
                NodeState.Outdated => "outdated",
                NodeState.InNodeSubnet => "node subnet",
                NodeState.Mixed => "mixed",
                NodeState.NoAddresses => "no addresses",
            };
            waits |= node.IsCordoned && RollMark.On(node, at.Session.Spec.Name) is not null;
            at.Terminal.Output.WriteLine($"{node.Name.PadRight(width)}  {node.Zone}  {state,-12}  {pods,3} pods{(node.IsCordoned ? "  cordoned" : "")}{(node.IsReady ? "" : "  NotReady")}");
        }
        if (waits)
        {
            at.Terminal.Error.WriteLine($"Nodes are cordoned by a rollout. Unless it still runs, go on, or back:{OnOrBack(at)}");
        }
        return ExitCode.Fine;
    }

    private static NodeStates StatesOf(At at, Situation situation) =>
        new(situation.Inventory, situation.Desired!, ActualOf(at, situation.Inventory).Ids);

    private static Actual ActualOf(At at, Inventory inventory) => ActualNetwork.From(inventory, at.Session.Spec.Name, at.Session.Spec.Cluster);

    /// <summary>Against all pod subnets that there are: those made, and those that the design only uses.</summary>
    private static NodeStates Found(At at, Inventory inventory)
    {
        var actual = ActualOf(at, inventory);
        var used = NetworkDesign.From(at.Session.Spec, inventory).Value?.Subnets.Where(subnet => !subnet.Ref.IsMade) ?? [];
        return new(inventory, actual.Network with { Subnets = [.. actual.Network.Subnets, .. used] }, actual.Ids);
    }

    private static void RefuseWithoutCluster(Situation situation)
    {
        if (situation.Inventory.Cluster is null)
        {
            throw new Mistake("there is no cluster to roll: the spec names none, or it is not there yet.");
        }
    }
}
