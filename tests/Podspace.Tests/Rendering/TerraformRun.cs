using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Podspace.Addressing;
using Podspace.Applying;
using Podspace.Cli;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Simulation.Kubernetes;
using Podspace.Spec;
using Podspace.Steps.Calls;
using Podspace.Tests.Applying;

namespace Podspace.Tests.Rendering;

/// <summary>Carries out rendered Terraform on a world as its apply would: each resource once those that it
/// names are there, through AWS's door. It knows nothing of plans.</summary>
internal sealed partial class TerraformRun(Bench bench, string region)
{
    private readonly Dictionary<string, Dictionary<string, string>> made = [];

    /// <param name="json">In Terraform's JSON syntax.</param>
    /// <param name="types">Only these; empty: all.</param>
    public async Task ApplyAsync(string json, params string[] types)
    {
        await using var connections = Connections.ToTwin(bench.World, region, "terraform");
        foreach (var import in JsonNode.Parse(json)!["import"]?.AsArray() ?? [])
        {
            made[import!["to"]!.ToString()] = new() { ["id"] = import["id"]!.ToString().Split('/', ':')[0] };
        }
        var waiting = TerraformTests.Resources(json).Where(one => types.Length == 0 || types.Contains(one.Type)).ToList();
        while (waiting.Count > 0)
        {
            var next = waiting.FindIndex(one =>
                Reference().Matches(one.Body.ToJsonString()).All(reference => made.ContainsKey(reference.Groups[1].Value))
            );
            Assert.True(next >= 0, $"nothing makes what these name: {string.Join(", ", waiting.Select(one => $"{one.Type}.{one.Name}"))}");
            var (type, name, body) = waiting[next];
            waiting.RemoveAt(next);
            var isImported = made.ContainsKey($"{type}.{name}");
            if (isImported && type != "aws_eks_addon")
            {
                continue;
            }
            var resolved = JsonNode
                .Parse(
                    Reference()
                        .Replace(body.ToJsonString(), reference => made[reference.Groups[1].Value][reference.Groups[2].Value])
                        .Replace("$${", "${")
                )!
                .AsObject();
            made[$"{type}.{name}"] = new()
            {
                ["id"] = await MakeAsync(connections, type, resolved) ?? "",
                ["vpc_id"] = resolved["vpc_id"]?.ToString() ?? "",
                ["principal_arn"] = resolved["principal_arn"]?.ToString() ?? "",
            };
        }
    }

    private async Task<string?> MakeAsync(Connections connections, string type, JsonObject body)
    {
        string Text(string key) => body[key]!.ToString();
        var tags = (body["tags"] as JsonObject ?? []).Select(tag => new SeenTag(tag.Key, tag.Value!.ToString())).ToEquatable();
        switch (type)
        {
            case "aws_vpc_ipv4_cidr_block_association":
                var block = Cidr.Parse(Text("cidr_block"));
                return await CallAsync(
                    connections,
                    new CloudCall.AssociateBlock(new(Text("vpc_id")), block),
                    new CloudState.BlockAssociated(new(Text("vpc_id")), block)
                );
            case "aws_subnet":
                return await CallAsync(
                    connections,
                    new CloudCall.CreateSubnet(new(Text("vpc_id")), Text("availability_zone"), Cidr.Parse(Text("cidr_block")), tags)
                );
            case "aws_ec2_subnet_cidr_reservation":
                return await CallAsync(connections, new CloudCall.Reserve(new(Text("subnet_id")), Cidr.Parse(Text("cidr_block")), []));
            case "aws_route_table":
                return await CallAsync(connections, new CloudCall.CreateRouteTable(new(Text("vpc_id")), Guid.NewGuid().ToString(), tags));
            case "aws_route":
                return await CallAsync(
                    connections,
                    new CloudCall.CreateRoute(
                        new(Text("route_table_id")),
                        new(
                            Cidr.Parse(Text("destination_cidr_block")),
                            body.First(entry =>
                                    entry.Key is not ("route_table_id" or "//") && entry.Key.EndsWith("_id", StringComparison.Ordinal)
                                )
                                .Value!.ToString()
                        )
                    )
                );
            case "aws_route_table_association":
                return await CallAsync(
                    connections,
                    new CloudCall.AssociateRouteTable(new(Text("route_table_id")), new(Text("subnet_id")), null)
                );
            case "aws_network_acl_association":
                return await CallAsync(connections, new CloudCall.AssociateAcl(new(Text("network_acl_id")), new(Text("subnet_id"))));
            case "aws_security_group":
                var group = await CallAsync(
                    connections,
                    new CloudCall.CreateGroup(new(Text("vpc_id")), Text("name"), Text("description"), tags)
                );
                // As the provider does.
                var egress = bench
                    .World.State.Aws.SecurityGroupRules.Single(rule => rule.GroupId == group && rule.IsEgress)
                    .SecurityGroupRuleId;
                await CallAsync(connections, new CloudCall.Revoke(new(group!), Direction.Egress, egress));
                return group;
            case "aws_vpc_security_group_ingress_rule" or "aws_vpc_security_group_egress_rule":
                return await CallAsync(connections, new CloudCall.Authorize(Rule(type, body), tags));
            case "aws_eks_addon":
                var update = new CloudCall.UpdateAddon(
                    Text("cluster_name"),
                    Text("addon_name"),
                    Text("configuration_values"),
                    Conflicts.Fail,
                    Guid.NewGuid().ToString()
                );
                var id = await CallAsync(connections, update);
                Assert.Null(
                    await new Waiter(connections.Time).UntilAsync(
                        connections.Cloud,
                        new CloudState.AddonUpdated(update.Cluster, update.Addon, id!),
                        default
                    )
                );
                return id;
            case "aws_eks_access_entry":
                return await CallAsync(connections, new CloudCall.CreateAccessEntry(Text("cluster_name"), Text("principal_arn"), tags));
            case "aws_eks_access_policy_association":
                Assert.Equal("cluster", body["access_scope"]![0]!["type"]!.ToString());
                return await CallAsync(
                    connections,
                    new CloudCall.AssociateAccessPolicy(Text("cluster_name"), Text("principal_arn"), Text("policy_arn"))
                );
            case "aws_ec2_tag":
                return await CallAsync(connections, new CloudCall.Tag(new(Text("resource_id")), [new(Text("key"), Text("value"))]));
            case "kubernetes_manifest":
                Apply(bench, body["manifest"]!.AsObject(), "Terraform", force: false);
                return "";
            case "kubernetes_env":
                Apply(bench, Settings(body), "Terraform", body["force"] is { } force && (bool)force);
                return "";
            default:
                throw new NotSupportedException($"{type} is not carried out here.");
        }
    }

