using Podspace.Cni;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun AwsNode = new("aws-node", SpecPart.Cni, VerifiedArea.Cni, RunbookTopic.Switch, IsOfVpc: false);
}

public abstract partial record Change
{
    /// <summary>Where no add-on manages aws-node: just our settings of its DaemonSet.</summary>
    public sealed record SetAwsNode(AwsNodeSettings Settings) : Change
    {
        public override StepAction Action => StepAction.Update;

        public override Noun Noun => Noun.AwsNode;

        public override string Name => Settings.Purpose.Text();

        public override string Phrase
        {
            get
            {
                var settings = Settings.Changes.Select(one => one.Wanted is null ? $"without {one.Name}" : $"{one.Name}={one.Wanted}");
                return $"aws-node {Name}: {string.Join("; ", settings)}";
            }
        }

        public override bool ThrowsSwitch => Settings.Purpose == CniPurpose.Switch;

        internal override (string, string)? Foreign => ("patch daemonsets", "");

        internal override bool IsKept(KeptResources terraform) => false;

        internal override IEnumerable<string> Terraform(KeptResources terraform) => [];
    }
}
