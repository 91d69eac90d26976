using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Podspace.Tests.Rendering;

/// <summary>The network that a Terraform text makes, as <see cref="NetworkFacts"/> has it: read from the resources alone, with references followed to our names.</summary>
internal sealed partial class TerraformFacts
{
    private readonly SortedSet<string> facts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> resources;

    private TerraformFacts(string json) =>
        resources = TerraformTests.Resources(json).ToDictionary(one => $"{one.Type}.{one.Name}", one => one.Body);

    /// <param name="json">In Terraform's JSON syntax.</param>
    public static SortedSet<string> Of(string json)
    {
        var read = new TerraformFacts(json);
        foreach (var (address, body) in read.resources)
        {
            var resolved = new JsonObject(body.Where(argument => argument.Key != "//").Select(argument => KeyValuePair.Create(argument.Key, read.Resolve(argument.Value))));
            Assert.True(read.facts.Add(read.Fact(address.Split('.')[0], resolved)), $"{address} says what another says already");
        }
        return read.facts;
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
                return NetworkFacts.Subnet(Text("vpc_id"), Name(), Text("availability_zone"), Text("cidr_block"), NetworkFacts.Tags(body["tags"]));
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
            case "aws_security_group":
                return NetworkFacts.Group(Text("vpc_id"), Name(), Text("name"), Text("description"), NetworkFacts.Tags(body["tags"]));
            case "aws_vpc_security_group_ingress_rule" or "aws_vpc_security_group_egress_rule":
                var peer = Assert.Single(body, argument => argument.Key is "cidr_ipv4" or "referenced_security_group_id" or "prefix_list_id").Value;
                var direction = type.Contains("ingress", StringComparison.Ordinal) ? "ingress" : "egress";
                return NetworkFacts.Rule($"{Text("security_group_id")} {direction} {Traffic(body)} {(direction == "ingress" ? "from" : "to")} {peer}", Text("description"), NetworkFacts.Tags(body["tags"]));
            case "aws_ec2_tag":
                return $"{Text("resource_id")} has tag {Text("key")}={Text("value")}";
            case "aws_eks_access_entry":
                return $"{Text("principal_arn")} is admitted to {Text("cluster_name")} as {Text("type")}";
            case "aws_eks_access_policy_association":
                return $"{Text("principal_arn")} has {Text("policy_arn")} in {Text("cluster_name")}, {Assert.Single(body["access_scope"]!.AsArray())!["type"]}-wide";
            case "aws_eks_addon":
                Assert.Equal("vpc-cni", Text("addon_name"));
                facts.Add(NetworkFacts.Conflicts(Text("resolve_conflicts_on_update")));
                return NetworkFacts.Values(JsonNode.Parse(Text("configuration_values")));
            default:
                throw new NotSupportedException($"{type} is not read here.");
        }
    }

    private static string Traffic(JsonObject body) => (body["ip_protocol"]!.ToString(), body["from_port"]?.ToString(), body["to_port"]?.ToString()) switch
    {
        ("-1", null, null) => "all",
        var (protocol, from, to) => from == to ? $"{protocol}/{from}" : $"{protocol}/{from}-{to}",
    };

    private static string Target(string via) => via.Split('-')[0] switch
    {
        "tgw" => "transit_gateway_id",
        "nat" => "nat_gateway_id",
        "pcx" => "vpc_peering_connection_id",
        "vgw" or "igw" => "gateway_id",
        _ => throw new NotSupportedException(via),
    };

    private JsonNode? Resolve(JsonNode? value) => value switch
    {
        JsonObject map => new JsonObject(map.Where(entry => entry.Key != "//").Select(entry => KeyValuePair.Create(Unescaped(entry.Key), Resolve(entry.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Resolve)]),
        JsonValue text when text.TryGetValue<string>(out var word) => Unescaped(Reference().Replace(word, Follow)),
        _ => value?.DeepClone(),
    };

    private string Follow(Match reference)
    {
        Assert.True(resources.TryGetValue(reference.Groups[1].Value, out var there), $"{reference.Value} leads nowhere");
        return reference.Groups[2].Value == "id" ? there!["tags"]!["podspace.io/name"]!.ToString() : there![reference.Groups[2].Value]!.ToString();
    }

    private static string Unescaped(string text) => text.Replace("$${", "${", StringComparison.Ordinal).Replace("%%{", "%{", StringComparison.Ordinal);

    [GeneratedRegex(@"(?<!\$)\$\{(aws_[a-z0-9_]+\.[A-Za-z0-9_]+)\.([a-z_]+)\}")]
    private static partial Regex Reference();
}
