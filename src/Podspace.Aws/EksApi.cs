using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Podspace.Aws;

/// <summary>The part of EKS that is needed, by its REST API. One file, so that AWSSDK.EKS could take its place.</summary>
/// <remarks>Source: EKS API Reference, 2017-11-01.</remarks>
internal sealed class EksApi(AwsConnection connection, AwsClients clients, Wire wire)
{
    private readonly SignedJson json = new(connection, clients.Http, clients.ClusterCredentials, wire);
    private readonly Uri endpoint = connection.EksEndpoint ?? new($"https://eks.{connection.Region}.{DnsSuffix(connection.Region)}");

    public async Task<JsonNode> DescribeClusterAsync(string cluster, CancellationToken cancel) =>
        Part(await ReadAsync("DescribeCluster", ClusterPath(cluster), cancel), "cluster");

    public async Task<IReadOnlyList<string>> ListNodegroupsAsync(string cluster, CancellationToken cancel) =>
        [.. (await ListAsync("ListNodegroups", $"{ClusterPath(cluster)}/node-groups", "nodegroups", cancel)).Select(name => name.GetValue<string>())];

    /// <summary>ARNs of the principals.</summary>
    public async Task<IReadOnlyList<string>> ListAccessEntriesAsync(string cluster, CancellationToken cancel) =>
        [.. (await ListAsync("ListAccessEntries", $"{ClusterPath(cluster)}/access-entries", "accessEntries", cancel)).Select(arn => arn.GetValue<string>())];

    public async Task<JsonNode> DescribeAccessEntryAsync(string cluster, string principal, CancellationToken cancel) =>
        Part(await ReadAsync("DescribeAccessEntry", EntryPath(cluster, principal), cancel), "accessEntry");

    public Task<IReadOnlyList<JsonNode>> ListAssociatedAccessPoliciesAsync(string cluster, string principal, CancellationToken cancel) =>
        ListAsync("ListAssociatedAccessPolicies", $"{EntryPath(cluster, principal)}/access-policies", "associatedAccessPolicies", cancel);

    public Task<JsonNode> CreateAccessEntryAsync(string cluster, string principal, string type, IEnumerable<KeyValuePair<string, string>> tags, CancellationToken cancel)
    {
        var body = new JsonObject
        {
            ["principalArn"] = principal,
            ["type"] = type,
            ["tags"] = new JsonObject([.. tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value))]),
        };
        return SendAsync(new("eks", "CreateAccessEntry", IsWrite: true), HttpMethod.Post, $"{ClusterPath(cluster)}/access-entries", body, cancel);
    }

    /// <summary>For the whole cluster. Doing it again changes nothing.</summary>
    public Task<JsonNode> AssociateAccessPolicyAsync(string cluster, string principal, string policy, CancellationToken cancel)
    {
        var body = new JsonObject { ["policyArn"] = policy, ["accessScope"] = new JsonObject { ["type"] = "cluster" } };
        return SendAsync(new("eks", "AssociateAccessPolicy", IsWrite: true), HttpMethod.Post, $"{EntryPath(cluster, principal)}/access-policies", body, cancel);
    }

    public Task<JsonNode> DeleteAccessEntryAsync(string cluster, string principal, CancellationToken cancel) =>
        SendAsync(new("eks", "DeleteAccessEntry", IsWrite: true), HttpMethod.Delete, EntryPath(cluster, principal), null, cancel);

    public async Task<JsonNode> DescribeNodegroupAsync(string cluster, string nodegroup, CancellationToken cancel) =>
        Part(await ReadAsync("DescribeNodegroup", $"{ClusterPath(cluster)}/node-groups/{Uri.EscapeDataString(nodegroup)}", cancel), "nodegroup");

    public async Task<JsonNode> DescribeAddonAsync(string cluster, string addon, CancellationToken cancel) =>
        Part(await ReadAsync("DescribeAddon", AddonPath(cluster, addon), cancel), "addon");

    /// <summary>The JSON Schema, as text, of an add-on version's values.</summary>
    public async Task<string> DescribeAddonConfigurationAsync(string addon, string version, CancellationToken cancel)
    {
        var query = $"addonName={Uri.EscapeDataString(addon)}&addonVersion={Uri.EscapeDataString(version)}";
        var answer = await ReadAsync("DescribeAddonConfiguration", $"/addons/configuration-schemas?{query}", cancel);
        return (string?)answer["configurationSchema"] ?? "";
    }

    /// <summary>Replaces the whole document of values. Answers with the update.</summary>
    public async Task<JsonNode> UpdateAddonAsync(
        string cluster, string addon, string values, string resolveConflicts, string token, CancellationToken cancel)
    {
        var body = new JsonObject
        {
            ["configurationValues"] = values,
            ["resolveConflicts"] = resolveConflicts,
            ["clientRequestToken"] = token,
        };
        return Part(await SendAsync(new("eks", "UpdateAddon", IsWrite: true), HttpMethod.Post, $"{AddonPath(cluster, addon)}/update", body, cancel), "update");
    }

    public async Task<JsonNode> DescribeAddonUpdateAsync(string cluster, string addon, string update, CancellationToken cancel) =>
        Part(await ReadAsync("DescribeUpdate", $"{ClusterPath(cluster)}/updates/{Uri.EscapeDataString(update)}?addonName={Uri.EscapeDataString(addon)}", cancel), "update");

    private static string ClusterPath(string cluster) => $"/clusters/{Uri.EscapeDataString(cluster)}";

    private static string AddonPath(string cluster, string addon) => $"{ClusterPath(cluster)}/addons/{Uri.EscapeDataString(addon)}";

    private static string EntryPath(string cluster, string principal) => $"{ClusterPath(cluster)}/access-entries/{Uri.EscapeDataString(principal)}";

    /// <summary>All pages of a list.</summary>
    private async Task<IReadOnlyList<JsonNode>> ListAsync(string operation, string path, string member, CancellationToken cancel)
    {
        var items = new List<JsonNode>();
        string? token = null;
        do
        {
            var next = token is null ? "" : $"&nextToken={Uri.EscapeDataString(token)}";
            var page = await ReadAsync(operation, $"{path}?maxResults=100{next}", cancel);
            items.AddRange((page[member] as JsonArray ?? []).OfType<JsonNode>());
            token = (string?)page["nextToken"];
        }
        while (!string.IsNullOrEmpty(token));
        return items;
    }

    private static JsonNode Part(JsonNode answer, string name) =>
        answer[name] ?? throw new AmazonServiceException($"EKS answered without \"{name}\".", ErrorType.Receiver, "InvalidAnswer", null, 0);

    private Task<JsonNode> ReadAsync(string operation, string path, CancellationToken cancel) =>
        SendAsync(new("eks", operation), HttpMethod.Get, path, null, cancel);

    private Task<JsonNode> SendAsync(Call call, HttpMethod method, string path, JsonObject? body, CancellationToken cancel) =>
        json.SendAsync(call, method, new(endpoint, path), body, cancel);

    internal static string DnsSuffix(string region) => region.StartsWith("cn-", StringComparison.Ordinal) ? "amazonaws.com.cn" : "amazonaws.com";
}
