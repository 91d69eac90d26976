using Podspace.Cli;
using Podspace.Findings;
using Podspace.Observed;
using Podspace.Operations;
using Podspace.Tests.Applying;
using Podspace.Twin;
using Podspace.Twin.Aws;
using Podspace.Twin.Kubernetes;
using Reading = Podspace.Model.Reading;

namespace Podspace.Tests.Cli;

/// <summary>What one may not see, somebody else may have seen: their file stands in for gaps, with its age, and for nothing else.</summary>
public sealed class EvidenceTests
{
    [Theory]
    [InlineData("ec2 DescribeVpcPeeringConnections", Reading.Peerings)]
    [InlineData("ec2 DescribeSubnets", Reading.Subnets)]
    [InlineData("kubernetes list pods", Reading.Pods)]
    public async Task A_gap_is_filled_and_the_file_s_age_is_said(string denied, Reading reading)
    {
        var (all, seen) = (await LookAsync("", null, 0), await LookAsync(denied, "evidence.yaml", 50));

        Assert.Equal(all.Plan!.Steps, seen.Plan!.Steps);
        var finding = Assert.Single(seen.Findings, finding => finding.Code == "PS2005");
        Assert.Equal((Severity.Warning, reading.ToString()), (finding.Severity, finding.Object));
        Assert.Contains("evidence.yaml, 2 days old", finding.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain(seen.Findings, finding => finding.Code is "PS1006" or "PS2001");
    }

    [Fact]
    public async Task What_can_be_read_is_read()
    {
        var seen = await LookAsync("", "evidence.yaml", 50);

        Assert.DoesNotContain(seen.Findings, finding => finding.Code == "PS2005");
        Assert.Empty(seen.Inventory.Cloud.Testimonies);
    }

    [Fact]
    public async Task Previous_values_are_not_taken_from_a_file()
    {
        var seen = await LookAsync("kubernetes get configmaps", "evidence.yaml", 1);

        Assert.Single(seen.Findings, finding => finding is { Code: "PS2001", Object: "Record" });
    }

    [Fact]
    public async Task A_file_about_another_VPC_fills_nothing()
    {
        var seen = await LookAsync("ec2 DescribeVpcPeeringConnections", "evidence.yaml", 1, "vpc-0aa11111111111111");

        Assert.Single(seen.Findings, finding => finding is { Code: "PS2001", Object: "Peerings" });
    }

    private static async Task<PlannedState> LookAsync(string denied, string? file, int hoursOld, string? otherVpc = null)
    {
        var text = DemoCommand.Example("world.yaml");
        using var bench = new Bench(Guide.World());
        using var wire = new Denying(
            new TwinHandler(new AwsEndpoint(bench.World), new KubernetesEndpoint(bench.World)),
            asked => asked.ToString() == denied
        );
        await using var connections = Connections.ToTwin(bench.World, Guide.Spec, "test", wire);
        var theirs = Bench.Load(otherVpc is null ? text : text.Replace(Guide.Spec.Vpc, otherVpc, StringComparison.Ordinal));
        await using var other = Connections.ToTwin(theirs, Guide.Spec, "evidence");
        var spec = otherVpc is null ? Guide.Spec : Guide.Spec with { Vpc = otherVpc };
        var inventory = await new Session(spec, other).ObserveAsync(default);
        inventory = inventory with { Cloud = inventory.Cloud with { ObservedAt = inventory.Cloud.ObservedAt.AddHours(-hoursOld) } };
        return await new Session(Guide.Spec, connections) { Evidence = file is null ? null : new Evidence(file, inventory) }.PlanAsync(
            default
        );
    }
}
