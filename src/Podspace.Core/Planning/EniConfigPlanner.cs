using Podspace.Findings;
using Podspace.Model;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>ENIConfig objects. They come before the switch: a node that boots between the two must find its
/// ENIConfig, or it stays NotReady.</summary>
internal sealed class EniConfigPlanner(PlanInput input, PlanDraft draft)
{
    public void Add()
    {
        foreach (var group in input.Desired.EniConfigs.SelectMany(eniConfig => eniConfig.Groups))
        {
            draft.Use("group", group);
        }
        if (input.Desired.Cni?.Writer != EniConfigWriter.Objects)
        {
            return;
        }
        // Once the switch is on, a changed ENIConfig decides about the very next interface: that is a switch of its own.
        var stage = input.IsSwitchedOn ? Stage.Switch : Stage.Admit;
        var disturbs = input.IsSwitchedOn ? Disruption.NewPods : Disruption.None;
        foreach (var eniConfig in input.Desired.EniConfigs)
        {
            var seen = input.Inventory.Cluster!.EniConfigs.FirstOrDefault(one => one.Name == eniConfig.Zone);
            if (seen is not null && IsAsDesired(seen, eniConfig))
            {
                if (seen.Overlay != input.Spec.Name)
                {
                    draft.Use($"eniconfig {seen.Name}");
                }
            }
            else
            {
                ReportForeignWriter(seen, new Change.ApplyEniConfig(eniConfig));
                draft.Add(
                    new Change.ApplyEniConfig(eniConfig),
                    stage,
                    eniConfig.IsOfZone
                        ? $"tells nodes in {eniConfig.Zone} where pods live"
                        : "for nodes that ask for this subnet by label or annotation",
                    eniConfig.IsOfZone ? disturbs : Disruption.None,
                    Makes.PodNetwork
                );
            }
        }
    }

    /// <summary>Somebody's own is not written over, whatever the spec says: its writer would put it back, or miss it.</summary>
    private void ReportForeignWriter(SeenEniConfig? seen, Change.ApplyEniConfig change)
    {
        if (seen is null || input.Spec.Owners.Cni != Owner.Podspace || input.OwnerOf(change) == Owner.Podspace)
        {
            return;
        }
        draft.Report(
            new(
                "PS2302",
                Severity.Warning,
                $"eniconfig/{seen.Name}",
                null,
                $"ENIConfig {seen.Name} points at {seen.Subnet} and is written "
                    + $"by {string.Join(", ", seen.Managers)}, not by Podspace: changing it is left to them.",
                $"Change it there as the patch says; or, where nobody keeps it any more, delete it and plan "
                    + $"again:\n  kubectl delete eniconfig {seen.Name}"
            )
        );
    }

    private bool IsAsDesired(SeenEniConfig seen, EniConfig eniConfig) =>
        input.Ids.Subnet(eniConfig.Subnet)?.Text == seen.Subnet
        && eniConfig.Groups.Select(group => input.Ids.Group(group)?.Text).Order().SequenceEqual(seen.Groups.Order());

    public void Remove()
    {
        foreach (
            var seen in input.Inventory.Cluster!.EniConfigs.Where(seen =>
                seen.Overlay == input.Spec.Name && input.Desired.EniConfigs.All(wanted => wanted.Zone != seen.Name)
            )
        )
        {
            draft.Add(
                new Change.DeleteEniConfig(seen.Name),
                Stage.Switch,
                "made by Podspace and no longer wanted",
                Disruption.None,
                change => change is Change.SetAddonValues or Change.SetAwsNode or Change.ApplyEniConfig
            );
        }
    }
}
