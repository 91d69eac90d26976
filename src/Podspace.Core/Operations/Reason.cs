using Podspace.Addressing;
using Podspace.Applying;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Observed;
using Podspace.Steps;

namespace Podspace.Operations;

/// <summary>Why an operation does not begin: something about the world or the plan. A closed set; nothing was changed.</summary>
/// <remarks>Texts are like a finding's: a command to copy stands on a line of its own.</remarks>
public abstract partial record Reason
{
    private Reason() { }

    public abstract string Text { get; }

    public sealed override string ToString() => Text;

    /// <summary>An update of the add-on does not end.</summary>
    public sealed record AddonNotAtRest(Refusal Refusal) : Reason
    {
        public override string Text => $"{Refusal}";
    }

    public sealed record OtherAccount(string Actual, string Expected) : Reason
    {
        public override string Text =>
            $"the credentials lead to account {Actual}, and the overlay is for {Expected}. "
            + $"Choose other credentials (AWS_PROFILE), or correct 'spec.account'. To see whose they are:\n "
            + $" aws sts get-caller-identity";
    }

    /// <summary>Something that going back depends on could not be read.</summary>
    public sealed record Unseen(Gap Gap) : Reason
    {
        public override string Text =>
            Gap.Cause == GapCause.NotAllowed
                ? $"{Needs.Of(Gap.Reading).Right} was not possible ({Gap.Why}), so {Needs.Of(Gap.Reading).Checks} is not known, "
                    + $"and nothing is taken back without it. Allow it, then run the same command again."
                : $"{GapText.Problem(Gap)} {GapText.Fix(Gap)}".TrimEnd();
    }

    public sealed record UnreadableValues(string? Cluster, string Problem) : Reason
    {
        public override string Text =>
            $"the configuration values of add-on vpc-cni are neither JSON nor YAML, so nothing can be put back into them: "
            + $"{Problem.TrimEnd('.')}. To see them:\n  aws eks describe-addon --cluster-name {Cluster} --addon-name vpc-cni";
    }

    public sealed record NoVpc(string Vpc, EquatableArray<Gap> Gaps) : Reason
    {
        public override string Text =>
            (
                $"{Vpc} is not there or cannot be read, so nothing can be taken " + $"back. {string.Join(" ", Gaps.Select(gap => gap.Why))}"
            ).TrimEnd();
    }

    public sealed record NoCluster : Reason
    {
        public override string Text => "there is no cluster to roll: the spec names none, or it is not there yet.";
    }

    /// <summary>Written without having been read, the record would note our own values as those that were there before us.</summary>
    public sealed record PreviousValuesUnseen(Step Step, Gap Gap) : Reason
    {
        public override string Text =>
            (
                $"blocked: {Step.Change.Phrase}, because previous values would be lost: " + $"{GapText.Unread(Gap)} {GapText.Fix(Gap)}"
            ).TrimEnd();
    }

    /// <summary>The switch is among the steps, and something is in its way.</summary>
    /// <param name="HasEarlierSteps">What comes before the switch can be done meanwhile.</param>
    public sealed record SwitchObstacle(Finding Finding, bool HasEarlierSteps) : Reason
    {
        public override string Text =>
            HasEarlierSteps
                ? $"{Finding}\nNothing was changed. Everything before the switch can be done meanwhile:\n  podspace apply --stage admit"
                : $"{Finding}";
    }

    public sealed record DisturbsRunningPods(Step Step) : Reason
    {
        public override string Text =>
            $"\"{Step.Change.Phrase}\" disturbs pods that run now, so nothing was changed. "
            + $"If that is meant:\n  podspace apply --allow running-pods";
    }

    /// <summary>Found by the second look, under the lock.</summary>
    public sealed record FoundLater(EquatableArray<Finding> Findings) : Reason
    {
        public override string Text => "That was found by the second look, right before the first change: nothing was done.";
    }

    /// <summary>A plan by less than was seen may leave out what was shown, and would end as if all of it had been done.</summary>
    public sealed record SawLess(Gap Gap) : Reason
    {
        public override string Text =>
            (
                $"The second look, right before the first change, saw less than "
                + $"the first, so nothing was done. {GapText.Unread(Gap)} {GapText.Fix(Gap)}"
            ).TrimEnd();
    }

    public sealed record ChangedSinceShown : Reason
    {
        public override string Text =>
            "Somebody changed what this plan stands on since it was made, so nothing was done. "
            + "Run the command again to see the new plan.";
    }

    /// <param name="Moved">What changed since the plan was saved.</param>
    public sealed record StalePlan(string Moved) : Reason
    {
        public override string Text => $"What the plan stands on has changed since it was saved, so nothing was done: {Moved}.";
    }

    /// <summary>There is no plan to take it over for.</summary>
    public sealed record NoPlanToTakeOver(string Name) : Reason
    {
        public override string Text => $"there is no plan to take {Name} over for. To see why:\n  podspace plan";
    }

    public sealed record NotToBeTakenOver(string Problem) : Reason
    {
        public override string Text => $"{Problem} Nothing was changed.";
    }

    /// <summary>What was asked for would give pods no further subnet.</summary>
    public sealed record NoFurtherSubnet(EquatableArray<string> Changes, int PrefixLength) : Reason
    {
        public override string Text =>
            $"that gives pods no further subnet: with {string.Join(", ", Changes)} there is room for no "
            + $"more of /{PrefixLength} in each zone. "
            + $"Take a larger block, or smaller subnets with a longer 'subnetPrefixLength'.";
    }

    public sealed record NoBlockOfPods(Cidr Block, EquatableArray<Cidr> Blocks) : Reason
    {
        public override string Text => $"{Block} is none of the pods' blocks ({string.Join(", ", Blocks)}).";
    }

    public sealed record OnlyBlock(Cidr Block) : Reason
    {
        public override string Text => $"{Block} is the only block of pods. To take all of it back:\n  podspace destroy";
    }

    public sealed record UsersUnseen(Cidr Block) : Reason
    {
        public override string Text => $"network interfaces could not be read, so nobody knows who uses {Block}.";
    }

    public sealed record BlockInUse(Cidr Block, int Interfaces) : Reason
    {
        public override string Text =>
            $"{Interfaces} network interfaces still stand in {Block}. "
            + $"To move their pods out of it, take it out of 'spec.addresses.blocks'; what is in "
            + $"use stays until its nodes are replaced:\n  podspace apply\n  podspace rollout start\n  podspace apply";
    }

    public sealed record ChangedSpecIsWrong(EquatableArray<Finding> Findings) : Reason
    {
        public override string Text => $"the changed spec would hold errors:\n  {string.Join("\n  ", Findings)}";
    }

    /// <summary>A world as it will be cannot be made.</summary>
    public sealed record NoPlanToLookAt(EquatableArray<Finding> Errors) : Reason
    {
        public override string Text => $"there is no plan to look at:\n{string.Join('\n', Errors)}";
    }

    /// <summary>The plan was tried on a copy of the world, which refused a step.</summary>
    public sealed record RefusedOnCopy(StepReport Report) : Reason
    {
        public override string Text => $"the plan does not go through, on a copy of the world: {Report.Text}";
    }
}
