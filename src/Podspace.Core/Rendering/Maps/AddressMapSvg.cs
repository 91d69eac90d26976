using Podspace.Formats;

namespace Podspace.Rendering.Maps;

/// <summary>The map as a picture: narrow, so that it can still be read at 400 pixels, and
/// in the colours of the page, light or dark.</summary>
public static class AddressMapSvg
{
    private const int Width = 480,
        Margin = 12,
        Row = 17,
        StripHeight = 22;

    private const int Inner = Width - (2 * Margin);

    /// <summary>Columns wide enough for 100.100.100.128/25 and for a local zone's name.</summary>
    private const int ZoneAt = Margin + 128,
        KindAt = Margin + 226,
        BarAt = Margin + 266,
        Bar = 50;

    public static string Render(AddressMap map)
    {
        var height = Height(map);
        var svg = new Svg(Width, height, $"Address space of {map.Vpc}", MapText.Told(map), MapStyle.Css, "space-");
        svg.Rect(0, 0, Width, height, "ground");
        var y = Margin;
        foreach (var block in map.Blocks)
        {
            y = Draw(svg, block, y);
        }
        foreach (var neighbour in map.Neighbours)
        {
            y += Row;
            svg.Text(Margin, y, MapText.Of(neighbour), neighbour.Collides ? "bad" : "faint");
        }
        return svg.ToString();
    }

    private static int Height(AddressMap map) => (2 * Margin) + map.Blocks.Sum(BlockHeight) + (map.Neighbours.Count * Row);

    private static int BlockHeight(MapBlock block) => (2 * Row) + StripHeight + (Rows(block) * Row) + (Row / 2);

    private static int Rows(MapBlock block) => block.Subnets.Sum(subnet => subnet.Reserved.IsEmpty ? 1 : 2) + block.Gaps.Count;

    private static int Draw(Svg svg, MapBlock block, int top)
    {
        svg.Text(Margin, top + Row - 3, block.Cidr.ToString(), "head");
        svg.Text(Margin + 150, top + Row - 3, MapText.Of(block), "faint");
        DrawStrip(svg, block, top + Row + 3);
        var y = top + Row + StripHeight + 8;
        foreach (var subnet in block.Subnets)
        {
            y = DrawSubnet(svg, subnet, y);
        }
        foreach (var gap in block.Gaps)
        {
            svg.Rect(Margin + 0.5, y + 4.5, 9, 9, "free");
            svg.Text(Margin + 16, y + Row - 4, MapText.Of(gap), "faint");
            y += Row;
        }
        return top + BlockHeight(block);
    }

    private static void DrawStrip(Svg svg, MapBlock block, double y)
    {
        svg.Rect(Margin + 0.5, y + 0.5, Inner - 1, StripHeight - 1, "free");
        foreach (var subnet in block.Subnets)
        {
            var left = Margin + (Inner * ((subnet.Cidr.First.Number - block.Cidr.First.Number) / (double)block.Cidr.Count));
            // At least a pixel: a /28 in a /16 would not be seen.
            var width = Math.Max(1, (Inner * (subnet.Cidr.Count / (double)block.Cidr.Count)) - 1);
            svg.Rect(
                left + 0.5,
                y + 0.5,
                width,
                StripHeight - 1,
                Colour(subnet),
                $"{subnet.Cidr} {subnet.Zone} {subnet.Id}: {MapText.Of(subnet)}"
            );
        }
    }

    private static int DrawSubnet(Svg svg, MapSubnet subnet, int y)
    {
        svg.Rect(Margin + 0.5, y + 4.5, 9, 9, Colour(subnet));
        var baseline = y + Row - 4;
        svg.Text(Margin + 16, baseline, subnet.Cidr.ToString(), "");
        svg.Text(ZoneAt, baseline, subnet.Zone, "");
        svg.Text(KindAt, baseline, MapText.Of(subnet.Kind), "");
        if (!subnet.IsPlanned)
        {
            svg.Rect(BarAt, y + 6, Bar, 7, "track");
            svg.Rect(BarAt, y + 6, Bar * subnet.Fill, 7, Colour(subnet));
        }
        svg.Text(subnet.IsPlanned ? BarAt : BarAt + Bar + 6, baseline, MapText.Of(subnet), "faint");
        if (subnet.Reserved.IsEmpty)
        {
            return y + Row;
        }
        svg.Text(BarAt, baseline + Row, MapText.Kept(subnet), "faint");
        return y + (2 * Row);
    }

    private static string Colour(MapSubnet subnet) => subnet.IsPlanned ? "planned" : MapText.Of(subnet.Kind);
}
