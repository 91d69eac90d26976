using System.Buffers.Binary;
using Podspace.Addressing;

namespace Podspace.Lab.Probing;

/// <summary>IPv4 as raw sockets give it: the IP header first.</summary>
internal static class Datagram
{
    public static ReadOnlySpan<byte> Payload(ReadOnlySpan<byte> packet) => packet.Length < 20 ? [] : packet[((packet[0] & 15) * 4)..];

    public static uint Destination(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt32BigEndian(packet[16..]);
}

/// <summary>TCP. Source: RFC 9293, section 3.1.</summary>
internal static class Segment
{
    private const int Syn = 2;
    private const int Ack = 16;

    /// <summary>Reports whether it asks for a connection with that end.</summary>
    public static bool IsFirst(ReadOnlySpan<byte> packet, Address to, int port)
    {
        var segment = Datagram.Payload(packet);
        return segment.Length >= 20
            && Datagram.Destination(packet) == to.Number
            && BinaryPrimitives.ReadUInt16BigEndian(segment[2..]) == port
            && (segment[13] & (Syn | Ack)) == Syn;
    }
}

/// <summary>ICMP echo. Source: RFC 792.</summary>
internal static class Echo
{
    private const int RequestType = 8;
    private const int ReplyType = 0;
    private const int Number = 8;

    // Translators change the identifier, and nobody changes what is carried behind it.
    public static byte[] Request(int number)
    {
        var echo = new byte[16];
        echo[0] = RequestType;
        BinaryPrimitives.WriteUInt16BigEndian(echo.AsSpan(4), (ushort)(number + 1));
        BinaryPrimitives.WriteInt32BigEndian(echo.AsSpan(Number), number);
        BinaryPrimitives.WriteUInt16BigEndian(echo.AsSpan(2), Checksum(echo));
        return echo;
    }

    public static bool IsReply(ReadOnlySpan<byte> packet, int number) => Is(packet, ReplyType, number);

    public static bool IsRequest(ReadOnlySpan<byte> packet, Address to, int number) =>
        Is(packet, RequestType, number) && Datagram.Destination(packet) == to.Number;

    private static bool Is(ReadOnlySpan<byte> packet, int type, int number)
    {
        var echo = Datagram.Payload(packet);
        return echo.Length >= 16 && echo[0] == type && BinaryPrimitives.ReadInt32BigEndian(echo[Number..]) == number;
    }

    private static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0;
        for (var i = 0; i < bytes.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]);
        }
        return (ushort)~((sum & 0xFFFF) + (sum >> 16));
    }
}
