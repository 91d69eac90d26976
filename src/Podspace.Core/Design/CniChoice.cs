using Podspace.Addressing;
using Podspace.Cni;
using Podspace.Model;
using Podspace.Spec;

namespace Podspace.Design;

/// <summary>What the VPC CNI has to be told, and who writes the ENIConfigs.</summary>
internal static class CniChoice
{
    /// <summary>Null where there is no cluster yet.</summary>
    public static CniSettings? Of(Ground ground, EquatableArray<PodMode> modes, bool prefixes)
    {
        if (ground.Cluster is null)
        {
            return null;
        }
        return new(Writer(ground), ground.Cloud.VpcCni is not null, Env(ground, modes, prefixes));
    }

    /// <summary>For a cluster that is yet to be made, with the managed add-on.</summary>
    public static CniSettings ToCome(Ground ground, EquatableArray<PodMode> modes, bool prefixes) =>
        new(ground.Spec.Cni.EniConfigs == EniConfigWriter.Objects ? EniConfigWriter.Objects : EniConfigWriter.Addon, true, Env(ground, modes, prefixes));

    private static EniConfigWriter Writer(Ground ground)
    {
        var (asked, addon) = (ground.Spec.Cni.EniConfigs, ground.Cloud.VpcCni);
        var canAddon = addon is not null && addon.Schema.Contains("\"eniConfig\"", StringComparison.Ordinal) && ground.Values.IsReadable;
        if (asked == EniConfigWriter.Addon && !canAddon)
        {
            ground.Report.Error(DesignCodes.AddonCannotWrite, ground.Spec.Cluster!, "spec.cni.eniConfigs",
                addon is null ? $"Cluster {ground.Spec.Cluster} has no managed vpc-cni add-on that could write ENIConfigs." : $"The values of vpc-cni {addon.Version} have no eniConfig that could be set.",
                "Set 'eniConfigs: objects'.");
        }
        if (asked != EniConfigWriter.Auto)
        {
            return asked;
        }
        // Neither writer takes over from the other: what is there stays.
        if (!canAddon || !ground.Actual.Ids.EniConfigObjects.IsEmpty)
        {
            return EniConfigWriter.Objects;
        }
        if (!ground.Values.EniConfigs.IsEmpty)
        {
            return EniConfigWriter.Addon;
        }
        return ground.Actual.Ids.ForeignEniConfigs.IsEmpty ? EniConfigWriter.Addon : EniConfigWriter.Objects;
    }

    private static EquatableArray<EnvSetting> Env(Ground ground, EquatableArray<PodMode> modes, bool prefixes)
    {
        var env = new List<EnvSetting>(6);
        if (modes.Contains(PodMode.EniConfig))
        {
            env.Add(new(CniEnv.CustomNetworking, "true"));
            env.Add(new(CniEnv.EniConfigLabel, CniEnv.ZoneLabel));
        }
        else
        {
            Switch(ground, env, CniEnv.CustomNetworking, isOn: false, isAsked: true);
            Discovery(ground, env);
        }
        Switch(ground, env, CniEnv.PrefixDelegation, prefixes, isAsked: ground.Spec.Cni.PrefixDelegation is not null);
        if (prefixes && HasNoWarmTarget(ground))
        {
            env.Add(new(CniEnv.WarmPrefixes, "1"));
        }
        Switch(ground, env, CniEnv.ExternalSnat, ground.Spec.Routing.Source == PacketSource.Pod, isAsked: true);
        if (ground.Spec.Routing is { Source: PacketSource.Node, KeepPodAddressTo: { IsEmpty: false } kept })
        {
            env.Add(new(CniEnv.ExcludedFromSnat, Merge(ground.Written(CniEnv.ExcludedFromSnat) ?? ground.Running(CniEnv.ExcludedFromSnat), kept)));
        }
        env.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        return env.ToEquatable();
    }

    // Off is the CNI's default: it is written only where something else was, and stays written then, so that a cut run comes to the same.
    private static void Switch(Ground ground, List<EnvSetting> env, string name, bool isOn, bool isAsked)
    {
        if (isOn)
        {
            env.Add(new(name, "true"));
        }
        else if (isAsked && (ground.Written(name) is not null || ground.Running(name) is not (null or "false")))
        {
            env.Add(new(name, "false"));
        }
    }

    // On is the CNI's default.
    private static void Discovery(Ground ground, List<EnvSetting> env)
    {
        if (ground.Written(CniEnv.SubnetDiscovery) is not null || ground.Running(CniEnv.SubnetDiscovery) is not (null or "true"))
        {
            env.Add(new(CniEnv.SubnetDiscovery, "true"));
        }
    }

    // Whoever set a target of their own keeps it. Source: amazon-vpc-cni-k8s, README.md, on WARM_PREFIX_TARGET and its overrides.
    private static bool HasNoWarmTarget(Ground ground)
    {
        string? Live(string name) => ground.Written(name) ?? ground.Running(name);
        return Live(CniEnv.WarmAddresses) is null && Live(CniEnv.LeastAddresses) is null && Live(CniEnv.WarmPrefixes) is null or "1";
    }

    private static string Merge(string? live, EquatableArray<Cidr> wanted)
    {
        var blocks = (live ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToList();
        blocks.AddRange(wanted.Order().Select(block => block.ToString()).Where(block => !blocks.Contains(block)));
        return string.Join(",", blocks);
    }
}
