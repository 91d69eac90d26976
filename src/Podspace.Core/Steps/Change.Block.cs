using Podspace.Addressing;
using Podspace.Observed;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun Block = new("block", SpecPart.Network, VerifiedArea.Block, RunbookTopic.Block, IsOfVpc: true);
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
    }
}
