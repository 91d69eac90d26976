using Podspace.Naming;
using Podspace.Steps.Calls;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun Interface = new(
        "interface",
        Stage.Network,
        SpecPart.Network,
        VerifiedArea.Leftovers,
        RunbookTopic.Leaving,
        IsOfVpc: false
    );
}

public abstract partial record Change
{
    /// <summary>Deletes an interface that a node left behind, on command alone.</summary>
    public sealed record DeleteLeakedInterface(AwsId Interface) : Change
    {
        public override StepAction Action => StepAction.Delete;

        public override Noun Noun => Noun.Interface;

        public override string Name => $"{Interface}";

        internal override bool IsKept(KeptResources terraform) => false;

        internal override IEnumerable<string> Terraform(KeptResources terraform) => [];

        internal override IEnumerable<Call> Calls(StepContext context) => [new CloudCall.DeleteInterface(Interface)];

        internal override IEnumerable<string> WayBack(TextContext context) => [];

        internal override IEnumerable<string> Console(TextContext context) => [];
    }
}
