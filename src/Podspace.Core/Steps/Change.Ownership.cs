using Podspace.Model;
using Podspace.Naming;
using Podspace.Steps.Calls;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun Ownership = new(
        "owner",
        Stage.Network,
        SpecPart.Network,
        VerifiedArea.Subnets,
        RunbookTopic.Subnets,
        IsOfVpc: true
    );
}

public abstract partial record Change
{
    /// <summary>Writes our tags to a subnet that was only used, on command alone.</summary>
    public sealed record TakeOver(AwsId Subnet, ResourceName As, EquatableArray<SeenTag> Tags) : Change
    {
        public override StepAction Action => StepAction.Update;

        public override Noun Noun => Noun.Ownership;

        public override string Name => $"{Subnet} as {As}";

        internal override bool IsKept(KeptResources terraform) => false;

        internal override IEnumerable<string> Terraform(KeptResources terraform) => [];

        internal override IEnumerable<Call> Calls(StepContext context) => [new CloudCall.Tag(Subnet, Tags)];

        internal override IEnumerable<string> WayBack(TextContext context) => [];

        internal override IEnumerable<string> Console(TextContext context) => [];
    }
}
