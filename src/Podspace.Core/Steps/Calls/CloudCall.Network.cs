using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Steps.Text;

namespace Podspace.Steps.Calls;

public abstract partial record CloudCall
{
    /// <summary>What these calls take.</summary>
    private static readonly AwsGrant[] NetworkGrants =
    [
        new(Grant.Network, "ec2:AssociateVpcCidrBlock", Scope.Vpc, []),
        new(Grant.Network, "ec2:DisassociateVpcCidrBlock", Scope.Vpc, []),
        new(Grant.Network, "ec2:CreateSubnet", Scope.Vpc, []),
        new(Grant.Network, "ec2:CreateSubnet", Scope.New, [ResourceType.Subnet]),
        new(Grant.Network, "ec2:DeleteSubnet", Scope.Made, [ResourceType.Subnet]),
        new(Grant.Network, "ec2:CreateSubnetCidrReservation", Scope.Made, [ResourceType.Subnet]),
        new(Grant.Network, "ec2:DeleteSubnetCidrReservation", Scope.Reservations, []),
        new(Grant.Network, "ec2:ReplaceNetworkAclAssociation", Scope.Acls, ["network-acl", ResourceType.Subnet]),
        new(Grant.Network, "ec2:DeleteNetworkInterface", Scope.Interfaces, ["network-interface"]),
        new(Grant.Nodes, "ec2:TerminateInstances", Scope.Nodes, ["instance"]),
    ];

    /// <summary>Answers with the association's id.</summary>
    public sealed record AssociateBlock(AwsId Vpc, Cidr Block) : CloudCall
    {
        internal override string Operation => "ec2:AssociateVpcCidrBlock";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--vpc-id", Vpc.Text],
                ["--cidr-block", $"{Block}"],
            ];
    }

    public sealed record DisassociateBlock(string AssociationId) : CloudCall
    {
        internal override string Operation => "ec2:DisassociateVpcCidrBlock";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--association-id", AssociationId],
            ];
    }

    /// <param name="Zone">Its id where zones have other names in the VPC's account, else its name.</param>
    public sealed record CreateSubnet(AwsId Vpc, string Zone, Cidr Block, EquatableArray<SeenTag> Tags) : CloudCall
    {
        internal override string Operation => "ec2:CreateSubnet";

        internal override IEnumerable<string> Rights => [Operation, "ec2:CreateTags"];

        private protected override string Answer => "Subnet.SubnetId";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--vpc-id", Vpc.Text],
                [context.Inventory.Cloud.Participant is null ? "--availability-zone" : "--availability-zone-id", Zone],
                ["--cidr-block", $"{Block}"],
                Tagged("subnet", Tags),
            ];
    }

    public sealed record DeleteSubnet(AwsId Subnet) : CloudCall
    {
        internal override string Operation => "ec2:DeleteSubnet";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--subnet-id", Subnet.Text],
            ];
    }

    /// <summary>A prefix reservation.</summary>
    public sealed record Reserve(AwsId Subnet, Cidr Block, EquatableArray<SeenTag> Tags) : CloudCall
    {
        internal override string Operation => "ec2:CreateSubnetCidrReservation";

        internal override IEnumerable<string> Rights => [Operation, "ec2:CreateTags"];

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--subnet-id", Subnet.Text],
                ["--cidr", $"{Block}"],
                ["--reservation-type", "prefix"],
                Tagged("subnet-cidr-reservation", Tags),
            ];
    }

    public sealed record DeleteReservation(AwsId Reservation) : CloudCall
    {
        internal override string Operation => "ec2:DeleteSubnetCidrReservation";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--subnet-cidr-reservation-id", Reservation.Text],
            ];
    }

    /// <summary>In place of the network ACL that the subnet has, whichever it is.</summary>
    public sealed record AssociateAcl(AwsId Acl, AwsId Subnet) : CloudCall
    {
        internal override string Operation => "ec2:ReplaceNetworkAclAssociation";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--network-acl-id", Acl.Text],
            ];

        /// <summary>Only its association's id says which is to be replaced, so that is asked first.</summary>
        internal override IEnumerable<string> Commands(StepContext context)
        {
            var filter = Shell.Word($"Name=association.subnet-id,Values={Subnet}");
            // Between the quotes of the query a variable stands without its own.
            var query = $"NetworkAcls[0].Associations[?SubnetId=='{Shell.Word(Subnet.Text).Trim('"')}'] | [0].NetworkAclAssociationId";
            return
            [
                $"aws ec2 replace-network-acl-association --network-acl-id {Acl} --association-id "
                    + $"\"$(aws ec2 describe-network-acls --filters {filter} --query \"{query}\" --output text)\"",
            ];
        }
    }

    public sealed record DeleteInterface(AwsId Interface) : CloudCall
    {
        internal override string Operation => "ec2:DeleteNetworkInterface";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--network-interface-id", Interface.Text],
            ];
    }

    public sealed record TerminateInstance(AwsId Instance) : CloudCall
    {
        internal override string Operation => "ec2:TerminateInstances";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--instance-ids", Instance.Text],
            ];
    }
}
