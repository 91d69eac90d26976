using Podspace.Cni;
using Podspace.Design;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Nodes;
using Podspace.Observed;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>Network (desired) × Inventory → Plan. Pure; the order of work and what must wait are decided here and nowhere else.</summary>
public static class Planner
{
    /// <param name="findings">What parsing and design had to say; it goes into the plan.</param>
    /// <param name="terraform">What Terraform keeps; null: nothing is known of it.</param>
    public static Plan Plan(
        OverlaySpec spec,
        Network desired,
        Inventory inventory,
        EquatableArray<Finding> findings,
        TerraformState? terraform = null
    ) => new PlanBuilder(spec, desired, inventory, isDestroy: false, terraform).Make(findings);

    /// <summary>The plan that takes everything made back and puts previous values in their place.</summary>
    /// <param name="from">The first stage that is undone; those before it stay.</param>
    /// <param name="sweeps">Also deletes interfaces that nodes left behind in pod subnets.</param>
    public static Plan Destroy(
        OverlaySpec spec,
        Inventory inventory,
        Stage from = Stage.Network,
        bool sweeps = false,
        TerraformState? terraform = null
    )
    {
        var whole = new PlanBuilder(spec, new Network { Vpc = new(spec.Vpc) }, inventory, isDestroy: true, terraform, sweeps).Make([]);
        if (from == Stage.Network)
        {
            return whole;
        }
        var steps =
            from == Stage.Admit ? whole.Steps.Where(step => IsOfAdmit(step.Change)).ToEquatable() : SwitchOff(spec, inventory, terraform);
        var ids = steps.Select(step => step.Id).ToHashSet();
        return whole with
        {
            Steps = steps.Select(step => step with { After = step.After.Where(ids.Contains).ToEquatable() }).ToEquatable(),
            // What still carries pods stays anyway.
            Findings = whole.Findings.Where(finding => finding.Code is not ("PS2301" or "PS2319")).ToEquatable(),
        };
    }

    /// <summary>Reports whether it undoes what stage admit or switch did.</summary>
    private static bool IsOfAdmit(Change change) =>
        change
            is Change.SetAddonValues
                or Change.SetAwsNode
                or Change.RestoreSubnetRole
                or Change.DeleteEniConfig
                or Change.DeletePreviousValues
                or Change.RemoveRule { Rule.Group.IsMade: false }
                or Change.DisableNodePool
                or Change.DeleteNodePool
                or Change.DeleteNodeClass
                or Change.DeleteAccessEntry;

    /// <summary>Reports whether new interfaces come from the pod subnets, whoever said so.</summary>
    public static bool IsSwitchedOn(Inventory inventory) => CniEnv.IsTrue(inventory.Cluster?.AwsNode?.Setting(CniEnv.CustomNetworking));

    /// <summary>The add-on's whole document as it shall be in the end; null where there is no managed add-on.</summary>
    public static AddonDocument? Document(OverlaySpec spec, Network desired, Inventory inventory) =>
        new PlanBuilder(spec, desired, inventory, isDestroy: false).Document();

    /// <summary>Just the steps that turn the switch off, for <c>rollout back</c>; none when it is off.</summary>
    /// <param name="keepsPools">Our NodePools are closed and stay, also once nothing runs there: their nodes are
    /// replaced one by one, and a way back that was cut off ends as a whole one.</param>
    public static EquatableArray<Step> SwitchOff(
        OverlaySpec spec,
        Inventory inventory,
        TerraformState? terraform = null,
        bool keepsPools = false
    ) => new PlanBuilder(spec, new Network { Vpc = new(spec.Vpc) }, inventory, isDestroy: true, terraform).SwitchOff(keepsPools);

    /// <summary>The same, with who keeps it on where these steps would not turn it off.</summary>
    public static WayBack WayBack(OverlaySpec spec, Inventory inventory, TerraformState? terraform = null) =>
        new PlanBuilder(spec, new Network { Vpc = new(spec.Vpc) }, inventory, isDestroy: true, terraform).WayBack(keepsPools: true);

    /// <summary>Who keeps steps that write the add-on's values from reaching aws-node; null: nobody.</summary>
    public static SwitchHold? Conflict(OverlaySpec spec, Inventory inventory, EquatableArray<Step> steps) =>
        new PlanBuilder(spec, new Network { Vpc = new(spec.Vpc) }, inventory, isDestroy: false).Conflict(steps);
}

/// <summary>One run of the planner. Parts: blocks and subnets, routing, groups, CNI, removals.</summary>
internal sealed partial class PlanBuilder
{
    private readonly OverlaySpec spec;
    private readonly Network desired;
    private readonly Inventory inventory;
    private readonly Actual actual;
    private readonly AddressUsage usage;
    private readonly StepOwners owners;
    private readonly TerraformState terraform;
    private readonly RecordedMade recorded;
    private readonly PlanDraft draft;
    private readonly bool isDestroy;
    private readonly HashSet<AwsId> leaked;
    private readonly HashSet<AwsId> swept;
    private NodeStates? states;

    public PlanBuilder(
        OverlaySpec spec,
        Network desired,
        Inventory inventory,
        bool isDestroy,
        TerraformState? terraform = null,
        bool sweeps = false
    )
    {
        this.spec = spec;
        this.inventory = inventory;
        this.isDestroy = isDestroy;
        actual = ActualNetwork.From(inventory, spec.Name, spec.Cluster);
        leaked = LeakedInPodSubnets();
        swept = sweeps ? leaked : [];
        usage = new(inventory, swept);
        this.terraform = terraform ?? TerraformState.None;
        owners = new(spec, inventory, actual.Ids, this.terraform);
        recorded = RecordedMade.Of(inventory);
        draft = new(owners.Of);
        leaving = new(LeavingSubnets(desired));
        this.desired = WithoutRulesForLeavingBlocks(desired);
    }

    private NodeStates States => states ??= new(inventory, desired, actual.Ids);

    public Plan Make(EquatableArray<Finding> findings)
    {
        PlanBlocks();
        PlanSubnets();
        PlanAcls();
        PlanShares();
        PlanRouting();
        PlanGroups();
        PlanCni();
        PlanAutoMode();
        TellOfLostTags();
        PlanRemovals();
        var (cloud, steps) = (inventory.Cloud, draft.Steps());
        var ground = Fingerprint.Input(spec, inventory, usage, steps);
        return new(
            spec.Name,
            spec.Cluster,
            cloud.Account,
            cloud.Region,
            Fingerprint.Of(ground),
            steps,
            draft.Uses.Distinct().Order(StringComparer.Ordinal).ToEquatable(),
            Acceptances.Apply(spec, cloud.ObservedAt, findings.Concat(draft.Findings)),
            ReclaimedAddresses.Summary(inventory, isDestroy ? null : States.Concerns)
        )
        {
            FingerprintInput = ground,
        };
    }

    private SeenSubnet? SeenSubnet(Ref subnet) =>
        actual.Ids.Subnet(subnet) is { } id ? inventory.Cloud.Subnets.FirstOrDefault(one => one.Id == id) : null;

    private static string CreateId(string kind, Ref reference) => $"create/{kind}/{reference}";

    private void Use(string kind, Ref reference)
    {
        if (!reference.IsMade)
        {
            draft.Uses.Add($"{kind} {reference}");
        }
    }
}
