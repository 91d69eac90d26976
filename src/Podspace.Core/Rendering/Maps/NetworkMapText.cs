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
                text.Append($"  {MapWords.Of(place.Subnet.Kind),-5}  {place.Subnet.Cidr,-18} {place.Subnet.Id}  {NetworkWords.State(place.Subnet)}\n         {NetworkWords.Table(place)}, {NetworkWords.Groups(place)}\n");
            }
        }
        if (NetworkWords.Others(map) is { Length: > 0 } others)
        {
            text.Append(others).Append('\n');
        }
        foreach (var table in map.Tables)
        {
            Listed(text, $"table {table.Id}", [NetworkWords.Local(table), .. NetworkWords.Routes(table)]);
        }
        foreach (var group in map.Groups)
        {
            Listed(text, $"group {group.Id} {MapWords.Line(group.Name)}".TrimEnd(), NetworkWords.Rules(group));
        }
        text.Append($"{NetworkWords.Ways(map)}\n");
        foreach (var way in map.Ways)
        {
            text.Append($"  {MapWords.Line(NetworkWords.To(way))}\n    {string.Join("\n    ─▶ ", way.Stops.Select(stop => $"{(stop.IsOpen ? "" : "✗ ")}{MapWords.Line(stop.Told)}"))}\n    {(way.IsOpen ? "●" : "✗")} {NetworkWords.End(way)}\n");
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
