using Podspace.Addressing;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun BlockTag = new("block tag", SpecPart.Network, VerifiedArea.Block, RunbookTopic.Block, IsOfVpc: true);
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
    }

    public sealed record UntagBlock(Cidr Block) : Change
    {
        public override StepAction Action => StepAction.Delete;

        public override Noun Noun => Noun.BlockTag;

        public override string Name => $"{Block}";

        internal override (string, string)? Foreign => ("DeleteTags", "the VPC");

        internal override bool IsKept(KeptResources terraform) => false;

        internal override IEnumerable<string> Terraform(KeptResources terraform) => [];
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
    }
}
