using System.Globalization;
using System.Text.Json.Nodes;
using Podspace.Addressing;
using Podspace.Cni;
using Podspace.Formats.Yaml;

namespace Podspace.Capacity.LoadSimulation;

/// <summary>Reads a load from YAML: apiVersion podspace.io/v1alpha1, kind Load. docs/capacity.md explains the keys.</summary>
public static class LoadFile
{
    private static readonly string[] Keys =
    [
        "apiVersion",
        "kind",
        "metadata",
        "seed",
        "hours",
        "subnets",
        "nodes",
        "settings",
        "workloads",
        "events",
    ];

    /// <param name="fallback">Subnets, nodes and settings where the file has none of its own; null: it must have them.</param>
    /// <param name="problems">One a mistake; empty when there is a profile.</param>
    /// <param name="file">As messages shall call it.</param>
    public static LoadProfile? Read(
        string text,
        KnownTypes types,
        LoadProfile? fallback,
        out EquatableArray<string> problems,
        string file = "load.yaml"
    )
    {
        var said = new List<string>();
        var profile = YamlJson.Read(text, out var problem) is JsonObject root ? Read(root, types, fallback, said) : null;
        if (profile is null && said.Count == 0)
        {
            said.Add(
                problem is null
                    ? "The file is not one YAML document with keys such as workloads."
                    : $"{file}({problem.Line},{problem.Column}): {problem.Problem}"
            );
        }
        problems = said.ToEquatable();
        return said.Count == 0 ? profile : null;
    }

    private static LoadProfile Read(JsonObject root, KnownTypes types, LoadProfile? fallback, List<string> said)
    {
        var top = new Entry(root, "", said);
        top.Only(Keys);
        if (top.Text("kind", "") != "Load")
        {
            said.Add("kind must be Load.");
        }
        var settings = root["settings"] is JsonObject env
            ? WhatIf.Settings(WhatIf.Unread, env.Select(pair => $"{pair.Key}={pair.Value}"), out _)
            : fallback?.Settings ?? new IpamdSettings { CustomNetworking = true, WarmPrefixTarget = 1 };
        var subnets = top.List("subnets").Select(Subnet).OfType<LoadSubnet>().ToEquatable();
        var nodes = top.List("nodes").Select(entry => Nodes(entry, types)).OfType<LoadNodes>().ToEquatable();
        var profile = new LoadProfile(
            (ulong)top.Whole("seed", 1, 0, int.MaxValue),
            top.Whole("hours", 24, 1, 24 * 366),
            subnets.IsEmpty ? fallback?.Subnets ?? [] : subnets,
            nodes.IsEmpty ? fallback?.Nodes ?? [] : nodes,
            top.List("workloads").Select(Workload).ToEquatable(),
            top.List("events").Select(Event).OfType<LoadEvent>().ToEquatable(),
            settings
        );
        Check(profile, said);
        return profile;
    }

    private static void Check(LoadProfile profile, List<string> said)
    {
        Need(!profile.Subnets.IsEmpty, "subnets is missing: a list of {zone, cidr}.");
        Need(!profile.Nodes.IsEmpty, "nodes is missing: a list of {name, type, most}.");
        Need(!profile.Workloads.IsEmpty, "workloads is missing: a list of {name, pods} or {name, perHour, lifeMinutes}.");
        var zones = profile.Subnets.Select(subnet => subnet.Zone).ToHashSet();
        foreach (var zone in profile.Nodes.SelectMany(group => group.Zones).Where(zone => !zones.Contains(zone)).Distinct())
        {
            said.Add($"nodes names zone {zone}, which has no subnet.");
        }
        foreach (var happens in profile.Events)
        {
            Need(
                happens.Kind switch
                {
                    LoadEventKind.Rollout => profile.Workloads.Any(one => one.Name == happens.About),
                    LoadEventKind.ZoneOutage => zones.Contains(happens.About),
                    LoadEventKind.NodeRoll => profile.Nodes.Any(one => one.Name == happens.About),
                },
                $"events: there is no \"{happens.About}\" for {happens.Kind} to be about."
            );
        }
        foreach (
            var (left, right) in profile
                .Subnets.SelectMany((left, index) => profile.Subnets.Skip(index + 1).Select(right => (left, right)))
                .Where(pair => pair.left.Cidr.Overlaps(pair.right.Cidr))
        )
        {
            said.Add($"subnets: {left.Cidr} and {right.Cidr} overlap.");
        }

        void Need(bool holds, string problem)
        {
            if (!holds)
            {
                said.Add(problem);
            }
        }
    }

    private static LoadSubnet? Subnet(Entry entry)
    {
        entry.Only("zone", "cidr", "reserved");
        var reserved = entry.Texts("reserved").Select(text => entry.Block(text, "reserved")).OfType<Cidr>().ToEquatable();
        if (entry.Block(entry.Text("cidr", ""), "cidr") is not { } cidr)
        {
            return null;
        }
        return cidr.PrefixLength is < 16 or > 28
            ? entry.No<LoadSubnet>("cidr", $"{cidr} is no subnet: those have /16 to /28")
            : new(entry.Text("zone", WhatIf.AnyZone), cidr, reserved);
    }

