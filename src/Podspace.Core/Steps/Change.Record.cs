using Podspace.Model;
using Podspace.Steps.Calls;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun Record = new(
        "record",
        Stage.Admit,
        SpecPart.OwnRecords,
        VerifiedArea.Leftovers,
        RunbookTopic.Leaving,
        IsOfVpc: false
    );
}

public abstract partial record Change
{
    /// <summary>Removes the record of values that were there before us; the last step of all.</summary>
    public sealed record DeletePreviousValues : Change
    {
        public override StepAction Action => StepAction.Delete;

        public override Noun Noun => Noun.Record;

        public override string Name => "previous values";

        internal override bool IsKept(KeptResources terraform) => false;

        internal override IEnumerable<string> Terraform(KeptResources terraform) => [];

        internal override IEnumerable<Call> Calls(StepContext context) => [new ClusterCall.Delete(ObjectKey.Record(context.Spec.Name))];

        internal override IEnumerable<string> WayBack(TextContext context) => [];

        internal override IEnumerable<string> Console(TextContext context) => [];
    }
}
