using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Podspace.Tests.Rendering;

/// <summary>The network that a Terraform text makes, as <see cref="NetworkFacts"/> has it: read from the
/// resources alone, with references followed to our names.</summary>
internal sealed partial class TerraformFacts
{
    private readonly SortedSet<string> facts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> resources;
    private readonly IReadOnlyDictionary<string, string> outside;

    private TerraformFacts(string json, IReadOnlyDictionary<string, string> outside)
    {
        resources = TerraformTests.Resources(json).ToDictionary(one => $"{one.Type}.{one.Name}", one => one.Body);
        this.outside = outside;
    }

    /// <param name="json">In Terraform's JSON syntax.</param>
    /// <param name="outside">What references mean that lead out of the text, such as <c>module.vpc.vpc_id</c>.</param>
    public static SortedSet<string> Of(string json, IReadOnlyDictionary<string, string>? outside = null)
    {
        var read = new TerraformFacts(json, outside ?? new Dictionary<string, string>());
        read.AddModules(JsonNode.Parse(json)!["module"] as JsonObject ?? []);
        foreach (var (address, body) in read.resources)
        {
            var resolved = new JsonObject(
                body.Where(argument => argument.Key is not ("//" or "lifecycle" or "provider"))
                    .Select(argument => KeyValuePair.Create(argument.Key, read.Resolve(argument.Value)))
            );
            Assert.True(read.facts.Add(read.Fact(address.Split('.')[0], resolved)), $"{address} says what another says already");
        }
        return read.facts;
    }

    /// <summary>Inputs of terraform-aws-modules, as those modules carry them out.</summary>
    private void AddModules(JsonObject modules)
    {
        foreach (var block in modules["vpc"]?["secondary_cidr_blocks"]?.AsArray() ?? [])
        {
            facts.Add(NetworkFacts.Block(outside["module.vpc.vpc_id"], $"{block}"));
        }
        foreach (var (input, value) in modules["eks"]?.AsObject() ?? [])
        {
            switch (input)
            {
                // What nodes are told is held by tests of its own.
                case "//" or "source" or "version" or "eks_managed_node_groups":
                    break;
                case "addons" or "cluster_addons":
                    var (name, addon) = Assert.Single(value!.AsObject());
                    Assert.True(name == "vpc-cni" && (bool)addon!["before_compute"]!);
                    facts.Add(NetworkFacts.Conflicts($"{addon["resolve_conflicts_on_update"]}"));
                    facts.Add(NetworkFacts.Values(JsonNode.Parse($"{Resolve(addon["configuration_values"])}")));
                    break;
                case "node_security_group_additional_rules":
                    AddRules(outside["module.eks.node_security_group_id"], value!);
                    break;
                case "security_group_additional_rules" or "cluster_security_group_additional_rules":
                    AddRules(outside["module.eks.cluster_security_group_id"], value!);
                    break;
                default:
                    throw new NotSupportedException($"{input} is not read here.");
            }
        }
    }

    private void AddRules(string group, JsonNode rules)
    {
        foreach (var rule in rules.AsObject().Select(entry => Resolve(entry.Value)!))
        {
            var ports = $"{rule["from_port"]}" == $"{rule["to_port"]}" ? $"{rule["from_port"]}" : $"{rule["from_port"]}-{rule["to_port"]}";
            var traffic = $"{rule["protocol"]}" == "-1" ? "all" : $"{rule["protocol"]}/{ports}";
            facts.Add(
                NetworkFacts.Rule(
                    $"{group} {rule["type"]} {traffic} from {rule["source_security_group_id"]}",
                    $"{rule["description"]}",
                    "{}"
                )
            );
        }
    }

