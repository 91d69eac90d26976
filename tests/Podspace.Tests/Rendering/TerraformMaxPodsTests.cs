using System.Text.Json.Nodes;
using Podspace.Cni;
using Podspace.Model;
using Podspace.Rendering;
using Podspace.Rendering.Terraform;
using Podspace.Tests.Design;

namespace Podspace.Tests.Rendering;

/// <summary>Nodes whose user data is their author's are told in Terraform how many pods they may take.</summary>
[Trait("speed", "slow")]
public sealed class TerraformMaxPodsTests
{
    private const string Plain = "((default_enis - 1) * (ips_per_eni - 1)) + 2";

    public static TheoryData<string> Names => [.. Blueprints.Names().Where(Blueprints.IsOfOneAccount)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_style_tells_nodeadm_what_capacity_advises(string name)
    {
        var blueprint = await Blueprints.OfAsync(name);
        var said = NodeConfigs(blueprint);

        if (blueprint.Desired.Cni is null && !ClusterToCome.IsAwaited(blueprint))
        {
            Assert.Equal([null, null, null], said);
            return;
        }
        var filled = ClusterToCome.Fill(blueprint, hasNodeGroup: false);
        var forms = MaxPodsForms.Of(Types(filled), PlannedSettings.Of(filled.Desired, filled.Inventory));
        Assert.All(said, expression => Assert.Contains(forms, form => form.Text == $"maxPodsExpression: \"{expression}\""));
    }

    [Fact]
    public void Each_type_that_runs_is_named_with_its_number()
    {
        var text = TerraformText.Render(Guide("  cni: {prefixDelegation: false}"), isJson: false);

        Assert.Contains("# Here m5.large: 20.", text, StringComparison.Ordinal);
        Assert.Contains("max-pods = 20", text, StringComparison.Ordinal);
        Assert.Contains($"maxPodsExpression = \"{Plain}\"", text, StringComparison.Ordinal);
        Assert.Contains("settings.reservedENIs = \"1\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(21)]
    public void A_node_group_with_an_AMI_of_its_own_gets_it_before_nodeadm(int major)
    {
        var blueprint = Guide(
            "",
            inventory =>
                inventory.With(cloud =>
                    cloud with
                    {
                        Nodegroups = [.. cloud.Nodegroups, cloud.Nodegroups[0] with { Name = "gpu", AmiType = "CUSTOM" }],
                    }
                )
        );
        var text = Assert.Single(TerraformText.Files(blueprint, new(TerraformStyle.EksModule, IsJson: true, major))).Text;

        var (name, group) = Assert.Single(JsonNode.Parse(text)!["module"]!["eks"]!["eks_managed_node_groups"]!.AsObject());
        var part = Assert.Single(group!["cloudinit_pre_nodeadm"]!.AsArray())!;

        Assert.Equal(
            ("gpu", "application/node.eks.aws", "${local.pod_network_node_config}"),
            (name, $"{part["content_type"]}", $"{part["content"]}")
        );
        Assert.NotNull(JsonNode.Parse(text)!["locals"]!.AsArray().Single()!["pod_network_node_config"]);
    }

    [Fact]
    public void Where_EKS_tells_the_nodes_no_node_group_is_touched()
    {
        var text = Assert.Single(TerraformText.Files(Guide(""), new(TerraformStyle.EksModule, IsJson: true))).Text;

        Assert.Null(JsonNode.Parse(text)!["module"]!["eks"]!["eks_managed_node_groups"]);
    }

    private static Blueprint Guide(string more, Func<Inventory, Inventory>? change = null) =>
        Blueprints.Of(SmallVpc.Spec(more), (change ?? (inventory => inventory))(SmallVpc.Guide()));

    /// <summary>As resources, with terraform-aws-modules, and as the module's input.</summary>
    private static List<string?> NodeConfigs(Blueprint blueprint)
    {
        string?[] documents =
        [
            TerraformText.Render(blueprint, isJson: true),
            Assert.Single(TerraformText.Files(blueprint, new(TerraformStyle.EksModule, IsJson: true))).Text,
        ];
        return [.. documents.Select(Expression), Called(blueprint)];
    }

    private static string? Expression(string? text)
    {
        if (
            (JsonNode.Parse(text!)!["locals"] as JsonArray)
                ?.Select(block => block!["pod_network_node_config"])
                .OfType<JsonNode>()
                .SingleOrDefault()
            is not { } local
        )
        {
            return null;
        }
        var config = JsonNode.Parse($"{local}")!;
        Assert.Equal(("node.eks.aws/v1alpha1", "NodeConfig"), ($"{config["apiVersion"]}", $"{config["kind"]}"));
        return $"{config["spec"]!["kubelet"]!["maxPodsExpression"]}";
    }

    private static string? Called(Blueprint blueprint) =>
        TerraformText
            .Files(blueprint, new(TerraformStyle.Module))
            .Single(file => file.Name.StartsWith("examples/", StringComparison.Ordinal))
            .Text.Split('\n')
            .FirstOrDefault(line => line.TrimStart().StartsWith("max_pods_expression ", StringComparison.Ordinal))
            ?.Split('"')[1];

    private static List<InstanceLimits> Types(Blueprint blueprint)
    {
        var known = KnownTypes.From(blueprint.Inventory);
        var types = (blueprint.Inventory.Cluster?.Nodes ?? [])
            .Where(node => !node.IsAuto)
            .Select(node => known.Find(node.InstanceType))
            .OfType<InstanceLimits>()
            .Distinct()
            .ToList();
        return types.Count > 0 ? types : [InstanceLimits.Find("m5.large")!];
    }
}
