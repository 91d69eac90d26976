using Podspace.Applying;
using Podspace.Cni;
using Podspace.Design;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Observed;
using Podspace.Planning;
using Podspace.Rendering;
using Podspace.Spec;
using Podspace.Steps;
using Podspace.Steps.Calls;

namespace Podspace.Cli;

/// <summary>One spec against one world: observe, design, plan.</summary>
/// <param name="where">What the person said, for commands to copy.</param>
internal sealed class Session(OverlaySpec spec, Connections connections, Where? where = null)
{
    public Where Where { get; } = where ?? Where.Unsaid;

    public bool IsAlone { get; init; } = true;

    /// <summary>The file that the spec stands in; null where it came from none.</summary>
    public SourceText? Source { get; init; }

    /// <summary>As last seen; empty before.</summary>
    public string Account { get; private set; } = "";

    /// <summary>What a command has to say of it in the table of several overlays; null: nothing yet.</summary>
    public Standing? Standing { get; set; }

    /// <summary>What Terraform keeps, as far as it was told.</summary>
    public TerraformState Terraform { get; init; } = TerraformState.None;

    public OverlaySpec Spec => spec;

    public Connections Connections => connections;

    /// <summary>Stands in for what cannot be read; null: nothing does.</summary>
    public Evidence? Evidence { get; init; }

    public async Task<Inventory> ObserveAsync(CancellationToken cancel)
    {
        var looking = connections.Cloud.ObserveAsync(new(new(spec.Vpc), spec.Cluster), cancel);
        // The first look learns from EKS where the cluster is; later ones look at both at once.
        var known = connections.KnownCluster?.ObserveAsync(spec.Name, cancel);
        var cloud = await looking;
        var inventory = Inventory.Of(
            cloud,
            connections.ClusterOf(cloud) is not { } cluster ? null : await (known ?? cluster.ObserveAsync(spec.Name, cancel))
        );
        Account = cloud.Account;
        return Evidence?.Fill(inventory) ?? inventory;
    }

    /// <summary>Once no update of the add-on is under way: until then EKS shows values of which nobody knows how long they hold.</summary>
    /// <exception cref="UsageException">It does not end.</exception>
    public async Task<Inventory> ObserveAtRestAsync(Waiter waiter, TextWriter news, CancellationToken cancel)
    {
        var inventory = await ObserveAsync(cancel);
        if (inventory.Cloud.VpcCni is not { Status: "UPDATING" })
        {
            return inventory;
        }
        await news.WriteLineAsync("An update of add-on vpc-cni is under way. Waiting for its end.");
        return await waiter.UntilAsync(connections.Cloud, new CloudState.AddonAtRest(spec.Cluster!, "vpc-cni"), cancel) is { } refusal
            ? throw new UsageException($"{refusal}")
            : await ObserveAsync(cancel);
    }

    /// <summary>For what goes back without a design, before anything else: whose account it is.</summary>
    /// <exception cref="UsageException">It is another than the spec names, or nobody could be asked.</exception>
    public void RefuseOtherAccount(Inventory inventory)
    {
        if (spec.Account is not { } account)
        {
            return;
        }
        RefuseUnseen(inventory, Reading.Identity);
        if (inventory.Cloud.Account != account)
        {
            throw new UsageException(
                $"the credentials lead to account {inventory.Cloud.Account}, and the overlay is for {account}. "
                    + $"Choose other credentials (AWS_PROFILE), or correct 'spec.account'. To see whose they are:\n "
                    + $" aws sts get-caller-identity"
            );
        }
    }

    /// <summary>For what goes back without a design: what could not be read would be taken for
    /// gone, and its previous values for none.</summary>
    /// <exception cref="UsageException">Something that going back depends on could not be read.</exception>
    /// <param name="more">Readings that matter here and elsewhere do not.</param>
    public static void RefuseUnseen(Inventory inventory, params Reading[] more)
    {
        if (
            inventory.Gaps.FirstOrDefault(gap =>
                gap.Reading == Reading.Record || more.Contains(gap.Reading) || Needs.IsNeeded(gap.Reading, inventory)
            ) is
            { } gap
        )
        {
            var need = Needs.Of(gap.Reading);
            throw new UsageException(
                gap.Cause == GapCause.NotAllowed
                    ? $"{need.Right} was not possible ({gap.Why}), so {need.Checks} is not known, and nothing is taken "
                        + $"back without it. Allow it, then run the same command again."
                    : $"{GapText.Problem(gap)} {GapText.Mend(gap)}".TrimEnd()
            );
        }
        if (AddonValues.Root(inventory.Cloud.VpcCni?.Values ?? "") is null)
        {
            throw new UsageException(
                $"the configuration values of add-on vpc-cni are neither JSON nor YAML, so nothing can be put back into them. "
                    + $"To see them:\n  aws eks describe-addon --cluster-name {inventory.Cloud.Cluster?.Name} --addon-name vpc-cni"
            );
        }
    }

    /// <summary>Everything up to the plan. Without a value, the findings say why.</summary>
    public async Task<PlannedState> PlanAsync(CancellationToken cancel) => Judge(await ObserveAsync(cancel));

    /// <inheritdoc cref="ObserveAtRestAsync"/>
    public async Task<PlannedState> LookAtRestAsync(Waiter waiter, TextWriter news, CancellationToken cancel) =>
        Judge(await ObserveAtRestAsync(waiter, news, cancel));

    /// <summary>What the plan leaves to others, in their languages.</summary>
    public EquatableArray<Patch> PatchesOf(PlannedState state, Plan plan) =>
        plan.Steps.Any(step => step.Owner != Owner.Podspace)
            ? Patches.Of(Blueprint.From(spec, state.Desired ?? new() { Vpc = new(spec.Vpc) }, state.Inventory), plan, Terraform)
            : [];

    private PlannedState Judge(Inventory inventory)
    {
        var design = NetworkDesign.From(spec, inventory);
        var plan = design.Ok(out var desired) ? Planner.Plan(spec, desired, inventory, design.Findings, Terraform) : null;
        return new(inventory, desired, plan, plan?.Findings ?? design.Findings);
    }
}

/// <param name="Desired">Null when the design found an error.</param>
internal sealed record PlannedState(Inventory Inventory, Network? Desired, Plan? Plan, EquatableArray<Finding> Findings)
{
    public bool HasErrors => Plan is null || Findings.Any(finding => finding.Severity == Severity.Error);
}
