using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Observed;

/// <summary>Auto Mode's objects that an overlay made, by label or tags, in the vocabulary of the design.</summary>
internal static class AutoModeActual
{
    public static EquatableArray<NodeClass> Classes(Inventory inventory, string overlay, SeenNames names) =>
        (inventory.Cluster?.NodeClasses ?? [])
            .Where(seen => seen.Overlay == overlay && seen.Name != "default")
            .Select(seen => new NodeClass(
                seen.Name,
                seen.Role,
                Refs(seen.NodeSubnets, names.Subnet),
                Refs(seen.NodeGroups, names.Group),
                Refs(seen.PodSubnets, names.Subnet),
                Refs(seen.PodGroups, names.Group),
                seen.SnatPolicy != "Disabled",
                seen.PrefixSize == "32",
                !seen.PodSubnetTags.IsEmpty
            ))
            .ToEquatable();

    public static EquatableArray<NodePool> Pools(Inventory inventory, string overlay) =>
        (inventory.Cluster?.NodePools ?? [])
            .Where(seen => seen.Overlay == overlay)
            .Select(seen => new NodePool(seen.Name, seen.NodeClass, seen.Like ?? "", seen.Spec))
            .ToEquatable();

    public static EquatableArray<AccessEntry> Entries(Inventory inventory, Ownership owner) =>
        inventory.Cloud.AccessEntries.Where(seen => owner.Owns(seen.Tags)).Select(seen => new AccessEntry(seen.PrincipalArn)).ToEquatable();

    private static EquatableArray<Ref> Refs(EquatableArray<string> ids, Func<AwsId, Ref> name) =>
        ids.Select(id => name(new(id))).Order().ToEquatable();
}
