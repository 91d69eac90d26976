using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Steps.Calls;

namespace Podspace.Steps.Text;

/// <summary>Commands that ask first: for a state that is waited for, or for an id that nobody knows before.</summary>
internal static class Lookups
{
    public static string BlockState(AwsId vpc, Cidr block) => Block(vpc, block, "CidrBlockState.State");

    public static string BlockAssociation(AwsId vpc, Cidr block) => Block(vpc, block, "AssociationId");

    // A block that has left the VPC stays in the list for a while; what is live has one entry.
    private static string Block(AwsId vpc, Cidr block, string what) =>
        $"aws ec2 describe-vpcs --vpc-ids {vpc} --query \"Vpcs[0].CidrBlockAssociationSet[?CidrBlock=='{block}' "
        + $"&& CidrBlockState.State=='associated'] | [0].{what}\" --output text";

    public static string DeleteReservation(AwsId subnet, Cidr block) =>
        $"aws ec2 delete-subnet-cidr-reservation --subnet-cidr-reservation-id \"$(aws ec2 "
        + $"get-subnet-cidr-reservations --subnet-id {Shell.Word(subnet.Text)} --query \"SubnetIpv4CidrReservations[?Cidr=='{block}'] "
        + $"| [0].SubnetCidrReservationId\" --output text)\"";

    /// <summary>With the route table that the subnet had, or with none.</summary>
    public static string AssociateAgain(TextContext context, Ref subnet)
    {
        var word = Shell.Word(context.Subnet(subnet).Text);
        var present =
            $"\"$(aws ec2 describe-route-tables --filters Name=association.subnet-id,Values={word} --query "
            + $"\"RouteTables[0].Associations[?SubnetId=='{word.Trim('"')}'] | [0].RouteTableAssociationId\" --output text)\"";
        return context.Known.Subnet(subnet) is { } id && context.Known.SubnetAssociations.TryGetValue(id, out var before)
            ? $"aws ec2 replace-route-table-association --route-table-id {before.Table} --association-id {present}"
            : $"aws ec2 disassociate-route-table --association-id {present}";
    }

    public static string TagDefaultRule(AwsId group, EquatableArray<SeenTag> tags) =>
        $"aws ec2 create-tags --resources \"$(aws ec2 describe-security-group-rules --filters "
        + $"{Shell.Word($"Name=group-id,Values={group}")} --query 'SecurityGroupRules[?IsEgress] | "
        + $"[0].SecurityGroupRuleId' --output text)\" --tags {Shell.Word(CloudCall.TagList(tags))}";

    /// <summary>Fills the variable of what a step has made, for whoever goes on in another window.</summary>
    public static string Again(TextContext context, MadeThing made)
    {
        var command = made.Kind switch
        {
            MadeKind.Subnet => Tagged(context, made.Name, "describe-subnets", "Subnets[0].SubnetId"),
            MadeKind.Table => Tagged(context, made.Name, "describe-route-tables", "RouteTables[0].RouteTableId"),
            MadeKind.Group => Tagged(context, made.Name, "describe-security-groups", "SecurityGroups[0].GroupId"),
            MadeKind.Share => Share(context),
        };
        return $"{TextContext.VariableOf(made)}=$({command})";
    }

    private static string Tagged(TextContext context, ResourceName name, string operation, string query) =>
        Shell.Command(
            $"aws ec2 {operation}",
            [
                "--filters",
                $"Name=vpc-id,Values={context.Vpc}",
                $"Name=tag:{Tags.Overlay},Values={context.Spec.Name}",
                $"Name=tag:{Tags.Name},Values={name}",
            ],
            ["--query", query],
            ["--output", "text"]
        );

    private static string Share(TextContext context) =>
        Shell.Command(
            "aws ram get-resource-shares",
            ["--resource-owner", "SELF"],
            ["--name", ResourceNames.ShareName(context.Spec)],
            ["--resource-share-status", "ACTIVE"],
            ["--query", "resourceShares[0].resourceShareArn"],
            ["--output", "text"],
            ["--region", context.Spec.Region]
        );
}
