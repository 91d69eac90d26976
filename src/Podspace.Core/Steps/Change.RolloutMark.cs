using Podspace.Naming;
using Podspace.Steps.Calls;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun RolloutMark = new(
        "rollout mark",
        Stage.Nodes,
        SpecPart.OwnRecords,
        VerifiedArea.Leftovers,
        RunbookTopic.Leaving,
        IsOfVpc: false
    );
}

public abstract partial record Change
{
    /// <summary>A rollout that was cut off had cordoned the node, and nobody goes on with it.</summary>
    /// <param name="StaysCordoned">Somebody else had cordoned it before.</param>
    public sealed record ClearRolloutMark(string Node, bool StaysCordoned) : Change
    {
        public override StepAction Action => StepAction.Delete;

        public override Noun Noun => Noun.RolloutMark;

        public override string Name => Node;

        public override string Phrase => $"rollout mark of node {Node}{(StaysCordoned ? "" : ", which takes pods again")}";

        internal override bool IsKept(KeptResources terraform) => false;

        internal override IEnumerable<string> Terraform(KeptResources terraform) => [];

        internal override IEnumerable<Call> Calls(StepContext context) =>
            [new ClusterCall.Cordon(Node, StaysCordoned, Tags.Rollout(context.Spec.Name), null)];

        internal override IEnumerable<string> Commands(TextContext context) => base.Commands(context).Take(StaysCordoned ? 1 : 2);

        internal override IEnumerable<string> WayBack(TextContext context) => [];

        internal override IEnumerable<string> Console(TextContext context) => [];
    }
}
