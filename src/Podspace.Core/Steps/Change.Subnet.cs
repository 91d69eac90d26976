using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun Subnet = new("subnet", SpecPart.Network, VerifiedArea.Subnets, RunbookTopic.Subnets, IsOfVpc: true);
}

public abstract partial record Change
{
    public sealed record CreateSubnet(PodSubnet Subnet, EquatableArray<SeenTag> Tags) : Change
    {
        public override StepAction Action => StepAction.Create;

        public override Noun Noun => Noun.Subnet;

        public override string Name => $"{Subnet.Ref}";

        public override string Phrase => $"subnet {Subnet.Ref} {Subnet.Cidr} in {Subnet.Zone}";

        internal override bool IsKept(KeptResources terraform) => false;

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.Subnet, TerraformNames.Of(Subnet.Ref))];
    }

    public sealed record DeleteSubnet(ResourceName Subnet) : Change
    {
        public override StepAction Action => StepAction.Delete;

        public override Noun Noun => Noun.Subnet;

        public override string Name => $"{Subnet}";

        private Ref Ref => Ref.Made(Subnet.Text);

        internal override string? IdIn(Ids ids) => ids.Subnet(Ref)?.Text;

        internal override bool IsKept(KeptResources terraform) => terraform.Subnet(Ref);

        internal override IEnumerable<string> Terraform(KeptResources terraform)
        {
            var name = TerraformNames.Of(Ref);
            if (terraform.Ids.Shares.Count > 0)
            {
                yield return TerraformNames.Address(TerraformNames.SharedSubnet, name);
            }
            yield return TerraformNames.Address(TerraformNames.Association, name);
            yield return TerraformNames.Address(TerraformNames.Subnet, name);
        }
    }
}
