using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Steps.Calls;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun Share = new(
        "share",
        Stage.Network,
        SpecPart.Network,
        VerifiedArea.Share,
        RunbookTopic.Sharing,
        IsOfVpc: true
    );

    internal static readonly Noun SharedSubnet = new(
        "shared subnet",
        Stage.Network,
        SpecPart.Network,
        VerifiedArea.Share,
        RunbookTopic.Sharing,
        IsOfVpc: true
    );
}

public abstract partial record Change
{
    private static EquatableArray<AwsId> SubnetsOf(SubnetShare share, StepContext context) =>
        share.Subnets.Select(context.Subnet).ToEquatable();

    /// <summary>Shares subnets with the nodes' account.</summary>
    public sealed record CreateShare(SubnetShare Share, EquatableArray<SeenTag> Tags) : Change
    {
        public override StepAction Action => StepAction.Create;

        public override Noun Noun => Noun.Share;

        public override string Name => $"{Share.Ref}";

        public override string Phrase =>
            $"share {Share.Ref} \"{Share.ShareName}\": {string.Join(", ", Share.Subnets)} with account {Share.Account}";

        internal override bool IsKept(KeptResources terraform) => false;

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.Share, TerraformNames.Of(Share.Ref)), .. TerraformNames.PartsOf(Share)];

        internal override IEnumerable<Call> Calls(StepContext context) =>
            [new CloudCall.CreateShare(Share.ShareName, Share.Account, SubnetsOf(Share, context), context.Token(Name), Tags)];

        internal override MadeThing? Makes => new(MadeKind.Share, Share.Ref.Name);

        internal override CloudState Until(StepContext context, string? id) =>
            new CloudState.SubnetsShared(new(id!), SubnetsOf(Share, context));

        internal override IEnumerable<string> WayBack(TextContext context) =>
            context.Typed(new CloudCall.DeleteShare(context.Share(Share.Ref.Name)));

        internal override IEnumerable<string> Console(TextContext context) =>
            [
                $"**Resource Access Manager → Shared by me: Resource shares → Create resource share**: "
                    + $"name {Prose.Code(Share.ShareName)}; resource type **Subnets**, tick "
                    + $"{string.Join(", ", Share.Subnets.Select(context.Shown))}; allow sharing only within your organization; "
                    + $"principal type **AWS account**, {Prose.Code(Share.Account)}; the tags below. "
                    + $"**Create resource share**, and wait until its parts are **Associated**",
                Prose.Of(Tags),
            ];
    }

    /// <param name="Share">Just what it lacks; its account is empty when that is there.</param>
    public sealed record AddToShare(SubnetShare Share) : Change
    {
        public override StepAction Action => StepAction.Update;

        public override Noun Noun => Noun.Share;

        public override string Name => $"{Share.Ref}";

        public override string Phrase
        {
            get
            {
                var rest = Share.Account.Length == 0 ? " too" : $" with account {Share.Account}";
                return $"share {Share.Ref}: {string.Join(", ", Share.Subnets)}{rest}";
            }
        }

        internal override bool IsKept(KeptResources terraform) => terraform.Share(Share.Ref.Name);

        internal override IEnumerable<string> Terraform(KeptResources terraform) => TerraformNames.PartsOf(Share);

        internal override IEnumerable<Call> Calls(StepContext context) =>
            [new CloudCall.AddToShare(context.Share(Share.Ref.Name), Share.Account, SubnetsOf(Share, context))];

        internal override CloudState Until(StepContext context, string? id) =>
            new CloudState.SubnetsShared(context.Share(Share.Ref.Name), SubnetsOf(Share, context));

        internal override IEnumerable<string> WayBack(TextContext context) => [];

        internal override IEnumerable<string> Console(TextContext context) =>
            [
                $"**Resource Access Manager → Shared by me: Resource shares → {Prose.Code(ResourceNames.ShareName(context.Spec))} "
                    + $"→ Modify**: tick {string.Join(", ", Share.Subnets.Select(context.Shown))}"
                    + $"{(Share.Account.Length == 0 ? "" : $", principal {Prose.Code(Share.Account)}")}. "
                    + $"**Update resource share**",
            ];
    }

    public sealed record RemoveFromShare(ResourceName Share, ResourceName Subnet) : Change
    {
        public override StepAction Action => StepAction.Delete;

        public override Noun Noun => Noun.SharedSubnet;

        public override string Name => $"{Subnet}";

        internal override bool IsKept(KeptResources terraform) => terraform.Share(Share);

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.SharedSubnet, TerraformNames.Of(Ref.Made(Subnet.Text)))];

        internal override IEnumerable<Call> Calls(StepContext context) =>
            [new CloudCall.RemoveFromShare(context.Share(Share), context.Subnet(Ref.Made(Subnet.Text)))];

        internal override CloudState Until(StepContext context, string? id) =>
            new CloudState.SubnetUnshared(context.Share(Share), context.Subnet(Ref.Made(Subnet.Text)));

        internal override IEnumerable<string> WayBack(TextContext context) => [];

        internal override IEnumerable<string> Console(TextContext context) => [];
    }

    public sealed record DeleteShare(ResourceName Share) : Change
    {
        public override StepAction Action => StepAction.Delete;

        public override Noun Noun => Noun.Share;

        public override string Name => $"{Share}";

        internal override string? IdIn(Ids ids) => ids.Shares.TryGetValue(Share, out var arn) ? arn.Text : null;

        internal override bool IsKept(KeptResources terraform) => terraform.Share(Share);

        internal override IEnumerable<string> Terraform(KeptResources terraform)
        {
            var name = TerraformNames.Of(Ref.Made(Share.Text));
            return [TerraformNames.Address(TerraformNames.SharePrincipal, name), TerraformNames.Address(TerraformNames.Share, name)];
        }

        internal override IEnumerable<Call> Calls(StepContext context) => [new CloudCall.DeleteShare(context.Share(Share))];

        internal override CloudState Until(StepContext context, string? id) => new CloudState.ShareGone(context.Share(Share));

        internal override IEnumerable<string> WayBack(TextContext context) => [];

        internal override IEnumerable<string> Console(TextContext context) => [];
    }
}
