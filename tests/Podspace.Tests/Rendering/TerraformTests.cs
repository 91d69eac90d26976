using System.Text.Json.Nodes;
using Podspace.Formats;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Rendering;
using Podspace.Rendering.Terraform;
using Podspace.Tests.Design;

namespace Podspace.Tests.Rendering;

public sealed class TerraformTests
{
    private static readonly string[] Ours = ["podspace.io/cluster", "podspace.io/name", "podspace.io/overlay"];

    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Path.Combine(Golden.Root(), "Scenarios"), "network.tf.json", SearchOption.AllDirectories)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_reference_leads_to_a_resource_of_the_file(string file)
    {
        var text = File.ReadAllText(file);
        var there = Resources(text).Select(one => $"{one.Type}.{one.Name}").ToHashSet();
        var references = System.Text.RegularExpressions.Regex.Matches(text, @"(?<!\$)\$\{(aws_[a-z0-9_]+\.[A-Za-z0-9_]+)\.");

        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.Contains(reference.Groups[1].Value, there));
    }

    [Fact]
    public void What_is_made_says_whose_it_is_and_what_is_used_stands_by_its_id()
    {
        var spec = SmallVpc.Spec("  security: {pods: dedicated}");
        var text = Render(spec, SmallVpc.Guide());

        Assert.All(
            Resources(text).Where(one => one.Type is "aws_subnet" or "aws_route_table" or "aws_security_group"),
            one => Assert.Subset(one.Body["tags"]!.AsObject().Select(tag => tag.Key).ToHashSet(), Ours.ToHashSet())
        );
        Assert.Contains(
            Resources(text),
            one => one.Type == "aws_vpc_security_group_ingress_rule" && one.Body["security_group_id"]!.ToString() == SmallVpc.ClusterGroup
        );
    }

    [Fact]
    public void A_zone_that_joins_changes_no_address_of_those_that_stay()
    {
        var spec = SmallVpc.Spec();
        var two = SmallVpc.Guide();
        var joined = new PartlyApplied(spec, SmallVpc.Design(spec, two), _ => true).To(
            SmallVpc.Guide("10.196.24.0/24", "eu-west-1a", "eu-west-1b", "eu-west-1c")
        );
        var before = Resources(Render(spec, two)).Select(one => $"{one.Type}.{one.Name}").ToHashSet();
        var after = Resources(Render(spec, joined)).Select(one => $"{one.Type}.{one.Name}").ToHashSet();

        Assert.ProperSubset(after, before);
    }

    [Fact]
    public void What_is_there_and_ours_is_imported_and_nothing_else()
    {
        var spec = SmallVpc.Spec();
        var before = SmallVpc.Guide();
        var network = SmallVpc.Design(spec, before);
        var after = new PartlyApplied(spec, network, part => !part.StartsWith("subnet pods-eu-west-1c", StringComparison.Ordinal)).To(
            before
        );

        var imports = Imports(Render(spec, after)).ConvertAll(import => $"{import.To} = {import.Id}");

        Assert.Contains("aws_subnet.pods_eu_west_1b_0 = subnet-of-pods-eu-west-1b-0", imports);
        Assert.DoesNotContain(imports, import => import.Contains("aws_subnet.pods_eu_west_1c", StringComparison.Ordinal));
        Assert.DoesNotContain(imports, import => import.Contains("subnet-node", StringComparison.Ordinal));
    }

    [Fact]
    public void Rules_keep_their_ports_and_peers()
    {
        var spec = SmallVpc.Spec("  security: {pods: dedicated}");
        var inventory = SmallVpc.Guide();
        var network = SmallVpc.Design(spec, inventory);
        var odd = new GroupRule(Ref.Used(SmallVpc.ClusterGroup), Direction.Ingress, new("udp", 53, 54), new AwsId("pl-0a"), "names");
        var text = TerraformText.Render(Blueprint.From(spec, network with { Rules = [odd] }, inventory), isJson: true);

        var rule = Assert.Single(Resources(text), one => one.Type == "aws_vpc_security_group_ingress_rule").Body;

        Assert.Equal(
            ("udp", "53", "54", "pl-0a"),
            (
                rule["ip_protocol"]!.ToString(),
                rule["from_port"]!.ToString(),
                rule["to_port"]!.ToString(),
                rule["prefix_list_id"]!.ToString()
            )
        );
    }

    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("say \"hi\"", "\"say \\\"hi\\\"\"")]
    [InlineData("${var.x}", "\"$${var.x}\"")]
    [InlineData("%{if}", "\"%%{if}\"")]
    [InlineData("cost $5 {or} 5%", "\"cost $5 {or} 5%\"")]
    [InlineData("a\nb\tc\\", "\"a\\nb\\tc\\\\\"")]
    [InlineData("Zürich 漢 🚀", "\"Zürich 漢 🚀\"")]
    public void Text_is_quoted_so_that_it_means_itself(string text, string expected) => Assert.Equal(expected, HclText.Quoted(text));

    [Fact]
    public void Equals_signs_stand_below_each_other_until_a_value_of_several_lines()
    {
        var block = HclBlock.Resource(
            "a",
            "b",
            "why",
            new("x", 1),
            new("longer", true),
            new("map", new HclValue.Map([new("k", "v")])),
            new("y", new HclValue.List(["p", "q"]))
        );

        Assert.Equal(
            "# why\nresource \"a\" \"b\" {\n  x      = 1\n  longer = true\n  map = {\n    k = \"v\"\n  }\n  y = [\"p\", \"q\"]\n}\n",
            HclText.Render("", [block])
        );
    }

    internal static void AssertKnown(string json)
    {
        foreach (var (type, name, body) in Resources(json))
        {
            Assert.True(AwsProvider.Arguments.TryGetValue(type, out var known), $"{type} is no resource of the table");
            // lifecycle and provider are the language's own, of every resource.
            Assert.All(
                body.Where(argument => argument.Key is not ("//" or "lifecycle" or "provider")),
                argument => Assert.True(known.Contains(argument.Key), $"{type}.{name} has no argument {argument.Key}")
            );
        }
    }

    internal static List<(string To, string Id)> Imports(string json) =>
        [.. (JsonNode.Parse(json)!["import"]?.AsArray() ?? []).Select(one => ($"{one!["to"]}", $"{one["id"]}"))];

    internal static IEnumerable<(string Type, string Name, JsonObject Body)> Resources(string json) =>
        from type in JsonNode.Parse(json)!["resource"]!.AsObject()
        from resource in type.Value!.AsObject()
        select (type.Key, resource.Key, resource.Value!.AsObject());

    private static string Render(Podspace.Spec.OverlaySpec spec, Inventory inventory) =>
        TerraformText.Render(Blueprint.From(spec, SmallVpc.Design(spec, inventory), inventory), isJson: true);
}
