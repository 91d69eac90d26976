using System.Text.Json.Nodes;
using Podspace.Applying;
using Podspace.Cli;
using Podspace.Formats.Yaml;
using Podspace.Rendering;
using Podspace.Rendering.Terraform;
using Podspace.Simulation.Kubernetes;
using Podspace.Simulation.WorldFile;
using Podspace.Spec;
using Podspace.Steps;
using Podspace.Steps.Calls;
using Podspace.Tests.Applying;

namespace Podspace.Tests.Rendering;

/// <summary>What is given to others is never written here; it is shown in their language, and once they have done it all is well.</summary>
[Trait("speed", "slow")]
public sealed class OwnerTests
{
    private static readonly OverlaySpec Dedicated = Guide.Spec with { Security = new(PodGroups.Dedicated) };

    [Fact]
    public async Task With_every_part_given_to_Terraform_nothing_is_written_here_and_its_apply_is_enough()
    {
        var spec = Dedicated with { Owners = new(Owner.Terraform, Owner.Terraform, Owner.Terraform, Owner.Terraform) };
        using var bench = new Bench(Guide.World());
        var before = WorldWriter.Write(bench.World.State);

        Assert.Equal(ExitCode.Fine, await bench.ApplyAsync(spec));
        Assert.Equal(ExitCode.Something, await bench.VerifyAsync(spec));
        Assert.Equal(ExitCode.Fine, await bench.DestroyAsync(spec));
        await Assert.ThrowsAsync<UsageException>(() => bench.RollAsync(spec));

        Assert.Contains("left to terraform", bench.Said, StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Aws.Calls, call => call.IsWrite);
        Assert.Equal(before, WorldWriter.Write(bench.World.State));

        await new TerraformRun(bench, spec.Region).ApplyAsync(await TerraformAsync(bench, spec));
        Assert.Empty((await bench.LookAsync(spec)).Plan!.Steps.Select(step => step.Id));
        Assert.Equal(ExitCode.Something, await bench.VerifyAsync(spec));
        await bench.RollAsync(spec with { Owners = spec.Owners with { Nodes = Owner.Podspace } });

        bench.Aws.ForgetCalls();
        Assert.True(await bench.ApplyAsync(spec) == ExitCode.Fine && await bench.VerifyAsync(spec) == ExitCode.Fine, bench.Said);
        Assert.DoesNotContain(bench.Aws.Calls, call => call.IsWrite);
    }

    [Fact]
    public async Task Terraform_makes_the_same_world_as_apply()
    {
        using var applied = new Bench(Guide.World());
        Assert.True(await applied.ApplyAsync(Dedicated, Stage.Switch) == ExitCode.Fine, applied.Said);
        using var rendered = new Bench(Guide.World());
        await new TerraformRun(rendered, Dedicated.Region).ApplyAsync(await TerraformAsync(rendered, Dedicated));

        var different = WorldComparison.Differences(applied.World.State, rendered.World.State);

        // The record is ours alone, and so is the block's tag; the provider gives reservations no tags.
        Assert.All(
            different,
            line =>
                Assert.True(
                    line.Contains("ConfigMap", StringComparison.Ordinal)
                        || line.Contains(" Vpcs ", StringComparison.Ordinal)
                        || line.Contains("SubnetCidrReservations", StringComparison.Ordinal)
                        || line.Contains("SecurityGroupRules", StringComparison.Ordinal),
                    line
                )
        );
        Assert.Equal(Rules(applied), Rules(rendered));
    }

