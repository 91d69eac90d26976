using Podspace.Addressing;

namespace Podspace.Rendering.Runbooks;

/// <summary>Questions whose answers a command or a person waits for.</summary>
internal static class RunbookLooks
{
    public static string BlockState(string vpc, Cidr block) => Block(vpc, block, "CidrBlockState.State");

    public static string BlockAssociation(string vpc, Cidr block) => Block(vpc, block, "AssociationId");

    // A block that has left the VPC stays in the list for a while; what is live has one entry.
    private static string Block(string vpc, Cidr block, string what) =>
        $"aws ec2 describe-vpcs --vpc-ids {vpc} --query \"Vpcs[0].CidrBlockAssociationSet[?CidrBlock=='{block}' "
        + $"&& CidrBlockState.State=='associated'] | [0].{what}\" --output text";
}
