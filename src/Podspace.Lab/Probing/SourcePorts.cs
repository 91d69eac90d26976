using Podspace.Model;

namespace Podspace.Lab.Probing;

/// <summary>By which ports a flow is asked: one of each range that network ACLs tell apart, since the
/// tracer answers for whichever port a client may take.</summary>
internal static class SourcePorts
{
    private const int First = 1024;
    private const int Usual = 40_000;

    /// <param name="salt">Keeps ports of different flows apart where their range has room: a
    /// translator would change one of two that are the same.</param>
    public static IEnumerable<int> Of(CloudInventory cloud, Protocol protocol, int salt)
    {
        if (protocol == Protocol.Icmp)
        {
            return [0];
        }
        var name = protocol == Protocol.Tcp ? "tcp" : "udp";
        var edges = cloud
            .NetworkAcls.SelectMany(acl => acl.Entries)
            .Where(entry => entry.Protocol == name && entry.From >= 0)
            .SelectMany(entry => (int[])[entry.From, entry.To + 1])
            .Where(edge => edge is > First and <= ushort.MaxValue)
            .Distinct()
            .Order()
            .ToList();
        return edges.Count == 0
            ? [Usual + (salt % 20_000)]
            : edges.Prepend(First).Zip(edges.Append(ushort.MaxValue + 1), (from, end) => from + (salt % (end - from)));
    }
}
