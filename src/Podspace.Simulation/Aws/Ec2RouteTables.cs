using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

/// <summary>Route tables and what they are associated with. Source: VPC User Guide, "Configure route tables".</summary>
public sealed partial class Ec2
{
    private IEnumerable<RouteTable> TablesOf(Vpc vpc) => Aws.RouteTables.Where(table => table.VpcId == vpc.VpcId);

    /// <param name="token">The same token answers with the table it made before. Source: EC2 API, "Ensuring idempotency".</param>
    public RouteTable CreateRouteTable(string vpcId, string? token, IReadOnlyList<Tag> tags)
    {
        var vpc = OwnVpc(vpcId);
        if (token is not null && Aws.RouteTables.Find(table => table.ClientToken == token) is { } made)
        {
            return made.VpcId == vpcId
                ? made
                : throw new WorldRefusal("IdempotentParameterMismatch", $"The client token {token} was used before with other parameters.");
        }
        var limit = Limit(Quota.TablesPerVpc);
        if (TablesOf(vpc).Count() >= limit)
        {
            throw new WorldRefusal("RouteTableLimitExceeded", $"The maximum number of route tables of {vpcId} has been reached: {limit}.");
        }
        CheckTags([], tags);
        var table = new RouteTable
        {
            RouteTableId = World.NewId("rtb", token ?? $"{vpcId}|{NameTag(tags)}"),
            VpcId = vpcId,
            ClientToken = token,
            Tags = [.. tags],
        };
        Aws.RouteTables.Add(table);
        Record("CreateRouteTable", table.RouteTableId);
        return table;
    }

    public void DeleteRouteTable(string tableId)
    {
        var table = OwnRouteTable(tableId);
        if (table.Associations.Count > 0)
        {
            throw InUse("routeTable", tableId);
        }
        Aws.RouteTables.Remove(table);
        Record("DeleteRouteTable", tableId);
    }

    public RouteTableAssociation AssociateRouteTable(string tableId, string? subnetId, string? gatewayId)
    {
        var table = OwnRouteTable(tableId);
        if ((subnetId is null) == (gatewayId is null))
        {
            throw new WorldRefusal("InvalidParameterCombination", "Specify either a subnet or a gateway.");
        }
        CheckSameNetwork(table, subnetId is null ? VpcOfGateway(gatewayId!) : FindSubnet(subnetId).VpcId, subnetId ?? gatewayId!);
        var present = Aws
            .RouteTables.SelectMany(other => other.Associations)
            .FirstOrDefault(other => subnetId is null ? other.GatewayId == gatewayId : other.SubnetId == subnetId);
        if (present is not null)
        {
            throw new WorldRefusal(
                "Resource.AlreadyAssociated",
                $"the specified association for route table {tableId} conflicts with an existing association"
            );
        }
        var association = new RouteTableAssociation
        {
            RouteTableAssociationId = World.NewId("rtbassoc", $"{tableId}|{subnetId ?? gatewayId}"),
            SubnetId = subnetId,
            GatewayId = gatewayId,
        };
        table.Associations.Add(association);
        Record("AssociateRouteTable", association.RouteTableAssociationId);
        return association;
    }

    /// <summary>Moves a subnet, a gateway or the role of main table to another table, under a new association id.</summary>
    public RouteTableAssociation ReplaceRouteTableAssociation(string associationId, string tableId)
    {
        var (from, association) = FindTableAssociation(associationId);
        var to = OwnRouteTable(tableId);
        CheckSameNetwork(to, from.VpcId, associationId);
        var moved = new RouteTableAssociation
        {
            RouteTableAssociationId = World.NewId("rtbassoc", $"{tableId}|{association.SubnetId ?? association.GatewayId ?? "main"}"),
            Main = association.Main,
            SubnetId = association.SubnetId,
            GatewayId = association.GatewayId,
        };
        from.Associations.Remove(association);
        to.Associations.Add(moved);
        Record("ReplaceRouteTableAssociation", moved.RouteTableAssociationId);
        return moved;
    }

    public void DisassociateRouteTable(string associationId)
    {
        var (table, association) = FindTableAssociation(associationId);
        if (association.Main)
        {
            throw new WorldRefusal("InvalidParameterValue", $"cannot disassociate the main route table association {associationId}");
        }
        table.Associations.Remove(association);
        Record("DisassociateRouteTable", associationId);
    }

    private (RouteTable Table, RouteTableAssociation Association) FindTableAssociation(string id)
    {
        foreach (var table in Aws.RouteTables)
        {
            if (table.Associations.Find(association => association.RouteTableAssociationId == id) is { } found)
            {
                return (OwnRouteTable(table.RouteTableId), found);
            }
        }
        throw new WorldRefusal("InvalidAssociationID.NotFound", $"The association ID '{id}' does not exist");
    }

    private static void CheckSameNetwork(RouteTable table, string? vpcId, string other)
    {
        if (table.VpcId != vpcId)
        {
            throw new WorldRefusal("InvalidParameterValue", $"route table {table.RouteTableId} and {other} belong to different networks");
        }
    }

    private static string NameTag(IReadOnlyList<Tag> tags) => tags.FirstOrDefault(tag => tag.Key == "Name")?.Value ?? "";
}