    private string Fact(string type, JsonObject body)
    {
        string Text(string key) => body[key]!.ToString();
        string Name() => body["tags"]!["podspace.io/name"]!.ToString();
        switch (type)
        {
            case "aws_vpc_ipv4_cidr_block_association":
                return NetworkFacts.Block(Text("vpc_id"), Text("cidr_block"));
            case "aws_subnet":
                return NetworkFacts.Subnet(
                    Text("vpc_id"),
                    Name(),
                    body["availability_zone"]?.ToString() ?? Text("availability_zone_id"),
                    Text("cidr_block"),
                    NetworkFacts.Tags(body["tags"])
                );
            case "aws_ec2_subnet_cidr_reservation":
                Assert.Equal("prefix", Text("reservation_type"));
                return NetworkFacts.Reserved(Text("subnet_id"), Text("cidr_block"));
            case "aws_route_table":
                return NetworkFacts.Table(Text("vpc_id"), Name(), NetworkFacts.Tags(body["tags"]));
            case "aws_route":
                var (target, via) = Assert.Single(body, argument => argument.Key is not ("route_table_id" or "destination_cidr_block"));
                Assert.Equal(Target(via!.ToString()), target);
                return NetworkFacts.Route(Text("route_table_id"), Text("destination_cidr_block"), via.ToString());
            case "aws_route_table_association":
                return NetworkFacts.Association(Text("subnet_id"), Text("route_table_id"));
            case "aws_network_acl_association":
                return NetworkFacts.Acl(Text("subnet_id"), Text("network_acl_id"));
            case "aws_ram_resource_share":
                Assert.Equal("false", Text("allow_external_principals"));
                return NetworkFacts.Share(Name(), Text("name"), NetworkFacts.Tags(body["tags"]));
            case "aws_ram_principal_association":
                return NetworkFacts.SharedWith(Text("resource_share_arn"), Text("principal"));
            case "aws_ram_resource_association":
                return NetworkFacts.Shared(Text("resource_share_arn"), Text("resource_arn"));
            case "aws_security_group":
                return NetworkFacts.Group(Text("vpc_id"), Name(), Text("name"), Text("description"), NetworkFacts.Tags(body["tags"]));
            case "aws_vpc_security_group_ingress_rule" or "aws_vpc_security_group_egress_rule":
                var peer = Assert
                    .Single(body, argument => argument.Key is "cidr_ipv4" or "referenced_security_group_id" or "prefix_list_id")
                    .Value;
                var direction = type.Contains("ingress", StringComparison.Ordinal) ? "ingress" : "egress";
                return NetworkFacts.Rule(
                    $"{Text("security_group_id")} {direction} {Traffic(body)} {(direction == "ingress" ? "from" : "to")} {peer}",
                    Text("description"),
                    NetworkFacts.Tags(body["tags"])
                );
            case "aws_ec2_tag":
                return $"{Text("resource_id")} has tag {Text("key")}={Text("value")}";
            case "aws_eks_access_entry":
                return $"{Text("principal_arn")} is admitted to {Text("cluster_name")} as {Text("type")}";
            case "aws_eks_access_policy_association":
                return $"{Text("principal_arn")} has {Text("policy_arn")} in "
                    + $"{Text("cluster_name")}, {Assert.Single(body["access_scope"]!.AsArray())!["type"]}-wide";
            case "aws_eks_addon":
                Assert.Equal("vpc-cni", Text("addon_name"));
                facts.Add(NetworkFacts.Conflicts(Text("resolve_conflicts_on_update")));
                return NetworkFacts.Values(JsonNode.Parse(Text("configuration_values")));
            case "kubernetes_manifest":
                return NetworkFacts.Object(body["manifest"]!.AsObject());
            case "kubernetes_env":
                Assert.Equal(
                    ("apps/v1", "DaemonSet", "aws-node", "aws-node", "kube-system"),
                    (
                        Text("api_version"),
                        Text("kind"),
                        Text("container"),
                        body["metadata"]![0]!["name"]!.ToString(),
                        body["metadata"]![0]!["namespace"]!.ToString()
                    )
                );
                return NetworkFacts.Settings(
                    body["env"]!.AsArray().Select(setting => (setting!["name"]!.ToString(), setting["value"]!.ToString()))
                );
            default:
                throw new NotSupportedException($"{type} is not read here.");
        }
    }

    private static string Traffic(JsonObject body) =>
        (body["ip_protocol"]!.ToString(), body["from_port"]?.ToString(), body["to_port"]?.ToString()) switch
        {
            ("-1", null, null) => "all",
            var (protocol, from, to) => from == to ? $"{protocol}/{from}" : $"{protocol}/{from}-{to}",
        };

    private static string Target(string via) =>
        via.Split('-')[0] switch
        {
            "tgw" => "transit_gateway_id",
            "nat" => "nat_gateway_id",
            "pcx" => "vpc_peering_connection_id",
            "vgw" or "igw" => "gateway_id",
            _ => throw new NotSupportedException(via),
        };

    private JsonNode? Resolve(JsonNode? value) =>
        value switch
        {
            JsonObject map => new JsonObject(
                map.Where(entry => entry.Key != "//").Select(entry => KeyValuePair.Create(Unescaped(entry.Key), Resolve(entry.Value)))
            ),
            JsonArray list => new JsonArray([.. list.Select(Resolve)]),
            JsonValue text when text.TryGetValue<string>(out var word) => Unescaped(Reference().Replace(word, Follow)),
            _ => value?.DeepClone(),
        };

    private string Follow(Match reference)
    {
        if (outside.TryGetValue(reference.Value[2..^1], out var meant))
        {
            return meant;
        }
        Assert.True(resources.TryGetValue(reference.Groups[1].Value, out var there), $"{reference.Value} leads nowhere");
        return reference.Groups[2].Value is "id" or "arn"
            ? there!["tags"]!["podspace.io/name"]!.ToString()
            : there![reference.Groups[2].Value]!.ToString();
    }

    private static string Unescaped(string text) =>
        text.Replace("$${", "${", StringComparison.Ordinal).Replace("%%{", "%{", StringComparison.Ordinal);

    [GeneratedRegex(@"(?<!\$)\$\{((?:aws_[a-z0-9_]+|module|local)\.[A-Za-z0-9_]+)(?:\.([a-z_]+))?\}")]
    private static partial Regex Reference();
}
