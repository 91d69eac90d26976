using Podspace.Naming;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun NetworkAcl = new(
        "network ACL",
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
    }
}
