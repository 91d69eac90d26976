using System.Text.Json.Nodes;
using Podspace.Cni;
using Podspace.Model;
using Podspace.Spec;
using Podspace.Steps.Calls;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun Addon = new("add-on", Stage.Switch, SpecPart.Cni, VerifiedArea.Cni, RunbookTopic.Switch, IsOfVpc: false);
}

public abstract partial record Change
{
    /// <summary>Replaces the add-on's whole document by what <see cref="AddonDocument"/> makes of it.</summary>
    public sealed record SetAddonValues(AddonDocument Document, Conflicts Conflicts) : Change
    {
        private const string Addon = "vpc-cni";

        public override StepAction Action => StepAction.Update;

        public override Noun Noun => Noun.Addon;

        public override string Name => $"{Addon} {Document.Purpose.Text()}";

        public override string Phrase
        {
            get
            {
                var parts = Document.Env.Select(setting => $"{setting.Name}={setting.Value}").ToList();
                if (Document is { EniConfigs: { } eniConfigs, BringsEniConfigs: true })
                {
                    parts.AddRange(eniConfigs.Select(one => $"eniConfig {one.Zone}: {one.Subnet} with {string.Join(", ", one.Groups)}"));
                }
                return $"add-on {Name}{(parts.Count == 0 ? "" : ": ")}{string.Join("; ", parts)}";
            }
        }

        public override bool ThrowsSwitch => Document.Purpose == CniPurpose.Switch;

        public override RunbookTopic Topic => Document.Purpose == CniPurpose.EniConfigs ? RunbookTopic.Places : RunbookTopic.Switch;

        internal override (string, string)? Foreign => ("UpdateAddon", "");

        internal override bool IsKept(KeptResources terraform) => terraform.Addon;

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.Addon, TerraformNames.VpcCni)];

        internal override IEnumerable<Call> Calls(StepContext context) => [Update(context)];

        internal override bool IsRecorded => true;

        /// <summary>What we wrote, beside what an update before wrote; and the document as it was before us.</summary>
        internal override void Note(IDictionary<string, string> record, StepContext context)
        {
            var ours = CniValues.Parse(record.TryGetValue(RecordKeys.WrittenValues, out var written) ? written : "");
            foreach (var (key, value) in CniValues.Parse(Document.Ours(context.Any)))
            {
                if (value is JsonObject more && ours[key] is JsonObject present && key == "env")
                {
                    foreach (var (setting, text) in more)
                    {
                        present[setting] = text?.DeepClone();
                    }
                }
                else
                {
                    ours[key] = value?.DeepClone();
                }
            }
            record[RecordKeys.AddonValues] = Document.Original;
            record[RecordKeys.WrittenValues] = ours.ToJsonString();
        }

        internal override IEnumerable<string> Commands(TextContext context) => Typed(context, Document.Compose(context.Any));

        /// <summary>The add-on takes its document as a whole, and takes a while.</summary>
        private IEnumerable<string> Typed(TextContext context, string values) =>
            [
                .. context.Typed(Update(context, values)),
                Shell.Command("aws eks wait addon-active", ["--cluster-name", context.Cluster], ["--addon-name", Addon]),
                SetAwsNode.Restarted,
            ];

        internal CloudCall.UpdateAddon Update(StepContext context) => Update(context, Document.Compose(context.Any));

        private CloudCall.UpdateAddon Update(StepContext context, string values) =>
            new(context.Cluster, Addon, values, Conflicts, $"podspace-{context.Spec.Name}-{context.Now.ToUnixTimeMilliseconds()}");

        /// <summary>The document as the update before this one leaves it; before the first, as it is now.</summary>
        private string Before(TextContext context)
        {
            var earlier = context.Planned.OfType<SetAddonValues>().TakeWhile(one => one != this).LastOrDefault();
            return earlier is null ? context.Inventory.Cloud.VpcCni?.Values ?? "" : earlier.Document.Compose(context.Any);
        }

        /// <summary>In the console's word.</summary>
        private string Resolution =>
            Conflicts switch
            {
                Conflicts.Fail => "None",
                Conflicts.Preserve => "Preserve",
                Conflicts.Overwrite => "Override",
            };

        internal override IEnumerable<string> WayBack(TextContext context) => Typed(context, Before(context));

        internal override IEnumerable<string> Console(TextContext context) =>
            [
                $"**EKS → Clusters → {Prose.Code(context.Spec.Cluster)} → Add-ons**, select Amazon "
                    + $"VPC CNI, **Edit → Optional configuration settings → Configuration values**: "
                    + $"the whole document of {Prose.Code("vpc-cni.json")} as below; a key left out falls back to its default. "
                    + $"Conflict resolution method: **{Resolution}**. **Save changes**, and wait for **Active**",
            ];
    }
}
