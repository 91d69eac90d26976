using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Podspace.Model;

namespace Podspace.Cni;

/// <summary>Limits of instance types from the best source there is: what EC2 just said, what it said
/// earlier, the built-in table. A type in none of them is unknown.</summary>
public sealed class KnownTypes
{
    private readonly Dictionary<string, (InstanceLimits Limits, string Source)> types = new(StringComparer.Ordinal);

    /// <param name="earlier">What EC2 said once, and when; null when nobody kept it.</param>
    public KnownTypes(IEnumerable<InstanceLimits> seen, InstanceTypeFile? earlier = null)
    {
        foreach (var limits in earlier?.Types ?? [])
        {
            types[limits.Type] = (
                limits,
                earlier!.ReadAt is { } day
                    ? $"EC2 on {day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}"
                    : "EC2 at a time not recorded"
            );
        }
        foreach (var limits in seen)
        {
            types[limits.Type] = (limits, "EC2");
        }
    }

    public static KnownTypes From(Inventory inventory, InstanceTypeFile? earlier = null) =>
        new(inventory.Cloud.InstanceTypes.Select(Limits), earlier);

    public static InstanceLimits Limits(SeenInstanceType seen) =>
        new(seen.Name, seen.Interfaces, seen.AddressesPerInterface, seen.VCpus, seen.Hypervisor, seen.IsBareMetal);

    /// <summary>Null: unknown. Nothing is guessed from its family or size.</summary>
    public InstanceLimits? Find(string type) => types.TryGetValue(type, out var known) ? known.Limits : InstanceLimits.Find(type);

    /// <summary>Where the limits of a known type come from.</summary>
    public string SourceOf(string type) => types.TryGetValue(type, out var known) ? known.Source : "the built-in table";
}

/// <summary>What <c>aws ec2 describe-instance-types</c> printed, kept as it is; ours carries the day in <c>ReadAt</c> beside it.</summary>
/// <param name="ReadAt">Null when the file does not say.</param>
public sealed record InstanceTypeFile(EquatableArray<InstanceLimits> Types, DateTimeOffset? ReadAt)
{
    /// <param name="problem">Why the text is none of that; empty otherwise.</param>
    public static InstanceTypeFile? Read(string text, out string problem)
    {
        problem = "";
        try
        {
            if (JsonNode.Parse(text)?["InstanceTypes"] is not JsonArray types)
            {
                problem = "it has no InstanceTypes, as aws ec2 describe-instance-types --output json prints them";
                return null;
            }
            var readAt = JsonNode.Parse(text)![nameof(ReadAt)]?.GetValue<string>();
            return new(
                types.Select(Limits).OfType<InstanceLimits>().ToEquatable(),
                readAt is null ? null : DateTimeOffset.Parse(readAt, CultureInfo.InvariantCulture)
            );
        }
        catch (Exception wrong) when (wrong is JsonException or FormatException or InvalidOperationException)
        {
            problem = wrong.Message;
            return null;
        }
    }

    public string Write() =>
        new JsonObject
        {
            [nameof(ReadAt)] = ReadAt?.ToString("O", CultureInfo.InvariantCulture),
            ["InstanceTypes"] = new JsonArray([.. Types.OrderBy(one => one.Type, StringComparer.Ordinal).Select(Entry)]),
        }.ToJsonString();

    private static JsonObject Entry(InstanceLimits limits) =>
        new()
        {
            ["InstanceType"] = limits.Type,
            ["Hypervisor"] = limits.IsBareMetal ? null : limits.Hypervisor,
            ["BareMetal"] = limits.IsBareMetal,
            ["VCpuInfo"] = new JsonObject { ["DefaultVCpus"] = limits.VCpus },
            ["NetworkInfo"] = new JsonObject
            {
                ["MaximumNetworkInterfaces"] = limits.Interfaces,
                ["Ipv4AddressesPerInterface"] = limits.AddressesPerInterface,
            },
        };

    // The CNI attaches to the default card only. A type without IPv4 addresses or limits says
    // nothing that could be counted on, so it is left unknown.
    private static InstanceLimits? Limits(JsonNode? type)
    {
        if (type?["NetworkInfo"] is not { } network || type["InstanceType"]?.GetValue<string>() is not { } name)
        {
            return null;
        }
        var card = network["DefaultNetworkCardIndex"]?.GetValue<int>() ?? 0;
        var cards = (network["NetworkCards"] as JsonArray)?.FirstOrDefault(one => (one?["NetworkCardIndex"]?.GetValue<int>() ?? 0) == card);
        var interfaces = cards?["MaximumNetworkInterfaces"]?.GetValue<int>() ?? network["MaximumNetworkInterfaces"]?.GetValue<int>() ?? 0;
        var addresses = network["Ipv4AddressesPerInterface"]?.GetValue<int>() ?? 0;
        var isMetal = type["BareMetal"]?.GetValue<bool>() ?? false;
        return interfaces < 1 || addresses < 1
            ? null
            : new(
                name,
                interfaces,
                addresses,
                type["VCpuInfo"]?["DefaultVCpus"]?.GetValue<int>() ?? 0,
                type["Hypervisor"]?.GetValue<string>() ?? "unknown",
                isMetal
            );
    }
}