    /// <summary>As server-side apply of a manifest does.</summary>
    public static void Apply(Bench bench, JsonObject manifest, string manager, bool force)
    {
        var kind = KindTable.All.First(kind => kind.Kind == manifest["kind"]!.ToString() && kind.Api == manifest["apiVersion"]!.ToString());
        bench.World.Do(() => bench.World.Objects.Apply(kind.Api, kind.Plural, manifest, manager, force));
        bench.World.Advance(TimeSpan.FromMinutes(1));
    }

    private static JsonObject Settings(JsonObject body) =>
        new()
        {
            ["apiVersion"] = body["api_version"]!.ToString(),
            ["kind"] = body["kind"]!.ToString(),
            ["metadata"] = body["metadata"]![0]!.DeepClone(),
            ["spec"] = new JsonObject
            {
                ["template"] = new JsonObject
                {
                    ["spec"] = new JsonObject
                    {
                        ["containers"] = new JsonArray(
                            new JsonObject { ["name"] = body["container"]!.ToString(), ["env"] = body["env"]!.DeepClone() }
                        ),
                    },
                },
            },
        };

    private static GroupRule Rule(string type, JsonObject body)
    {
        string? Maybe(string key) => body[key]?.ToString();
        var peer =
            Maybe("cidr_ipv4") is { } cidr ? (Peer)Cidr.Parse(cidr)
            : Maybe("referenced_security_group_id") is { } group ? Ref.Used(group)
            : new AwsId(Maybe("prefix_list_id")!);
        var traffic =
            Maybe("ip_protocol") == "-1" ? Traffic.All : new(Maybe("ip_protocol")!, (int)body["from_port"]!, (int)body["to_port"]!);
        return new(
            Ref.Used(Maybe("security_group_id")!),
            type.Contains("ingress", StringComparison.Ordinal) ? Direction.Ingress : Direction.Egress,
            traffic,
            peer,
            Maybe("description") ?? ""
        );
    }

    private static async Task<string?> CallAsync(Connections connections, CloudCall call, CloudState? state = null)
    {
        var outcome = await connections.Cloud.CallAsync(call, default);
        Assert.True(outcome.Refusal is null, $"{call}: {outcome.Refusal}");
        if (state is not null)
        {
            Assert.Null(await new Waiter(connections.Time).UntilAsync(connections.Cloud, state, default));
        }
        return outcome.Id;
    }

    [GeneratedRegex(@"(?<!\$)\$\{(aws_[a-z0-9_]+\.[A-Za-z0-9_]+)\.([a-z_]+)\}")]
    private static partial Regex Reference();
}