    [Fact]
    public async Task Steps_of_ours_wait_for_the_network_that_is_given_to_Terraform()
    {
        var spec = Dedicated with { Owners = new(Network: Owner.Terraform) };
        using var bench = new Bench(Guide.World());

        Assert.Equal(ExitCode.Something, await bench.ApplyAsync(spec, null));
        Assert.DoesNotContain(bench.Aws.Calls, call => call.IsWrite);
        var text = await TerraformAsync(bench, spec);
        await new TerraformRun(bench, spec.Region).ApplyAsync(
            text,
            [
                .. AwsProvider.Arguments.Keys.Except([
                    "aws_eks_addon",
                    "aws_vpc_security_group_ingress_rule",
                    "aws_vpc_security_group_egress_rule",
                ]),
            ]
        );
        var patch = (await PatchesAsync(bench, spec)).Single(patch => patch.Language == "hcl");
        Assert.DoesNotContain("resource \"aws_subnet\"", patch.Text, StringComparison.Ordinal);
        Assert.Contains(
            "resource \"aws_vpc_security_group_egress_rule\" \"pods_egress_all_to_0_0_0_0_0\"",
            patch.Text,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("sg-08573594d51163fc9_ingress", patch.Text, StringComparison.Ordinal);
        using var alone = new Bench(Guide.World());
        await new TerraformRun(alone, spec.Region).ApplyAsync(
            await TerraformAsync(alone, spec),
            [.. AwsProvider.Arguments.Keys.Except(["aws_eks_addon"])]
        );

        Assert.True(await alone.ApplyAsync(spec, null) == ExitCode.Fine, alone.Said);
        Assert.True(await alone.RollAsync(spec) == ExitCode.Fine && await alone.VerifyAsync(spec) == ExitCode.Fine, alone.Said);
        Assert.True(await alone.BackAsync(spec) == ExitCode.Fine, alone.Said);
        alone.Aws.ForgetCalls();
        await alone.DestroyAsync(spec);
        Assert.DoesNotContain(
            alone.Aws.Calls,
            call =>
                call.Operation.StartsWith("Delete", StringComparison.Ordinal)
                || call.Operation.StartsWith("Disassociate", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task What_Git_keeps_is_printed_as_manifests_and_values_and_the_switch_waits_for_it()
    {
        var spec = Guide.Spec with { Owners = new(Cni: Owner.Git), Cni = Guide.Spec.Cni with { EniConfigs = EniConfigWriter.Objects } };
        using var bench = new Bench(Guide.World());

        Assert.True(await bench.ApplyAsync(spec) == ExitCode.Fine, bench.Said);
        var patches = await PatchesAsync(bench, spec);
        Assert.Equal(["json", "yaml"], patches.Select(patch => patch.Language).Order());
        foreach (var document in patches.Single(patch => patch.Language == "yaml").Text.Split("---\n"))
        {
            bench.World.Do(() =>
                bench.World.Objects.Apply(
                    "crd.k8s.amazonaws.com/v1alpha1",
                    "eniconfigs",
                    YamlJson.Read(document)!.AsObject(),
                    "argocd-controller",
                    false
                )
            );
        }
        await SetValuesAsync(bench, spec, patches.Single(patch => patch.Language == "json").Text);

        Assert.Empty((await bench.LookAsync(spec)).Plan!.Steps.Select(step => step.Id));
        Assert.True(await bench.RollAsync(spec) == ExitCode.Fine && await bench.VerifyAsync(spec) == ExitCode.Fine, bench.Said);
        Assert.Contains("Should the first new node fail, the switch cannot be turned off from here.", bench.Said, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Error, await bench.BackAsync(spec with { Owners = spec.Owners with { Nodes = Owner.Git } }));
        Assert.Equal(ExitCode.Error, await bench.BackAsync(spec));
        Assert.DoesNotContain(bench.World.Objects.List("v1", "nodes"), node => node.Is("spec", "unschedulable"));
        Assert.Contains("set AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG to false there", bench.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("argocd", "left to git", "For git: manifests to apply")]
    [InlineData("kubectl", "whoever keeps it", "For whoever keeps it: manifests to apply")]
    public async Task An_ENIConfig_that_others_write_is_theirs_even_when_the_spec_says_otherwise(string writer, string whose, string title)
    {
        var spec = Guide.Spec with { Security = new(PodGroups.Dedicated) };
        using var bench = new Bench(Guide.World());
        bench.World.Do(() => bench.World.Objects.Create("crd.k8s.amazonaws.com/v1alpha1", "eniconfigs", EniConfig(writer), writer));
        var theirs = Live(bench);

        Assert.Equal(ExitCode.Something, await bench.ApplyAsync(spec));

        Assert.Equal(theirs, Live(bench));
        Assert.Contains(whose, bench.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("PS1506", bench.Said, StringComparison.Ordinal);
        Assert.Contains(bench.World.State.Aws.Subnets, subnet => subnet.CidrBlock == "100.64.0.0/18");
        Assert.DoesNotContain(bench.Aws.Calls, call => call.Service == "eks" && call.IsWrite);
        var patch = Assert.Single(await PatchesAsync(bench, spec), patch => patch.Language == "yaml");
        Assert.Equal(title, patch.Title);
        bench.World.Do(() =>
            bench.World.Objects.Apply("crd.k8s.amazonaws.com/v1alpha1", "eniconfigs", YamlJson.Read(patch.Text)!.AsObject(), writer, true)
        );
        Assert.True(await bench.ApplyAsync(spec) == ExitCode.Fine, bench.Said);
    }

    private static JsonObject EniConfig(string writer) =>
        new()
        {
            ["apiVersion"] = "crd.k8s.amazonaws.com/v1alpha1",
            ["kind"] = "ENIConfig",
            ["metadata"] = new JsonObject
            {
                ["name"] = "eu-west-1b",
                ["annotations"] =
                    writer == "argocd"
                        ? new JsonObject { ["argocd.argoproj.io/tracking-id"] = "net:crd.k8s.amazonaws.com/ENIConfig:eu-west-1b" }
                        : new JsonObject(),
            },
            ["spec"] = new JsonObject
            {
                ["subnet"] = "subnet-0c1c2f0f8f6f1e5b1",
                ["securityGroups"] = new JsonArray("sg-08573594d51163fc9"),
            },
        };

    private static string Live(Bench bench) =>
        bench.World.Objects.Find("crd.k8s.amazonaws.com/v1alpha1", "eniconfigs", "", "eu-west-1b")!["spec"]!.ToJsonString();

    private static async Task<string> TerraformAsync(Bench bench, OverlaySpec spec)
    {
        var state = await bench.LookAsync(spec);
        return TerraformText.Render(Blueprint.From(spec, state.Desired!, state.Inventory), isJson: true);
    }

    private static async Task<EquatableArray<Patch>> PatchesAsync(Bench bench, OverlaySpec spec)
    {
        await using var connections = Connections.ToTwin(bench.World, spec, "test");
        var session = new Session(spec, connections);
        var state = await session.PlanAsync(default);
        return session.PatchesOf(state, state.Plan!);
    }

    private static async Task SetValuesAsync(Bench bench, OverlaySpec spec, string values)
    {
        await using var connections = Connections.ToTwin(bench.World, spec, "git");
        var outcome = await connections.Cloud.CallAsync(
            new CloudCall.UpdateAddon(spec.Cluster!, "vpc-cni", values, Conflicts.Fail, "git-1"),
            default
        );
        Assert.True(outcome.Refusal is null, $"{outcome.Refusal}");
        Assert.Null(
            await new Waiter(connections.Time).UntilAsync(
                connections.Cloud,
                new CloudState.AddonUpdated(spec.Cluster!, "vpc-cni", outcome.Id!),
                default
            )
        );
    }

    /// <summary>Every rule as AWS would judge it, with groups by name: their ids follow from chance.</summary>
    private static string[] Rules(Bench bench)
    {
        var names = bench.World.State.Aws.SecurityGroups.ToDictionary(group => group.GroupId, group => group.GroupName);
        return
        [
            .. bench
                .World.State.Aws.SecurityGroupRules.Select(rule =>
                    $"{names[rule.GroupId]} {(rule.IsEgress ? "out" : "in")} {rule.IpProtocol} {rule.FromPort}-{rule.ToPort} "
                    + $"{rule.CidrIpv4}{(rule.ReferencedGroupInfo is { } peer ? names[peer.GroupId] : "")}"
                )
                .Order(StringComparer.Ordinal),
        ];
    }
}
