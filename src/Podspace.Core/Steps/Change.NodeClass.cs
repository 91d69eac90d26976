using Podspace.Formats;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Spec;
using Podspace.Steps.Calls;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun NodeClass = new(
        "nodeclass",
        Stage.Admit,
        SpecPart.Cni,
        VerifiedArea.AutoMode,
        RunbookTopic.Places,
        IsOfVpc: false
    )
    {
        Live = cluster => cluster.NodeClasses.Select(seen => new LiveObject(seen.Name, seen.Overlay, seen.Managers)),
    };
}

public abstract partial record Change
{
    public sealed record ApplyNodeClass(NodeClass NodeClass, bool IsNew) : Change
    {
        public override StepAction Action => IsNew ? StepAction.Create : StepAction.Update;

        public override Noun Noun => Noun.NodeClass;

        public override string Name => NodeClass.Name;

        public override string Phrase =>
            $"nodeclass {NodeClass.Name}: nodes in {string.Join(", ", NodeClass.NodeSubnets)}, "
            + $"pods in {string.Join(", ", NodeClass.PodSubnets)} with {string.Join(", ", NodeClass.PodGroups)}";

        internal override bool IsKept(KeptResources terraform) => terraform.State.KeepsObject("NodeClass", Name);

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.Manifest, TerraformNames.OfObject(Kind, Name))];

        internal override IEnumerable<Call> Calls(StepContext context) => [AutoModeManifest.Apply(context.Spec, NodeClass, context.Any)];

        internal override IEnumerable<string> Commands(TextContext context) =>
            [
                .. IsNew ? [] : (string[])[SavedObject.Save(Kind, Name)],
                .. base.Commands(context),
                $"kubectl wait --for=condition=Ready nodeclass/{Name} --timeout=10m",
            ];

        internal override ClusterManifest Manifest(OverlaySpec spec, Func<Ref, string> id) => ClusterManifest.Of(spec, NodeClass, id);

        internal override HclBlock TerraformObject(TextContext context) => TerraformObjects.NodeClass(context, NodeClass);

        internal override IEnumerable<string> WayBack(TextContext context) =>
            [IsNew ? $"kubectl delete nodeclass {Name}" : SavedObject.PutBack(Kind, Name)];

        internal override IEnumerable<string> Console(TextContext context) => [Prose.NoConsole];
    }

    public sealed record DeleteNodeClass(string NodeClass) : Change
    {
        public override StepAction Action => StepAction.Delete;

        public override Noun Noun => Noun.NodeClass;

        public override string Name => NodeClass;

        internal override bool IsKept(KeptResources terraform) => terraform.State.KeepsObject("NodeClass", Name);

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.Manifest, TerraformNames.OfObject(Kind, Name))];

        internal override IEnumerable<Call> Calls(StepContext context) => [new ClusterCall.Delete(ObjectKey.NodeClass(NodeClass))];

        internal override IEnumerable<string> WayBack(TextContext context) => [];

        internal override IEnumerable<string> Console(TextContext context) => [];
    }
}
