using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Steps.Calls;

public abstract partial record CloudCall
{
    /// <summary>What these calls take.</summary>
    private static readonly AwsGrant[] RoutesGrants =
    [
        new(Grant.Network, "ec2:CreateRouteTable", Scope.Vpc, []),
        new(Grant.Network, "ec2:CreateRouteTable", Scope.New, [ResourceType.Table]),
        new(Grant.Network, "ec2:DeleteRouteTable", Scope.Made, [ResourceType.Table]),
        new(Grant.Network, "ec2:CreateRoute", Scope.Made, [ResourceType.Table]),
        new(Grant.Network, "ec2:DeleteRoute", Scope.Made, [ResourceType.Table]),
        new(Grant.Network, "ec2:AssociateRouteTable", Scope.Made, [ResourceType.Subnet, ResourceType.Table]),
        new(Grant.Network, "ec2:ReplaceRouteTableAssociation", Scope.Made, [ResourceType.Subnet, ResourceType.Table]),
    ];

    /// <param name="Token">The same token makes the same table, however often it is sent.</param>
    public sealed record CreateRouteTable(AwsId Vpc, string Token, EquatableArray<SeenTag> Tags) : CloudCall
    {
        internal override string Operation => "ec2:CreateRouteTable";

        internal override IEnumerable<string> Rights => [Operation, "ec2:CreateTags"];

        private protected override string Answer => "RouteTable.RouteTableId";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--vpc-id", Vpc.Text],
                Tagged("route-table", Tags),
            ];
    }

    public sealed record DeleteRouteTable(AwsId Table) : CloudCall
    {
        internal override string Operation => "ec2:DeleteRouteTable";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--route-table-id", Table.Text],
            ];
    }

    public sealed record CreateRoute(AwsId Table, Route Route) : CloudCall
    {
        internal override string Operation => "ec2:CreateRoute";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--route-table-id", Table.Text],
                ["--destination-cidr-block", $"{Route.To}"],
                [Target, Route.Via],
            ];

        // The id's prefix says which option names it. Source: EC2 API Reference, CreateRoute.
        private string Target =>
            Route.Via.Split('-')[0] switch
            {
                "tgw" => "--transit-gateway-id",
                "nat" => "--nat-gateway-id",
                "pcx" => "--vpc-peering-connection-id",
                "eni" => "--network-interface-id",
                "vpce" => "--vpc-endpoint-id",
                _ => "--gateway-id",
            };
    }

    public sealed record DeleteRoute(AwsId Table, Cidr To) : CloudCall
    {
        internal override string Operation => "ec2:DeleteRoute";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--route-table-id", Table.Text],
                ["--destination-cidr-block", $"{To}"],
            ];
    }

    /// <param name="Replaces">The subnet's present explicit association, if it has one.</param>
    public sealed record AssociateRouteTable(AwsId Table, AwsId Subnet, string? Replaces) : CloudCall
    {
        internal override string Operation => Replaces is null ? "ec2:AssociateRouteTable" : "ec2:ReplaceRouteTableAssociation";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            Replaces is null
                ?
                [
                    ["--route-table-id", Table.Text],
                    ["--subnet-id", Subnet.Text],
                ]
                :
                [
                    ["--association-id", Replaces],
                    ["--route-table-id", Table.Text],
                ];
    }

    public sealed record DisassociateRouteTable(string AssociationId) : CloudCall
    {
        internal override string Operation => "ec2:DisassociateRouteTable";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--association-id", AssociationId],
            ];
    }
}
