using System.Text.Json.Nodes;

namespace Podspace.Aws;

/// <summary>The part of EKS that is needed, by its REST API. One file, so that AWSSDK.EKS could take its place.</summary>
/// <remarks>Source: EKS API Reference, 2017-11-01.</remarks>
internal sealed class EksApi(AwsConnection connection, AwsClients clients, Wire wire)
{
    private readonly SignedJson json = new(connection, clients.Http, clients.ClusterCredentials, wire);
    private readonly Uri endpoint = connection.EksEndpoint ?? new($"https://eks.{connection.Region}.{DnsSuffix(connection.Region)}");

    public async Task<JsonNode> DescribeClusterAsync(string cluster, CancellationToken cancel) =>
        await PartAsync("DescribeCluster", ClusterPath(cluster), "cluster", "name", cancel);

    public async Task<IReadOnlyList<string>> ListNodegroupsAsync(string cluster, CancellationToken cancel) =>
        await NamesAsync("ListNodegroups", $"{ClusterPath(cluster)}/node-groups", "nodegroups", cancel);

    /// <summary>ARNs of the principals.</summary>
    public async Task<IReadOnlyList<string>> ListAccessEntriesAsync(string cluster, CancellationToken cancel) =>
        await NamesAsync("ListAccessEntries", $"{ClusterPath(cluster)}/access-entries", "accessEntries", cancel);

    public async Task<JsonNode> DescribeAccessEntryAsync(string cluster, string principal, CancellationToken cancel) =>
        await PartAsync("DescribeAccessEntry", EntryPath(cluster, principal), "accessEntry", "principalArn", cancel);

    public Task<IReadOnlyList<JsonNode>> ListAssociatedAccessPoliciesAsync(string cluster, string principal, CancellationToken cancel) =>
        ListAsync(
            "ListAssociatedAccessPolicies",
            $"{EntryPath(cluster, principal)}/access-policies",
            Expected.Many("associatedAccessPolicies"),
            "associatedAccessPolicies",
            cancel
        );

