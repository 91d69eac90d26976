using System.Text;

namespace Podspace.Rendering.Maps;

/// <summary>The network for a terminal, a ticket or a file that holds no pictures.</summary>
public static class NetworkMapText
{
    public static string Render(NetworkMap map)
    {
        var text = new StringBuilder();
        foreach (var zone in map.Zones)
        {
            text.Append($"{zone.Name}\n");
            foreach (var place in zone.Nodes.Concat(zone.Pods))
            {
                text.Append(
                    $"  {MapText.Of(place.Subnet.Kind), -5}  {place.Subnet.Cidr, -18} {place.Subnet.Id} "
                        + $" {PlaceText.State(place.Subnet)}\n         {PlaceText.Table(place)}, {PlaceText.Groups(place)}\n"
                );
            }
        }
        if (PlaceText.Others(map) is { Length: > 0 } others)
        {
            text.Append(others).Append('\n');
        }
        foreach (var table in map.Tables)
        {
            Listed(text, $"table {table.Id}", [PlaceText.Local(table), .. PlaceText.Routes(table)]);
        }
        foreach (var group in map.Groups)
        {
            Listed(text, $"group {group.Id} {MapText.Line(group.Name)}".TrimEnd(), PlaceText.Rules(group));
        }
        text.Append($"{PlaceText.Ways(map)}\n");
        foreach (var way in map.Ways)
        {
            text.Append(
                $"  {MapText.Line(PlaceText.To(way))}\n "
                    + $"   {string.Join("\n    ─▶ ", way.Stops.Select(stop => $"{(stop.IsOpen ? "" : "✗ ")}{MapText.Line(stop.Told)}"))}\n"
                    + $"    {(way.IsOpen ? "●" : "✗")} {PlaceText.End(way)}\n"
            );
        }
        return text.ToString();
    }

    private static void Listed(StringBuilder text, string title, IEnumerable<string> lines)
    {
        text.Append($"{title}\n");
        foreach (var line in lines)
        {
            text.Append($"  {line}\n");
        }
    }
}
