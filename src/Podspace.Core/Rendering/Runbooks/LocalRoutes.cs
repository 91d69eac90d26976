using Podspace.Steps.Text;

namespace Podspace.Rendering.Runbooks;

/// <summary>What a person finds in a new route table that nobody put there.</summary>
internal static class LocalRoutes
{
    public static string Of(Blueprint blueprint)
    {
        var blocks = (blueprint.Inventory.Cloud.Vpc?.LiveBlocks.Select(block => block.Cidr) ?? [])
            .Union(blueprint.Desired.Blocks.Select(block => block.Cidr))
            .Order();
        return $"On **Routes** there has to stand "
            + $"{string.Join(", ", blocks.Select(block => $"{Prose.Code(block)} → {Prose.Code("local")}"))}: "
            + $"AWS puts them into every table, and they are why nodes and pods reach each other without a gateway. "
            + (
                blueprint.Desired.RouteTables.All(table => table.Routes.IsEmpty)
                    ? "Nothing else is needed: what leaves the VPC leaves it with the node's address, from the node's subnet"
                    : "The others are for packets that leave the VPC with the pod's own address"
            );
    }
}
