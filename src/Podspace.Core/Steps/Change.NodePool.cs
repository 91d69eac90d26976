using Podspace.Formats;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Spec;
using Podspace.Steps.Calls;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun NodePool = new(
        "nodepool",
        Stage.Switch,
        SpecPart.Cni,
        VerifiedArea.AutoMode,
        RunbookTopic.Switch,
        IsOfVpc: false
    )
    {
        Live = cluster => cluster.NodePools.Select(seen => new LiveObject(seen.Name, seen.Overlay, seen.Managers)),
    };
}

public abstract partial record Change
{
    public sealed record ApplyNodePool(NodePool Pool, bool IsNew) : Change
    {
        public override StepAction Action => IsNew ? StepAction.Create : StepAction.Update;

        public override Noun Noun => Noun.NodePool;

        public override string Name => Pool.Name;

        public override string Phrase => $"nodepool {Pool.Name} with {Pool.NodeClass}, like {Pool.Like}";

        public override bool ThrowsSwitch => true;

        internal override bool IsKept(KeptResources terraform) => terraform.State.KeepsObject("NodePool", Name);

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.Manifest, TerraformNames.OfObject(Kind, Name))];

        internal override IEnumerable<Call> Calls(StepContext context) => [AutoModeManifest.Apply(context.Spec, Pool)];

        internal override IEnumerable<string> Commands(TextContext context) =>
            IsNew ? base.Commands(context) : [SavedObject.Save(Kind, Name), .. base.Commands(context)];

        internal override ClusterManifest Manifest(OverlaySpec spec, Func<Ref, string> id) => ClusterManifest.Of(spec, Pool);

        internal override HclBlock TerraformObject(TextContext context) => TerraformObjects.NodePool(context, Pool);

        internal override IEnumerable<string> WayBack(TextContext context) =>
            [IsNew ? $"kubectl delete nodepool {Name}" : SavedObject.PutBack(Kind, Name)];

        internal override IEnumerable<string> Console(TextContext context) => [Prose.NoConsole];
    }

    /// <summary>No new node starts there; those that run stay.</summary>
    public sealed record DisableNodePool(NodePool Pool) : Change
    {
        public override StepAction Action => StepAction.Update;

        public override Noun Noun => Noun.NodePool;

        public override string Name => Pool.Name;

        public override string Phrase => $"nodepool {Pool.Name}: limits 0";

        public override RunbookTopic Topic => RunbookTopic.Leaving;

        internal override bool IsKept(KeptResources terraform) => terraform.State.KeepsObject("NodePool", Name);

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.Manifest, TerraformNames.OfObject(Kind, Name))];

        internal override IEnumerable<Call> Calls(StepContext context) => [AutoModeManifest.Apply(context.Spec, Pool)];

        internal override IEnumerable<string> Commands(TextContext context) => [SavedObject.Save(Kind, Name), .. base.Commands(context)];

        internal override ClusterManifest Manifest(OverlaySpec spec, Func<Ref, string> id) => ClusterManifest.Of(spec, Pool);

        internal override HclBlock TerraformObject(TextContext context) => TerraformObjects.NodePool(context, Pool);

        internal override IEnumerable<string> WayBack(TextContext context) => [SavedObject.PutBack(Kind, Name)];

        internal override IEnumerable<string> Console(TextContext context) => [];
    }

    public sealed record DeleteNodePool(string Pool) : Change
    {
        public override StepAction Action => StepAction.Delete;

        public override Noun Noun => Noun.NodePool;

        public override string Name => Pool;

        internal override bool IsKept(KeptResources terraform) => terraform.State.KeepsObject("NodePool", Name);

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.Manifest, TerraformNames.OfObject(Kind, Name))];

        internal override IEnumerable<Call> Calls(StepContext context) => [new ClusterCall.Delete(ObjectKey.NodePool(Pool))];

        internal override IEnumerable<string> WayBack(TextContext context) => [];

        internal override IEnumerable<string> Console(TextContext context) => [];
    }
}
