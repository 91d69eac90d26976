using Podspace.Cni;
using Podspace.Model;
using Podspace.Observed;
using Podspace.Planning;
using Podspace.Spec;
using Podspace.Steps;
using Podspace.Steps.Text;

namespace Podspace.Rendering;

/// <summary>All that a rendering needs: the network as designed, and what of it is there.</summary>
/// <param name="Addon">The add-on's whole document as it shall be; null where there is no managed add-on.</param>
public sealed record Blueprint(OverlaySpec Spec, Network Desired, Inventory Inventory, Ids Ids, AddonDocument? Addon)
{
    /// <summary>For steps as people read and type them.</summary>
    internal TextContext Texts(IEnumerable<Change>? planned = null) => new(Spec, Desired, Inventory, Ids, [.. planned ?? []]);

    public static Blueprint From(OverlaySpec spec, Network desired, Inventory inventory) =>
        new(
            spec,
            desired,
            inventory,
            ActualNetwork.From(inventory, spec.Name, spec.Cluster).Ids,
            Planner.Document(spec, desired, inventory)
        );
}
