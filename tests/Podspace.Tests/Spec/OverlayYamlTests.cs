using CsCheck;
using Podspace.Findings;
using Podspace.Spec;

namespace Podspace.Tests.Spec;

public sealed class OverlayYamlTests
{
    private const string Head = "apiVersion: podspace.io/v1alpha1\nkind: OverlayNetwork\nmetadata:\n  name: prod\nspec:\n";
    private const string Least = Head + "  region: eu-west-1\n  vpc: vpc-09796d57be9cec2d2\n  cluster: prod\n";

    private static string Say(string text) => string.Join("\n", OverlayYaml.Parse(text, "overlay.yaml").Findings);

    private static OverlaySpec Good(string text)
    {
        var parsed = OverlayYaml.Parse(text, "overlay.yaml");
        Assert.True(parsed.Ok(out var spec), string.Join("\n", parsed.Findings));
        return spec;
    }

    [Fact]
    public void The_smallest_document_names_region_vpc_and_cluster()
    {
        var spec = Good(Least);
        Assert.Equal(("prod", "eu-west-1", "vpc-09796d57be9cec2d2", "prod"), (spec.Name, spec.Region, spec.Vpc, spec.Cluster));
        Assert.Equal([AddressesSpec.CarrierGradeNat], spec.Addresses.Pool);
        Assert.Equal(PodGroups.Unset, spec.Security.Pods);
    }

    [Fact]
    public void Everything_wrong_is_said_at_once_in_file_order() =>
        Golden.Matches(
            Say(File.ReadAllText(Path.Combine(Golden.Checkout(), "tests/Podspace.Tests/Spec/everything-wrong.yaml"))) + "\n",
            "Spec/everything-wrong.golden"
        );

