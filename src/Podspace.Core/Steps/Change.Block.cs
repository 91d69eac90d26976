using Podspace.Addressing;
using Podspace.Observed;
using Podspace.Steps.Calls;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun Block = new(
        "block",
        Stage.Network,
        SpecPart.Network,
        VerifiedArea.Block,
        RunbookTopic.Block,
        IsOfVpc: true
    );
}

public abstract partial record Change
{
    public sealed record AssociateBlock(Cidr Block) : Change
    {
        public override StepAction Action => StepAction.Create;

        public override Noun Noun => Noun.Block;

        public override string Name => $"{Block}";

        internal override (string, string)? Foreign => ("AssociateVpcCidrBlock", "");

        internal override bool IsKept(KeptResources terraform) => terraform.Vpc;

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.Block, TerraformNames.Of(Block))];

        internal override IEnumerable<Call> Calls(StepContext context) => [new CloudCall.AssociateBlock(context.Vpc, Block)];

        internal override CloudState Until(StepContext context, string? id) => new CloudState.BlockAssociated(context.Vpc, Block);

        internal override IEnumerable<string> Commands(TextContext context) =>
            [.. base.Commands(context), Shell.Until(Lookups.BlockState(context.Vpc, Block), "associated")];

        internal override IEnumerable<string> WayBack(TextContext context) =>
            [$"aws ec2 disassociate-vpc-cidr-block --association-id \"$({Lookups.BlockAssociation(context.Vpc, Block)})\""];

        internal override IEnumerable<string> Console(TextContext context) =>
            [
                $"**VPC → Your VPCs → {Prose.Code(context.Vpc)} → Actions → Edit CIDRs → Add new IPv4 CIDR**: "
                    + $"IPv4 CIDR manual input, {Prose.Code(Block)}. **Save**, **Close**, and wait until its status is **Associated**. "
                    + $"A /10 is refused: blocks go from /16 to /28",
            ];
    }

    public sealed record DisassociateBlock(Cidr Block) : Change
    {
        public override StepAction Action => StepAction.Delete;

        public override Noun Noun => Noun.Block;

        public override string Name => $"{Block}";

        internal override (string, string)? Foreign => ("DisassociateVpcCidrBlock", "");

        internal override string? IdIn(Ids ids) => ids.Associations.GetValueOrDefault(Block);

        internal override bool IsKept(KeptResources terraform) => terraform.Holds(IdIn(terraform.Ids));

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.Block, TerraformNames.Of(Block))];

        internal override IEnumerable<Call> Calls(StepContext context) => [new CloudCall.DisassociateBlock(context.AssociationOf(Block))];

        internal override CloudState Until(StepContext context, string? id) => new CloudState.BlockGone(context.Vpc, Block);

        internal override IEnumerable<string> WayBack(TextContext context) => [];

        internal override IEnumerable<string> Console(TextContext context) => [];
    }
}
