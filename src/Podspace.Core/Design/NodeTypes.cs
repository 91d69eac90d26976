using Podspace.Cni;
using Podspace.Model;

namespace Podspace.Design;

/// <summary>What is known of the instance types that nodes have or can have.</summary>
internal static class NodeTypes
{
    /// <summary>Sorted. Types that only a launch template knows are not among them, unless such a node runs.</summary>
    public static SortedSet<string> Of(DesignInput input)
    {
        var types = new SortedSet<string>(StringComparer.Ordinal);
        types.UnionWith(input.CniNodes.Select(node => node.InstanceType).Where(type => type.Length > 0));
        foreach (var nodegroup in input.Cluster is null ? [] : input.Cloud.Nodegroups)
        {
            types.UnionWith(nodegroup.InstanceTypes);
        }
        return types;
    }

    /// <summary>What AWS says of a type, else what our table does; null when neither knows it.</summary>
    public static SeenInstanceType? Find(DesignInput input, string type)
    {
        foreach (var seen in input.Cloud.InstanceTypes)
        {
            if (seen.Name == type)
            {
                return seen;
            }
        }
        return InstanceLimits.Find(type) is { } known
            ? new(known.Type, known.Interfaces, known.AddressesPerInterface, known.Hypervisor, known.IsBareMetal, known.VCpus)
            : null;
    }

    /// <summary>Prefixes need Nitro or bare metal. Source: EC2 User Guide, "Assigning prefixes".</summary>
    public static bool TakesPrefixes(SeenInstanceType type) => type.Hypervisor == "nitro" || type.IsBareMetal;
}
