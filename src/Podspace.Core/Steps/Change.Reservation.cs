using Podspace.Addressing;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Steps.Calls;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun Reservation = new(
        "reservation",
        Stage.Network,
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

        internal override IEnumerable<Call> Calls(StepContext context) =>
            [new CloudCall.Reserve(context.Subnet(Subnet), Block, ResourceNames.TagsFor(context.Spec, Subnet.Name, null))];

        internal override IEnumerable<string> WayBack(TextContext context) => [Lookups.DeleteReservation(context.Subnet(Subnet), Block)];

        internal override IEnumerable<string> Console(TextContext context) =>
            [
                $"**VPC → Subnets → {context.Shown(Subnet)} → Actions → Edit CIDR reservations → IPv4 → Add IPv4 "
                    + $"CIDR reservation**: reservation type Prefix, {Prose.Code(Block)}. **Add**. Its tags are given "
                    + $"on the command line: {Prose.Code("aws ec2 create-tags --resources scr-…")}",
                Prose.Of(ResourceNames.TagsFor(context.Spec, Subnet.Name, null)),
            ];
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

        internal override IEnumerable<Call> Calls(StepContext context) =>
            [new CloudCall.DeleteReservation(context.ReservationOf(Subnet, Block))];

        internal override IEnumerable<string> WayBack(TextContext context) => [];

        internal override IEnumerable<string> Console(TextContext context) => [];
    }
}
