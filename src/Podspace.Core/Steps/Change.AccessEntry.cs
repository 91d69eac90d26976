using Podspace.Model;
using Podspace.Steps.Calls;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun AccessEntry = new(
        "access entry",
        Stage.Admit,
        SpecPart.Cni,
        VerifiedArea.AutoMode,
        RunbookTopic.Places,
        IsOfVpc: false
    );
}

public abstract partial record Change
{
    /// <summary>With the policy that Auto Mode's nodes need.</summary>
    public sealed record CreateAccessEntry(AccessEntry Entry, EquatableArray<SeenTag> Tags) : Change
    {
        public override StepAction Action => StepAction.Create;

        public override Noun Noun => Noun.AccessEntry;

        public override string Name => Entry.PrincipalArn;

        internal override (string, string)? Foreign => ("CreateAccessEntry", "");

        internal override bool IsKept(KeptResources terraform) => terraform.AccessEntry(Name);

        internal override IEnumerable<string> Terraform(KeptResources terraform) => TerraformNames.Addresses(Entry);

        internal override IEnumerable<Call> Calls(StepContext context) =>
            [
                new CloudCall.CreateAccessEntry(context.Cluster, Entry.PrincipalArn, Tags),
                new CloudCall.AssociateAccessPolicy(context.Cluster, Entry.PrincipalArn, AccessEntry.Policy),
            ];

        internal override IEnumerable<string> WayBack(TextContext context) => new DeleteAccessEntry(Entry.PrincipalArn).Commands(context);

        internal override IEnumerable<string> Console(TextContext context) =>
            [
                $"**EKS → Clusters → {Prose.Code(context.Spec.Cluster)} → Access → Create access entry**: "
                    + $"IAM principal {Prose.Code(Entry.PrincipalArn)}, Type **EC2**. **Next**; "
                    + $"Policy name AmazonEKSAutoNodePolicy, access scope **Cluster**. **Add policy**, **Next**, **Create**",
            ];
    }

    public sealed record DeleteAccessEntry(string PrincipalArn) : Change
    {
        public override StepAction Action => StepAction.Delete;

        public override Noun Noun => Noun.AccessEntry;

        public override string Name => PrincipalArn;

        internal override (string, string)? Foreign => ("DeleteAccessEntry", "");

        internal override bool IsKept(KeptResources terraform) => terraform.AccessEntry(Name);

        internal override IEnumerable<string> Terraform(KeptResources terraform) => TerraformNames.Addresses(new(PrincipalArn));

        internal override IEnumerable<Call> Calls(StepContext context) => [new CloudCall.DeleteAccessEntry(context.Cluster, PrincipalArn)];

        internal override IEnumerable<string> WayBack(TextContext context) => [];

        internal override IEnumerable<string> Console(TextContext context) => [];
    }
}
