using Podspace.Cli;
using Podspace.Planning;
using Podspace.Reachability;
using Podspace.Rendering;
using Podspace.Tests.Applying;

namespace Podspace.Tests.Scenarios;

/// <summary>One folder, one story; its name is a sentence. <c>before.yaml</c>, if there is one, was applied and rolled out in the guide's VPC; then comes <c>overlay.yaml</c>.</summary>
public sealed class ScenarioTests
{
    public static TheoryData<string> Stories => [.. Directory.EnumerateDirectories(Path.Combine(Golden.Root(), "Scenarios")).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task A_story_is_told_as_it_was_agreed(string story)
    {
        using var bench = new Bench(WorldOf(story));
        if (Text(story, "world-patch.txt") is { } patch)
        {
            AddRoute(bench, patch.Trim().Split(" via "));
        }
        if (Text(story, "before.yaml") is { } before)
        {
            var was = Guide.Parsed(before);
            Assert.True(await bench.ApplyAsync(was, null) == ExitCode.Fine && await bench.RollAsync(was) == ExitCode.Fine, bench.Said);
        }
        var spec = Guide.Parsed(Text(story, "overlay.yaml")!);
        var situation = await bench.LookAsync(spec);
        Golden.Matches(
            situation.Plan is { } plan ? PlanText.Render(plan, showsAccount: false) : string.Concat(situation.Findings.Select(finding => $"{finding}\n")),
            $"Scenarios/{story}/1-plan.golden");
        if (situation.HasErrors)
        {
            return;
        }
        var planned = PlanFlows.After(spec, situation.Desired!, situation.Inventory);
        var flows = $"today\n{FlowsText.Render(FixedSet.Ask(situation.Inventory))}\nplanned\n{FlowsText.Render(FixedSet.Ask(planned))}";
        Assert.Equal(FlowsText.Render(FixedSet.Ask(await bench.PlannedAsync(spec))), FlowsText.Render(FixedSet.Ask(planned)));
        Assert.Equal(FlowsText.Render(FixedSet.Ask(await bench.PlannedAsync(spec, isSeen: true))), FlowsText.Render(FixedSet.Ask(planned)));
        Rendered(story, Blueprint.From(spec, situation.Desired!, situation.Inventory));
        Assert.True(await bench.ApplyAsync(spec, null) == ExitCode.Fine && await bench.RollAsync(spec) == ExitCode.Fine, bench.Said);
        var after = await bench.LookAsync(spec);
        Golden.Matches(PlanText.Render(after.Plan!, showsAccount: false), $"Scenarios/{story}/2-plan-after-the-roll.golden");
        Golden.Matches($"{flows}\nafter the roll\n{FlowsText.Render(FixedSet.Ask(after.Inventory))}", $"Scenarios/{story}/5-flows.golden");
        Assert.True(await bench.ApplyAsync(spec) == ExitCode.Fine && await bench.VerifyAsync(spec) == ExitCode.Fine, bench.Said);
    }

    private static void Rendered(string story, Blueprint blueprint)
    {
        Golden.Matches(TerraformText.Render(blueprint, isJson: false), $"Scenarios/{story}/network.tf");
        Golden.Matches(TerraformText.Render(blueprint, isJson: true), $"Scenarios/{story}/network.tf.json");
        Golden.Matches(ManifestText.Render(blueprint), $"Scenarios/{story}/manifests.yaml");
        if (blueprint.Addon is { } addon)
        {
            Golden.Matches(AddonText.Render(blueprint, addon), $"Scenarios/{story}/addon.json");
        }
    }

    /// <summary><c>world.txt</c> names another example than the guide's, and the version of its VPC CNI.</summary>
    private static Podspace.Simulation.World WorldOf(string story) =>
        Text(story, "world.txt")?.Trim().Split(' ') is [var example, var version] ? Bench.Load(Worlds.Discovery(example, version).World) : Guide.World();

    private static string? Text(string story, string file)
    {
        var path = Path.Combine(Golden.Root(), "Scenarios", story, file);
        return File.Exists(path) ? File.ReadAllText(path) : null;
    }

    /// <summary>The one thing that a story changes in the guide's VPC beforehand: a route in its nodes' table.</summary>
    private static void AddRoute(Bench bench, string[] route) => bench.World.Do(() =>
    {
        var table = bench.World.State.Aws.RouteTables.Find(one => one.Routes.Count > 0)!;
        table.Routes.Add(new() { DestinationCidrBlock = route[0], TransitGatewayId = route[1] });
        return true;
    });
}
