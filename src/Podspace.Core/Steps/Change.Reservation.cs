using Podspace.Addressing;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun Reservation = new(
        "reservation",
        SpecPart.Network,
        VerifiedArea.Subnets,
        RunbookTopic.Subnets,
        IsOfVpc: true
    );
}

public abstract partial record Change
{
    public sealed record Reserve(Ref Subnet, Cidr Block) : Change
    {
        public override StepAction Action => StepAction.Create;

        public override Noun Noun => Noun.Reservation;

        public override string Name => $"{Block} in {Subnet}";

        internal override bool IsKept(KeptResources terraform) => terraform.Subnet(Subnet);

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.Reservation, TerraformNames.Of(Subnet, Block))];
    }

    public sealed record DeleteReservation(ResourceName Subnet, Cidr Block) : Change
    {
        public override StepAction Action => StepAction.Delete;

        public override Noun Noun => Noun.Reservation;

        public override string Name => $"{Block} in {Subnet}";

        private Ref Ref => Ref.Made(Subnet.Text);

        internal override string? IdIn(Ids ids) => ids.Reservations.TryGetValue((Subnet, Block), out var id) ? id.Text : null;

        internal override bool IsKept(KeptResources terraform) => terraform.Subnet(Ref);

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.Reservation, TerraformNames.Of(Ref, Block))];
    }
}
