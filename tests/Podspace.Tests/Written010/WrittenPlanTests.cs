using Podspace.Cli;

namespace Podspace.Tests.Written010;

public sealed class WrittenPlanTests
{
    public static TheoryData<string> Plans => [.. Written.Names("plans", "*.json").Where(plan => plan != "crowded-vpc-of-what-is-left")];

    [Theory]
    [MemberData(nameof(Plans))]
    public async Task A_plan_that_was_approved_is_carried_out(string plan)
    {
        var world = plan.StartsWith("crowded-vpc", StringComparison.Ordinal) ? "crowded-vpc" : plan;
        using var run = Written.Run(world, $"starts/{world}");
        run.Write("plan.json", Written.Text($"plans/{plan}.json"));

        var (exit, _, error) = await run.RunAsync("apply @plan.json --twin @world.yaml --yes");

        // A fingerprint holds what records print: a property that gets another name makes every saved plan a plan of other ground.
        Assert.True(exit == ExitCode.Fine, error);
    }

    [Fact]
    public async Task A_plan_that_was_approved_of_what_is_left_is_carried_out()
    {
        using var run = Written.Run("crowded-vpc", "worlds/crowded-vpc/applied");
        run.Write("plan.json", Written.Text("plans/crowded-vpc-of-what-is-left.json"));

        var (exit, _, error) = await run.RunAsync("apply @plan.json --twin @world.yaml --yes");

        Assert.True(exit == ExitCode.Fine, error);
        Written.Agree(Written.Text("worlds/crowded-vpc/switched.yaml"), run.Read("world.yaml"));
    }

    [Fact]
    public async Task A_plan_whose_ground_moved_meanwhile_is_refused()
    {
        using var run = Written.Run("crowded-vpc", "worlds/crowded-vpc/applied");
        run.Write("plan.json", Written.Text("plans/crowded-vpc.json"));

        var (exit, _, error) = await run.RunAsync("apply @plan.json --twin @world.yaml --yes");

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains("Plan again", error, StringComparison.Ordinal);
    }
}
