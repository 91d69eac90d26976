using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun Share = new("share", SpecPart.Network, VerifiedArea.Share, RunbookTopic.Sharing, IsOfVpc: true);

    internal static readonly Noun SharedSubnet = new(
        "shared subnet",
        SpecPart.Network,
        VerifiedArea.Share,
        RunbookTopic.Sharing,
        IsOfVpc: true
    );
}

public abstract partial record Change
{
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
    }

    public sealed record RemoveFromShare(ResourceName Share, ResourceName Subnet) : Change
    {
        public override StepAction Action => StepAction.Delete;

        public override Noun Noun => Noun.SharedSubnet;

        public override string Name => $"{Subnet}";

        internal override bool IsKept(KeptResources terraform) => terraform.Share(Share);

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.SharedSubnet, TerraformNames.Of(Ref.Made(Subnet.Text)))];
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
    }
}
