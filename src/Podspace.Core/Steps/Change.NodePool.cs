using Podspace.Model;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun NodePool = new("nodepool", SpecPart.Cni, VerifiedArea.AutoMode, RunbookTopic.Switch, IsOfVpc: false)
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
    }

    public sealed record DeleteNodePool(string Pool) : Change
    {
        public override StepAction Action => StepAction.Delete;

        public override Noun Noun => Noun.NodePool;

        public override string Name => Pool;

        internal override bool IsKept(KeptResources terraform) => terraform.State.KeepsObject("NodePool", Name);

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.Manifest, TerraformNames.OfObject(Kind, Name))];
    }
}
