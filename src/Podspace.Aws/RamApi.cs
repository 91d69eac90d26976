using System.Text.Json.Nodes;
using Podspace.Design;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Aws;

/// <summary>The part of AWS RAM that is needed to share subnets, by its REST API, with the VPC's credentials.</summary>
/// <remarks>Source: RAM API Reference, 2018-01-04.</remarks>
internal sealed class RamApi(AwsConnection connection, AwsClients clients, Wire wire, Accounts accounts)
{
    public const string Associated = "ASSOCIATED";

    private readonly SignedJson json = new(connection, clients.Http, clients.Credentials, wire);
    private readonly Uri endpoint = connection.RamEndpoint ?? new($"https://ram.{connection.Region}.{EksApi.DnsSuffix(connection.Region)}");

    /// <summary>The account's own that are in force or on their way, with whom and what is in them.</summary>
    public async Task<IReadOnlyList<SeenShare>> ListAsync(CancellationToken cancel)
    {
        var shares = await PagesAsync("GetResourceShares", new() { ["resourceOwner"] = "SELF" }, "resourceShares", cancel);
        var live = shares.Where(share => Text(share, "status") is "ACTIVE" or "PENDING").ToList();
        if (live.Count == 0)
        {
            return [];
        }
        var parts = await Task.WhenAll(PartsAsync("RESOURCE", null, cancel), PartsAsync("PRINCIPAL", null, cancel));
        var resources = parts[0].Where(IsThere).ToLookup(part => Text(part, "resourceShareArn"), part => Text(part, "associatedEntity"));
        var principals = parts[1].Where(IsThere).ToLookup(part => Text(part, "resourceShareArn"), part => Text(part, "associatedEntity"));
        return [.. live.Select(share => Share(share, principals, resources)).OrderBy(share => share.Arn)];
    }

    /// <summary>Answers with the share's ARN.</summary>
    public async Task<string> CreateAsync(
        string name,
        string account,
        IEnumerable<AwsId> subnets,
        string token,
        IEnumerable<SeenTag> tags,
        CancellationToken cancel
    )
    {
        var body = new JsonObject
        {
            ["name"] = name,
            ["resourceArns"] = Texts(await ArnsAsync(subnets, cancel)),
            ["principals"] = Texts([account]),
            // Subnets are shared within an organization only. Source: VPC User Guide, "Share your VPC with other accounts".
            ["allowExternalPrincipals"] = false,
            ["clientToken"] = token,
            ["tags"] = new JsonArray([.. tags.Select(tag => (JsonNode)new JsonObject { ["key"] = tag.Key, ["value"] = tag.Value })]),
        };
        var expected = Expected.One("resourceShare", "resourceShareArn");
        var answer = await SendAsync("CreateResourceShare", HttpMethod.Post, "/createresourceshare", body, expected, true, cancel);
        return Text(answer["resourceShare"], "resourceShareArn");
    }

    public async Task AssociateAsync(AwsId share, string account, IEnumerable<AwsId> subnets, CancellationToken cancel) =>
        await SendAsync(
            "AssociateResourceShare",
            HttpMethod.Post,
            "/associateresourceshare",
            await MembersAsync(share, account, subnets, cancel),
            Expected.Taken,
            true,
            cancel
        );

    public async Task DisassociateAsync(AwsId share, AwsId subnet, CancellationToken cancel) =>
        await SendAsync(
            "DisassociateResourceShare",
            HttpMethod.Post,
            "/disassociateresourceshare",
            await MembersAsync(share, "", [subnet], cancel),
            Expected.Taken,
            true,
            cancel
        );

    public Task DeleteAsync(AwsId share, CancellationToken cancel) =>
        SendAsync(
            "DeleteResourceShare",
            HttpMethod.Delete,
            $"/deleteresourceshare?resourceShareArn={Uri.EscapeDataString(share.Text)}",
            null,
            Expected.Taken,
            true,
            cancel
        );

    /// <summary>RAM's word for how far a subnet is with a share; null: it is not in it.</summary>
    public async Task<string?> StatusAsync(AwsId share, AwsId subnet, CancellationToken cancel)
    {
        var arn = (await ArnsAsync([subnet], cancel)).Single();
        return (await PartsAsync("RESOURCE", share, cancel))
            .Where(part => Text(part, "associatedEntity") == arn)
            .Select(part => Text(part, "status"))
            .FirstOrDefault();
    }

