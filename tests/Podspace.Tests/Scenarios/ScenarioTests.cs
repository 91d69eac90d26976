using Podspace.Cli;
using Podspace.Planning;
using Podspace.Reachability;
using Podspace.Rendering;
using Podspace.Rendering.Manifests;
using Podspace.Rendering.Maps;
using Podspace.Rendering.Terraform;
using Podspace.Tests.Rendering;

namespace Podspace.Tests.Scenarios;

/// <summary>One folder, one story; its name is a sentence. <c>before.yaml</c>, if there is one, was applied and
/// rolled out in the guide's VPC; then comes <c>overlay.yaml</c>.</summary>
public sealed class ScenarioTests
{
    public static TheoryData<string> Stories => [.. Story.All()];

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task A_story_is_told_as_it_was_agreed(string story)
    {
        var (opened, spec) = await Story.OpenAsync(story);
        using var bench = opened;
        var state = await bench.LookAsync(spec);
        Golden.Matches(
            state.Plan is { } plan
                ? PlanText.Render(plan, showsAccount: false)
                : string.Concat(state.Findings.Select(finding => $"{finding}\n")),
            $"Scenarios/{story}/1-plan.golden"
        );
        if (state.HasErrors)
        {
            return;
        }
        var planned = PlanFlows.After(spec, state.Desired!, state.Inventory);
        var flows =
            $"today\n{FlowsText.Render(EssentialFlows.Ask(state.Inventory))}\nplanned\n{FlowsText.Render(EssentialFlows.Ask(planned))}";
        Assert.Equal(FlowsText.Render(EssentialFlows.Ask(await bench.PlannedAsync(spec))), FlowsText.Render(EssentialFlows.Ask(planned)));
        Assert.Equal(
            FlowsText.Render(EssentialFlows.Ask(await bench.PlannedAsync(spec, isSeen: true))),
            FlowsText.Render(EssentialFlows.Ask(planned))
        );
        Rendered(story, Blueprint.From(spec, state.Desired!, state.Inventory));
        Golden.Matches(RunbookTests.Typed(spec, state.Desired!, state.Inventory, state.Plan!), $"Scenarios/{story}/runbook.sh");
        Assert.True(await bench.ApplyAsync(spec, null) == ExitCode.Fine && await bench.RollAsync(spec) == ExitCode.Fine, bench.Said);
        var after = await bench.LookAsync(spec);
        Golden.Matches(PlanText.Render(after.Plan!, showsAccount: false), $"Scenarios/{story}/2-plan-after-the-roll.golden");
        Golden.Matches(
            $"{flows}\nafter the roll\n{FlowsText.Render(EssentialFlows.Ask(after.Inventory))}",
            $"Scenarios/{story}/5-flows.golden"
        );
        Assert.True(await bench.ApplyAsync(spec) == ExitCode.Fine && await bench.VerifyAsync(spec) == ExitCode.Fine, bench.Said);
    }

    private static void Rendered(string story, Blueprint blueprint)
    {
        Golden.Matches(TerraformText.Render(blueprint, isJson: false), $"Scenarios/{story}/network.tf");
        Golden.Matches(TerraformText.Render(blueprint, isJson: true), $"Scenarios/{story}/network.tf.json");
        // What the other styles have of their own; that they make the same network is proven elsewhere.
        Golden.Matches(Of(new(TerraformStyle.EksModule), "module-inputs"), $"Scenarios/{story}/module-inputs.tf");
        Golden.Matches(Of(new(TerraformStyle.Module), "examples/"), $"Scenarios/{story}/module-call.tf");
        Golden.Matches(
            $"{AddressMapText.Render(AddressMap.From(blueprint.Inventory, blueprint.Spec.Name, blueprint.Desired))}\n"
                + $"{NetworkMapText.Render(NetworkMap.From(blueprint.Spec, blueprint.Inventory, blueprint.Desired))}",
            $"Scenarios/{story}/maps.txt"
        );
        if (ManifestText.Render(blueprint) is { Length: > 0 } manifests)
        {
            Golden.Matches(manifests, $"Scenarios/{story}/manifests.yaml");
        }
        if (blueprint.Addon is { } addon)
        {
            Golden.Matches(AddonText.Render(blueprint, addon), $"Scenarios/{story}/addon.json");
        }

        string Of(TerraformForm form, string file) =>
            Assert.Single(TerraformText.Files(blueprint, form), one => one.Name.StartsWith(file, StringComparison.Ordinal)).Text;
    }
}
