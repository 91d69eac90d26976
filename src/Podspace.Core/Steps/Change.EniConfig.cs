using Podspace.Formats;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Spec;
using Podspace.Steps.Calls;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun EniConfig = new(
        "eniconfig",
        Stage.Admit,
        SpecPart.Cni,
        VerifiedArea.Cni,
        RunbookTopic.Places,
        IsOfVpc: false
    )
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

        internal override IEnumerable<Call> Calls(StepContext context) => [EniConfigManifest.Apply(context.Spec, EniConfig, context.Any)];

        internal override IEnumerable<string> Commands(TextContext context) =>
            IsThere(context) ? [SavedObject.Save(Kind, Name), .. base.Commands(context)] : base.Commands(context);

        private bool IsThere(TextContext context) => context.Inventory.Cluster?.EniConfigs.Any(seen => seen.Name == Name) == true;

        internal override ClusterManifest Manifest(OverlaySpec spec, Func<Ref, string> id) => ClusterManifest.Of(spec, EniConfig, id);

        internal override HclBlock TerraformObject(TextContext context) => TerraformObjects.EniConfig(context, EniConfig);

        internal override IEnumerable<string> WayBack(TextContext context) =>
            [IsThere(context) ? SavedObject.PutBack(Kind, Name) : $"kubectl delete eniconfig {Name}"];

        internal override IEnumerable<string> Console(TextContext context) => [Prose.NoConsole];
    }

    public sealed record DeleteEniConfig(string Zone) : Change
    {
        public override StepAction Action => StepAction.Delete;

        public override Noun Noun => Noun.EniConfig;

        public override string Name => Zone;

        internal override bool IsKept(KeptResources terraform) => terraform.State.KeepsObject("ENIConfig", Name);

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.Manifest, TerraformNames.OfObject(Kind, Name))];

        internal override IEnumerable<Call> Calls(StepContext context) => [new ClusterCall.Delete(ObjectKey.EniConfig(Zone))];

        internal override IEnumerable<string> WayBack(TextContext context) => [];

        internal override IEnumerable<string> Console(TextContext context) => [];
    }
}
