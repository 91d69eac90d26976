using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Diagnosis;

internal static class RouteTables
{
    /// <summary>The table that a subnet follows: its explicit association's, else the main one; null when that was not read.</summary>
    public static SeenRouteTable? Of(CloudInventory cloud, AwsId subnet) =>
        Own(cloud, subnet) ?? cloud.RouteTables.FirstOrDefault(table => table.IsMain);

    /// <summary>The table of its explicit association; null when it has none.</summary>
    public static SeenRouteTable? Own(CloudInventory cloud, AwsId subnet) =>
        cloud.RouteTables.FirstOrDefault(table => table.Associations.Any(association => association.Subnet == subnet));
}
