using System.Security.Cryptography;
using System.Text;
using Podspace.Model;
using Podspace.Spec;

namespace Podspace.Planning;

/// <summary>A hash over exactly what the planner read to decide, so that a plan survives a three-day approval while nobody touches its ground.</summary>
/// <remarks>No nodes, pods, counts, times or resource versions: those move by themselves.</remarks>
internal static class Fingerprint
{
    /// <returns>16 hex digits.</returns>
    public static string Of(OverlaySpec spec, Inventory inventory, Carried carried)
    {
        var text = new StringBuilder();
        Ground(text, spec, inventory.Cloud, carried);
        ClusterGround(text, inventory);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }

    private static void Ground(StringBuilder text, OverlaySpec spec, CloudInventory cloud, Carried carried)
    {
        // A record prints all its values, so its text says everything that equality does. Places and accepted findings decide nothing.
        text.Append(spec with { Places = Places.None, Accept = [] }).AppendLine();
        // States that pass by themselves are left out: what is associating now is associated a moment later.
        text.Append(cloud.Account).Append(cloud.Region).Append(cloud.Vpc?.Id).Append(cloud.Vpc?.Primary).Append(cloud.Vpc?.Tags).AppendLine();
        text.AppendJoin('\n', cloud.Vpc?.LiveBlocks.Select(block => block.Cidr) ?? []).AppendLine();
        foreach (var subnet in cloud.Subnets)
        {
            text.Append(subnet with { Free = 0, State = "" }).Append(carried.Subnet(subnet.Id)).AppendLine();
        }
        foreach (var group in cloud.Groups)
        {
            text.Append(group).Append(carried.Group(group.Id)).AppendLine();
        }
        foreach (var table in cloud.RouteTables)
        {
            var routes = table.Routes.Where(route => route.Via != "local").Select(route => route with { State = "" });
            text.Append(table.Id).AppendJoin(',', routes).AppendJoin(',', table.Associations.Select(one => one with { State = "" })).Append(table.Tags).AppendLine();
        }
        text.AppendJoin('\n', cloud.NetworkAcls).AppendJoin('\n', cloud.Peerings).AppendJoin('\n', cloud.PrefixLists).AppendLine();
        text.AppendJoin('\n', cloud.TransitGatewayAttachments).AppendJoin('\n', cloud.VpnGateways).Append(cloud.Quotas).AppendLine();
        text.AppendJoin('\n', cloud.Gaps.Select(gap => gap.Reading)).AppendLine();
    }

    private static void ClusterGround(StringBuilder text, Inventory inventory)
    {
        text.Append(inventory.Cloud.Cluster).AppendLine();
        foreach (var group in inventory.Cloud.Nodegroups)
        {
            text.Append(group with { Status = "", DesiredSize = 0 }).AppendLine();
        }
        text.Append(inventory.Cloud.VpcCni is { } addon ? addon with { Status = "", Issues = [] } : null).AppendLine();
        if (inventory.Cluster is { } cluster)
        {
            text.AppendJoin('\n', cluster.EniConfigs).AppendLine();
            text.AppendJoin('\n', cluster.AwsNode?.Env ?? []).AppendJoin('\n', cluster.AwsNode?.Managers ?? []).AppendLine();
            text.Append(cluster.Record).AppendJoin('\n', cluster.Gaps.Select(gap => gap.Reading)).AppendLine();
        }
    }
}
