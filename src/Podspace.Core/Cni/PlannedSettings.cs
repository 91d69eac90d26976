using Podspace.Model;

namespace Podspace.Cni;

/// <summary>What the node agents go by once a network stands: aws-node's settings as they are, under what the network wants.</summary>
public static class PlannedSettings
{
    /// <summary>By name; what nobody set is not in it.</summary>
    public static Dictionary<string, string> Env(Network desired, Inventory inventory)
    {
        var env = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in (inventory.Cluster?.AwsNode?.Env ?? []).Concat(desired.Cni?.Env ?? []))
        {
            env[setting.Name] = setting.Value;
        }
        return env;
    }

    public static IpamdSettings Of(Network desired, Inventory inventory) => Under(desired, WithManifestDefaults(Env(desired, inventory)));

    /// <summary>In every mode the network keeps pods off the primary interface; the arithmetic is that of custom networking.</summary>
    public static IpamdSettings Under(Network desired, IReadOnlyDictionary<string, string> env) =>
        desired.Cni is null && !desired.NodePools.IsEmpty ? OfAutoMode(desired) : IpamdSettings.From(env) with { CustomNetworking = true };

    /// <summary>What nodes of Auto Mode do in the network, whatever aws-node does beside them.</summary>
    public static IpamdSettings OfAutoMode(Network desired) => IpamdSettings.OfAutoMode(desired.NodeClasses.Any(one => one.TakesSingles));

    /// <summary>The manifest and the chart set one warm prefix where the code's own default is none.</summary>
    public static Dictionary<string, string> WithManifestDefaults(IReadOnlyDictionary<string, string> env)
    {
        var whole = new Dictionary<string, string>(env, StringComparer.Ordinal);
        whole.TryAdd(CniEnv.WarmPrefixes, "1");
        return whole;
    }
}
