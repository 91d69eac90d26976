using Podspace.Naming;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun Interface = new(
        "interface",
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
    }
}
