using Podspace.Naming;
using Podspace.Steps.Calls;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun NetworkAcl = new(
        "network ACL",
        Stage.Network,
        SpecPart.Network,
        VerifiedArea.NetworkAcl,
        RunbookTopic.Subnets,
        IsOfVpc: true
    );
}

public abstract partial record Change
{
    /// <summary>Instead of the network ACL that the subnet has now; a new one has the VPC's default.</summary>
    public sealed record AssociateAcl(AwsId Acl, Ref Subnet) : Change
    {
        public override StepAction Action => StepAction.Update;

        public override Noun Noun => Noun.NetworkAcl;

        public override string Name => $"{Acl} for {Subnet}";

        internal override bool IsKept(KeptResources terraform) => terraform.Subnet(Subnet);

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.AclAssociation, TerraformNames.Of(Subnet))];

        internal override IEnumerable<Call> Calls(StepContext context) => [new CloudCall.AssociateAcl(Acl, context.Subnet(Subnet))];

        internal override IEnumerable<string> WayBack(TextContext context) =>
            context.Known.Subnet(Subnet) is { } subnet
            && context.Inventory.Cloud.NetworkAcls.FirstOrDefault(acl => acl.Subnets.Contains(subnet)) is { } acl
                ? context.Typed(new CloudCall.AssociateAcl(acl.Id, subnet))
                : [];

        internal override IEnumerable<string> Console(TextContext context) =>
            [
                $"**VPC → Network ACLs → {Prose.Code(Acl)} → Subnet associations → Edit subnet associations**: "
                    + $"tick {context.Shown(Subnet)}. **Save changes**",
            ];
    }
}
