using Podspace.Cni;
using Podspace.Model;
using Podspace.Spec;

namespace Podspace.Planning;

internal sealed partial class PlanBuilder
{
    /// <summary>The add-on's whole document as it shall be in the end, whatever of it is there
    /// already; null where no managed add-on is ours to tell.</summary>
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
        var isWithEniConfigs = cni.Writer == EniConfigWriter.Addon && !desired.EniConfigs.IsEmpty;
        EquatableArray<EniConfig>? eniConfigs = isWithEniConfigs ? desired.EniConfigs : null;
        return new(CniPurpose.Values, before.ToJsonString(), inventory.Cloud.Region, eniConfigs, cni.Env, Original);
    }
}
