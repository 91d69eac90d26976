using Podspace.Model;

namespace Podspace.Lab.Drawing;

/// <summary>A gateway that is there and takes packets: the router's cable <c>o3</c> leads to it.</summary>
internal sealed record Gateway(int Number, string Id)
{
    public string Port => $"o{Number}";

    public string Kind => Id.Split('-')[0];
}

internal static class Gateways
{
    /// <summary>Everything that a route leads to beyond the VPC, but for what was seen to be gone,
    /// and for appliances, which do as they please.</summary>
    public static EquatableArray<Gateway> Of(CloudInventory cloud) =>
        cloud
            .RouteTables.SelectMany(table => table.Routes)
            .Where(route =>
                route.State != "blackhole"
                && (
                    route.Via.Split('-')[0] is "igw" or "tgw" or "vgw" or "pcx"
                    || (route.Via.StartsWith("vpce-", StringComparison.Ordinal) && route.PrefixList is not null)
                )
            )
            .Select(route => route.Via)
            .Distinct()
            .Where(id => !IsGone(cloud, id))
            .Order(StringComparer.Ordinal)
            .Select((id, i) => new Gateway(i, id))
            .ToEquatable();

    private static bool IsGone(CloudInventory cloud, string id)
    {
        bool Sees(Reading reading) => cloud.Gaps.All(gap => gap.Reading != reading);
        return id.Split('-')[0] switch
        {
            "tgw" => Sees(Reading.TransitGatewayAttachments)
                && !cloud.TransitGatewayAttachments.Any(one => one.Gateway == id && one.State is "available" or "modifying"),
            "vgw" => Sees(Reading.VpnGateways)
                && !cloud.VpnGateways.Any(one => one.Id.Text == id && one.State is "attached" or "available"),
            "pcx" => Sees(Reading.Peerings) && !cloud.Peerings.Any(one => one.Id.Text == id && one.State == "active"),
            _ => false,
        };
    }
}