    private static LoadNodes? Nodes(Entry entry, KnownTypes types)
    {
        entry.Only("name", "type", "zones", "least", "most", "podsPerNode", "by", "maxPods");
        var type = entry.Text("type", "");
        if (types.Find(type) is not { } limits)
        {
            return entry.No<LoadNodes>("type", $"the limits of \"{type}\" are not known, and are not guessed");
        }
        var by = entry.Text("by", "nodeGroup");
        if (by is not ("nodeGroup" or "karpenter"))
        {
            return entry.No<LoadNodes>("by", $"\"{by}\" is neither nodeGroup nor karpenter");
        }
        var least = entry.Whole("least", 0, 0, 100_000);
        var maxPods = entry.Whole("maxPods", 0, 0, 10_000);
        return new(
            entry.Text("name", "workers"),
            limits,
            entry.Texts("zones").ToEquatable(),
            least,
            entry.Whole("most", Math.Max(least, 1), least, 100_000),
            entry.Whole("podsPerNode", 10_000, 1, 10_000),
            by == "karpenter",
            maxPods == 0 ? null : maxPods
        );
    }

    private static Workload Workload(Entry entry)
    {
        entry.Only("name", "pods", "low", "peak", "lifeMinutes", "perHour");
        return new(
            entry.Text("name", "pods"),
            entry.Whole("pods", 0, 0, 1_000_000),
            entry.Number("low", 1, 0, 1),
            entry.Whole("peak", 14, 0, 23),
            entry.Number("lifeMinutes", 0, 0, 1e6),
            entry.Number("perHour", 0, 0, 1e6)
        );
    }

    private static LoadEvent? Event(Entry entry)
    {
        entry.Only("at", "rollout", "zoneOutage", "nodeRoll", "for");
        var (at, until) = (entry.Minutes("at"), entry.Minutes("for"));
        return (entry.Text("rollout", ""), entry.Text("zoneOutage", ""), entry.Text("nodeRoll", "")) switch
        {
            ({ Length: > 0 } workload, _, _) => new(LoadEventKind.Rollout, workload, at),
            (_, { Length: > 0 } zone, _) => new(LoadEventKind.ZoneOutage, zone, at, Math.Max(1, until)),
            (_, _, { Length: > 0 } group) => new(LoadEventKind.NodeRoll, group, at),
            _ => entry.No<LoadEvent>("rollout", "an event is rollout, zoneOutage or nodeRoll"),
        };
    }

    /// <summary>One map of the file, and where it stands.</summary>
    private sealed class Entry(JsonObject map, string path, List<string> said)
    {
        public void Only(params string[] keys)
        {
            foreach (var key in map.Select(pair => pair.Key).Where(key => !keys.Contains(key)))
            {
                said.Add($"{path}{key} is no key of a load; there are {string.Join(", ", keys)}.");
            }
        }

        public T? No<T>(string key, string problem)
            where T : class
        {
            said.Add($"{path}{key}: {problem}.");
            return null;
        }

        public string Text(string key, string usual) => map[key]?.ToString() ?? usual;

        public IEnumerable<string> Texts(string key) =>
            (map[key] as JsonArray ?? new JsonArray()).Select(item => item?.ToString() ?? "").ToList();

        public IEnumerable<Entry> List(string key)
        {
            if (map[key] is { } value and not JsonArray)
            {
                said.Add($"{path}{key}: {value} is no list.");
            }
            return (map[key] as JsonArray ?? new JsonArray())
                .Select((item, index) => new Entry(item as JsonObject ?? new JsonObject(), $"{path}{key}[{index}].", said))
                .ToList();
        }

        public Cidr? Block(string text, string key)
        {
            if (Cidr.TryParse(text, out var cidr, out var problem))
            {
                return cidr;
            }
            said.Add($"{path}{key}: {problem}");
            return null;
        }

        public int Whole(string key, int usual, int least, int most) => (int)Number(key, usual, least, most);

        public double Number(string key, double usual, double least, double most)
        {
            if (map[key] is not { } value)
            {
                return usual;
            }
            if (
                double.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && number >= least
                && number <= most
            )
            {
                return number;
            }
            said.Add($"{path}{key}: {value} is no number from {least} to {most}.");
            return usual;
        }

        /// <summary>Such as 90m or 6h; left out: 0.</summary>
        public int Minutes(string key)
        {
            var text = Text(key, "0m");
            if (
                text.Length > 1
                && text[^1] is 'm' or 'h'
                && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && count < 100_000
            )
            {
                return text[^1] == 'h' ? count * 60 : count;
            }
            said.Add($"{path}{key}: \"{text}\" is no time such as 90m or 6h.");
            return 0;
        }
    }
}
