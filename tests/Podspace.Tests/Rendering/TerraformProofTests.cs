using Podspace.Rendering;
using Podspace.Rendering.Terraform;
using Podspace.Spec;
using Podspace.Tests.Applying;

namespace Podspace.Tests.Rendering;

/// <summary>Whatever network is rendered, what is read back from the Terraform is the network
/// of the plan: nothing missing, nothing more.</summary>
[Trait("speed", "slow")]
public sealed class TerraformProofTests
{
    public static TheoryData<string> Names => [.. Blueprints.Names()];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_is_read_back_is_the_network_of_the_plan(string name)
    {
        var blueprint = await Blueprints.OfAsync(name);

        var read = TerraformFacts.Of(
            TerraformText.Render(blueprint, isJson: true),
            new Dictionary<string, string>
            {
                // Only where the cluster is yet to come.
                ["local.cluster_name"] = blueprint.Spec.Cluster!,
                ["local.cluster_security_group_id"] = $"{ClusterToCome.ClusterGroup}",
            }
        );

        Assert.NotEmpty(read);
        Assert.Equal(NetworkFacts.Of(ClusterToCome.Fill(blueprint, hasNodeGroup: false)), read);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_type_and_argument_exists_in_the_AWS_provider(string name)
    {
        var blueprint = await Blueprints.OfAsync(name);

        TerraformTests.AssertKnown(TerraformText.Render(blueprint, isJson: true));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_is_there_and_ours_is_imported_once(string name)
    {
        var blueprint = await Blueprints.OfAsync(name);
        var text = TerraformText.Render(blueprint, isJson: true);
        var resources = TerraformTests.Resources(text).Select(one => $"{one.Type}.{one.Name}").ToList();

        var imports = TerraformTests.Imports(text);

        Assert.Equal(imports.Count, imports.DistinctBy(import => import.To).Count());
        Assert.Subset(resources.ToHashSet(), imports.Select(import => import.To).ToHashSet());
        if (name.EndsWith(", made", StringComparison.Ordinal))
        {
            // Which has no import: to make it is to take the settings over.
            resources.Remove("kubernetes_env.aws_node");
            resources.RemoveAll(resource =>
                ClusterToCome.IsAwaited(blueprint)
                && (resource == "aws_eks_addon.vpc_cni" || resource.Contains(".cluster_group_", StringComparison.Ordinal))
            );
            Assert.Equal(resources.Order(StringComparer.Ordinal), imports.Select(import => import.To).Order(StringComparer.Ordinal));
        }
    }

    /// <summary>The blocks of the hand-made guide that Podspace replaces, with the arguments that matter there,
    /// and the block of ours in which its reader finds each again.</summary>
    [Theory]
    [InlineData("aws_vpc_ipv4_cidr_block_association.pods_100_64_0_0_16", "vpc_id=vpc-09796d57be9cec2d2 cidr_block=100.64.0.0/16")]
    [InlineData(
        "aws_subnet.pods_eu_west_1b_0",
        "vpc_id=${aws_vpc_ipv4_cidr_block_association.pods_100_64_0_0_16.vpc_id} cidr_block=100.64.0.0/17 availability_zone=eu-west-1b"
    )]
    [InlineData(
        "aws_subnet.pods_eu_west_1c_0",
        "vpc_id=${aws_vpc_ipv4_cidr_block_association.pods_100_64_0_0_16.vpc_id} cidr_block=100.64.128.0/17 availability_zone=eu-west-1c"
    )]
    [InlineData("aws_route_table.pods", "vpc_id=${aws_vpc_ipv4_cidr_block_association.pods_100_64_0_0_16.vpc_id}")]
    [InlineData(
        "aws_route_table_association.pods_eu_west_1b_0",
        "subnet_id=${aws_subnet.pods_eu_west_1b_0.id} route_table_id=${aws_route_table.pods.id}"
    )]
    [InlineData(
        "aws_route_table_association.pods_eu_west_1c_0",
        "subnet_id=${aws_subnet.pods_eu_west_1c_0.id} route_table_id=${aws_route_table.pods.id}"
    )]
    [InlineData("aws_security_group.pods", "name=cgnat-overlay-sg vpc_id=${aws_vpc_ipv4_cidr_block_association.pods_100_64_0_0_16.vpc_id}")]
    [InlineData(
        "aws_vpc_security_group_ingress_rule.pods_ingress_all_from_10_196_24_0_24",
        "security_group_id=${aws_security_group.pods.id} cidr_ipv4=10.196.24.0/24 ip_protocol=-1"
    )]
    [InlineData(
        "aws_vpc_security_group_ingress_rule.pods_ingress_all_from_100_64_0_0_16",
        "security_group_id=${aws_security_group.pods.id} cidr_ipv4=100.64.0.0/16 ip_protocol=-1"
    )]
    [InlineData(
        "aws_vpc_security_group_egress_rule.pods_egress_all_to_0_0_0_0_0",
        "security_group_id=${aws_security_group.pods.id} cidr_ipv4=0.0.0.0/0 ip_protocol=-1"
    )]
    public async Task The_reader_of_the_guide_finds_every_block_of_it_again(string address, string arguments)
    {
        var (_, _, body) = Assert.Single(TerraformTests.Resources(await GuideAsync()), one => $"{one.Type}.{one.Name}" == address);

        Assert.All(arguments.Split(' '), argument => Assert.Equal(argument, $"{argument.Split('=')[0]}={body[argument.Split('=')[0]]}"));
    }

    /// <summary>What the guide leaves to its reader to find out, by name of the resource and a word of the reason.</summary>
    [Theory]
    [InlineData("aws_vpc_security_group_ingress_rule.sg_08573594d51163fc9_ingress_all_from_pods", "neither the API server nor DNS")]
    [InlineData("aws_vpc_security_group_egress_rule.pods_egress_all_to_0_0_0_0_0", "Terraform takes it away")]
    [InlineData("aws_route_table_association.pods_eu_west_1b_0", "main table")]
    [InlineData("aws_ec2_subnet_cidr_reservation.pods_eu_west_1b_0_100_64_32_0_19", "/28 prefixes")]
    [InlineData("aws_subnet.pods_eu_west_1b_0", "kubernetes.io/role/elb")]
    [InlineData("aws_eks_addon.vpc_cni", "No Kubernetes provider")]
    [InlineData("aws_eks_addon.vpc_cni", "replace them")]
    [InlineData("aws_vpc_ipv4_cidr_block_association.pods_100_64_0_0_16", "up to one hour")]
    [InlineData("aws_security_group.pods", "podspace doctor names them")]
    [InlineData("aws_subnet.pods_eu_west_1b_0", "one more zone takes another block")]
    public async Task What_the_guide_lacks_stands_out_with_the_reason(string address, string reason)
    {
        var (_, _, body) = Assert.Single(TerraformTests.Resources(await GuideAsync()), one => $"{one.Type}.{one.Name}" == address);

        Assert.Contains(reason, $"{body["//"]}", StringComparison.Ordinal);
    }

    [Fact]
    public void Where_room_is_left_for_a_zone_this_is_said_too() =>
        Assert.Contains(
            "Room is left in the block for one more zone.",
            TerraformText.Render(Blueprints.Of(Design.SmallVpc.Spec(), Design.SmallVpc.Guide()), isJson: false),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task How_many_pods_a_node_may_take_stands_out_too() =>
        Assert.Contains(
            "its first interface stays the node's own",
            $"{System.Text.Json.Nodes.JsonNode.Parse(await GuideAsync())!["locals"]![0]!["//"]}",
            StringComparison.Ordinal
        );

    private static async Task<string> GuideAsync()
    {
        using var bench = new Bench(Guide.World());
        var spec = Guide.Spec with
        {
            Security = new(PodGroups.Dedicated),
            Names = new(SecurityGroup: "cgnat-overlay-sg"),
            Addresses = Guide.Spec.Addresses with { SubnetPrefixLength = 17 },
        };
        var state = await bench.LookAsync(spec);
        return TerraformText.Render(Blueprint.From(spec, state.Desired!, state.Inventory), isJson: true);
    }
}