    /// <summary>Null: there is no such share any more.</summary>
    public async Task<string?> StatusAsync(AwsId share, CancellationToken cancel)
    {
        var found = await PagesAsync(
            "GetResourceShares",
            new() { ["resourceOwner"] = "SELF", ["resourceShareArns"] = Texts([share.Text]) },
            "resourceShares",
            cancel
        );
        return found.Select(one => Text(one, "status")).FirstOrDefault();
    }

    /// <summary>What keeps a share's parts from coming into force, in RAM's words; null: nothing does.</summary>
    public async Task<string?> FailureAsync(AwsId share, CancellationToken cancel)
    {
        var parts = await Task.WhenAll(PartsAsync("RESOURCE", share, cancel), PartsAsync("PRINCIPAL", share, cancel));
        return parts
            .SelectMany(part => part)
            .Where(part => Text(part, "status") == "FAILED")
            .Select(part => $"{Text(part, "associatedEntity")}: {Text(part, "statusMessage")}")
            .FirstOrDefault();
    }

    private static bool IsThere(JsonNode part) => Text(part, "status") is Associated or "ASSOCIATING";

    private static SeenShare Share(JsonNode share, ILookup<string, string> principals, ILookup<string, string> resources)
    {
        var arn = Text(share, "resourceShareArn");
        return new(
            new(arn),
            Text(share, "name"),
            principals[arn].Order(StringComparer.Ordinal).ToEquatable(),
            resources[arn]
                .Where(resource => resource.Contains(":subnet/", StringComparison.Ordinal))
                .Select(resource => new AwsId(resource[(resource.LastIndexOf('/') + 1)..]))
                .Order()
                .ToEquatable(),
            ((share as JsonObject)?["tags"] as JsonArray ?? [])
                .Select(tag => new SeenTag(Text(tag, "key"), Text(tag, "value")))
                .OrderBy(tag => tag.Key, StringComparer.Ordinal)
                .ToEquatable()
        );
    }

    private async Task<JsonObject> MembersAsync(AwsId share, string account, IEnumerable<AwsId> subnets, CancellationToken cancel)
    {
        var body = new JsonObject { ["resourceShareArn"] = share.Text };
        if (await ArnsAsync(subnets, cancel) is { Count: > 0 } arns)
        {
            body["resourceArns"] = Texts(arns);
        }
        if (account.Length > 0)
        {
            body["principals"] = Texts([account]);
        }
        return body;
    }

    private async Task<List<string>> ArnsAsync(IEnumerable<AwsId> subnets, CancellationToken cancel)
    {
        var owner = (await accounts.NetworkAsync(cancel)).Account;
        return [.. subnets.Select(subnet => ShareChoice.Arn(connection.Region, owner, subnet.Text))];
    }

    private Task<List<JsonNode>> PartsAsync(string type, AwsId? share, CancellationToken cancel)
    {
        var body = new JsonObject { ["associationType"] = type };
        if (share is { } one)
        {
            body["resourceShareArns"] = Texts([one.Text]);
        }
        return PagesAsync("GetResourceShareAssociations", body, "resourceShareAssociations", cancel);
    }

    private async Task<List<JsonNode>> PagesAsync(string operation, JsonObject body, string member, CancellationToken cancel)
    {
        var items = new List<JsonNode>();
        string? token = null;
        do
        {
            var asked = (JsonObject)body.DeepClone();
            asked["maxResults"] = 500;
            if (token is not null)
            {
                asked["nextToken"] = token;
            }
            var path = $"/{operation.ToLowerInvariant()}";
            var page = await SendAsync(operation, HttpMethod.Post, path, asked, Expected.Many(member), false, cancel);
            items.AddRange(page[member]!.AsArray().Select(item => item!));
            token = page["nextToken"]?.ToString();
        } while (!string.IsNullOrEmpty(token));
        return items;
    }

    private Task<JsonObject> SendAsync(
        string operation,
        HttpMethod method,
        string path,
        JsonObject? body,
        Expected expected,
        bool isWrite,
        CancellationToken cancel
    ) => json.SendAsync(new("ram", operation, IsWrite: isWrite), method, new(endpoint, path), body, expected, cancel);

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static string Text(JsonNode? node, string name) => (node as JsonObject)?[name]?.ToString() ?? "";
}
