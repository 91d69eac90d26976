using Podspace.Addressing;
using Podspace.Naming;
using Podspace.Steps.Calls;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun BlockTag = new(
        "block tag",
        Stage.Network,
        SpecPart.Network,
        VerifiedArea.Block,
        RunbookTopic.Block,
        IsOfVpc: true
    );
}

public abstract partial record Change
{
    /// <summary>Written before the block is associated: its ownership, and the start of the control plane's clock (docs/tags.md).</summary>
    public sealed record TagBlock(Cidr Block) : Change
    {
        public override StepAction Action => StepAction.Create;

        public override Noun Noun => Noun.BlockTag;

        public override string Name => $"{Block}";

        internal override (string, string)? Foreign => ("CreateTags", "the VPC");

        // A tag that aws_vpc does not know is taken off by its next apply, and a block is told from others by that tag.
        internal override bool IsKept(KeptResources terraform) => terraform.Vpc;

        internal override IEnumerable<string> Terraform(KeptResources terraform) => [];

        internal override IEnumerable<Call> Calls(StepContext context) =>
            [new CloudCall.Tag(context.Vpc, [new(Tags.Block(Block), Tags.BlockValue(context.Spec.Name, context.Now))])];

        /// <summary>With the shell's clock: between rendering and typing may lie days.</summary>
        internal override IEnumerable<string> Commands(TextContext context) =>
            [
                $"aws ec2 create-tags --resources {context.Vpc} --tags "
                    + $"\"Key={Tags.Block(Block)},Value={context.Spec.Name}@$(date -u +%Y-%m-%dT%H:%M:%SZ)\"",
            ];

        internal override IEnumerable<string> WayBack(TextContext context) => new UntagBlock(Block).Commands(context);

        internal override IEnumerable<string> Console(TextContext context) =>
            [
                $"**VPC → Your VPCs → {Prose.Code(context.Vpc)} → Actions → Manage tags → Add new tag**: "
                    + $"key {Prose.Code(Tags.Block(Block))}, value {Prose.Code($"{context.Spec.Name}@")} and the time now in "
                    + $"UTC, as {Prose.Code("2026-01-31T22:15:00Z")}. **Save**",
            ];
    }

    public sealed record UntagBlock(Cidr Block) : Change
    {
        public override StepAction Action => StepAction.Delete;

        public override Noun Noun => Noun.BlockTag;

        public override string Name => $"{Block}";

        internal override (string, string)? Foreign => ("DeleteTags", "the VPC");

        internal override bool IsKept(KeptResources terraform) => false;

        internal override IEnumerable<string> Terraform(KeptResources terraform) => [];

        internal override IEnumerable<Call> Calls(StepContext context) => [new CloudCall.Untag(context.Vpc, [Tags.Block(Block)])];

        internal override IEnumerable<string> WayBack(TextContext context) => [];

        internal override IEnumerable<string> Console(TextContext context) => [];
    }

    /// <summary>A block in which another overlay has subnets becomes that overlay's: the last
    /// one that leaves takes it out of the VPC.</summary>
    /// <param name="Since">As the tag says it; the control plane's clock goes on.</param>
    public sealed record TransferBlock(Cidr Block, string To, string Since) : Change
    {
        public override StepAction Action => StepAction.Update;

        public override Noun Noun => Noun.BlockTag;

        public override string Name => $"{Block} to {To}";

        public override RunbookTopic Topic => RunbookTopic.Leaving;

        internal override (string, string)? Foreign => ("CreateTags", "the VPC");

        internal override bool IsKept(KeptResources terraform) => false;

        internal override IEnumerable<string> Terraform(KeptResources terraform) => [];

        internal override IEnumerable<Call> Calls(StepContext context) =>
            [new CloudCall.Tag(context.Vpc, [new(Tags.Block(Block), $"{To}@{Since}")])];

        internal override IEnumerable<string> WayBack(TextContext context) => [];

        internal override IEnumerable<string> Console(TextContext context) => [];
    }
}
