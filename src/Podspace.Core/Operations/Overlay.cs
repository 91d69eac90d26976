using Podspace.Applying;
using Podspace.Cni;
using Podspace.Design;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Observed;
using Podspace.Planning;
using Podspace.Spec;
using Podspace.Steps.Calls;

namespace Podspace.Operations;

/// <summary>One overlay in its world: what every operation works on.</summary>
public sealed class Overlay(OverlaySpec spec, IConnections connections, IOperationHost? host = null)
{
    public OverlaySpec Spec => spec;

    public IConnections Connections => connections;

    public IOperationHost Host { get; } = host ?? new SilentHost();

    /// <summary>Stands in for what cannot be read; null: nothing does.</summary>
    public Evidence? Evidence { get; init; }

    /// <summary>What Terraform keeps, as far as it was told.</summary>
    public TerraformState Terraform { get; init; } = TerraformState.None;

    public async Task<Inventory> ObserveAsync(CancellationToken cancel)
    {
        var wait = new Wait($"{spec.Vpc}{(spec.Cluster is null ? "" : $" and cluster {spec.Cluster}")} to be read", "", Now);
        Host.Hear(new OperationEvent.Waiting(wait));
        try
        {
            var looking = connections.Cloud.ObserveAsync(new(new(spec.Vpc), spec.Cluster), cancel);
            // The first look learns from EKS where the cluster is; later ones look at both at once.
            var known = connections.KnownCluster?.ObserveAsync(spec.Name, cancel);
            var cloud = await looking;
            Host.Hear(new OperationEvent.Looked(cloud.Account));
            var inventory = Inventory.Of(
                cloud,
                connections.ClusterOf(cloud) is not { } cluster ? null : await (known ?? cluster.ObserveAsync(spec.Name, cancel))
            );
            return Evidence?.Fill(inventory) ?? inventory;
        }
        finally
        {
            Host.Hear(new OperationEvent.Waiting(wait with { IsOver = true }));
        }
    }

    /// <summary>Everything up to the plan. Without one, the findings say why.</summary>
    public async Task<PlannedState> PlanAsync(CancellationToken cancel) => Judge(await ObserveAsync(cancel));

    /// <summary>Once no update of the add-on is under way: until then EKS shows values of which nobody knows how long they hold.</summary>
    internal async Task<(PlannedState State, Reason? Stuck)> PlanAtRestAsync(Waiter waiter, CancellationToken cancel)
    {
        var (inventory, stuck) = await ObserveAtRestAsync(waiter, cancel);
        return (Judge(inventory), stuck);
    }

    /// <inheritdoc cref="PlanAtRestAsync"/>
    internal async Task<(Inventory Inventory, Reason? Stuck)> ObserveAtRestAsync(Waiter waiter, CancellationToken cancel)
    {
        var inventory = await ObserveAsync(cancel);
        if (inventory.Cloud.VpcCni is not { Status: "UPDATING" })
        {
            return (inventory, null);
        }
        Host.Hear(new OperationEvent.AddonUpdating());
        var refusal = await waiter.UntilAsync(connections.Cloud, new CloudState.AddonAtRest(spec.Cluster!, "vpc-cni"), cancel);
        return refusal is null ? (await ObserveAsync(cancel), null) : (inventory, new Reason.AddonNotAtRest(refusal));
    }

    /// <summary>Waits without a lock, so that nothing may be changed meanwhile.</summary>
    internal Waiter Looking() => new(connections.Time, told: wait => Host.Hear(new OperationEvent.Waiting(wait)));

    /// <summary>For what goes back without a design, before anything else: whose account it is.</summary>
    internal Reason? OtherAccount(Inventory inventory)
    {
        if (spec.Account is not { } account)
        {
            return null;
        }
        return Unseen(inventory, Reading.Identity)
            ?? (inventory.Cloud.Account == account ? null : new Reason.OtherAccount(inventory.Cloud.Account, account));
    }

    /// <summary>For what goes back without a design: what could not be read would be taken for
    /// gone, and its previous values for none.</summary>
    /// <param name="more">Readings that matter here and elsewhere do not.</param>
    internal static Reason? Unseen(Inventory inventory, params Reading[] more)
    {
        var missing = inventory.Gaps.FirstOrDefault(gap =>
            gap.Reading == Reading.Record || more.Contains(gap.Reading) || Needs.IsNeeded(gap.Reading, inventory)
        );
        if (missing is not null)
        {
            return new Reason.Unseen(missing);
        }
        return AddonValues.Root(inventory.Cloud.VpcCni?.Values ?? "", out var problem) is null
            ? new Reason.UnreadableValues(inventory.Cloud.Cluster?.Name, problem)
            : null;
    }

    private DateTimeOffset Now => connections.Time.GetUtcNow();

    private PlannedState Judge(Inventory inventory)
    {
        var design = NetworkDesign.From(spec, inventory);
        var plan = design.Ok(out var desired) ? Planner.Plan(spec, desired, inventory, design.Findings, Terraform) : null;
        return new(inventory, desired, plan, plan?.Findings ?? design.Findings);
    }
}

/// <param name="Desired">Null when the design found an error.</param>
public sealed record PlannedState(Inventory Inventory, Network? Desired, Plan? Plan, EquatableArray<Finding> Findings)
{
    public bool HasErrors => Plan is null || Findings.Any(finding => finding.Severity == Severity.Error);

    /// <summary>What goes back needs no design.</summary>
    internal static PlannedState Seen(Inventory inventory) => new(inventory, null, null, []);
}
