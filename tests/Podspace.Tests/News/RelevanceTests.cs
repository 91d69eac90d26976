using Podspace.News;
using Podspace.Spec;

namespace Podspace.Tests.News;

public sealed class RelevanceTests
{
    private static readonly NewsFeed History = NewsFeed.Known[0],
        AutoMode = NewsFeed.Known[1],
        Releases = NewsFeed.Known[2];

    [Theory]
    [InlineData("Amazon VPC CNI managed policy update", "Amazon VPC CNI managed policy update", "CNI")]
    [InlineData("Static network interfaces", "You can give a NodeClass static interfaces.", "NodeClass")]
    [InlineData("Choose subnets for Pods", "", "subnet")]
    [InlineData("New pod networking", "", "pod networking")]
    public void What_speaks_of_pod_networks_matters(string title, string summary, string why) =>
        Assert.Contains(why, Relevance.Of(History, Item(title, summary), null), StringComparer.Ordinal);

    [Theory]
    [InlineData("Kubernetes version 1.35", "Technical details; a dacnificent thing")]
    [InlineData("New Region", "Amazon EKS is available in a prefixed Region")]
    [InlineData("", "")]
    public void What_speaks_of_other_things_does_not(string title, string summary) =>
        Assert.Empty(Relevance.Of(History, Item(title, summary), null));

    [Theory]
    [InlineData("v1.23.1", null, true)]
    [InlineData("v1.23.1", "v1.23.0-eksbuild.1", true)]
    [InlineData("v1.23.1", "v1.23.1", false)]
    [InlineData("v1.9.0", "v1.23.1", false)]
    [InlineData("helm chart fixed", null, false)]
    public void A_release_matters_while_it_is_newer_than_what_runs(string title, string? running, bool matters) =>
        Assert.Equal(matters, !Relevance.Of(Releases, Item(title, ""), running).IsEmpty);

    [Fact]
    public void A_network_hears_of_its_own_modes()
    {
        Assert.True(
            AutoMode.Concerns([]) && AutoMode.Concerns([PodMode.AutoMode]) && AutoMode.Concerns([PodMode.EniConfig, PodMode.AutoMode])
        );
        Assert.False(AutoMode.Concerns([PodMode.EniConfig]) || Releases.Concerns([PodMode.AutoMode]));
        Assert.True(History.Concerns([PodMode.AutoMode]) && Releases.Concerns([PodMode.SubnetDiscovery]));
    }

    private static NewsItem Item(string title, string summary) => new("1", title, "", null, summary);
}
