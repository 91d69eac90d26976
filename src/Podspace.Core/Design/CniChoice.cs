using Podspace.Addressing;
using Podspace.Cni;
using Podspace.Model;
using Podspace.Spec;

namespace Podspace.Design;

/// <summary>What the VPC CNI has to be told, and who writes the ENIConfigs.</summary>
internal static class CniChoice
{
    /// <summary>Null where there is no cluster yet.</summary>
    public static CniSettings? Of(DesignInput input, EquatableArray<PodMode> modes, bool prefixes)
    {
        if (input.Cluster is null)
        {
            return null;
        }
        return new(Writer(input), input.Cloud.VpcCni is not null, Env(input, modes, prefixes));
    }

    /// <summary>For a cluster that is yet to be made, with the managed add-on.</summary>
    public static CniSettings ToCome(DesignInput input, EquatableArray<PodMode> modes, bool prefixes) =>
        new(
            input.Spec.Cni.EniConfigs == EniConfigWriter.Objects ? EniConfigWriter.Objects : EniConfigWriter.Addon,
            true,
            Env(input, modes, prefixes)
        );

    private static EniConfigWriter Writer(DesignInput input)
    {
        var (asked, addon) = (input.Spec.Cni.EniConfigs, input.Cloud.VpcCni);
        var canAddon = addon is not null && addon.Schema.Contains("\"eniConfig\"", StringComparison.Ordinal) && input.Values.IsReadable;
        if (asked == EniConfigWriter.Addon && !canAddon)
        {
            input.Report.Error(
                DesignCodes.AddonCannotWrite,
                input.Spec.Cluster!,
                "spec.cni.eniConfigs",
                addon is null
                    ? $"Cluster {input.Spec.Cluster} has no managed vpc-cni add-on that could write ENIConfigs."
                    : $"The values of vpc-cni {addon.Version} have no eniConfig that could be set.",
                "Set 'eniConfigs: objects'."
            );
        }
        if (asked != EniConfigWriter.Auto)
        {
            return asked;
        }
        // Neither writer takes over from the other: what is there stays.
        if (!canAddon || !input.Actual.Ids.EniConfigObjects.IsEmpty)
        {
            return EniConfigWriter.Objects;
        }
        if (!input.Values.EniConfigs.IsEmpty)
        {
            return EniConfigWriter.Addon;
        }
        return input.Actual.Ids.ForeignEniConfigs.IsEmpty ? EniConfigWriter.Addon : EniConfigWriter.Objects;
    }

    private static EquatableArray<EnvSetting> Env(DesignInput input, EquatableArray<PodMode> modes, bool prefixes)
    {
        var env = new List<EnvSetting>(6);
        if (modes.Contains(PodMode.EniConfig))
        {
            env.Add(new(CniEnv.CustomNetworking, "true"));
            env.Add(new(CniEnv.EniConfigLabel, CniEnv.ZoneLabel));
        }
        else
        {
            Switch(input, env, CniEnv.CustomNetworking, isOn: false, isAsked: true);
            Discovery(input, env);
        }
        Switch(input, env, CniEnv.PrefixDelegation, prefixes, isAsked: input.Spec.Cni.PrefixDelegation is not null);
        if (prefixes && HasNoWarmTarget(input))
        {
            env.Add(new(CniEnv.WarmPrefixes, "1"));
        }
        Switch(input, env, CniEnv.ExternalSnat, input.Spec.Routing.Source == PacketSource.Pod, isAsked: true);
        if (input.Spec.Routing is { Source: PacketSource.Node, KeepPodAddressTo: { IsEmpty: false } kept })
        {
            env.Add(
                new(CniEnv.ExcludedFromSnat, Merge(input.Written(CniEnv.ExcludedFromSnat) ?? input.Running(CniEnv.ExcludedFromSnat), kept))
            );
        }
        env.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        return env.ToEquatable();
    }

    // Off is the CNI's default: it is written only where something else was, and stays written then, so that a cut run comes to the same.
    private static void Switch(DesignInput input, List<EnvSetting> env, string name, bool isOn, bool isAsked)
    {
        if (isOn)
        {
            env.Add(new(name, "true"));
        }
        else if (isAsked && (input.Written(name) is not null || input.Running(name) is not (null or "false")))
        {
            env.Add(new(name, "false"));
        }
    }

    // On is the CNI's default.
    private static void Discovery(DesignInput input, List<EnvSetting> env)
    {
        if (input.Written(CniEnv.SubnetDiscovery) is not null || input.Running(CniEnv.SubnetDiscovery) is not (null or "true"))
        {
            env.Add(new(CniEnv.SubnetDiscovery, "true"));
        }
    }

    // Whoever set a target of their own keeps it. Source: amazon-vpc-cni-k8s, README.md, on WARM_PREFIX_TARGET and its overrides.
    private static bool HasNoWarmTarget(DesignInput input)
    {
        string? Live(string name) => input.Written(name) ?? input.Running(name);
        return Live(CniEnv.WarmAddresses) is null && Live(CniEnv.LeastAddresses) is null && Live(CniEnv.WarmPrefixes) is null or "1";
    }

    private static string Merge(string? live, EquatableArray<Cidr> wanted)
    {
        var blocks = (live ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToList();
        blocks.AddRange(wanted.Order().Select(block => block.ToString()).Where(block => !blocks.Contains(block)));
        return string.Join(",", blocks);
    }
}
