using System.Globalization;
using Podspace.Addressing;
using Podspace.Cni;

namespace Podspace.Capacity;

/// <summary>Nodes and subnets that are only supposed, as typed.</summary>
public static class WhatIf
{
    /// <summary>The zone meant where none is named.</summary>
    public const string AnyZone = "zone";

    /// <summary>Reads <c>40xm5.large@eu-west-1b</c>.</summary>
    /// <param name="problem">What is wrong with it; empty otherwise.</param>
    public static (int Count, string Type, string Zone)? Nodes(string text, out string problem)
    {
        problem = "";
        var (left, zone) = Split(text, '@');
        var cross = left.IndexOf('x', StringComparison.Ordinal);
        if (
            cross < 1
            || !int.TryParse(left.AsSpan(0, cross), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || cross == left.Length - 1
        )
        {
            problem = $"\"{text}\" is not a number of nodes, a type and a zone, such as 40xm5.large@eu-west-1b.";
            return null;
        }
        if (count is < 1 or > 100_000)
        {
            problem = $"\"{text}\" has {count} nodes; 1 to 100000 can be counted.";
            return null;
        }
        return (count, left[(cross + 1)..], zone ?? AnyZone);
    }

    /// <summary>Reads <c>100.64.0.0/18@eu-west-1b</c>.</summary>
    public static SubnetRoom? Subnet(string text, out string problem)
    {
        var (left, zone) = Split(text, '@');
        if (!Cidr.TryParse(left, out var cidr, out problem))
        {
            return null;
        }
        if (cidr.PrefixLength is < 16 or > 28)
        {
            problem = $"{cidr} is no subnet: those have /16 to /28.";
            return null;
        }
        return SubnetRoom.Empty(cidr.ToString(), zone ?? AnyZone, cidr);
    }

    /// <summary>A subnet a zone from 100.64.0.0/16, with room for one zone more, as a design without wishes has them.</summary>
    public static EquatableArray<SubnetRoom> Subnets(IReadOnlyCollection<string> zones)
    {
        var block = Cidr.Parse("100.64.0.0/16");
        var length = 16;
        while ((1 << (length - 16)) <= zones.Count)
        {
            length++;
        }
        return zones
            .Order(StringComparer.Ordinal)
            .Zip(block.Split(length), (zone, cidr) => SubnetRoom.Empty(cidr.ToString(), zone, cidr))
            .ToEquatable();
    }

    /// <summary>Of a cluster of which nothing was read: what a pod network sets at the least.</summary>
    public static readonly IReadOnlyDictionary<string, string> Unread = new Dictionary<string, string>
    {
        [CniEnv.CustomNetworking] = "true",
    };

    /// <summary>As the CNI is after <c>apply</c>: custom networking, the manifest's one warm prefix, and what is asked for.</summary>
    /// <param name="asked">Such as <c>ENABLE_PREFIX_DELEGATION=true</c>.</param>
    /// <param name="live">Settings as they are, or <see cref="Unread"/>.</param>
    public static IpamdSettings Settings(IReadOnlyDictionary<string, string> live, IEnumerable<string> asked, out string problem) =>
        IpamdSettings.From(Env(live, asked, out problem));

    /// <summary>The settings that <see cref="Settings"/> goes by.</summary>
    public static Dictionary<string, string> Env(IReadOnlyDictionary<string, string> live, IEnumerable<string> asked, out string problem)
    {
        problem = "";
        var env = PlannedSettings.WithManifestDefaults(live);
        foreach (var setting in asked)
        {
            var (name, value) = Split(setting, '=');
            if (value is null)
            {
                problem = $"\"{setting}\" is no setting such as WARM_IP_TARGET=5.";
            }
            env[name] = value ?? "";
        }
        return env;
    }

    private static (string Left, string? Right) Split(string text, char at) =>
        text.IndexOf(at, StringComparison.Ordinal) is >= 0 and var found ? (text[..found], text[(found + 1)..]) : (text, null);
}
