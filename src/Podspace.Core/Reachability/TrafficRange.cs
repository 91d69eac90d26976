using System.Globalization;
using Podspace.Model;

namespace Podspace.Reachability;

/// <summary>A rule's protocol and ports as numbers.</summary>
/// <param name="Protocol">-1: all. -2: one that no flow of ours has.</param>
internal readonly record struct TrafficRange(int Protocol, int From, int To)
{
    private const int All = -1;
    private const int Other = -2;

    /// <summary>ICMP's types stand where others have ports. Source: RFC 792.</summary>
    public const ushort Echo = 8;
    public const ushort EchoReply = 0;

    public static TrafficRange Of(Traffic traffic) => Of(traffic.Protocol, traffic.From, traffic.To);

    public static TrafficRange Of(string protocol, int from, int to)
    {
        var number = protocol switch
        {
            "-1" or "all" => All,
            "icmp" => (int)Podspace.Model.Protocol.Icmp,
            "tcp" => (int)Podspace.Model.Protocol.Tcp,
            "udp" => (int)Podspace.Model.Protocol.Udp,
            _ => int.TryParse(protocol, NumberStyles.None, CultureInfo.InvariantCulture, out var other) && other is >= 0 and <= 255
                ? other
                : Other,
        };
        if (number == All || from == All)
        {
            return new(number, 0, ushort.MaxValue);
        }
        // ICMP's second number is a code, not the end of a range.
        return new(number, from, number == (int)Podspace.Model.Protocol.Icmp ? from : to);
    }

    public bool Holds(Protocol protocol, ushort port) => (Protocol == All || Protocol == (int)protocol) && From <= port && port <= To;

    public bool IsOf(Protocol protocol) => Protocol == All || Protocol == (int)protocol;
}
