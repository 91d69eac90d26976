using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Steps.Calls;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun SubnetRole = new(
        "subnet role",
        Stage.Switch,
        SpecPart.Network,
        VerifiedArea.SubnetRoles,
        RunbookTopic.Switch,
        IsOfVpc: true
    );
}

public abstract partial record Change
{
    /// <summary>Tags a subnet for the CNI's subnet discovery.</summary>
    /// <param name="Before">The role that it has; null: none.</param>
    /// <param name="IsSwitch">Reports whether no subnet was offered so far.</param>
    public sealed record SetSubnetRole(SubnetRole Role, string? Before, bool IsSwitch) : Change
    {
        public override StepAction Action => StepAction.Update;

        public override Noun Noun => Noun.SubnetRole;

        public override string Name => $"{Role.Subnet}";

        public override string Phrase =>
            $"subnet role {Role.Subnet}: {Tags.CniRole}={(Role.IsOffered ? "1" : "0")}"
            + $"{(Role.IsClusterOnly ? ", for this cluster alone" : "")}{(Before is null ? "" : $" (was {Before})")}";

        public override bool ThrowsSwitch => IsSwitch;

        internal override (string, string)? Foreign => Role.Subnet.IsMade ? null : ("CreateTags", "node subnets");

        internal override bool IsKept(KeptResources terraform) => false;

        /// <summary>A subnet of theirs carries the role among its other tags.</summary>
        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            Role.Subnet.IsMade
                ? [TerraformNames.Address(TerraformNames.Subnet, TerraformNames.Of(Role.Subnet))]
                : [TerraformNames.Address(TerraformNames.Tag, TerraformNames.OfRole(Role.Subnet))];

        internal override IEnumerable<Call> Calls(StepContext context) =>
            [new CloudCall.Tag(context.Subnet(Role.Subnet), Role.Tags(context.Spec.Cluster))];

        /// <summary>On a subnet that is not ours: the record says what to put back.</summary>
        internal override bool IsRecorded => !Role.Subnet.IsMade;

        internal override void Note(IDictionary<string, string> record, StepContext context) =>
            record[RecordKeys.SubnetRoles] = RecordedRoles
                .Parse(record.TryGetValue(RecordKeys.SubnetRoles, out var roles) ? roles : null)
                .With(context.Subnet(Role.Subnet), Before, Role.IsOffered ? "1" : "0")
                .ToString();

        internal override IEnumerable<string> WayBack(TextContext context) => new RestoreSubnetRole(Role, Before).Commands(context);

        internal override IEnumerable<string> Console(TextContext context)
        {
            var tags = Role.Tags(context.Spec.Cluster).Select(tag => $"{Prose.Code(tag.Key)} = {Prose.Code(tag.Value)}");
            return
            [
                $"**VPC → Subnets → {context.Shown(Role.Subnet)} → Actions → Manage tags → Add new tag**: "
                    + $"{string.Join(", ", tags)}. **Save**",
            ];
        }
    }

    /// <summary>Takes the tags off again, or puts back the role that was there before.</summary>
    public sealed record RestoreSubnetRole(SubnetRole Role, string? Before) : Change
    {
        public override StepAction Action => StepAction.Delete;

        public override Noun Noun => Noun.SubnetRole;

        public override string Name => $"{Role.Subnet}";

        public override string Phrase =>
            $"subnet role {Role.Subnet}: {(Before is null ? $"without {Tags.CniRole}" : $"{Tags.CniRole}={Before} again")}";

        public override RunbookTopic Topic => RunbookTopic.Switch;

        internal override (string, string)? Foreign => Role.Subnet.IsMade ? null : ("DeleteTags", "node subnets");

        internal override bool IsKept(KeptResources terraform) => false;

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            Role.Subnet.IsMade ? [] : [TerraformNames.Address(TerraformNames.Tag, TerraformNames.OfRole(Role.Subnet))];

        internal override IEnumerable<Call> Calls(StepContext context) =>
            Before is null
                ? [new CloudCall.Untag(context.Subnet(Role.Subnet), Role.Tags(context.Spec.Cluster).Select(tag => tag.Key).ToEquatable())]
                : [new CloudCall.Tag(context.Subnet(Role.Subnet), [new(Tags.CniRole, Before)])];

        internal override IEnumerable<string> WayBack(TextContext context) => [];

        internal override IEnumerable<string> Console(TextContext context) => [];
    }
}
