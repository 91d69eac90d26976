using System.Text.Json.Nodes;
using Podspace.Cli;
using Podspace.Planning;
using Podspace.Spec;

namespace Podspace.Tests.Applying;

/// <summary>Somebody changed what Podspace made; the plan says so, and apply mends it.</summary>
public sealed class DriftTests
{
    private const string Ours = "was ours, somebody changed it";

    private static readonly OverlaySpec Dedicated = Guide.Parsed(DemoCommand.Example("overlay.yaml") + "  security: {pods: dedicated}\n");

    public static TheoryData<string> Changes => ["rule", "a rule's tags", "association", "reservation", "env"];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task What_somebody_took_away_is_called_so_and_mended(string what)
    {
        using var bench = new Bench(Guide.World());
        Assert.True(await bench.ApplyAsync(Dedicated, Stage.Switch) == ExitCode.Fine, bench.Said);
        TakeAway(bench, what);

        var plan = (await bench.LookAsync(Dedicated)).Plan!;

        Assert.NotEmpty(plan.Steps.Select(step => step.Id));
        Assert.All(plan.Steps, step => Assert.Contains(Ours, step.Why, StringComparison.Ordinal));
        Assert.True(await bench.ApplyAsync(Dedicated, Stage.Switch) == ExitCode.Fine, bench.Said);
        Assert.Empty((await bench.LookAsync(Dedicated)).Plan!.Steps.Select(step => step.Id));
    }

    [Fact]
    public async Task A_network_that_is_being_made_is_nobodys_change()
    {
        using var bench = new Bench(Guide.World());
        foreach (var stage in (Stage[])[Stage.Network, Stage.Admit, Stage.Switch])
        {
            Assert.DoesNotContain((await bench.LookAsync(Dedicated)).Plan!.Steps, step => step.Why.Contains(Ours, StringComparison.Ordinal));
            await bench.ApplyAsync(Dedicated, stage);
        }
    }

    [Fact]
    public async Task A_subnet_that_lost_its_tags_is_used_until_it_is_taken_over()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, Stage.Switch);
        var subnet = Untagged(bench);

        var finding = Assert.Single((await bench.LookAsync(Guide.Spec)).Plan!.Findings, finding => finding.Code == "PS2318");
        Assert.Contains($"podspace apply --take-over {subnet}", finding.Fix, StringComparison.Ordinal);
        Assert.True(await bench.TakeOverAsync(Guide.Spec, subnet) == ExitCode.Fine, bench.Said);

        var after = (await bench.LookAsync(Guide.Spec)).Plan!;
        Assert.DoesNotContain(after.Findings, one => one.Code == "PS2318");
        Assert.DoesNotContain($"subnet {subnet}", after.Uses);
        Assert.True(await bench.ApplyAsync(Guide.Spec, Stage.Switch) == ExitCode.Fine, bench.Said);
        Assert.True(await bench.TakeOverAsync(Guide.Spec, subnet) == ExitCode.Fine, bench.Said);
        Assert.Contains($"{subnet} is ours already.", bench.Said, StringComparison.Ordinal);
        Assert.True(await bench.DestroyAsync(Guide.Spec) == ExitCode.Fine, bench.Said);
        Assert.DoesNotContain(bench.World.State.Aws.Subnets, one => one.SubnetId == subnet);
    }

    [Fact]
    public async Task A_block_whose_tag_is_gone_can_be_taken_over_too()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, Stage.Network);
        bench.World.State.Aws.Vpcs[0].Tags.RemoveAll(tag => tag.Key.StartsWith("podspace.io/block.", StringComparison.Ordinal));

        Assert.True(await bench.TakeOverAsync(Guide.Spec, "100.64.0.0/16") == ExitCode.Fine, bench.Said);

        Assert.DoesNotContain("block 100.64.0.0/16", (await bench.LookAsync(Guide.Spec)).Plan!.Uses);
    }

    [Theory]
    [InlineData("sg-08573594d51163fc9", "is a security group, and those are not taken over")]
    [InlineData("subnet-0c1c2f0f8f6f1e5b1", "nothing that can be taken over and that this network uses is called subnet-0c1c2f0f8f6f1e5b1")]
    public async Task What_does_not_fit_is_not_taken_over(string name, string why)
    {
        using var bench = new Bench(Guide.World());
        var before = bench.World.State.History.Count;

        var mistake = await Assert.ThrowsAsync<Mistake>(() => bench.TakeOverAsync(Guide.Spec, name));

        Assert.Contains(why, mistake.Message, StringComparison.Ordinal);
        Assert.Equal(before, bench.World.State.History.Count);
    }

    [Fact]
    public async Task A_subnet_of_another_overlay_is_not_taken_over()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, Stage.Switch);
        var subnet = Untagged(bench);
        bench.World.State.Aws.Subnets.Find(one => one.SubnetId == subnet)!.Tags.Add(new() { Key = "podspace.io/overlay", Value = "theirs" });

        var mistake = await Assert.ThrowsAsync<Mistake>(() => bench.TakeOverAsync(Guide.Spec, subnet));

        Assert.Contains("nothing that can be taken over", mistake.Message, StringComparison.Ordinal);
    }

    private static string Untagged(Bench bench)
    {
        var subnet = bench.World.State.Aws.Subnets.Find(one => one.CidrBlock.StartsWith("100.64.0.0", StringComparison.Ordinal))!;
        subnet.Tags.RemoveAll(tag => tag.Key.StartsWith("podspace.io/", StringComparison.Ordinal));
        return subnet.SubnetId;
    }

    private static void TakeAway(Bench bench, string what) => bench.World.Do(() =>
    {
        var aws = bench.World.State.Aws;
        switch (what)
        {
            case "rule":
                aws.SecurityGroupRules.Remove(aws.SecurityGroupRules.First(rule => rule.Tags.Exists(IsOverlay)));
                break;
            case "a rule's tags":
                aws.SecurityGroupRules.First(rule => rule.IsEgress && rule.Tags.Exists(IsOverlay)).Tags.Clear();
                break;
            case "association":
                aws.RouteTables.First(table => table.Tags.Exists(IsOverlay)).Associations.RemoveAt(0);
                break;
            case "reservation":
                aws.SubnetCidrReservations.RemoveAt(0);
                break;
            default:
                var addon = aws.Addons.Find(addon => addon.AddonName == "vpc-cni")!;
                var values = JsonNode.Parse(addon.ConfigurationValues!)!;
                values["env"]!["ENI_CONFIG_LABEL_DEF"] = "example.com/zone";
                addon.ConfigurationValues = values.ToJsonString();
                break;
        }
        return true;
    });

    private static bool IsOverlay(Podspace.Simulation.State.Tag tag) => tag.Key == "podspace.io/overlay";
}
