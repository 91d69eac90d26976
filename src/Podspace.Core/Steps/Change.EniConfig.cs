using Podspace.Model;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun EniConfig = new("eniconfig", SpecPart.Cni, VerifiedArea.Cni, RunbookTopic.Places, IsOfVpc: false)
    {
        Live = cluster => cluster.EniConfigs.Select(seen => new LiveObject(seen.Name, seen.Overlay, seen.Managers)),
    };
}

public abstract partial record Change
{
    public sealed record ApplyEniConfig(EniConfig EniConfig) : Change
    {
        public override StepAction Action => StepAction.Create;

        public override Noun Noun => Noun.EniConfig;

        public override string Name => EniConfig.Zone;

        public override string Phrase => $"eniconfig {EniConfig.Zone}: {EniConfig.Subnet} with {string.Join(", ", EniConfig.Groups)}";

        internal override bool IsKept(KeptResources terraform) => terraform.State.KeepsObject("ENIConfig", Name);

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.Manifest, TerraformNames.OfObject(Kind, Name))];
    }

    public sealed record DeleteEniConfig(string Zone) : Change
    {
        public override StepAction Action => StepAction.Delete;

        public override Noun Noun => Noun.EniConfig;

        public override string Name => Zone;

        internal override bool IsKept(KeptResources terraform) => terraform.State.KeepsObject("ENIConfig", Name);

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.Manifest, TerraformNames.OfObject(Kind, Name))];
    }
}
