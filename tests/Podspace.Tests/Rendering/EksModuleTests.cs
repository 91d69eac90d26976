using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Podspace.Model;
using Podspace.Rendering;
using Podspace.Rendering.Terraform;
using Podspace.Tests.Design;

namespace Podspace.Tests.Rendering;

/// <summary><c>--style eks-module</c>: inputs that the modules have, and with them and the resources the network of the plan.</summary>
[Trait("speed", "slow")]
public sealed class EksModuleTests
{
    private const string NodeGroup = "sg-0de0000000000000a";
    private const string ControlPlaneGroup = "sg-0c10000000000000a";

    public static TheoryData<string, int> Names =>
        new([.. Blueprints.Names().Where(Blueprints.IsOfOneAccount).SelectMany(name => new[] { (name, 20), (name, 21) })]);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_modules_and_resources_make_is_the_network_of_the_plan(string name, int major) =>
        AssertSame(await Blueprints.OfAsync(name), major);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_input_exists_in_that_major(string name, int major) =>
        AssertInputs(Render(await Blueprints.OfAsync(name), major), major);

    [Theory]
    [InlineData(20)]
    [InlineData(21)]
    public void Groups_that_the_module_made_get_their_rules_through_its_inputs(int major)
    {
        var blueprint = Blueprints.Of(SmallVpc.Spec("  security: {pods: dedicated}"), OfModule(SmallVpc.Guide()));

        AssertSame(blueprint, major);
        var text = Render(blueprint, major);
        AssertInputs(text, major);
        var eks = JsonNode.Parse(text)!["module"]!["eks"]!;
        Assert.NotNull(eks["node_security_group_additional_rules"]!["pods_ingress_all_from_pods"]);
        Assert.NotNull(
            eks[major == 20 ? "cluster_security_group_additional_rules" : "security_group_additional_rules"]![
                "pods_ingress_tcp_443_from_pods"
            ]
        );
        Assert.DoesNotContain(TerraformTests.Resources(text), one => one.Name.StartsWith("sg_", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(21)]
    public void A_cluster_that_is_yet_to_come_has_its_ENIConfigs_before_its_first_node(int major)
    {
        var text = Render(ToCome(), major);
        AssertInputs(text, major);
        var facts = TerraformFacts.Of(text, Outside(ToCome()));

        Assert.Contains(
            facts,
            fact =>
                fact.StartsWith("vpc-cni has values", StringComparison.Ordinal)
                && fact.Contains("eu-west-1b: {id: \"pods-eu-west-1b-0\", securityGroups: [\"pods\"]}", StringComparison.Ordinal)
                && fact.Contains("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: \"true\"", StringComparison.Ordinal)
        );
        Assert.Contains(facts, fact => fact.StartsWith("node_group ingress all from pods", StringComparison.Ordinal));
        Assert.Contains(facts, fact => fact.StartsWith("cluster_group ingress tcp/443 from pods", StringComparison.Ordinal));
    }

    [Fact]
    public void As_mere_resources_a_cluster_that_is_yet_to_come_is_named_in_one_place()
    {
        var text = TerraformText.Render(ToCome(), isJson: true);
        var facts = TerraformFacts.Of(
            text,
            new Dictionary<string, string> { ["local.cluster_name"] = "prod", ["local.cluster_security_group_id"] = "its group" }
        );

        Assert.Equal(2, Regex.Count(text, "aws_eks_cluster\\.this"));
        Assert.Contains(facts, fact => fact.StartsWith("its group ingress all from pods", StringComparison.Ordinal));
        Assert.Contains(
            TerraformTests.Resources(text),
            one =>
                one.Type == "aws_eks_addon"
                && $"{one.Body["cluster_name"]}" == "${local.cluster_name}"
                && $"{one.Body["resolve_conflicts_on_create"]}" == "OVERWRITE"
        );
        TerraformTests.AssertKnown(text);
    }

    [Fact]
    public void A_rule_of_ours_that_is_there_is_imported_and_not_made_again_by_the_module()
    {
        var (spec, before) = (SmallVpc.Spec("  security: {pods: dedicated}"), OfModule(SmallVpc.Guide()));
        var blueprint = Blueprints.Of(spec, new PartlyApplied(spec, SmallVpc.Design(spec, before), _ => true).To(before));
        var text = Render(blueprint, 21);

        Assert.Null(JsonNode.Parse(text)!["module"]!["eks"]!["node_security_group_additional_rules"]);
        Assert.Contains(
            TerraformTests.Imports(text),
            import => import.To.Contains("sg_0de0000000000000a_ingress", StringComparison.Ordinal)
        );
        Assert.Contains(
            ("module.vpc.aws_vpc_ipv4_cidr_block_association.this[0]", "vpc-cidr-assoc-100.64.0.0/16"),
            TerraformTests.Imports(text)
        );
        Assert.DoesNotContain(TerraformTests.Imports(text), import => import.Id.Contains("vpc-cni", StringComparison.Ordinal));
        Assert.Contains("terraform state mv 'module.eks.aws_eks_addon.this", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_that_the_VPC_has_stay_before_ours_because_the_module_counts_them()
    {
        var inventory = SmallVpc.Guide().WithBlock("10.197.0.0/24").WithBlock("10.196.128.0/24");
        var blocks = JsonNode.Parse(Render(Blueprints.Of(SmallVpc.Spec(), inventory), 21))!["module"]!["vpc"]!["secondary_cidr_blocks"]!
            .AsArray()
            .Select(block => $"{block}");

        Assert.Equal(["10.197.0.0/24", "10.196.128.0/24", "100.64.0.0/16"], blocks);
    }

    [Fact]
    public void A_subnet_waits_for_the_block_that_the_module_makes()
    {
        var text = Render(Blueprints.Of(SmallVpc.Spec(), SmallVpc.Guide()), 21);

        Assert.All(
            TerraformTests.Resources(text).Where(one => one.Type == "aws_subnet"),
            one =>
                Assert.Contains(
                    "contains(module.vpc.vpc_secondary_cidr_blocks, \"100.64.0.0/16\")",
                    $"{one.Body["lifecycle"]![0]!["precondition"]![0]!["condition"]}",
                    StringComparison.Ordinal
                )
        );
    }

    internal static Blueprint ToCome()
    {
        var inventory = SmallVpc
            .Guide()
            .With(cloud => cloud with { Cluster = null, Nodegroups = [], VpcCni = null, Interfaces = [], Groups = [] }) with
        {
            Cluster = null,
        };
        return Blueprints.Of(SmallVpc.Spec("  zones: [eu-west-1b, eu-west-1c]"), inventory);
    }

    /// <summary>With the groups that terraform-aws-modules/eks makes: nodes carry one of their own,
    /// the control plane another beside the cluster's.</summary>
    internal static Inventory OfModule(Inventory inventory) =>
        inventory.With(cloud =>
            cloud with
            {
                Groups =
                [
                    .. cloud.Groups,
                    new(
                        new(NodeGroup),
                        "prod-node-2026",
                        "EKS node shared security group",
                        [],
                        [new("Name", "prod-node"), new("kubernetes.io/cluster/prod", "owned")]
                    ),
                    new(new(ControlPlaneGroup), "prod-cluster-2026", "EKS cluster security group", [], [new("Name", "prod-cluster")]),
                ],
                Cluster = cloud.Cluster! with { ExtraGroups = [new(ControlPlaneGroup)] },
                Interfaces = cloud
                    .Interfaces.Select(card => card with { Groups = [new(card.Instance is null ? ControlPlaneGroup : NodeGroup)] })
                    .ToEquatable(),
            }
        );

    private static string Render(Blueprint blueprint, int major) =>
        Assert.Single(TerraformText.Files(blueprint, new(TerraformStyle.EksModule, IsJson: true, major))).Text;

    private static void AssertSame(Blueprint blueprint, int major)
    {
        var read = TerraformFacts.Of(Render(blueprint, major), Outside(blueprint));

        var wanted = NetworkFacts.Of(ClusterToCome.Fill(blueprint, hasNodeGroup: true), tagsForeignRules: false);
        var there = blueprint
            .Inventory.Cloud.Vpc!.LiveBlocks.Where(block => block.Cidr != blueprint.Inventory.Cloud.Vpc.Primary)
            .Select(block => NetworkFacts.Block(blueprint.Spec.Vpc, $"{block.Cidr}"))
            .ToHashSet();
        Assert.Equal(wanted.Except(there), read.Select(WithoutForeignTags).Except(there).Order(StringComparer.Ordinal));
    }

    /// <summary>Of a rule in a group that is used: as a resource it has tags, as an input of the module it cannot.</summary>
    private static string WithoutForeignTags(string fact) =>
        Regex.Replace(fact, @"^((?:sg-|cluster_group|node_group)\S* ingress .*) \{.*\}$", "$1 {}");

    private static void AssertInputs(string text, int major)
    {
        TerraformTests.AssertKnown(text);
        var modules = JsonNode.Parse(text)!["module"] as JsonObject ?? [];
        foreach (var (module, inputs) in modules)
        {
            var (known, version) =
                module == "vpc" ? (EksModuleInputs.Vpc, EksModuleInputs.VpcMajor[major]) : (EksModuleInputs.Eks[major], $"~> {major}.0");
            Assert.Equal((version, $"terraform-aws-modules/{module}/aws"), ($"{inputs!["version"]}", $"{inputs["source"]}"));
            Assert.Subset(new HashSet<string>([.. known, "source", "version"]), inputs.AsObject().Select(input => input.Key).ToHashSet());
        }
        var eks = modules["eks"] as JsonObject ?? [];
        Assert.Subset(
            EksModuleInputs.Addon.ToHashSet(),
            (eks["addons"] ?? eks["cluster_addons"])?["vpc-cni"]!.AsObject().Select(field => field.Key).ToHashSet() ?? []
        );
        Assert.All(
            eks["eks_managed_node_groups"]?.AsObject() ?? [],
            group => Assert.Subset(EksModuleInputs.NodeGroup.ToHashSet(), group.Value!.AsObject().Select(field => field.Key).ToHashSet())
        );
        var rules = eks.Where(input => input.Key.EndsWith("_rules", StringComparison.Ordinal))
            .SelectMany(input => input.Value!.AsObject())
            .SelectMany(rule => rule.Value!.AsObject());
        Assert.Subset(EksModuleInputs.Rule.ToHashSet(), rules.Select(field => field.Key).ToHashSet());
        Assert.Subset(
            EksModuleInputs.Outputs.ToHashSet(),
            Regex.Matches(text, @"module\.(eks|vpc)\.(?!aws_)[a-z_]+").Select(match => match.Value).ToHashSet()
        );
    }

    private static Dictionary<string, string> Outside(Blueprint blueprint) =>
        new()
        {
            ["module.vpc.vpc_id"] = blueprint.Spec.Vpc,
            ["module.eks.cluster_name"] = blueprint.Spec.Cluster!,
            ["module.eks.cluster_primary_security_group_id"] = blueprint.Inventory.Cloud.Cluster?.ClusterGroup.Text ?? "cluster_group",
            ["module.eks.node_security_group_id"] = blueprint.Inventory.Cloud.Cluster is null ? "node_group" : NodeGroup,
            ["module.eks.cluster_security_group_id"] = ControlPlaneGroup,
        };
}
