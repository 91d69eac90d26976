using Podspace.Cni;
using Podspace.Spec;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun Addon = new("add-on", SpecPart.Cni, VerifiedArea.Cni, RunbookTopic.Switch, IsOfVpc: false);
}

public abstract partial record Change
{
    /// <summary>Replaces the add-on's whole document by what <see cref="AddonDocument"/> makes of it.</summary>
    public sealed record SetAddonValues(AddonDocument Document, Conflicts Conflicts) : Change
    {
        public override StepAction Action => StepAction.Update;

        public override Noun Noun => Noun.Addon;

        public override string Name => $"vpc-cni {Document.Purpose.Text()}";

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
    }
}
