using Podspace.Cni;
using Podspace.Model;
using Podspace.Spec;

namespace Podspace.Observed;

/// <summary>The CNI's settings that matter to a pod network, as they are.</summary>
internal static class CniSeen
{
    /// <summary>Null: there is neither an add-on nor a DaemonSet.</summary>
    public static CniSettings? From(Inventory inventory)
    {
        if (inventory.Cloud.VpcCni is { } addon)
        {
            var values = AddonValues.Parse(addon.Values);
            var writer = values.EniConfigs.IsEmpty ? EniConfigWriter.Objects : EniConfigWriter.Addon;
            return new(writer, true, values.Env.Where(setting => CniEnv.Known.Contains(setting.Name)).ToEquatable());
        }
        return inventory.Cluster?.AwsNode is { } node
            ? new(
                EniConfigWriter.Objects,
                false,
                node.Env.Where(setting => CniEnv.Known.Contains(setting.Name))
                    .OrderBy(setting => setting.Name, StringComparer.Ordinal)
                    .ToEquatable()
            )
            : null;
    }
}
