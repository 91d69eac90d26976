using Podspace.Formats;

namespace Podspace.Rendering.Maps;

/// <summary>The network as a picture: zones with the subnets of nodes beside those of pods, then tables,
/// groups, and the way of each packet as a chain of places.</summary>
public static class NetworkMapSvg
{
    private const int Width = 480,
        Margin = 12,
        Row = 16,
        Gap = 24,
        Pad = 8;

    private const int Inner = Width - (2 * Margin),
        Box = (Inner - Gap) / 2,
        BoxHeight = (5 * Row) + Pad;

    private const string Style =
        MapStyle.Css
        + "\n.box { fill: none; stroke: var(--line) } .box-nodes { fill: none; stroke: var(--nodes) } "
        + ".box-pods { fill: none; stroke: var(--pods) } .box-other { fill: none; stroke: var(--other) } "
        + ".box-bad { fill: none; stroke: var(--bad) }\n"
        + ".wire { stroke: var(--faint); fill: none } .strong { font-weight: 600 }";

    public static string Render(NetworkMap map)
    {
        var height = Draw(null, map);
        var svg = new Svg(Width, height, $"Network of {map.Vpc}", PlaceText.Told(map), Style, "network-");
        svg.Rect(0, 0, Width, height, "ground");
        Draw(svg, map);
        return svg.ToString();
    }

    /// <summary>Draws, or with no drawing only measures.</summary>
    /// <returns>The height that it takes.</returns>
    private static int Draw(Svg? svg, NetworkMap map)
    {
        var y = Margin + Row;
        svg?.Text(Margin, y - 3, LabelWidth.Fitted(map.Vpc, Inner), "faint");
        y += Pad;
        foreach (var zone in map.Zones)
        {
            y = DrawZone(svg, zone, y);
        }
        if (PlaceText.Others(map) is { Length: > 0 } others)
        {
            svg?.Text(Margin, y + Row - 4, others, "faint");
            y += Row + Pad;
        }
        foreach (var table in map.Tables)
        {
            y = DrawList(svg, $"table {table.Id}", [PlaceText.Local(table), .. PlaceText.Routes(table)], y);
        }
        foreach (var group in map.Groups)
        {
            y = DrawList(svg, $"group {group.Id} {group.Name}", PlaceText.Rules(group), y);
        }
        foreach (var line in LabelWidth.Broken(PlaceText.Ways(map), Inner - 60))
        {
            y += Row;
            svg?.Text(Margin, y, line, "head");
        }
        y = map.Ways.IsEmpty ? y + Pad : DrawLegend(svg, y);
        foreach (var way in map.Ways)
        {
            y = DrawWay(svg, way, y);
        }
        return y + Margin;
    }

    private static int DrawZone(Svg? svg, MapZone zone, int top)
    {
        svg?.Text(Margin, top + Row - 3, LabelWidth.Fitted(zone.Name, Inner), "head");
        var rows = Math.Max(zone.Nodes.Count, zone.Pods.Count);
        for (var i = 0; i < rows; i++)
        {
            var y = top + Row + Pad + (i * (BoxHeight + Pad));
            if (i < zone.Nodes.Count)
            {
                DrawPlace(svg, zone.Nodes[i], Margin, y);
            }
            if (i < zone.Pods.Count)
            {
                DrawPlace(svg, zone.Pods[i], Margin + Box + Gap, y);
            }
            // A node has its own address in the one and its pods' interfaces in the other.
            if (i < zone.Nodes.Count && i < zone.Pods.Count)
            {
                svg?.Line(Margin + Box, y + (BoxHeight / 2.0), Margin + Box + Gap, y + (BoxHeight / 2.0), "wire");
            }
        }
        return top + Row + Pad + (rows * (BoxHeight + Pad)) + Pad;
    }

    private static void DrawPlace(Svg? svg, MapPlace place, int x, int y)
    {
        var subnet = place.Subnet;
        svg?.Rect(
            x + 0.5,
            y + 0.5,
            Box - 1,
            BoxHeight - 1,
            subnet.IsPlanned ? "planned" : $"box-{MapText.Of(subnet.Kind)}",
            $"{subnet.Cidr} {subnet.Zone} {subnet.Id}"
        );
        var lines = (string[])
            [
                $"{MapText.Of(subnet.Kind)} {subnet.Cidr}",
                subnet.Id,
                PlaceText.State(subnet),
                PlaceText.Table(place),
                PlaceText.Groups(place),
            ];
        for (var i = 0; i < lines.Length; i++)
        {
            svg?.Text(
                x + Pad,
                y + ((i + 1) * Row),
                LabelWidth.Fitted(lines[i], Box - (2 * Pad)),
                i switch
                {
                    0 => "strong",
                    2 => "faint",
                    _ => "",
                }
            );
        }
    }

    private static int DrawList(Svg? svg, string title, IEnumerable<string> lines, int top)
    {
        var y = top + Row;
        svg?.Text(Margin, y - 4, LabelWidth.Fitted(title, Inner), "strong");
        foreach (var line in lines.SelectMany(line => LabelWidth.Broken(line, Inner - Margin)))
        {
            y += Row;
            svg?.Text(2 * Margin, y - 4, line, "faint");
        }
        return y + Pad;
    }

    private static int DrawLegend(Svg? svg, int top)
    {
        var x = Margin;
        foreach (
            var (kind, what) in (ReadOnlySpan<(MapKind, string)>)
                [(MapKind.Pods, "with the pod's address"), (MapKind.Nodes, "with the node's address")]
        )
        {
            svg?.Rect(x + 0.5, top + 8.5, 9, 9, $"box-{MapText.Of(kind)}");
            svg?.Text(x + Row, top + Row + 1, what, "faint");
            x += Inner / 2;
        }
        return top + Row + Pad;
    }

    private static int DrawWay(Svg? svg, MapWay way, int top)
    {
        const int Arrow = 16;
        var y = top + Row;
        svg?.Text(Margin, y - 4, LabelWidth.Fitted(PlaceText.To(way), Inner), "strong");
        var x = Margin;
        foreach (var (i, stop) in way.Stops.Index())
        {
            var label = LabelWidth.Fitted(stop.What, Inner - Arrow - (2 * Pad));
            var width = (int)Math.Ceiling(LabelWidth.Of(label)) + (2 * Pad);
            if (x > Margin && x + Arrow + width > Width - Margin)
            {
                x = Margin;
                y += Row + Pad;
            }
            if (i > 0)
            {
                DrawArrow(svg, x, y + (Row / 2.0));
                x += Arrow;
            }
            svg?.Rect(x + 0.5, y + 0.5, width - 1, Row + 1, stop.IsOpen ? $"box-{MapText.Of(stop.Kind)}" : "box-bad", stop.Told);
            svg?.Text(x + Pad, y + Row - 4, label, stop.IsOpen ? "" : "bad");
            x += width;
        }
        y += (2 * Row) + 6;
        foreach (var line in LabelWidth.Broken(PlaceText.End(way), Inner))
        {
            svg?.Text(Margin, y - 4, line, way.IsOpen ? "faint" : "bad");
            y += Row;
        }
        return y;
    }

    private static void DrawArrow(Svg? svg, double x, double y)
    {
        svg?.Line(x + 2, y, x + 12, y, "wire");
        svg?.Polyline([(x + 9, y - 3), (x + 13, y), (x + 9, y + 3)], "wire");
    }
}
