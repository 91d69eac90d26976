using System.Text.Json.Nodes;
using Podspace.Cni;
using Podspace.Nodes.Launching;

namespace Podspace.Tests.Capacity.Launching;

/// <summary>Which types a NodePool of Karpenter's may start.</summary>
public sealed class PoolTypesTests
{
    [Theory]
    [InlineData("node.kubernetes.io/instance-type In m5.large,m5.xlarge", "m5.large m5.xlarge")]
    [InlineData(
        "karpenter.k8s.aws/instance-family In m5; karpenter.k8s.aws/instance-size NotIn large,xlarge,2xlarge,4xlarge,12xlarge,24xlarge",
        "m5.8xlarge"
    )]
    [InlineData(
        "karpenter.k8s.aws/instance-category In m; karpenter.k8s.aws/instance-generation "
            + "Gt 6; kubernetes.io/arch In amd64; karpenter.k8s.aws/instance-cpu Lt 4",
        "m7i.large"
    )]
    [InlineData(
        "karpenter.k8s.aws/instance-category In t; kubernetes.io/arch In arm64; karpenter.k8s.aws/instance-size In small",
        "t4g.small"
    )]
    [InlineData(
        "karpenter.k8s.aws/instance-hypervisor In xen; karpenter.k8s.aws/instance-category In t; topology.kubernetes.io/zone In eu-west-1b",
        "t2.medium"
    )]
    [InlineData("karpenter.k8s.aws/instance-category In trn", "trn1.32xlarge")]
    [InlineData("karpenter.k8s.aws/instance-family Exists; node.kubernetes.io/instance-type In g5.xlarge", "g5.xlarge")]
    [InlineData("karpenter.k8s.aws/instance-family DoesNotExist", "")]
    public void Requirements_are_held_against_what_a_type_s_name_and_limits_say(string requirements, string types) =>
        Assert.Equal(
            types,
            string.Join(' ', PoolTypes.Of(Pool(requirements), InstanceLimits.All, isCertain: true).Select(type => type.Type))
        );

    [Fact]
    public void What_is_not_known_here_makes_no_type_certain_and_rules_none_out()
    {
        var pool = Pool("node.kubernetes.io/instance-type In m5.large; karpenter.k8s.aws/instance-memory Gt 4096");

        Assert.Empty(PoolTypes.Of(pool, InstanceLimits.All, isCertain: true));
        Assert.Equal(["m5.large"], PoolTypes.Of(pool, InstanceLimits.All, isCertain: false).Select(type => type.Type));
    }

    private static JsonObject Pool(string requirements) =>
        new()
        {
            ["template"] = new JsonObject
            {
                ["spec"] = new JsonObject
                {
                    ["requirements"] = new JsonArray([
                        .. requirements
                            .Split("; ")
                            .Select(one => one.Split(' '))
                            .Select(one => new JsonObject
                            {
                                ["key"] = one[0],
                                ["operator"] = one[1],
                                ["values"] = new JsonArray([
                                    .. one.Skip(2).SelectMany(values => values.Split(',')).Select(value => (JsonNode)value),
                                ]),
                            }),
                    ]),
                },
            },
        };
}
