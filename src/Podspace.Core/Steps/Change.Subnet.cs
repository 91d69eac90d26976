using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Steps.Calls;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun Subnet = new(
        "subnet",
        Stage.Network,
        SpecPart.Network,
        VerifiedArea.Subnets,
        RunbookTopic.Subnets,
        IsOfVpc: true
    );
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

        internal override IEnumerable<Call> Calls(StepContext context) =>
            [new CloudCall.CreateSubnet(context.Vpc, context.Inventory.Cloud.ZoneFor(Subnet.Zone), Subnet.Cidr, Tags)];

        internal override MadeThing? Makes => new(MadeKind.Subnet, Subnet.Ref.Name);

        internal override CloudState Until(StepContext context, string? id) => new CloudState.SubnetAvailable(new(id!));

        internal override IEnumerable<string> Commands(TextContext context) =>
            [
                .. base.Commands(context),
                $"aws ec2 wait subnet-available --subnet-ids \"${TextContext.VariableOf(new(MadeKind.Subnet, Subnet.Ref.Name))}\"",
            ];

        internal override IEnumerable<string> WayBack(TextContext context) =>
            context.Typed(new CloudCall.DeleteSubnet(context.Subnet(Subnet.Ref)));

        internal override IEnumerable<string> Console(TextContext context) =>
            [
                $"**VPC → Subnets → Create subnet**: VPC ID {Prose.Code(context.Vpc)}, Subnet name {Prose.Name(Tags)}, "
                    + $"Availability Zone {context.Zone(Subnet.Zone)}, IPv4 VPC CIDR block {Prose.Code(context.BlockOf(Subnet))}, "
                    + $"IPv4 subnet CIDR block {Prose.Code(Subnet.Cidr)}; the tags below. **Create subnet**. "
                    + $"No tag of a load balancer or of Karpenter: neither may find it",
                Prose.Of(Tags),
            ];
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

        internal override IEnumerable<Call> Calls(StepContext context) => [new CloudCall.DeleteSubnet(context.Subnet(Ref))];

        internal override IEnumerable<string> WayBack(TextContext context) => [];

        internal override IEnumerable<string> Console(TextContext context) => [];
    }
}
