using Podspace.Addressing;
using Podspace.Model;
using Podspace.Operations;
using Podspace.Planning;
using Podspace.Spec;
using Podspace.Steps;
using Podspace.Tests.Scenarios;

namespace Podspace.Tests.Planning;

/// <summary>Steps say what they wait for, and nobody has to know which part of the planner comes first.</summary>
public sealed class PlanOrderTests
{
    private const int Seeds = 10;

    public static TheoryData<string> Estates => [.. Worlds.All().Select(estate => estate.Name)];

    public static TheoryData<string> Stories => [.. Story.All()];

    [Theory]
    [MemberData(nameof(Estates))]
    public async Task The_parts_of_a_plan_may_run_in_any_order(string world)
    {
        var estate = Worlds.All().Single(one => one.Name == world);
        using var bench = estate.Open();
        Holds(estate.Spec, await bench.LookAsync(estate.Spec));
    }

    [Theory]
    [MemberData(nameof(Estates))]
    [Trait("speed", "slow")]
    public async Task So_they_may_where_a_pod_network_stands_already(string world)
    {
        var estate = Worlds.All().Single(one => one.Name == world);
        using var bench = estate.Open();
        await bench.ApplyAsync(estate.Spec);
        Holds(estate.Spec, await bench.LookAsync(estate.Spec));
    }

    [Theory]
    [MemberData(nameof(Stories))]
    [Trait("speed", "slow")]
    public async Task So_they_may_where_it_becomes_another(string story)
    {
        var (opened, spec) = await Story.OpenAsync(story);
        using var bench = opened;
        Holds(spec, await bench.LookAsync(spec));
        await bench.ApplyAsync(spec);
        Holds(spec, await bench.LookAsync(spec));
    }

    [Fact]
    public void Steps_that_wait_for_each_other_are_a_bug_and_are_named()
    {
        var draft = new PlanDraft(_ => Owner.Podspace);
        var (tag, block) = (new Change.TagBlock(Cidr.Parse("100.64.0.0/16")), new Change.AssociateBlock(Cidr.Parse("100.64.0.0/16")));
        draft.Add(new Change.DeletePreviousValues(), Stage.Network, "waits for the two", after: change => change == tag);
        draft.Add(tag, Stage.Network, "waits for the block", after: change => change == block);
        draft.Add(block, Stage.Network, "waits for the tag", after: change => change == tag);
        var bug = Assert.Throws<InvalidOperationException>(() => StepOrder.Of([.. draft.Steps]));
        Assert.Equal($"Steps wait for each other: {tag.Id} → {block.Id} → {tag.Id}.", bug.Message);
    }

    /// <summary>The way there, and the way back.</summary>
    private static void Holds(OverlaySpec spec, PlannedState state)
    {
        foreach (var desired in (Network?[])[state.Desired, null])
        {
            Holds(() => new(spec, desired, state.Inventory));
        }
    }

    private static void Holds(Func<PlanInput> input)
    {
        var expected = PlanBuilder.Build(input(), []);
        var parts = Enumerable.Range(0, PlanParts.All(input()).Count).ToArray();
        var byId = expected.Steps.ToDictionary(step => step.Id);
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var order = parts.ToArray();
            new Random(seed).Shuffle(order);
            Assert.Equal(expected, PlanBuilder.Build(input(), [], order));
            // Not even the list of the parts decides what a step waits for, and in which stage it is done.
            Assert.All(Listed(input(), order), step => Assert.Equal(byId[step.Id], step));
        }
    }

    private static IEnumerable<Step> Listed(PlanInput input, IEnumerable<int> order)
    {
        var parts = PlanParts.All(input);
        return PlanBuilder.Steps(input, [.. order.Select(part => parts[part])]);
    }
}