    public Task CreateAccessEntryAsync(
        string cluster,
        string principal,
        string type,
        IEnumerable<KeyValuePair<string, string>> tags,
        CancellationToken cancel
    )
    {
        var body = new JsonObject
        {
            ["principalArn"] = principal,
            ["type"] = type,
            ["tags"] = new JsonObject([.. tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value))]),
        };
        var call = new Call("eks", "CreateAccessEntry", IsWrite: true);
        return SendAsync(call, HttpMethod.Post, $"{ClusterPath(cluster)}/access-entries", body, Expected.Taken, cancel);
    }

    /// <summary>For the whole cluster. Doing it again changes nothing.</summary>
    public Task AssociateAccessPolicyAsync(string cluster, string principal, string policy, CancellationToken cancel)
    {
        var body = new JsonObject
        {
            ["policyArn"] = policy,
            ["accessScope"] = new JsonObject { ["type"] = "cluster" },
        };
        var path = $"{EntryPath(cluster, principal)}/access-policies";
        return SendAsync(new("eks", "AssociateAccessPolicy", IsWrite: true), HttpMethod.Post, path, body, Expected.Taken, cancel);
    }

    public Task DeleteAccessEntryAsync(string cluster, string principal, CancellationToken cancel) =>
        SendAsync(
            new("eks", "DeleteAccessEntry", IsWrite: true),
            HttpMethod.Delete,
            EntryPath(cluster, principal),
            null,
            Expected.Taken,
            cancel
        );

    public async Task<JsonNode> DescribeNodegroupAsync(string cluster, string nodegroup, CancellationToken cancel) =>
        await PartAsync(
            "DescribeNodegroup",
            $"{ClusterPath(cluster)}/node-groups/{Uri.EscapeDataString(nodegroup)}",
            "nodegroup",
            "nodegroupName",
            cancel
        );

    public async Task<JsonNode> DescribeAddonAsync(string cluster, string addon, CancellationToken cancel) =>
        await PartAsync("DescribeAddon", AddonPath(cluster, addon), "addon", "addonName", cancel);

    /// <summary>The JSON Schema, as text, of an add-on version's values.</summary>
    public async Task<string> DescribeAddonConfigurationAsync(string addon, string version, CancellationToken cancel)
    {
        var query = $"addonName={Uri.EscapeDataString(addon)}&addonVersion={Uri.EscapeDataString(version)}";
        const string Member = "configurationSchema";
        var answer = await ReadAsync("DescribeAddonConfiguration", $"/addons/configuration-schemas?{query}", Expected.Text(Member), cancel);
        return answer[Member]!.GetValue<string>();
    }

    /// <summary>Replaces the whole document of values. Answers with the update.</summary>
    public async Task<JsonNode> UpdateAddonAsync(
        string cluster,
        string addon,
        string values,
        string resolveConflicts,
        string token,
        CancellationToken cancel
    )
    {
        var body = new JsonObject
        {
            ["configurationValues"] = values,
            ["resolveConflicts"] = resolveConflicts,
            ["clientRequestToken"] = token,
        };
        var call = new Call("eks", "UpdateAddon", IsWrite: true);
        var expected = Expected.One("update", "id");
        return (await SendAsync(call, HttpMethod.Post, $"{AddonPath(cluster, addon)}/update", body, expected, cancel))["update"]!;
    }

    public async Task<JsonNode> DescribeAddonUpdateAsync(string cluster, string addon, string update, CancellationToken cancel) =>
        await PartAsync(
            "DescribeUpdate",
            $"{ClusterPath(cluster)}/updates/{Uri.EscapeDataString(update)}?addonName={Uri.EscapeDataString(addon)}",
            "update",
            "status",
            cancel
        );

    private static string ClusterPath(string cluster) => $"/clusters/{Uri.EscapeDataString(cluster)}";

    private static string AddonPath(string cluster, string addon) => $"{ClusterPath(cluster)}/addons/{Uri.EscapeDataString(addon)}";

    private static string EntryPath(string cluster, string principal) =>
        $"{ClusterPath(cluster)}/access-entries/{Uri.EscapeDataString(principal)}";

    private async Task<IReadOnlyList<string>> NamesAsync(string operation, string path, string member, CancellationToken cancel) =>
        [.. (await ListAsync(operation, path, Expected.Texts(member), member, cancel)).Select(name => name.GetValue<string>())];

    /// <summary>All pages of a list.</summary>
    private async Task<IReadOnlyList<JsonNode>> ListAsync(
        string operation,
        string path,
        Expected expected,
        string member,
        CancellationToken cancel
    )
    {
        var items = new List<JsonNode>();
        string? token = null;
        do
        {
            var next = token is null ? "" : $"&nextToken={Uri.EscapeDataString(token)}";
            var page = await ReadAsync(operation, $"{path}?maxResults=100{next}", expected, cancel);
            items.AddRange(page[member]!.AsArray().Select(item => item!));
            token = page["nextToken"]?.ToString();
        } while (!string.IsNullOrEmpty(token));
        return items;
    }

    /// <summary>The one member that the answer is about.</summary>
    /// <param name="part">A member of it that is never missing.</param>
    private async Task<JsonNode> PartAsync(string operation, string path, string member, string part, CancellationToken cancel) =>
        (await ReadAsync(operation, path, Expected.One(member, part), cancel))[member]!;

    private Task<JsonObject> ReadAsync(string operation, string path, Expected expected, CancellationToken cancel) =>
        SendAsync(new("eks", operation), HttpMethod.Get, path, null, expected, cancel);

    private Task<JsonObject> SendAsync(
        Call call,
        HttpMethod method,
        string path,
        JsonObject? body,
        Expected expected,
        CancellationToken cancel
    ) => json.SendAsync(call, method, new(endpoint, path), body, expected, cancel);

    internal static string DnsSuffix(string region) =>
        region.StartsWith("cn-", StringComparison.Ordinal) ? "amazonaws.com.cn" : "amazonaws.com";
}