    [Theory]
    [InlineData("", "overlay.yaml: error PS0001: The file is empty")]
    [InlineData("# only a comment\n", "overlay.yaml: error PS0001: The file is empty")]
    [InlineData("--- \n...\n", "overlay.yaml: error PS0001: The file is empty")]
    [InlineData("spec:\n\tregion: x\n", "overlay.yaml(2,1): error PS0002")]
    [InlineData("spec:\n\tregion: x\n", "the line is indented with a tab, which YAML forbids")]
    [InlineData("a: [1, 2\n", "error PS0002: This is not YAML")]
    [InlineData("a: *b\n", "error PS0002: This is not YAML: *b is used before &b is complete")]
    [InlineData("a: x\0y\n", "overlay.yaml(1,5): error PS0002: A zero byte stands here")]
    [InlineData("- a\n- b\n", "overlay.yaml(1,1): error PS0004: The document is a list")]
    [InlineData("just words\n", "error PS0004: The document is a single value")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\n", "overlay.yaml(2,7): error PS0004: The document's kind is \"ConfigMap\"")]
    [InlineData(
        "apiVersion: podspace.io/v1\nkind: OverlayNetwork\n",
        "overlay.yaml(1,13): error PS0004: The document's apiVersion is \"podspace.io/v1\""
    )]
    [InlineData("apiVersion: podspace.io/v1alpha1\nkind: overlaynetwork\n", "Did you mean OverlayNetwork?")]
    [InlineData(Least + "---\n" + Least, "error PS0014: The file holds 2 documents")]
    public void Text_that_is_no_overlay_is_refused_with_one_clear_message(string text, string expected) =>
        Assert.Contains(expected, Say(text));

    [Theory]
    [InlineData("100.64/10", "\"100.64/10\" has 2 of an address's four numbers. Did you mean 100.64.0.0/10?")]
    [InlineData("0100.64.0.0/16", "leading zero some tools drop")]
    [InlineData("100.64.0.1/16", "Did you mean 100.64.0.0/16?")]
    [InlineData("100.64.0.0", "is an address, not a block")]
    [InlineData("100.64.0.0/10", "PS0101: 100.64.0.0/10 cannot be a block of a VPC: those are /16 to /28.")]
    [InlineData("100.64.0.0/29", "PS0101")]
    [InlineData("10.0.0.0/16", "PS0104: 10.0.0.0/16 lies outside of the pool (100.64.0.0/10)")]
    public void Blocks_that_tools_misread_or_AWS_refuses_are_explained(string block, string expected) =>
        Assert.Contains(expected, Say($"{Least}  addresses: {{blocks: [\"{block}\"]}}\n"));

    [Theory]
    [InlineData("  mod: auto", "PS0006: 'mod' is no key of 'spec'. Did you mean 'mode'?")]
    [InlineData("  blocks: []", "Did you mean 'spec.addresses.blocks'? It belongs there.")]
    [InlineData("  cni: {prefixdelegation: true}", "Did you mean 'prefixDelegation'?")]
    [InlineData("  whatever: 1", "Known here: region, account, vpc")]
    [InlineData("  region: eu-west-1", "PS0007: 'region' stands here a second time; the first is in line 6.")]
    [InlineData("  zones: eu-west-1a", "PS0009: 'spec.zones' is a single value, and a list is wanted.")]
    [InlineData("  account: 12345", "PS0011: \"12345\" is not an account id: twelve digits")]
    [InlineData("  zones: [euw1-az2]", "is a zone's id; nodes carry the zone's name")]
    [InlineData("  zones: [eu-west-1b, eu-west-1b]", "PS0106: eu-west-1b is listed twice")]
    [InlineData("  zones: [us-east-1a]", "PS0110: us-east-1a is no zone of eu-west-1")]
    [InlineData("  mode: overlay", "PS0010: \"overlay\" is not auto, eniConfig, subnetDiscovery or autoMode")]
    [InlineData("  mode: [eniConfig, subnetDiscovery]", "PS0107: eniConfig and subnetDiscovery exclude each other")]
    [InlineData("  security: {pods: [vpc-0aa36b6cfca793d8d]}", "PS0012: \"vpc-0aa36b6cfca793d8d\" is not a security group id")]
    [InlineData("  security: {pods: dedicatd}", "Did you mean dedicated?")]
    [InlineData("  security: {pods: []}", "PS0113: 0 groups are listed")]
    [InlineData("  addresses: {subnetPrefixLength: 15}", "PS0013: \"15\" is not a whole number from 16 to 28")]
    [InlineData("  addresses: {subnetPrefixLength: 17.5}", "PS0013")]
    [InlineData(
        "  addresses: {subnetPrefixLength: \"17\"}",
        "PS0013: \"17\" stands in quotes, so it is text and not a whole number from 16 to 28."
    )]
    [InlineData("  cni: {prefixDelegation: 'true'}", "PS0010: \"true\" stands in quotes, so it is text and not true, false or auto.")]
    [InlineData(
        "  addresses: {blocks: [100.64.0.0/16], subnetPrefixLength: 16}\n  zones: [eu-west-1a, eu-west-1b]",
        "PS0102: 100.64.0.0/16 holds 1 subnet of /16, and there are 2 zones. Lengthen 'subnetPrefixLength' to at least 17."
    )]
    [InlineData("  addresses: {blocks: [100.64.0.0/18], subnetPrefixLength: 17}", "Lengthen 'subnetPrefixLength' to at least 18.")]
    [InlineData("  addresses: {blocks: [100.64.0.0/16, 100.64.128.0/17]}", "PS0103: 100.64.128.0/17 overlaps 100.64.0.0/16")]
    [InlineData("  addresses: {blocks: [100.64.0.0/16], avoid: [100.64.9.0/24]}", "PS0105: 100.64.0.0/16 overlaps 100.64.9.0/24")]
    [InlineData("  addresses: {avoid: [100.0.0.0/8]}", "PS0114: Nothing of the pool is left")]
    [InlineData("  routing: {routes: [{to: 10.0.0.0/8, via: igw-0aa36b6cfca793d8d}]}", "PS0012")]
    [InlineData("  routing: {routes: [{to: 10.0.0.0/8}]}", "PS0008: 'spec.routing.routes[0].via' is missing")]
    [InlineData("  accept: [{finding: PS2107, on: tgw-0abc, reason: NET-1, until: 2027-02-30}]", "\"2027-02-30\" is not a day")]
    [InlineData("  tags: {podspace.io/overlay: x}", "PS0115: The tag podspace.io/overlay is not free")]
    [InlineData("  names: {subnet: \"{zon}\"}", "PS0116")]
    public void A_bad_setting_is_named_with_its_mend(string lines, string expected) => Assert.Contains(expected, Say(Least + lines + "\n"));

    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("yes", true)]
    [InlineData("off", false)]
    [InlineData("auto", null)]
    public void A_switch_takes_whatever_kubectl_takes_for_a_boolean(string word, bool? expected) =>
        Assert.Equal(expected, Good(Least + $"  cni: {{prefixDelegation: {word}}}\n").Cni.PrefixDelegation);

    [Fact]
    public void An_alias_is_what_it_names() =>
        Assert.Equal("prod", Good(Least.Replace("name: prod", "name: &name prod").Replace("cluster: prod", "cluster: *name")).Cluster);

    [Fact]
    public void Without_a_cluster_zones_are_needed() =>
        Assert.Contains("PS0108", Say(Head + "  region: eu-west-1\n  vpc: vpc-09796d57be9cec2d2\n"));

    [Fact]
    public void A_name_is_at_most_forty_characters_of_a_DNS_label()
    {
        Assert.Contains("overlay.yaml(4,9): error PS0011", Say(Least.Replace("name: prod", $"name: {new string('a', 41)}")));
        Assert.Contains("PS0011", Say(Least.Replace("name: prod", "name: Prod")));
        Good(Least.Replace("name: prod", $"name: {new string('a', 40)}"));
    }

