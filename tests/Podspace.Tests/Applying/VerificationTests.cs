using Podspace.Cli;
using Podspace.Planning;
using Podspace.Steps;

namespace Podspace.Tests.Applying;

/// <summary>verify is no stronger than the plan: whatever a plan would still change is a row that is not right.</summary>
public sealed class VerificationTests
{
    [Fact]
    public async Task Subnets_that_still_have_another_network_ACL_than_the_spec_names_are_not_as_designed()
    {
        const string acl = "acl-0b1b2b3b4b5b6b7b8";
        using var bench = new Bench(Guide.World());
        Assert.True(await bench.ApplyAsync(Guide.Spec, Stage.Switch) == ExitCode.Fine, bench.Said);
        bench.World.State.Aws.NetworkAcls.Add(
            new()
            {
                NetworkAclId = acl,
                VpcId = Guide.Spec.Vpc,
                Entries = [new() { RuleNumber = 100 }, new() { RuleNumber = 100, Egress = true }],
            }
        );
        var spec = Guide.Spec with { Subnets = new(NetworkAcl: acl) };

        var state = await bench.LookAsync(spec);
        var parts = Verification.Of(spec, state.Desired!, state.Inventory, state.Plan!);

        Assert.All(state.Plan!.Steps, step => Assert.IsType<Change.AssociateAcl>(step.Change));
        var part = Assert.Single(parts, part => part.What == "network ACL");
        Assert.False(part.IsRight);
        Assert.Contains(acl, part.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_step_that_a_plan_still_has_is_passed_over()
    {
        using var bench = new Bench(Guide.World());
        Assert.True(await bench.ApplyAsync(Guide.Spec, Stage.Network) == ExitCode.Fine, bench.Said);
        var state = await bench.LookAsync(Guide.Spec);
        var leaving = Planner.Destroy(Guide.Spec, state.Inventory);

        foreach (var step in state.Plan!.Steps.Concat(leaving.Steps))
        {
            var parts = Verification.Of(Guide.Spec, state.Desired!, state.Inventory, state.Plan with { Steps = [step] });

            Assert.Single(parts, part => part.Detail.Contains(step.Change.Phrase, StringComparison.Ordinal));
        }
    }
}
