using Podspace.Cni;
using Podspace.Spec;

namespace Podspace.Planning;

internal sealed partial class PlanBuilder
{
    /// <summary>The add-on's whole document as it shall be in the end, whatever of it is there already; null where no managed add-on is ours to tell.</summary>
    public AddonDocument? Document()
    {
        if (desired.Cni is not { IsAddon: true } cni || inventory.Cluster is null)
        {
            return null;
        }
        var before = Live();
        RetireEnv(before, cni);
        if (desired.EniConfigs.IsEmpty)
        {
            RestoreEniConfig(before, CniValues.Parse(inventory.Cluster.Record?.WrittenValues ?? ""));
        }
        CniValues.Fold(before, SetByOthers(), Settable());
        return new("values", before.ToJsonString(), inventory.Cloud.Region, cni.Writer == EniConfigWriter.Addon && !desired.EniConfigs.IsEmpty ? desired.EniConfigs : null, cni.Env, Original);
    }
}
