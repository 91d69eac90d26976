using Podspace.Addressing;

namespace Podspace.Model;

/// <summary>By IANA's numbers, so that a rule that names any other protocol by number can be held against it.</summary>
public enum Protocol : byte
{
    Icmp = 1,
    Tcp = 6,
    Udp = 17,
}

/// <summary>One conversation: the first packet of it, and the answers. Who stands behind an address is the world's matter.</summary>
/// <param name="Port">Of the destination; 0 with ICMP, which is taken for an echo request.</param>
public readonly record struct Flow(Address From, Address To, Protocol Protocol, ushort Port)
{
    public static Flow Tcp(Address from, Address to, int port) => new(from, to, Protocol.Tcp, (ushort)port);

    public static Flow Udp(Address from, Address to, int port) => new(from, to, Protocol.Udp, (ushort)port);

    public override string ToString() => $"{From} → {To} {Service}";

    /// <summary>Protocol and port, as rules are written: <c>tcp/443</c>.</summary>
    public string Service => Protocol == Protocol.Icmp ? "icmp" : $"{Protocol.ToString().ToLowerInvariant()}/{Port}";
}
