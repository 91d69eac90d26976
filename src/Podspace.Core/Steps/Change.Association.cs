using Podspace.Naming;
using Podspace.Steps.Calls;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun Association = new(
        "association",
        Stage.Network,
        SpecPart.Network,
        VerifiedArea.Routes,
        RunbookTopic.Routing,
        IsOfVpc: true
    );
}

public abstract partial record Change
{
    /// <summary>Explicitly, instead of whatever table the subnet has now.</summary>
    public sealed record AssociateTable(Ref Table, Ref Subnet) : Change
    {
        public override StepAction Action => StepAction.Create;

        public override Noun Noun => Noun.Association;

        public override string Name => $"{Table} with {Subnet}";

        internal override bool IsKept(KeptResources terraform) => terraform.Table(Table) || terraform.Subnet(Subnet);

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.Association, TerraformNames.Of(Subnet))];

        internal override IEnumerable<Call> Calls(StepContext context) =>
            [
                new CloudCall.AssociateRouteTable(
                    context.Table(Table),
                    context.Subnet(Subnet),
                    context.AssociationOf(context.Subnet(Subnet))
                ),
            ];

        internal override IEnumerable<string> WayBack(TextContext context) => [Lookups.AssociateAgain(context, Subnet)];

        internal override IEnumerable<string> Console(TextContext context) =>
            [
                $"**VPC → Route tables → {context.Shown(Table)} → Subnet associations → Edit subnet "
                    + $"associations** (those under Explicit subnet associations): tick {context.Shown(Subnet)}. "
                    + $"**Save associations**. Without that the main table decides",
            ];
    }
}
