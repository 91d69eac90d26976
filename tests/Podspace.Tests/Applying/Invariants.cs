using System.Text.Json.Nodes;
using Podspace.Addressing;
using Podspace.Simulation;

namespace Podspace.Tests.Applying;

/// <summary>What must hold in a world after every single change.</summary>
internal static class Invariants
{
    public static IEnumerable<string> PodsWithoutTheirAddress(World world)
    {
        var held = world
            .State.Aws.NetworkInterfaces.Where(one => one.Attachment?.InstanceId is not null)
            .GroupBy(one => one.Attachment!.InstanceId!)
            .ToDictionary(group => group.Key, group => group.ToList());
        var instances = world
            .Objects.List("v1", "nodes")
            .ToDictionary(Name, node => node["spec"]?["providerID"]?.ToString().Split('/')[^1] ?? "");
        foreach (var pod in world.Objects.List("v1", "pods"))
        {
            var address = pod["status"]?["podIP"]?.ToString();
            var node = pod["spec"]?["nodeName"]?.ToString();
            if (
                address is null
                || node is null
                || pod["status"]?["phase"]?.ToString() != "Running"
                || !instances.TryGetValue(node, out var instance)
            )
            {
                continue;
            }
            var interfaces = held.GetValueOrDefault(instance, []);
            if (
                !interfaces.Any(one =>
                    one.PrivateIpAddresses.Contains(address)
                    || one.Ipv4Prefixes.Any(prefix => Cidr.Parse(prefix).Contains(Address.Parse(address)))
                )
            )
            {
                yield return $"{Name(pod)} on {node} has {address}";
            }
        }
    }

    private static string Name(JsonObject thing) => thing["metadata"]!["name"]!.ToString();
}
