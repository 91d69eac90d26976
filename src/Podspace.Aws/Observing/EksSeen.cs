using System.Text.Json.Nodes;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Aws.Observing;

/// <summary>From EKS's answers to the model. Pure.</summary>
internal static class EksSeen
{
    public static SeenCluster Cluster(JsonNode cluster)
    {
        var vpc = cluster["resourcesVpcConfig"];
        var network = cluster["kubernetesNetworkConfig"];
        return new(
            Text(cluster, "name"),
            Text(cluster, "version"),
            Text(cluster, "status"),
            new(Text(vpc, "vpcId")),
            Text(network, "ipFamily") is { Length: > 0 } family ? family : "ipv4",
            Ec2Seen.Ipv4(Text(network, "serviceIpv4Cidr")),
            Text(cluster, "endpoint"),
            Text(cluster["certificateAuthority"], "data"),
            Ids(vpc, "subnetIds"),
            new(Text(vpc, "clusterSecurityGroupId")),
            Ids(vpc, "securityGroupIds"),
            // Auto Mode is on when all three are; they are set together. Source: EKS API Reference, CreateCluster.
            Flag(cluster["computeConfig"]) && Flag(network?["elasticLoadBalancing"]) && Flag(cluster["storageConfig"]?["blockStorage"])
        )
        {
            AuthenticationMode = Text(cluster["accessConfig"], "authenticationMode"),
            NodeRoleArn = Text(cluster["computeConfig"], "nodeRoleArn"),
            BuiltInPools = Texts(cluster["computeConfig"], "nodePools"),
        };
    }

    public static SeenAccessEntry AccessEntry(JsonNode entry, IEnumerable<JsonNode> policies) =>
        new(
            Text(entry, "principalArn"),
            Text(entry, "type"),
            policies
                .Where(policy => Text(policy["accessScope"], "type") == "cluster")
                .Select(policy => Text(policy, "policyArn"))
                .Order(StringComparer.Ordinal)
                .ToEquatable(),
            (entry["tags"] as JsonObject ?? [])
                .Select(tag => new SeenTag(tag.Key, tag.Value?.ToString() ?? ""))
                .OrderBy(tag => tag.Key, StringComparer.Ordinal)
                .ToEquatable()
        );

    public static SeenNodegroup Nodegroup(JsonNode group)
    {
        // Null: EKS makes the nodes' template itself.
        var template = group["launchTemplate"];
        return new(
            Text(group, "nodegroupName"),
            Text(group, "status"),
            Text(group, "amiType"),
            Texts(group, "instanceTypes"),
            Ids(group, "subnets"),
            template is null ? null : First(Text(template, "id"), Text(template, "name")),
            Number(group["scalingConfig"], "minSize"),
            Number(group["scalingConfig"], "maxSize"),
            Number(group["scalingConfig"], "desiredSize")
        )
        {
            // EKS always says which; without it EC2's default counts.
            TemplateVersion = template is null ? "" : First(Text(template, "version"), "$Default"),
            Issues = Issues(group),
        };
    }

    private static string First(string text, string otherwise) => text.Length > 0 ? text : otherwise;

    public static SeenAddon Addon(JsonNode addon, string schema) =>
        new(Text(addon, "addonVersion"), Text(addon, "status"), Text(addon, "configurationValues"), schema, Issues(addon));

    private static EquatableArray<string> Issues(JsonNode thing) =>
        Items(thing["health"], "issues")
            .Select(issue => $"{Text(issue, "code")}: {Text(issue, "message")}")
            .Order(StringComparer.Ordinal)
            .ToEquatable();

    public static string Text(JsonNode? node, string name) => (string?)(node as JsonObject)?[name] ?? "";

    public static IEnumerable<JsonNode> Items(JsonNode? node, string name) =>
        ((node as JsonObject)?[name] as JsonArray ?? []).Where(item => item is not null)!;

    private static EquatableArray<string> Texts(JsonNode? node, string name) =>
        Items(node, name).Select(item => item.GetValue<string>()).Order(StringComparer.Ordinal).ToEquatable();

    private static EquatableArray<AwsId> Ids(JsonNode? node, string name) => Texts(node, name).Select(id => new AwsId(id)).ToEquatable();

    private static int Number(JsonNode? node, string name) => (int?)(node as JsonObject)?[name] ?? 0;

    private static bool Flag(JsonNode? node) => (bool?)(node as JsonObject)?["enabled"] == true;
}
