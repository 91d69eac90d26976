using Podspace.Design;
using Podspace.Findings;
using Podspace.Tests.Applying;

namespace Podspace.Tests.Design;

/// <summary>A cluster that is not there: still to come, or mistyped?</summary>
public sealed class ClusterNameTests
{
    private const string Code = "PS1014";

    [Theory]
    [InlineData("prdo", "Did you mean 'prod'?")]
    [InlineData("Prod", "Did you mean 'prod'?")]
    [InlineData("billing", "If it is mistyped")]
    public async Task With_another_cluster_in_the_VPC_a_name_that_nobody_has_is_a_warning(string name, string words)
    {
        using var bench = new Bench(Guide.World());

        var state = await bench.LookAsync(Guide.Spec with { Cluster = name });

        var finding = Assert.Single(state.Findings, finding => finding.Code == Code);
        Assert.Equal((Severity.Warning, "spec.cluster"), (finding.Severity, finding.Place?.Path));
        Assert.Contains(words, finding.Fix, StringComparison.Ordinal);
        Assert.Contains("prod", finding.Problem, StringComparison.Ordinal);
        Assert.NotNull(state.Plan);
    }

    [Fact]
    public async Task Without_zones_the_error_names_the_clusters_that_are_there()
    {
        using var bench = new Bench(Guide.World());

        var state = await bench.LookAsync(Guide.Spec with { Cluster = "prdo", Zones = [] });

        Assert.Contains(
            "holds prod.",
            Assert.Single(state.Findings, finding => finding.Code == DesignCodes.NoCluster).Fix,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_VPC_that_was_made_for_the_cluster_raises_no_question(bool isTagged)
    {
        var estate = Worlds.All().Single(one => one.Name == "new-cluster");
        using var bench = estate.Open();
        if (isTagged)
        {
            bench
                .World.State.Aws.Subnets[0]
                .Tags.AddRange([
                    new() { Key = "kubernetes.io/cluster/next", Value = "shared" },
                    new() { Key = "kubernetes.io/cluster/other", Value = "shared" },
                ]);
        }

        var state = await bench.LookAsync(estate.Spec);

        Assert.Contains(state.Findings, finding => finding.Code == DesignCodes.NoCluster);
        Assert.DoesNotContain(state.Findings, finding => finding.Code == Code);
    }
}
