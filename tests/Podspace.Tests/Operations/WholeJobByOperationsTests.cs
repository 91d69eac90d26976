using Podspace.Addressing;
using Podspace.Applying;
using Podspace.Nodes;
using Podspace.Operations;
using Podspace.Steps;

namespace Podspace.Tests.Operations;

/// <summary>The whole job by operations alone, as an operator would run it: no command line in sight.</summary>
public sealed class WholeJobByOperationsTests
{
    [Fact]
    [Trait("speed", "slow")]
    public async Task From_the_first_plan_to_the_last_thing_taken_back()
    {
        using var estate = new TwinEstate("crowded-vpc");
        var ct = TestContext.Current.CancellationToken;

        var planned = Assert.IsType<OperationResult.Planned>(await PlanOperation.RunAsync(estate.Overlay, ct));
        Assert.NotEmpty(planned.Plan.Steps);

        var applied = Assert.IsType<OperationResult.SwitchLeft>(await new ApplyOperation(estate.Overlay, new()).RunAsync(ct));
        Assert.Null(applied.Others);
        Assert.Equal(Ending.Left, (await VerifyOperation.RunAsync(estate.Overlay, ct)).Ending);

        var rolled = Assert.IsType<OperationResult.Rolled>(await new RolloutOperation(estate.Overlay).StartAsync(ct));
        Assert.Equal(NodeState.InOverlay, rolled.Goal);
        Assert.Equal(Ending.Fine, (await VerifyOperation.RunAsync(estate.Overlay, ct)).Ending);

        var status = Assert.IsType<OperationResult.RolloutStatus>(await new RolloutOperation(estate.Overlay).StatusAsync(ct));
        Assert.All(status.Nodes, node => Assert.Equal(NodeState.InOverlay, node.State));

        var grown = Assert.IsType<OperationResult.Grown>(
            await new GrowOperation(estate.Overlay, estate.Source, new(Cidr.Parse("100.65.0.0/16"))).RunAsync(ct)
        );
        Assert.Contains(grown.Plan.Steps, step => step.Change is Change.CreateSubnet);

        var livedIn = Assert.IsType<OperationResult.LivedIn>(await new DestroyOperation(estate.Overlay, new()).RunAsync(ct));
        Assert.NotEmpty(livedIn.Residents.Pods);

        var back = Assert.IsType<OperationResult.Rolled>(await new RolloutOperation(estate.Overlay).BackAsync(ct));
        Assert.Equal(NodeState.InNodeSubnet, back.Goal);

        var gone = Assert.IsType<OperationResult.TakenBack>(await new DestroyOperation(estate.Overlay, new()).RunAsync(ct));
        Assert.Empty(gone.Plan.Kept);
        Assert.IsType<OperationResult.NothingToTakeBack>(await new DestroyOperation(estate.Overlay, new()).RunAsync(ct));
    }

    [Fact]
    public async Task Who_hears_of_an_apply_is_shown_the_plan_then_asked_then_told_of_every_step()
    {
        using var estate = new TwinEstate("crowded-vpc");

        await new ApplyOperation(estate.Overlay, new(Stage.Network)).RunAsync(TestContext.Current.CancellationToken);

        var question = Assert.Single(estate.Asked);
        Assert.IsType<Intent.Apply>(question.Intent);
        var done = estate.Heard.OfType<OperationEvent.Stepped>().Where(one => one.Report.Result == StepResult.Done).ToList();
        Assert.Equal(question.Steps.Count, done.Count);
        Assert.True(
            estate.Heard.FindIndex(one => one is OperationEvent.Proposed) < estate.Heard.FindIndex(one => one is OperationEvent.Stepped)
        );
    }

    [Fact]
    public async Task Whoever_says_no_changes_nothing_and_holds_no_lock()
    {
        using var estate = new TwinEstate("crowded-vpc") { Answer = Approval.Declined };
        var before = estate.Saved();

        Assert.IsType<OperationResult.Declined>(
            await new ApplyOperation(estate.Overlay, new()).RunAsync(TestContext.Current.CancellationToken)
        );

        Assert.Equal(before, estate.Saved());
    }

    [Fact]
    public async Task A_block_that_takes_its_time_is_waited_for_by_name_until_it_is_there()
    {
        using var estate = new TwinEstate("crowded-vpc", isRealistic: true);

        await new ApplyOperation(estate.Overlay, new(Stage.Network)).RunAsync(TestContext.Current.CancellationToken);

        var waits = estate.Heard.OfType<OperationEvent.Waiting>().Select(one => one.Wait).Where(wait => wait.For.StartsWith("block"));
        Assert.Contains(waits, wait => wait is { State: "associating", IsOver: false });
        Assert.Contains(waits, wait => wait.IsOver);
    }

    [Fact]
    public async Task A_question_about_nodes_says_which_and_whose_pods_they_carry()
    {
        using var estate = new TwinEstate("crowded-vpc");
        var ct = TestContext.Current.CancellationToken;
        await new ApplyOperation(estate.Overlay, new()).RunAsync(ct);
        estate.Answer = Approval.Declined;

        await new RolloutOperation(estate.Overlay).StartAsync(ct);

        var question = estate.Asked[^1];
        Assert.IsType<Intent.ReplaceNodes>(question.Intent);
        Assert.Equal(6, question.Nodes.Count);
        Assert.NotEmpty(question.Pods);
    }

    [Fact]
    public async Task A_rollout_before_the_network_is_there_names_the_step_that_has_to_come_first()
    {
        using var estate = new TwinEstate("crowded-vpc");

        var result = await new RolloutOperation(estate.Overlay).StartAsync(TestContext.Current.CancellationToken);

        var reason = Assert.IsType<Reason.UndoneFirst>(Assert.IsType<OperationResult.NotDone>(result).Reason);
        Assert.Equal(Stage.Network, reason.Step.Stage);
        Assert.Empty(estate.Asked);
    }

    [Fact]
    public void Operations_know_no_console_no_exit_codes_and_no_command_line() =>
        Assert.DoesNotContain(
            House.SourceFile.All.Where(file => file.Path.StartsWith("src/Podspace.Core/Operations/", StringComparison.Ordinal)),
            file =>
                file.Root.ToString() is var text
                && (text.Contains("Console.") || text.Contains("ExitCode") || text.Contains("UsageException"))
        );
}
