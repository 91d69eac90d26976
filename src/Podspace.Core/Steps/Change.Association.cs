using Podspace.Naming;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun Association = new(
        "association",
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
    }
}
