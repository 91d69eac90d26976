using Podspace.Model;
using Podspace.Planning;
using Podspace.Tests.Diagnosis;

namespace Podspace.Tests.Design;

public sealed class NodeKindTests
{
    [Theory]
    [InlineData(true, "")]
    [InlineData(true, "eks.amazonaws.com/compute-type=ec2")]
    [InlineData(true, "kubernetes.io/os=linux")]
    [InlineData(false, "kubernetes.io/os=windows")]
    [InlineData(false, "eks.amazonaws.com/compute-type=auto")]
    [InlineData(false, "eks.amazonaws.com/compute-type=fargate")]
    [InlineData(false, "eks.amazonaws.com/compute-type=hybrid")]
    public void Where_aws_node_runs_a_network_of_its_modes_has_a_part(bool runs, string label)
    {
        var node = SmallVpc.Guide().Cluster!.Nodes[0] with { Labels = label.Split('=') is [var key, var value] ? [new(key, value)] : [] };

        Assert.Equal(runs, node.RunsAwsNode);
        Assert.Equal(runs, new Network { Vpc = new("vpc-0"), Modes = [Podspace.Spec.PodMode.EniConfig] }.TakesPart(node));
        Assert.False(new Network { Vpc = new("vpc-0"), Modes = [Podspace.Spec.PodMode.AutoMode] }.TakesPart(node));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("1", true)]
    [InlineData("t", true)]
    [InlineData("yes", false)]
    [InlineData("false", false)]
    [InlineData("", false)]
    public void A_switch_is_read_as_the_CNI_reads_it(string value, bool isOn) =>
        Assert.Equal(isOn, Planner.IsSwitchedOn(SmallVpc.Guide().WithEnv("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", value)));
}
