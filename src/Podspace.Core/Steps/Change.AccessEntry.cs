using Podspace.Model;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun AccessEntry = new(
        "access entry",
        SpecPart.Cni,
        VerifiedArea.AutoMode,
        RunbookTopic.Places,
        IsOfVpc: false
    );
}

public abstract partial record Change
{
    /// <summary>With the policy that Auto Mode's nodes need.</summary>
    public sealed record CreateAccessEntry(AccessEntry Entry, EquatableArray<SeenTag> Tags) : Change
    {
        public override StepAction Action => StepAction.Create;

        public override Noun Noun => Noun.AccessEntry;

        public override string Name => Entry.PrincipalArn;

        internal override (string, string)? Foreign => ("CreateAccessEntry", "");

        internal override bool IsKept(KeptResources terraform) => terraform.AccessEntry(Name);

        internal override IEnumerable<string> Terraform(KeptResources terraform) => TerraformNames.Addresses(Entry);
    }

    public sealed record DeleteAccessEntry(string PrincipalArn) : Change
    {
        public override StepAction Action => StepAction.Delete;

        public override Noun Noun => Noun.AccessEntry;

        public override string Name => PrincipalArn;

        internal override (string, string)? Foreign => ("DeleteAccessEntry", "");

        internal override bool IsKept(KeptResources terraform) => terraform.AccessEntry(Name);

        internal override IEnumerable<string> Terraform(KeptResources terraform) => TerraformNames.Addresses(new(PrincipalArn));
    }
}
