using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Podspace.Addressing;
using Podspace.Formats.Yaml;
using Podspace.Simulation.State;
using Podspace.Simulation.WorldFile;

namespace Podspace.Tests;

/// <summary>Compares two worlds by what a person would call the same: a replaced node is the same
/// node, an address of the same subnet the same address.</summary>
internal static class WorldComparison
{
    private static readonly string[] ServersOwn = ["uid", "resourceVersion", "generation", "managedFields", "creationTimestamp"];

    /// <summary>Lists whose order says nothing, and what their items go by.</summary>
    private static readonly (string List, string Key)[] ByKey =
    [
        ("Associations", "SubnetId"),
        ("CidrBlockAssociationSet", "CidrBlock"),
        ("Tags", "Key"),
    ];

    /// <summary>Sorted lines such as <c>gone: Subnets subnet-0a…</c> and <c>new: …</c>; empty when nothing is different.</summary>
    public static IReadOnlyList<string> Differences(WorldState before, WorldState after) => Differences(Lines(before), after);

    /// <summary>The same, for a world that many are compared with.</summary>
    /// <param name="before">Its <see cref="Lines"/>.</param>
    public static IReadOnlyList<string> Differences(IReadOnlyList<string> before, WorldState after)
    {
        var (old, now) = (before.ToList(), Lines(after).ToList());
        return
        [
            .. Without(old, now)
                .Select(line => $"gone: {line}")
                .Concat(Without(now, old).Select(line => $"new: {line}"))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static List<string> Without(List<string> lines, List<string> others)
    {
        var left = new List<string>(lines);
        others.ForEach(line => left.Remove(line));
        return left;
    }

    /// <summary>A line for each thing that is the same or not.</summary>
    public static IReadOnlyList<string> Lines(WorldState state) =>
        [
            .. Things(state.Aws),
            .. Interfaces(state.Aws),
            .. Instances(state.Aws),
            .. Addons(state.Aws),
            .. Nodes(state),
            .. AutoNodes(state),
            .. Pods(state),
            .. Objects(state),
        ];

    private static IEnumerable<string> Things(AwsState aws)
    {
        var json = JsonSerializer.SerializeToNode(aws, WorldJson.Default.AwsState)!.AsObject();
        foreach (var (list, items) in json)
        {
            if (list is "Instances" or "NetworkInterfaces" or "Addons" or "Updates" || items is not JsonArray)
            {
                continue;
            }
            foreach (var item in items.AsArray())
            {
                // A block that has left the VPC stays visible for a while and means nothing.
                (item!["CidrBlockAssociationSet"] as JsonArray)?.RemoveAll(block =>
                    block!["CidrBlockState"]!["State"]!.ToString() is "disassociated" or "failed"
                );
                // Says when something was asked for, not what is there.
                item.AsObject().Remove("ClientToken");
                item.AsObject().Remove("clientToken");
                // In whatever order they were made.
                foreach (var (several, by) in ByKey)
                {
                    if (item[several] is JsonArray array)
                    {
                        item[several] = InOrder(array, by);
                    }
                }
                yield return $"{list} {WithoutChance(Sorted(item)!.ToJsonString(), aws)}";
            }
        }
    }

    private static JsonArray InOrder(JsonArray items, string key) =>
        new([.. items.Select(one => one!.DeepClone()).OrderBy(one => one[key]?.ToString(), StringComparer.Ordinal)]);

    /// <summary>Ids of tables that Podspace made follow from when they were asked for; so does the time in a block's tag.</summary>
    private static string WithoutChance(string line, AwsState aws)
    {
        foreach (var table in aws.RouteTables)
        {
            if (table.Tags.Find(tag => tag.Key == Podspace.Naming.Tags.Name) is { } name)
            {
                line = line.Replace(table.RouteTableId, name.Value, StringComparison.Ordinal);
                table.Associations.ForEach(one =>
                    line = line.Replace(one.RouteTableAssociationId, $"of {name.Value}", StringComparison.Ordinal)
                );
            }
        }
        return Regex.Replace(line, @"@\d{4}-\d\d-\d\dT[\d:]+Z", "@time");
    }

    /// <summary>Those of instances by where they are and what they carry, since their number
    /// follows the pods' places; others one by one.</summary>
    private static IEnumerable<string> Interfaces(AwsState aws) =>
        aws
            .NetworkInterfaces.Select(at =>
                at.Attachment?.InstanceId is null
                    ? $"interface {at.NetworkInterfaceId} in {at.SubnetId} {at.Status} [{string.Join(',', at.Groups)}] {at.Description}"
                    : $"interfaces of instances in {at.SubnetId} [{string.Join(',', at.Groups)}] "
                        + $"{(at.Ipv4Prefixes.Count > 0 ? "prefixes" : "addresses")}"
            )
            .Distinct();

    private static IEnumerable<string> Instances(AwsState aws) =>
        from instance in aws.Instances
        where
            instance.State is not ("terminated" or "shutting-down")
            && !instance.Tags.Exists(tag => tag.Key == "eks:kubernetes-node-pool-name")
        let primary = aws.NetworkInterfaces.Find(at => at.Attachment?.InstanceId == instance.InstanceId && at.Attachment.DeviceIndex == 0)
        let tags = string.Join(',', instance.Tags.Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal))
        select $"instance {instance.InstanceType} {instance.State} in {primary?.SubnetId} {tags}";

    /// <summary>How many Auto Mode starts for the same pods, and in which zones, is its own choice:
    /// only from which pools they come is looked at.</summary>
    private static IEnumerable<string> AutoNodes(WorldState state) =>
        (
            from node in Of(state, "Node")
            let labels = node["metadata"]!["labels"]
            where IsAuto(node)
            let ready = node["status"]
                ?["conditions"]?.AsArray()
                .FirstOrDefault(condition => condition!["type"]!.ToString() == "Ready")
                ?["status"]
            select $"nodes of pool {labels!["karpenter.sh/nodepool"]} with {labels["eks.amazonaws.com/nodeclass"]} "
                + $"ready={ready} unschedulable={node["spec"]?["unschedulable"] ?? "false"}"
        ).Distinct();

    private static bool IsAuto(JsonObject node) => node["metadata"]!["labels"]?["eks.amazonaws.com/compute-type"]?.ToString() == "auto";

    private static IEnumerable<string> Addons(AwsState aws) =>
        aws.Addons.Select(addon =>
            // No values and an empty document come to the same.
            $"addon {addon.AddonName} {addon.AddonVersion} {addon.Status} "
            + $"{Sorted(YamlJson.Read(addon.ConfigurationValues ?? ""))?.ToJsonString() ?? "{}"}"
        );

    private static IEnumerable<string> Nodes(WorldState state) =>
        from node in Of(state, "Node")
        where !IsAuto(node)
        let labels = node["metadata"]!["labels"]
        let ready = node["status"]
            ?["conditions"]?.AsArray()
            .FirstOrDefault(condition => condition!["type"]!.ToString() == "Ready")
            ?["status"]
        select $"node in {labels?["topology.kubernetes.io/zone"]} of {labels?["eks.amazonaws.com/nodegroup"]} ready={ready} "
            + $"unschedulable={node["spec"]?["unschedulable"] ?? "false"} pods={node["status"]?["capacity"]?["pods"]}";

    /// <summary>A pod that has finished goes with its node, and nobody misses it.</summary>
    private static IEnumerable<string> Pods(WorldState state) =>
        from pod in Of(state, "Pod")
        let phase = pod["status"]?["phase"]?.ToString()
        where phase is not ("Succeeded" or "Failed")
        let owner = pod["metadata"]!["ownerReferences"]?[0]
        let name = owner is null ? pod["metadata"]!["name"]!.ToString() : $"{owner["kind"]} {owner["name"]}"
        select $"pod of {pod["metadata"]!["namespace"]}/{name} {phase} with an address of {SubnetOf(state.Aws, pod)}";

    private static string SubnetOf(AwsState aws, JsonObject pod)
    {
        if (pod["spec"]?["hostNetwork"]?.GetValue<bool>() == true)
        {
            return "its node";
        }
        return pod["status"]?["podIP"] is { } text && Address.TryParse(text.ToString(), out var address)
            ? aws.VpcIds(address) ?? "nowhere"
            : "none";
    }

    private static string? VpcIds(this AwsState aws, Address address) =>
        // Which of the zones' subnets depends on where the scheduler put the pod: the VPC's block is what counts.
        aws
            .Vpcs.SelectMany(vpc => vpc.CidrBlockAssociationSet)
            .Select(block => block.CidrBlock)
            .FirstOrDefault(block => Cidr.Parse(block).Contains(address));

    private static IEnumerable<string> Objects(WorldState state) =>
        from item in state.Kubernetes
        where item["kind"]!.ToString() is not ("Node" or "NodeClaim" or "Pod" or "Event" or "Endpoints" or "EndpointSlice")
        where item["metadata"]!["namespace"]?.ToString() != "kube-node-lease"
        select Regex.Replace(WithoutChance($"{item["kind"]} {Plain(item).ToJsonString()}", state.Aws), "rtb-[0-9a-f]{17}", "pods");

    private static JsonNode Plain(JsonObject item)
    {
        var plain = (JsonObject)item.DeepClone();
        plain.Remove("status");
        foreach (var key in ServersOwn)
        {
            plain["metadata"]!.AsObject().Remove(key);
        }
        // The API server lists these in the order in which they were written last.
        foreach (var container in plain["spec"]?["template"]?["spec"]?["containers"] as JsonArray ?? [])
        {
            if (container!["env"] is JsonArray env)
            {
                container["env"] = new JsonArray([
                    .. env.OrderBy(variable => variable!["name"]!.ToString(), StringComparer.Ordinal)
                        .Select(variable => variable!.DeepClone()),
                ]);
            }
        }
        return Sorted(plain)!;
    }

    private static IEnumerable<JsonObject> Of(WorldState state, string kind) =>
        state.Kubernetes.Where(item => item["kind"]!.ToString() == kind);

    private static JsonNode? Sorted(JsonNode? node) =>
        node switch
        {
            JsonObject map => new JsonObject(
                map.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, Sorted(entry.Value)))
            ),
            JsonArray list => new JsonArray([.. list.Select(Sorted)]),
            _ => node?.DeepClone(),
        };
}
