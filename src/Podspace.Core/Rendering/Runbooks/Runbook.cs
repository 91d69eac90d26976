using Podspace.Formats;
using Podspace.Planning;
using Podspace.Spec;
using Podspace.Steps;
using Podspace.Steps.Calls;
using Podspace.Steps.Text;

namespace Podspace.Rendering.Runbooks;

/// <summary>A plan told for people who carry it out by hand: each step in the console, on the command line
/// and in Terraform, how to check it, how to undo it.</summary>
/// <param name="Standing">How to undo what of it stands already; empty where nothing does.</param>
public sealed record Runbook(Blueprint Blueprint, Plan Plan, string Account, EquatableArray<RunbookChapter> Chapters, string Standing)
{
    /// <param name="account">As it shall be shown.</param>
    public static Runbook From(Blueprint blueprint, Plan plan, string account)
    {
        var making = new RunbookMaking(blueprint, plan);
        var chapters = RunbookChapter.Cut(plan.Steps).Select((cut, i) => making.Chapter(i + 1, cut.Topic, cut.Steps)).ToList();
        if (
            blueprint.Inventory.Cluster is { Nodes.IsEmpty: false }
            && (plan.Steps.Any(step => step.Change.ThrowsSwitch) || plan.LeavesOldNodes)
        )
        {
            chapters.Add(making.Nodes(chapters.Count + 1));
        }
        return new(blueprint, plan, account, chapters.ToEquatable(), making.Standing());
    }

    /// <summary>In which order steps are undone: the switch first, then the nodes while nothing points at the
    /// pod subnets any more, then all others from the last to the first.</summary>
    public EquatableArray<RunbookChapter> Back =>
        Chapters.Where(chapter => chapter.Back.Length > 0).OrderBy(TurnOf).ThenByDescending(chapter => chapter.Number).ToEquatable();

    /// <summary>Ids that steps before found out, for whoever goes on another day or in another window.</summary>
    public string Lookups
    {
        get
        {
            var context = Blueprint.Texts();
            return string.Join(
                '\n',
                Plan.Steps.Select(step => step.Change.Makes).OfType<MadeThing>().Select(made => Steps.Text.Lookups.Again(context, made))
            );
        }
    }

    private static int TurnOf(RunbookChapter chapter)
    {
        if (chapter.Topic == RunbookTopic.Nodes)
        {
            return 1;
        }
        return chapter.Steps.Any(step => step.Stage == Stage.Switch) ? 0 : 2;
    }
}

/// <summary>Puts chapters together.</summary>
internal sealed class RunbookMaking(Blueprint blueprint, Plan plan)
{
    private readonly TextContext context = blueprint.Texts(plan.Steps.Select(step => step.Change));
    private readonly RunbookRecord record = new(blueprint);
    private readonly RunbookNodes nodes = new(blueprint);

    public RunbookChapter Chapter(int number, RunbookTopic topic, EquatableArray<Step> steps)
    {
        var changes = steps.Select(step => step.Change).ToList();
        // Once, before the first change of what is not ours.
        var notes =
            changes.Exists(change => change.IsRecorded)
            && plan.Steps.First(step => step.Change.IsRecorded).Id == steps.First(step => step.Change.IsRecorded).Id;
        var recorded = plan.Steps.Select(step => step.Change).Where(change => change.IsRecorded);
        var isSwitch = changes.Exists(change => change.ThrowsSwitch);
        var (check, expect) = new RunbookChecks(blueprint).Of(topic, steps);
        return new(
            number,
            topic,
            TitleOf(topic, changes),
            steps,
            Console(topic, changes).Distinct().ToEquatable(),
            Lines([.. isSwitch ? nodes.Cordon() : [], .. notes ? record.Note(recorded) : [], .. InAccounts(changes, Typed)]),
            Terraform(changes),
            check,
            expect,
            Lines([
                .. InAccounts(Enumerable.Reverse(changes), change => change.WayBack(context)),
                .. isSwitch ? nodes.Uncordon() : [],
                .. notes ? record.Back() : [],
            ])
        );
    }

    public RunbookChapter Nodes(int number)
    {
        return new(
            number,
            RunbookTopic.Nodes,
            "Replace the nodes",
            [],
            nodes.Console().ToEquatable(),
            nodes.Commands(isBack: false),
            "",
            RunbookNodes.Check,
            $"Pods with `<none>` or `false` under HOST have an address of "
                + $"{string.Join(", ", blueprint.Desired.Blocks.Select(block => Prose.Code(block.Cidr)))}; "
                + $"those with `true` keep their node's. Then the proof below.",
            nodes.Commands(isBack: true)
        );
    }

    /// <summary>What stands already can be undone by its ids.</summary>
    public string Standing() =>
        Lines([.. InAccounts(Planner.Destroy(blueprint.Spec, blueprint.Inventory).Steps.Select(step => step.Change), Typed)]);

    private IEnumerable<string> Typed(Change change) => change.Commands(context);

    private List<string> Console(RunbookTopic topic, List<Change> changes)
    {
        var clicks = changes.SelectMany(change => change.Console(context)).ToList();
        return topic == RunbookTopic.Routing && clicks.Count > 0 ? [.. clicks, LocalRoutes.Of(blueprint)] : clicks;
    }

    /// <summary>Where the VPC is another account's, a line says whose credentials the next commands need.</summary>
    private IEnumerable<string> InAccounts(IEnumerable<Change> changes, Func<Change, IEnumerable<string>> commands)
    {
        var cloud = blueprint.Inventory.Cloud;
        string? last = null;
        foreach (var change in changes)
        {
            var lines = commands(change).Where(line => line.Length > 0).ToList();
            var account = change.Noun.IsOfVpc ? cloud.Account : cloud.ClusterAccount;
            if (cloud.Participant is not null && lines.Count > 0 && account != last)
            {
                yield return $"# With credentials of account {account}.";
                last = account;
            }
            foreach (var line in lines)
            {
                yield return line;
            }
        }
    }

    private string Terraform(List<Change> changes)
    {
        var document = changes.OfType<Change.SetAddonValues>().LastOrDefault()?.Document ?? blueprint.Addon;
        var blocks = Patches.Hcl(blueprint with { Addon = document }, Owner.Terraform, changes).ToList();
        return blocks.Count == 0 ? "" : HclText.Render("", blocks);
    }

    private static string TitleOf(RunbookTopic topic, List<Change> changes) =>
        topic switch
        {
            RunbookTopic.Block => "Add the block to the VPC",
            RunbookTopic.Subnets => "Make a pod subnet in each zone",
            RunbookTopic.Sharing => "Share the pod subnets with the nodes' account",
            RunbookTopic.Routing => "Route the pod subnets",
            RunbookTopic.Groups => changes.Exists(change => change is Change.CreateGroup)
                ? "Make the pods' security group"
                : "Admit the pods in the groups of cluster and nodes",
            RunbookTopic.Places => changes.Exists(change => change is Change.ApplyNodeClass)
                ? "Tell Auto Mode where pods live"
                : "Tell the CNI where pods live",
            RunbookTopic.Switch => "Throw the switch",
            RunbookTopic.Leaving => "Delete what is no longer wanted",
            RunbookTopic.Nodes => "Replace the nodes",
        };

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines.Where(line => line.Length > 0));
}