    [Fact]
    public void Ten_megabytes_are_refused_by_size_alone() =>
        Assert.Contains("overlay.yaml: error PS0003: The text has more than 10 million characters", Say(new string('#', 10 << 20)));

    [Fact]
    public void A_bomb_of_aliases_costs_nothing()
    {
        var bomb =
            "a: &a [x, x]\n"
            + string.Concat(
                Enumerable.Range(0, 25).Select(i => $"{(char)('b' + i)}: &{(char)('b' + i)} [*{(char)('a' + i)}, *{(char)('a' + i)}]\n")
            );
        Assert.Contains("holds more than 10,000 values", Say(bomb + Least.Replace("  cluster: prod\n", "  cluster: prod\n  zones: *z\n")));
    }

    [Fact]
    public void Nesting_without_end_is_refused_before_it_costs_the_stack() =>
        Assert.Contains("nested more than 60 levels deep", Say("a: " + new string('[', 500_000)));

    [Fact]
    public void A_byte_order_mark_and_carriage_returns_do_no_harm() =>
        Assert.Equal(Good(Least), Good("\uFEFF" + Least.Replace("\n", "\r\n")));

    [Fact]
    public void Settings_know_their_line_and_unset_ones_the_line_of_their_parent()
    {
        var spec = Good(Least + "  addresses:\n    blocks:\n      - 100.64.0.0/16\n");
        Assert.Equal(new Place("overlay.yaml", 11, 9, "spec.addresses.blocks[0]"), spec.Places.Of("spec.addresses.blocks[0]"));
        Assert.Equal(10, spec.Places.Of("spec.addresses.pool")!.Line);
    }

    [Fact]
    public void Two_overlays_of_one_name_or_for_one_cluster_are_refused()
    {
        var both = OverlayYaml.ParseAll([new("a.yaml", Least), new("b.yaml", Least)]);
        Assert.False(both.Ok(out _));
        Assert.Equal(["PS0015", "PS0016"], both.Findings.Select(finding => finding.Code));
        Assert.Contains("(a.yaml(4,9))", both.Findings[0].Problem);
        Assert.True(OverlayYaml.ParseAll([new("a.yaml", Least + "---\n" + Least.Replace("prod", "test"))]).Ok(out var set));
        Assert.Equal(["prod", "test"], set.Overlays.Select(overlay => overlay.Name));
    }

    [Fact]
    public void Whatever_the_text_there_is_a_spec_or_an_error_and_never_an_exception()
    {
        string[] pieces =
        [
            .. Least.Split('\n'),
            "  zones:",
            "- x",
            "{",
            "}",
            "[",
            "]",
            "&a",
            "*a",
            ": ",
            "  cni: {prefixDelegation: ",
            "\t",
            "'",
            "\"",
            "|",
            "---",
            "...",
            "!!x",
            "<<: *a",
            "? ",
            "%YAML 1.1",
        ];
        string[] ends = ["\n", " ", ""];
        Gen.Select(Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]), Gen.Int[0, 2].Select(i => ends[i]))
            .Array[0, 30]
            .Sample(
                parts =>
                {
                    var parsed = OverlayYaml.Parse(string.Concat(parts.Select(part => part.Item1 + part.Item2)), "overlay.yaml");
                    return parsed.Ok(out _)
                        || parsed.Findings.Any(finding => finding.Severity == Severity.Error && finding.Problem.Length > 0);
                },
                iter: 3000
            );
    }

    [Fact]
    public void A_setting_of_one_kind_in_the_place_of_another_is_an_error_not_a_crash()
    {
        string[] values = ["x", "''", "[]", "{}", "[[]]", "[{}]", "{a: b}", "1", "true", "~", "[x]", "{a: {b: c}}"];
        foreach (
            var (path, _) in OverlayKeys
                .All()
                .Where(entry =>
                    entry.Path.StartsWith("spec.", StringComparison.Ordinal) && !entry.Path.Contains('[', StringComparison.Ordinal)
                )
        )
        {
            foreach (var value in values)
            {
                var inner = path["spec.".Length..].Split('.').Reverse().Aggregate(value, (text, key) => $"{{{key}: {text}}}");
                var text = Head + "  " + inner[1..^1] + "\n";
                Assert.NotEmpty(OverlayYaml.Parse(text, "overlay.yaml").Findings);
            }
        }
    }

    [Fact]
    public void Every_format_admits_its_own_example() =>
        Assert.All(
            new[]
            {
                (TextFormats.Block, "100.64.0.0/16"),
                (TextFormats.Zone, "us-west-2-lax-1a"),
                (TextFormats.Gateway, "pcx-0aa36b6cfca793d8d"),
                (TextFormats.Date, "2027-03-31"),
            },
            pair =>
            {
                Assert.Null(pair.Item1.Problem(pair.Item2));
                Assert.Matches(pair.Item1.Pattern, pair.Item2);
            }
        );
}
