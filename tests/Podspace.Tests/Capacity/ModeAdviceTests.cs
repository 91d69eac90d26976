using Podspace.Capacity;
using Podspace.Tests.Design;

namespace Podspace.Tests.Capacity;

public sealed class ModeAdviceTests
{
    [Theory]
    [InlineData("v1.17.1-eksbuild.1", "", "eniConfig", "came with v1.18.0")]
    [InlineData("v1.20.4-eksbuild.1", "", "eniConfig", "could not keep pods off")]
    [InlineData("v1.22.1-eksbuild.1", "", "eniConfig", "took back")]
    [InlineData("v1.23.1-eksbuild.1", "", "subnetDiscovery", "tags on subnets are enough")]
    [InlineData("v1.23.1-eksbuild.1", "  security: {pods: dedicated}", "eniConfig", "carry the nodes' groups")]
    public void The_version_and_the_wish_for_groups_decide(string version, string lines, string mode, string because)
    {
        var advice = ModeAdvice.Of(
            SmallVpc.Spec(lines),
            SmallVpc.Guide().With(cloud => cloud with { VpcCni = cloud.VpcCni! with { Version = version } })
        );
        Assert.Equal(mode, advice.Mode);
        Assert.Contains(advice.Reasons, reason => reason.Contains(because, StringComparison.Ordinal));
    }

    [Fact]
    public void Auto_Mode_takes_a_NodeClass_and_nodes_beside_it_take_ENIConfigs()
    {
        var auto = SmallVpc.Guide().With(cloud => cloud with { Cluster = cloud.Cluster! with { IsAutoMode = true } });
        Assert.Equal("[autoMode, eniConfig]", ModeAdvice.Of(SmallVpc.Spec(), auto).Mode);
        Assert.Equal(
            "autoMode",
            ModeAdvice
                .Of(
                    SmallVpc.Spec(),
                    auto.With(cloud => cloud with { VpcCni = null }).WithCluster(cluster => cluster with { AwsNode = null })
                )
                .Mode
        );
    }

    [Fact]
    public void A_cluster_with_IPv6_needs_nothing()
    {
        var six = SmallVpc.Guide().With(cloud => cloud with { Cluster = cloud.Cluster! with { IpFamily = "ipv6" } });
        Assert.StartsWith("none", ModeAdvice.Of(SmallVpc.Spec(), six).Mode, StringComparison.Ordinal);
    }

    [Fact]
    public void Windows_nodes_take_part_in_nothing_and_this_is_said()
    {
        var windows = SmallVpc
            .Guide()
            .With(cloud => cloud with { Nodegroups = [cloud.Nodegroups[0] with { AmiType = "WINDOWS_CORE_2022_x86_64" }] });
        Assert.Contains(ModeAdvice.Of(SmallVpc.Spec(), windows).Traps, trap => trap.StartsWith("Windows nodes", StringComparison.Ordinal));
    }
}
