using Podspace.Cni;
using Podspace.Formats;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Spec;
using Podspace.Steps.Calls;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun AwsNode = new(
        "aws-node",
        Stage.Switch,
        SpecPart.Cni,
        VerifiedArea.Cni,
        RunbookTopic.Switch,
        IsOfVpc: false
    );
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

        internal override IEnumerable<Call> Calls(StepContext context) =>
            [
                new ClusterCall.Apply(
                    ObjectKey.AwsNode,
                    AwsNodeManifest.Of(Settings, version: null).ToJsonString(),
                    Force: !Settings.TakenFrom.IsEmpty
                )
                {
                    IsThere = true,
                },
            ];

        internal const string Restarted = "kubectl -n kube-system rollout status daemonset/aws-node --timeout=30m";

        internal override bool IsRecorded => true;

        internal override void Note(IDictionary<string, string> record, StepContext context) => Settings.Note(record);

        internal override IEnumerable<string> Commands(TextContext context) =>
            [SetEnv(Settings.Changes.Select(one => (one.Name, one.Wanted))), Restarted];

        /// <param name="settings">Without a value: removed.</param>
        private static string SetEnv(IEnumerable<(string Name, string? Value)> settings) =>
            Shell.Command(
                "kubectl -n kube-system set env daemonset/aws-node -c aws-node",
                settings.Select(one => (string[])[one.Value is null ? $"{one.Name}-" : $"{one.Name}={one.Value}"])
            );

        internal override ClusterManifest Manifest(OverlaySpec spec, Func<Ref, string> id) => ClusterManifest.AwsNode(Settings.Applied);

        internal override HclBlock? TerraformObject(TextContext context) =>
            Settings.Applied is { IsEmpty: false } env ? TerraformObjects.Settings(context, env) : null;

        internal override IEnumerable<string> WayBack(TextContext context) =>
            [SetEnv(Settings.Changes.Select(one => (one.Name, one.Live))), Restarted];

        internal override IEnumerable<string> Console(TextContext context) => [Prose.NoConsole];
    }
}
