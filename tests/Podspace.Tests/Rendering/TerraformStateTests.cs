using Podspace.Observed;
using Podspace.Planning;
using Podspace.Rendering;
using Podspace.Spec;
using Podspace.Steps;
using Podspace.Tests.Design;

namespace Podspace.Tests.Rendering;

/// <summary>What <c>terraform show -json</c> names is Terraform's, whatever the spec says.</summary>
public sealed class TerraformStateTests
{
    private const string Vpc = """
        {
          "address": "module.vpc.aws_vpc.this[0]",
          "mode": "managed",
          "type": "aws_vpc",
          "name": "this",
          "values": {"id": "vpc-09796d57be9cec2d2"}
        }
        """;

    private const string ClusterGroup = """
        {
          "address": "aws_security_group.cluster",
          "mode": "managed",
          "type": "aws_security_group",
          "name": "cluster",
          "values": {"id": "sg-08573594d51163fc9", "ingress": []}
        }
        """;

    private const string InlineGroup = """
        {
          "address": "aws_security_group.cluster",
          "mode": "managed",
          "type": "aws_security_group",
          "name": "cluster",
          "values": {"id": "sg-08573594d51163fc9", "ingress": [{"from_port": 0}]}
        }
        """;

    private const string Addon =
        """{"address":"aws_eks_addon.cni","mode":"managed","type":"aws_eks_addon","name":"cni","values":{"id":"prod:vpc-cni"}}""";

    private const string Looked =
        """{"address":"data.aws_vpc.this","mode":"data","type":"aws_vpc","name":"this","values":{"id":"vpc-09796d57be9cec2d2"}}""";

    [Fact]
    public void A_block_of_Terraforms_VPC_is_left_to_it_and_no_tag_is_put_there()
    {
        var plan = Plan(State(Vpc));

        Assert.Equal(Owner.Terraform, Assert.Single(plan.Steps, step => step.Change is Change.AssociateBlock).Owner);
        Assert.DoesNotContain(plan.Steps, step => step.Change is Change.TagBlock);
        Assert.Contains(
            "resource \"aws_vpc_ipv4_cidr_block_association\" \"pods_100_64_0_0_16\"",
            Patch(State(Vpc)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Rules_in_Terraforms_group_are_a_patch()
    {
        var rule = Assert.Single(Plan(State(ClusterGroup)).Steps, step => step.Owner == Owner.Terraform);

        Assert.IsType<Change.AddRule>(rule.Change);
        Assert.Contains("resource \"aws_vpc_security_group_ingress_rule\"", Patch(State(ClusterGroup)), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_rules_stand_in_line_the_patch_does_too()
    {
        var patch = Patch(State(InlineGroup));

        Assert.Contains("Into aws_security_group.cluster", patch, StringComparison.Ordinal);
        Assert.Contains("ingress {\n  from_port       = 0\n", patch, StringComparison.Ordinal);
        Assert.DoesNotContain("aws_vpc_security_group_ingress_rule", patch, StringComparison.Ordinal);
    }

    [Fact]
    public void The_add_on_that_Terraform_keeps_gets_its_values_from_it()
    {
        Assert.All(
            Plan(State(Addon)).Steps.Where(step => step.Change is Change.SetAddonValues),
            step => Assert.Equal(Owner.Terraform, step.Owner)
        );
        Assert.Contains("configuration_values = jsonencode({", Patch(State(Addon)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_Terraform_only_looked_at_is_not_its_own() =>
        Assert.DoesNotContain(Plan(State(Looked)).Steps, step => step.Owner == Owner.Terraform);

    [Fact]
    public void Modules_are_read_as_deep_as_they_go() =>
        Assert.Equal(
            "module.vpc.aws_vpc.this[0]",
            Read(
                    """{"format_version":"1.0","values":{"root_module":{"child_modules":[{"child_modules":[{"resources":["""
                        + Vpc
                        + "]}]}]}}}"
                )
                .AddressOf("vpc-09796d57be9cec2d2")
        );

    [Theory]
    [InlineData("{", "it is not JSON")]
    [InlineData("{\"version\": 4, \"resources\": []}", "it is the raw state")]
    [InlineData("[]", "it has no format_version")]
    public void Anything_else_is_refused_and_said_why(string text, string why)
    {
        Assert.Null(TerraformState.Parse(text, out var problem));
        Assert.StartsWith(why, problem, StringComparison.Ordinal);
    }

    private static OverlaySpec Spec => SmallVpc.Spec("  security: {pods: dedicated}");

    private static Plan Plan(TerraformState state) =>
        Planner.Plan(Spec, SmallVpc.Design(Spec, SmallVpc.Guide()), SmallVpc.Guide(), [], state);

    private static string Patch(TerraformState state) =>
        Patches.Text(Patches.Of(Blueprint.From(Spec, SmallVpc.Design(Spec, SmallVpc.Guide()), SmallVpc.Guide()), Plan(state), state));

    private static TerraformState State(string resource) =>
        Read("""{"format_version":"1.0","values":{"root_module":{"resources":[""" + resource + "]}}}");

    private static TerraformState Read(string text)
    {
        var state = TerraformState.Parse(text, out var problem);
        Assert.True(state is not null, problem);
        return state;
    }
}
