using Podspace.Cli;
using Podspace.Naming;
using Podspace.Simulation;
using Podspace.Spec;
using Podspace.Steps;
using Podspace.Tests.Cli;

namespace Podspace.Tests.Applying;

/// <summary>What was found and used stays whose it is: no ENIConfig, refused update or
/// missing tag makes it ours, no remedy deletes it.</summary>
[Trait("speed", "slow")]
public sealed class FoundThingsTests
{
    private const string Ours = "was ours, somebody changed it";
    private const string UnknownKey = "\"enablePrefixDelegation\": \"true\", ";
    private const string Found = "subnet-00df74c8116af5f33";

    private static readonly OverlaySpec Spec = Overlay("vpc-07a0a559868649a2e");

    /// <summary>Terraform made block, pod subnets and their table; nothing of it has a tag of Podspace.</summary>
    private static World Terraforms() => Bench.Load(WorldText("terraform-subnets"));

    [Fact]
    public async Task There_and_back_over_subnets_that_were_found_leaves_them_with_their_table_and_tags()
    {
        using var bench = new Bench(Terraforms());
        var before = NetworkOf(bench);
        foreach (var stage in (Stage[])[Stage.Admit, Stage.Switch, Stage.Switch])
        {
            Assert.True(await bench.ApplyAsync(Spec, stage) == ExitCode.Fine, bench.Said);
            var plan = (await bench.LookAsync(Spec)).Plan!;
            Assert.DoesNotContain(plan.Findings, finding => finding.Code == "PS2318");
            Assert.All(plan.Steps, step => Assert.DoesNotContain(Ours, step.Why, StringComparison.Ordinal));
        }
        Assert.Equal(before, NetworkOf(bench));

        Assert.True(await bench.DestroyAsync(Spec) == ExitCode.Fine, bench.Said);

        Assert.Equal(before, NetworkOf(bench));
        Assert.DoesNotContain("take-over", bench.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_that_the_first_subnet_of_our_own_needs_was_never_lost()
    {
        using var bench = new Bench(Terraforms());
        bench.World.Do(() => bench.World.State.Aws.Subnets.RemoveAll(subnet => subnet.SubnetId == Found));
        await bench.ApplyAsync(Spec with { Zones = ["eu-west-1a"] }, Stage.Switch);

        var plan = (await bench.LookAsync(Spec with { Zones = ["eu-west-1a", "eu-west-1b"] })).Plan!;

        Assert.Contains(plan.Steps, step => step.Change is Change.CreateRouteTable);
        Assert.All(plan.Steps, step => Assert.DoesNotContain(Ours, step.Why, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("aws:cloudformation:stack-name", "vpc")]
    [InlineData("ManagedBy", "Terraform")]
    [InlineData("managed-by", "opentofu 1.9")]
    [InlineData("Terraform", "true")]
    [InlineData("alpha.eksctl.io/cluster-name", "prod")]
    public async Task What_carries_another_keepers_tag_is_not_taken_over(string key, string value)
    {
        using var bench = new Bench(Terraforms());
        bench.World.State.Aws.Subnets.Single(subnet => subnet.SubnetId == Found).Tags.Add(new() { Key = key, Value = value });
        var before = NetworkOf(bench);

        var mistake = await Assert.ThrowsAsync<UsageException>(() => bench.TakeOverAsync(Spec, Found));

        Assert.Contains($"{Found} carries tag {key}={value}", mistake.Message, StringComparison.Ordinal);
        Assert.Contains("destroy would delete it", mistake.Message, StringComparison.Ordinal);
        Assert.Equal(before, NetworkOf(bench));
    }

    [Fact]
    public async Task What_Terraforms_state_names_is_not_taken_over()
    {
        using var run = Folder();
        run.Write(
            "state.json",
            """
            {"format_version": "1.0", "values": {"root_module": {"resources": [
              {"mode": "managed", "type": "aws_subnet", "address": "module.vpc.aws_subnet.pods[1]", "values": {"id": "FOUND"}}]}}}
            """.Replace("FOUND", Found, StringComparison.Ordinal)
        );

        var (exit, _, error) = await run.RunAsync(
            $"apply -y --take-over {Found} --terraform-state @state.json --twin @world.yaml -f @overlay.yaml"
        );

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains($"{Found} is kept by Terraform as module.vpc.aws_subnet.pods[1]", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_takes_over_what_was_found_is_told_that_destroy_will_delete_it()
    {
        using var bench = new Bench(Terraforms());

        Assert.True(await bench.TakeOverAsync(Spec, Found) == ExitCode.Fine, bench.Said);

        Assert.Contains($"Nothing that is kept here says that Podspace ever made {Found}.", bench.Said, StringComparison.Ordinal);
        Assert.Contains("destroy will delete theirs", bench.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subnet_of_ours_that_Terraform_keeps_by_now_is_not_offered_back()
    {
        using var bench = new Bench(Guide.World());
        await bench.ApplyAsync(Guide.Spec, Stage.Switch);
        var subnet = bench.World.State.Aws.Subnets.First(one => one.CidrBlock.StartsWith("100.64.", StringComparison.Ordinal));
        subnet.Tags.RemoveAll(tag => tag.Key.StartsWith(Tags.Prefix, StringComparison.Ordinal));

        Assert.Contains((await bench.LookAsync(Guide.Spec)).Plan!.Findings, finding => finding.Code == "PS2318");
        subnet.Tags.Add(new() { Key = "ManagedBy", Value = "terraform" });

        Assert.DoesNotContain((await bench.LookAsync(Guide.Spec)).Plan!.Findings, finding => finding.Code == "PS2318");
    }

    [Fact]
    public async Task Init_pins_the_subnets_that_it_found()
    {
        using var run = Folder();

        var (exit, _, error) = await run.RunAsync("init --twin @world.yaml -o @new.yaml");

        Assert.True(exit == ExitCode.Fine, error);
        Assert.Equal(
            [new("eu-west-1a", "subnet-098bad09ea5077656"), new("eu-west-1b", Found)],
            Guide.Parsed(run.Read("new.yaml")).Subnets.Existing.Select(one => KeyValuePair.Create(one.Zone, one.Id))
        );
    }

    [Fact]
    public async Task After_a_refused_update_nothing_was_ours()
    {
        using var bench = new Bench(SwitchedOn(isKeyKnown: false));
        var spec = Overlay("vpc-04bada581912629f5");
        Assert.Equal(ExitCode.Error, await bench.ApplyAsync(spec, Stage.Switch));
        Assert.Contains("Json schema validation failed", bench.Said, StringComparison.Ordinal);

        var plan = (await bench.LookAsync(spec)).Plan!;

        Assert.DoesNotContain(plan.Findings, finding => finding.Code == "PS2318");
        Assert.DoesNotContain(Ours, Assert.Single(plan.Steps).Why, StringComparison.Ordinal);

        // Once it has come through, what somebody changes is called so again.
        var addon = bench.World.State.Aws.Addons.Single(addon => addon.AddonName == "vpc-cni");
        addon.ConfigurationValues = addon.ConfigurationValues!.Replace(UnknownKey, "", StringComparison.Ordinal);
        Assert.True(await bench.ApplyAsync(spec, Stage.Switch) == ExitCode.Fine, bench.Said);
        addon.ConfigurationValues = addon.ConfigurationValues.Replace(
            "topology.kubernetes.io/zone",
            "example.com/zone",
            StringComparison.Ordinal
        );
        plan = (await bench.LookAsync(spec)).Plan!;
        Assert.Contains($"ENI_CONFIG_LABEL_DEF {Ours}", Assert.Single(plan.Steps).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_that_makes_ENIConfigs_and_throws_the_switch_names_each_with_subnet_and_groups()
    {
        using var bench = new Bench(SwitchedOn(isKeyKnown: true));

        var step = Assert.Single((await bench.LookAsync(Overlay("vpc-04bada581912629f5"))).Plan!.Steps);

        var said = step.Change.Phrase;
        Assert.Contains("ENI_CONFIG_LABEL_DEF=topology.kubernetes.io/zone", said, StringComparison.Ordinal);
        Assert.Contains("eniConfig eu-west-1a: subnet-04a7069f7e96dff42 with sg-0d81b44f7f9281f85", said, StringComparison.Ordinal);
        Assert.Contains("eniConfig eu-west-1b: subnet-01681abc50f95489b with sg-0d81b44f7f9281f85", said, StringComparison.Ordinal);
    }

    private static OverlaySpec Overlay(string vpc) =>
        new()
        {
            Name = "pods",
            Region = "eu-west-1",
            Vpc = vpc,
            Cluster = "prod",
        };

    /// <summary>Custom networking is on, and there is no ENIConfig.</summary>
    /// <param name="isKeyKnown">False: the add-on's values hold a key that its schema does not know.</param>
    private static World SwitchedOn(bool isKeyKnown)
    {
        const string known = "{\"enableNetworkPolicy\": \"true\", ";
        var text = WorldText("switched-on-without-eniconfigs");
        return Bench.Load(isKeyKnown ? text : text.Replace(known, known + UnknownKey, StringComparison.Ordinal));
    }

    private static string WorldText(string name) =>
        File.ReadAllText(Path.Combine(Golden.Checkout(), "tests", "Podspace.Tests", "Worlds", $"{name}.yaml"));

    private static CommandRun Folder()
    {
        var run = new CommandRun();
        run.Write("world.yaml", WorldText("terraform-subnets"));
        run.Write(
            "overlay.yaml",
            """
            apiVersion: podspace.io/v1alpha1
            kind: OverlayNetwork
            metadata:
              name: pods
            spec:
              region: eu-west-1
              vpc: vpc-07a0a559868649a2e
              cluster: prod
            """
        );
        return run;
    }

    /// <summary>Blocks, subnets, tables and groups with all that is in them.</summary>
    private static string NetworkOf(Bench bench)
    {
        var aws = bench.World.State.Aws;
        return System.Text.Json.JsonSerializer.Serialize(
            new
            {
                aws.Vpcs,
                aws.Subnets,
                aws.RouteTables,
                aws.SecurityGroups,
                aws.SecurityGroupRules,
            }
        );
    }
}
