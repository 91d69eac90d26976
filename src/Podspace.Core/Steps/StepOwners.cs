using Podspace.Model;
using Podspace.Observed;
using Podspace.Spec;

namespace Podspace.Steps;

/// <summary>Who does a step: whom the spec names for its part; else Terraform, where it keeps what
/// would change; else whoever writes the live object.</summary>
internal sealed class StepOwners(OverlaySpec spec, Inventory inventory, Ids ids, TerraformState terraform)
{
    private readonly KeptResources kept = new(terraform, spec, inventory, ids);

    public Owner Of(Change change)
    {
        var named = change.Part.OwnerOf(spec.Owners);
        if (named != Owner.Podspace)
        {
            return named;
        }
        return change.IsKept(kept) ? Owner.Terraform : WriterOf(change);
    }

    /// <summary>Argo CD and Flux put back what others change, and Helm's next release does; they are not fought.</summary>
    private Owner WriterOf(Change change)
    {
        var live = inventory.Cluster is { } cluster ? change.Noun.Live(cluster).FirstOrDefault(seen => seen.Name == change.Name) : null;
        return live switch
        {
            null => Owner.Podspace,
            { Managers: var managers } when managers.Contains("argocd") || managers.Contains("flux") => Owner.Git,
            { Managers: var managers } when managers.Contains("helm") || live.Overlay != spec.Name => Owner.Existing,
            _ => Owner.Podspace,
        };
    }
}
