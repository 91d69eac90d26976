using Podspace.Cni;
using Podspace.Model;

namespace Podspace.Observed;

/// <summary>ENIConfigs that are there, ours and others'.</summary>
internal static class EniConfigsSeen
{
    /// <summary>Written by us: objects with our label, and those that stand in the add-on's values when we wrote them there.</summary>
    public static EquatableArray<EniConfig> Ours(Inventory inventory, string overlay, SeenNames names)
    {
        var found = new SortedDictionary<string, EniConfig>(StringComparer.Ordinal);
        foreach (var config in inventory.Cluster?.EniConfigs ?? [])
        {
            if (config.Overlay == overlay)
            {
                found[config.Name] = names.EniConfig(config);
            }
        }
        foreach (var config in OursInValues(inventory, names))
        {
            found[config.Name] = names.EniConfig(config);
        }
        return found.Values.ToEquatable();
    }

    public static EquatableArray<EniConfig> Foreign(Inventory inventory, string overlay, SeenNames names)
    {
        var ours = OursInValues(inventory, names).Select(config => config.Name).ToHashSet();
        return (inventory.Cluster?.EniConfigs ?? [])
            .Where(config => config.Overlay != overlay && !(config.Managers.Contains("eks") && ours.Contains(config.Name)))
            .Select(names.EniConfig)
            .OrderBy(config => config.Zone, StringComparer.Ordinal)
            .ToEquatable();
    }

    // Ours, by the record of what we wrote; or by what it points at, should the run have been cut before the record was kept.
    private static IEnumerable<SeenEniConfig> OursInValues(Inventory inventory, SeenNames names)
    {
        if (inventory.Cloud.VpcCni is not { Values.Length: > 0 } addon)
        {
            return [];
        }
        var written = AddonValues.Parse(inventory.Cluster?.Record?.WrittenValues ?? "").EniConfigs;
        return AddonValues
            .Parse(addon.Values)
            .EniConfigs.Where(config => names.Subnet(new(config.Subnet)).IsMade || written.Any(other => other.Name == config.Name));
    }
}
