using Podspace.Design;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Planning;
using Podspace.Spec;

namespace Podspace.Cli;

/// <summary>One spec against one world: observe, design, plan.</summary>
internal sealed class Session(OverlaySpec spec, Doors doors)
{
    public OverlaySpec Spec => spec;

    public Doors Doors => doors;

    public async Task<Inventory> ObserveAsync(CancellationToken cancel)
    {
        var looking = doors.Cloud.ObserveAsync(new(new(spec.Vpc), spec.Cluster), cancel);
        // The first look learns from EKS where the cluster is; later ones look at both at once.
        var known = doors.KnownCluster?.ObserveAsync(spec.Name, cancel);
        var cloud = await looking;
        var inventory = new Inventory(cloud, doors.ClusterOf(cloud) is not { } cluster ? null : await (known ?? cluster.ObserveAsync(spec.Name, cancel)));
        RefuseBrokenRecord(inventory);
        return inventory;
    }

    private void RefuseBrokenRecord(Inventory inventory)
    {
        var record = inventory.Cluster?.Record;
        if (AddonValues.Root(record?.WrittenValues ?? "") is null || AddonValues.Root(record?.AddonValues ?? "") is null)
        {
            throw new Mistake($"ConfigMap kube-system/podspace-{spec.Name} holds the add-on's previous values, and they are neither JSON nor YAML any more: somebody edited it. Put it right, or delete it, after which nothing is known of those values:\n  kubectl -n kube-system edit configmap podspace-{spec.Name}");
        }
    }

    /// <summary>For what goes back without a design: what could not be read would be taken for gone, and its previous values for none.</summary>
    /// <exception cref="Mistake">Something that going back depends on could not be read.</exception>
    public static void RefuseUnseen(Inventory inventory)
    {
        if (inventory.Gaps.FirstOrDefault(gap => gap.Reading == Reading.Record || Needs.Of(gap.Reading).IsNeeded) is { } gap)
        {
            var need = Needs.Of(gap.Reading);
            throw new Mistake($"{need.Right} was not possible ({gap.Why}), so {need.Checks} is not known, and nothing is taken back without it. Allow it, then run the same command again.");
        }
        if (AddonValues.Root(inventory.Cloud.VpcCni?.Values ?? "") is null)
        {
            throw new Mistake($"the configuration values of add-on vpc-cni are neither JSON nor YAML, so nothing can be put back into them. To see them:\n  aws eks describe-addon --cluster-name {inventory.Cloud.Cluster?.Name} --addon-name vpc-cni");
        }
    }

    /// <summary>Everything up to the plan. Without a value, the findings say why.</summary>
    public async Task<Situation> LookAsync(CancellationToken cancel)
    {
        var inventory = await ObserveAsync(cancel);
        var design = NetworkDesign.From(spec, inventory);
        var plan = design.Ok(out var desired) ? Planner.Plan(spec, desired, inventory, design.Findings) : null;
        return new(inventory, desired, plan, plan?.Findings ?? design.Findings);
    }
}

/// <param name="Desired">Null when the design found an error.</param>
internal sealed record Situation(Inventory Inventory, Network? Desired, Plan? Plan, EquatableArray<Finding> Findings)
{
    public bool HasErrors => Plan is null || Findings.Any(finding => finding.Severity == Severity.Error);
}
