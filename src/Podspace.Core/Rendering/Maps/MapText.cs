using System.Globalization;
using Podspace.Formats;

namespace Podspace.Rendering.Maps;

/// <summary>What the map's picture and its form for the terminal both say.</summary>
internal static class MapText
{
    public static string Of(MapBlock block) =>
        block switch
        {
            { IsPlanned: true } => "to be added",
            { Usable: 0 } => "no subnets yet",
            _ => $"{Number(block.Used)} of {Number(block.Usable)} used",
        };

    public static string Of(MapSubnet subnet) =>
        subnet.IsPlanned
            ? $"to be made, {Number((long)subnet.Cidr.UsableInSubnet)} addresses"
            : $"{Number(subnet.Used)} of {Number((long)subnet.Cidr.UsableInSubnet)} used";

    /// <summary>Empty without reservations.</summary>
    public static string Kept(MapSubnet subnet) =>
        subnet.Reserved.IsEmpty ? "" : $"{Number(subnet.Reserved.Sum(block => (long)block.Count) / 16)} blocks of /28 kept whole";

    public static string Of(MapGap gap) => $"{gap.First} to {gap.Last} free";

    public static string Of(MapKind kind) =>
        kind switch
        {
            MapKind.Nodes => "nodes",
            MapKind.Pods => "pods",
            MapKind.Other => "other",
        };

    public static string Of(MapNeighbour neighbour) =>
        $"{neighbour.Cidr} {neighbour.What} ({neighbour.Id}){(neighbour.Collides ? ": collides with the VPC" : "")}";

    /// <summary>The whole picture in one sentence a block, for those who cannot see it.</summary>
    public static string Told(AddressMap map) =>
        string.Join(
            " ",
            map.Blocks.Select(block =>
                $"{block.Cidr}: {Of(block)}; "
                + $"{string.Join(", ", block.Subnets.Select(subnet => $"{Of(subnet.Kind)} {subnet.Cidr} in {subnet.Zone}, {Of(subnet)}"))}."
            )
        );

    public static string Line(string text) => OneLine.Of(text);

    private static string Number(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);
}
