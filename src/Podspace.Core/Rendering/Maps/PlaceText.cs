namespace Podspace.Rendering.Maps;

/// <summary>What the network's picture and its form for the terminal both say.</summary>
internal static class PlaceText
{
    /// <summary>Of a list that goes on and on, so much is drawn; how many more there are is said.</summary>
    private const int Most = 6;

    public const string NoPods = "No pod runs and none could start: whom pods reach is drawn once there is a cluster with nodes.";

    public static string Ways(NetworkMap map) => map.Ways.IsEmpty ? NoPods : "A packet from a pod to";

    public static string To(MapWay way) => $"{way.To} {(way.To == $"{way.Destination}" ? "" : $"{way.Destination} ")}{way.Service}";

    public static string End(MapWay way) =>
        way switch
        {
            { SeenAs: null } => way.Verdict,
            { IsOpen: true } => $"sees {way.SeenAs}; {way.Verdict}",
            _ => $"sees {way.SeenAs}, but {way.Verdict}",
        };

    public static string Local(MapTable table) => $"{string.Join(", ", table.Local)} local";

    public static string Table(MapPlace place) => place.Table.Length == 0 ? "table not read" : $"table {place.Table}";

    public static string Groups(MapPlace place) => place.Groups.IsEmpty ? "no interface of a node" : string.Join(", ", place.Groups);

    public static IEnumerable<string> Routes(MapTable table) => First(table.Routes, "routes");

    public static IEnumerable<string> Rules(MapGroup group) =>
        [.. First(group.In.Select(rule => $"in: {rule}"), "rules in"), .. First(group.Out.Select(rule => $"out: {rule}"), "rules out")];

    public static string State(MapSubnet subnet) => subnet.IsPlanned ? "to be made" : MapText.Of(subnet);

    public static string Others(NetworkMap map) =>
        map.OtherSubnets switch
        {
            0 => "",
            1 => "1 subnet is neither of nodes nor of pods",
            var many => $"{many} subnets are neither of nodes nor of pods",
        };

    /// <summary>The whole picture, for those who cannot see it.</summary>
    public static string Told(NetworkMap map)
    {
        var zones = map.Zones.Select(zone => $"{zone.Name}: {string.Join("; ", zone.Nodes.Concat(zone.Pods).Select(Told))}.");
        var ways = map.Ways.Select(way => $"To {To(way)}: {string.Join(", then ", way.Stops.Select(stop => stop.Told))}; {End(way)}.");
        return string.Join(" ", zones.Append(Ways(map)).Concat(ways));
    }

    private static string Told(MapPlace place) =>
        $"{MapText.Of(place.Subnet.Kind)} in {place.Subnet.Id} {place.Subnet.Cidr}, {Table(place)}, {Groups(place)}";

    private static IEnumerable<string> First(IEnumerable<string> all, string what)
    {
        var list = all.ToList();
        return list.Count <= Most ? list : [.. list.Take(Most - 1), $"and {list.Count - Most + 1} more {what}"];
    }
}
