using System.Text.Json.Nodes;
using Podspace.Cli;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Tests.Applying;

/// <summary>Somebody changed what Podspace made; the plan says so, and apply mends it.</summary>
[Trait("speed", "slow")]
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

    [Theory]
    [InlineData(null, "is not there (any more), and the spec asks for it")]
    [InlineData("tgw-0ffffffffffffffff", "leads to tgw-0ffffffffffffffff, and the spec asks for tgw-04104cab3948eba42")]
    public async Task A_route_that_somebody_changed_is_named_and_put_back(string? elsewhere, string said)
    {
        var spec = Guide.Spec with
        {
            Routing = new(Routes: [new(Podspace.Addressing.Cidr.Parse("10.0.0.0/8"), "tgw-04104cab3948eba42", null)]),
        };
        using var bench = new Bench(Guide.World());
        Assert.True(await bench.ApplyAsync(spec, Stage.Switch) == ExitCode.Fine, bench.Said);
        var table = bench.World.State.Aws.RouteTables.First(table => table.Tags.Exists(IsOverlay));
        var route = table.Routes.Single(route => route.TransitGatewayId is not null);
        bench.World.Do(() => elsewhere is null ? table.Routes.Remove(route) : (route.TransitGatewayId = elsewhere) is not null);

        var step = Assert.Single(
            (await bench.LookAsync(spec)).Plan!.Steps,
            step => step.Id == "create/route/pods 10.0.0.0/8 → tgw-04104cab3948eba42"
        );

        Assert.Equal(said, step.Why);
        Assert.True(await bench.ApplyAsync(spec, Stage.Switch) == ExitCode.Fine, bench.Said);
        Assert.Empty((await bench.LookAsync(spec)).Plan!.Steps.Select(step => step.Id));
        Assert.Equal(
            "tgw-04104cab3948eba42",
            bench
                .World.State.Aws.RouteTables.First(table => table.Tags.Exists(IsOverlay))
                .Routes.Single(route => route.DestinationCidrBlock == "10.0.0.0/8")
                .TransitGatewayId
        );
    }

    [Fact]
    public async Task A_setting_of_an_aws_node_that_no_add_on_manages_is_named_and_put_back()
    {
        var estate = Worlds.All().Single(estate => estate.Name == "self-managed");
        using var bench = estate.Open();
        Assert.True(await bench.ApplyAsync(estate.Spec, Stage.Switch) == ExitCode.Fine, bench.Said);
        SetEnv(bench, "ENI_CONFIG_LABEL_DEF", "example.com/zone");

        var step = Assert.Single((await bench.LookAsync(estate.Spec)).Plan!.Steps);

        Assert.EndsWith($"; ENI_CONFIG_LABEL_DEF {Ours}", step.Why, StringComparison.Ordinal);
        Assert.True(await bench.ApplyAsync(estate.Spec, Stage.Switch) == ExitCode.Fine, bench.Said);
        Assert.Empty((await bench.LookAsync(estate.Spec)).Plan!.Steps.Select(step => step.Id));
    }

    [Fact]
    public async Task A_route_table_that_lost_its_tags_is_told_of_and_ours_again_once_they_are_back()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, Stage.Switch);
        var table = bench.World.State.Aws.RouteTables.First(table => table.Tags.Exists(IsOverlay));
        bench.World.Do(() => table.Tags.RemoveAll(tag => tag.Key.StartsWith("podspace.io/", StringComparison.Ordinal)));

        var plan = (await bench.LookAsync(Guide.Spec)).Plan!;

        Assert.Contains(plan.Steps, step => step.Id == "create/route-table/pods" && step.Why.StartsWith(Ours, StringComparison.Ordinal));
        PutBack(bench, table.RouteTableId, Assert.Single(plan.Findings, finding => finding.Code == "PS2318").Fix);
        Assert.Empty((await bench.LookAsync(Guide.Spec)).Plan!.Steps.Select(step => step.Id));
    }

    [Fact]
    public async Task A_group_that_lost_its_tags_is_told_of_and_ours_again_once_they_are_back()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Dedicated, Stage.Switch);
        var group = bench.World.State.Aws.SecurityGroups.First(group => group.Tags.Exists(IsOverlay));
        bench.World.Do(() => group.Tags.RemoveAll(tag => tag.Key.StartsWith("podspace.io/", StringComparison.Ordinal)));

        var error = Assert.Single((await bench.LookAsync(Dedicated)).Findings, finding => finding.Code == "PS1402");
        var plan = (await bench.LookAsync(Guide.Spec)).Plan!;
        var used = Assert.Single(plan.Findings, finding => finding.Code == "PS2318");

        // Pods live by its rules.
        Assert.Empty(plan.Steps.Select(step => step.Id));
        Assert.Contains("it was ours, somebody changed it", error.Problem, StringComparison.Ordinal);
        Assert.Contains(Ours, used.Problem, StringComparison.Ordinal);
        PutBack(bench, group.GroupId, used.Fix);
        Assert.Empty((await bench.LookAsync(Dedicated)).Plan!.Steps.Select(step => step.Id));
        Assert.DoesNotContain((await bench.LookAsync(Dedicated)).Findings, finding => finding.Code is "PS1402" or "PS2318");
    }

    [Fact]
    public async Task A_network_that_is_being_made_is_nobodys_change()
    {
        using var bench = new Bench(Guide.World());
        foreach (var stage in (Stage[])[Stage.Network, Stage.Admit, Stage.Switch])
        {
            Assert.DoesNotContain(
                (await bench.LookAsync(Dedicated)).Plan!.Steps,
                step => step.Why.Contains(Ours, StringComparison.Ordinal)
            );
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

        var mistake = await Assert.ThrowsAsync<UsageException>(() => bench.TakeOverAsync(Guide.Spec, name));

        Assert.Contains(why, mistake.Message, StringComparison.Ordinal);
        Assert.Equal(before, bench.World.State.History.Count);
    }

    [Fact]
    public async Task A_subnet_of_another_overlay_is_not_taken_over()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, Stage.Switch);
        var subnet = Untagged(bench);
        bench
            .World.State.Aws.Subnets.Find(one => one.SubnetId == subnet)!
            .Tags.Add(new() { Key = "podspace.io/overlay", Value = "theirs" });

        var mistake = await Assert.ThrowsAsync<UsageException>(() => bench.TakeOverAsync(Guide.Spec, subnet));

        Assert.Contains("nothing that can be taken over", mistake.Message, StringComparison.Ordinal);
    }

    /// <summary>As the command says that a message ends with.</summary>
    private static void PutBack(Bench bench, string id, string fix)
    {
        var words = fix.Split('\n')
            .Single(line => line.StartsWith($"  aws ec2 create-tags --resources {id} --tags ", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var tags = words
            .Where(word => word.StartsWith("Key=", StringComparison.Ordinal))
            .Select(word => word["Key=".Length..].Split(",Value="))
            .Select(pair => new Podspace.Simulation.State.Tag { Key = pair[0], Value = pair[1] })
            .ToList();
        Assert.NotEmpty(tags);
        bench.World.Do(() =>
        {
            bench.World.Ec2.CreateTags([id], tags);
            return true;
        });
    }

    private static void SetEnv(Bench bench, string name, string value) =>
        bench.World.Do(() =>
        {
            var daemonSet = bench.World.Objects.Find("apps/v1", "daemonsets", "kube-system", "aws-node")!.DeepClone().AsObject();
            daemonSet["spec"]!["template"]!["spec"]!["containers"]!.AsArray().Single(one => one!["name"]!.ToString() == "aws-node")!["env"]!
                .AsArray()
                .Single(one => one!["name"]!.ToString() == name)!["value"] = value;
            return bench.World.Objects.Update("apps/v1", "daemonsets", daemonSet, "kubectl-set");
        });

    private static string Untagged(Bench bench)
    {
        var subnet = bench.World.State.Aws.Subnets.Find(one => one.CidrBlock.StartsWith("100.64.0.0", StringComparison.Ordinal))!;
        subnet.Tags.RemoveAll(tag => tag.Key.StartsWith("podspace.io/", StringComparison.Ordinal));
        return subnet.SubnetId;
    }

    private static void TakeAway(Bench bench, string what) =>
        bench.World.Do(() =>
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
