using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Podspace.Addressing;
using Podspace.Lab.Drawing;
using Podspace.Lab.Kernel;
using Podspace.Model;

namespace Podspace.Lab.Probing;

/// <summary>Sends flows as real TCP, UDP and ICMP, and looks at both ends. Everything happens on the lab's
/// thread, whose sockets stand in whichever namespace it is in.</summary>
public static class Prober
{
    /// <summary>In the order of the probes.</summary>
    public static EquatableArray<Sighting> Send(RunningLab lab, IReadOnlyList<Probe> probes)
    {
        var sightings = new Sighting[probes.Count];
        foreach (var round in Rounds(lab.Network, probes))
        {
            var seen = lab.Do(() =>
            {
                using var sending = new Round(lab, [.. round.Select(number => probes[number])]);
                return sending.Run();
            });
            for (var i = 0; i < round.Count; i++)
            {
                sightings[round[i]] = seen[i];
            }
        }
        return sightings.ToEquatable();
    }

    /// <summary>Whatever arrives tells by its destination which probe it is of, so no two of a
    /// round end at the same, by a ClusterIP or not.</summary>
    private static List<List<int>> Rounds(LabNetwork network, IReadOnlyList<Probe> probes)
    {
        var rounds = new List<(HashSet<object> Asked, List<int> Probes)>();
        for (var i = 0; i < probes.Count; i++)
        {
            object key = (probes[i].Flow.Protocol, network.Behind(probes[i].Flow.To, probes[i].Flow.Protocol, probes[i].Flow.Port));
            if (rounds.Find(one => !one.Asked.Contains(key)) is not { Asked: not null } round)
            {
                rounds.Add(round = ([], []));
            }
            round.Asked.Add(key);
            round.Probes.Add(i);
        }
        return [.. rounds.Select(round => round.Probes)];
    }
}

/// <summary>Probes that are sent at once.</summary>
file sealed class Round : IDisposable
{
    // Only where tracer and kernel differ is it waited for to the end; a machine that is busy elsewhere shall not look like a difference.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(700);

    private readonly RunningLab lab;
    private readonly Probe[] probes;
    private readonly Sighting[] seen;
    private readonly Dictionary<Socket, Action> reading = [];
    private readonly Dictionary<Socket, Action> writing = [];
    private readonly List<Action> sending = [];
    private readonly List<Socket> all = [];
    private readonly byte[] buffer = new byte[2048];

    public Round(RunningLab lab, Probe[] probes)
    {
        (this.lab, this.probes) = (lab, probes);
        seen = new Sighting[probes.Length];
        var listening = new HashSet<(string, Protocol, Address, int)>();
        for (var i = 0; i < probes.Length; i++)
        {
            Listen(i, listening);
        }
        for (var i = 0; i < probes.Length; i++)
        {
            Ask(i);
        }
    }

    public Sighting[] Run()
    {
        sending.ForEach(send => send());
        var began = Stopwatch.GetTimestamp();
        var sent = began;
        long? settled = null;
        while (true)
        {
            var isAllThere = Enumerable.Range(0, probes.Length).All(i => IsThere(probes[i].Expected, seen[i]));
            settled = isAllThere ? settled ?? Stopwatch.GetTimestamp() : null;
            if (
                Stopwatch.GetElapsedTime(began) > Patience
                || (isAllThere && (IsNothingLeft() || Stopwatch.GetElapsedTime(settled!.Value) > Moment))
            )
            {
                return seen;
            }
            if (!isAllThere && Stopwatch.GetElapsedTime(sent) > Again)
            {
                sending.ForEach(send => send());
                sent = Stopwatch.GetTimestamp();
            }
            Look();
        }
    }

    public void Dispose() => all.ForEach(socket => socket.Dispose());

    private static bool IsThere(Sighting expected, Sighting seen) =>
        (expected.SeenAs is null || seen.SeenAs is not null) && (!expected.IsAnswered || seen.IsAnswered);

    // What was answered has nothing more to come.
    private bool IsNothingLeft() => seen.All(one => one.IsAnswered && one.SeenAs is not null);

    private void Look()
    {
        var (readable, writable) = (reading.Keys.ToList(), writing.Keys.ToList());
        Socket.Select(readable, writable, null, TimeSpan.FromMilliseconds(10));
        foreach (var socket in readable)
        {
            reading.GetValueOrDefault(socket)?.Invoke();
        }
        foreach (var socket in writable)
        {
            writing[socket]();
            writing.Remove(socket);
        }
    }

    private void Listen(int number, HashSet<(string, Protocol, Address, int)> listening)
    {
        var flow = probes[number].Flow;
        var (address, port) = lab.Network.Behind(flow.To, flow.Protocol, flow.Port);
        // Pod Identity's agent answers on every node; the one that is asked is the sender's own.
        if ((lab.Network.Of(address) ?? OnOwnNode(flow)) is not { } there)
        {
            return;
        }
        if (flow.Protocol == Protocol.Udp)
        {
            if (listening.Add((there.Name, flow.Protocol, address, port)))
            {
                var server = Make(there, SocketType.Dgram, ProtocolType.Udp);
                server.Bind(new IPEndPoint(Ip(address), port));
                reading[server] = () => Answer(server);
            }
            return;
        }
        var raw = Make(there, SocketType.Raw, flow.Protocol == Protocol.Tcp ? ProtocolType.Tcp : ProtocolType.Icmp);
        raw.Bind(new IPEndPoint(Ip(address), 0));
        reading[raw] = () => Notice(raw, number, address, port);
        if (flow.Protocol == Protocol.Tcp && listening.Add((there.Name, flow.Protocol, address, port)))
        {
            var server = Make(there, SocketType.Stream, ProtocolType.Tcp);
            server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            server.Bind(new IPEndPoint(Ip(address), port));
            server.Listen(64);
            reading[server] = () => Accept(server);
        }
    }

    private Netns? OnOwnNode(Flow flow) => flow.To == Address.Parse("169.254.170.23") ? lab.Network.NodeOf(flow.From) : null;

    private void Ask(int number)
    {
        var (flow, port, _) = probes[number];
        if (lab.Network.Of(flow.From) is not { } here)
        {
            throw new InvalidOperationException($"{flow}: nobody in the lab has the address {flow.From}.");
        }
        var to = new IPEndPoint(Ip(flow.To), flow.Protocol == Protocol.Icmp ? 0 : flow.Port);
        var socket = flow.Protocol switch
        {
            Protocol.Tcp => Make(here, SocketType.Stream, ProtocolType.Tcp),
            Protocol.Udp => Make(here, SocketType.Dgram, ProtocolType.Udp),
            _ => Make(here, SocketType.Raw, ProtocolType.Icmp),
        };
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(Ip(flow.From), port));
        if (flow.Protocol == Protocol.Tcp)
        {
            // Ended at once: nothing of it lives on into the next round.
            socket.LingerState = new(true, 0);
            Attempt(() => socket.Connect(to));
            // A handshake alone proves little: the client has its end of it before its own answer has arrived.
            writing[socket] = () => Attempt(() => socket.Send([1]));
            reading[socket] = () =>
                Attempt(() => seen[number] = seen[number] with { IsAnswered = socket.Receive(buffer) > 0 || seen[number].IsAnswered });
            return;
        }
        if (flow.Protocol == Protocol.Udp)
        {
            byte[] question = [(byte)number, (byte)(number >> 8)];
            sending.Add(() => Attempt(() => socket.SendTo(question, to)));
            // An answer from anybody else than was asked is none.
            reading[socket] = () =>
                Attempt(() => seen[number] = seen[number] with { IsAnswered = Receive(socket).From == flow.To || seen[number].IsAnswered });
            return;
        }
        var echo = Echo.Request(number);
        sending.Add(() => Attempt(() => socket.SendTo(echo, to)));
        reading[socket] = () =>
            Attempt(() =>
            {
                var (length, from) = Receive(socket);
                if (Echo.IsReply(buffer.AsSpan(0, length), number) && from == flow.To)
                {
                    seen[number] = seen[number] with { IsAnswered = true };
                }
            });
    }

    private void Accept(Socket server) =>
        Attempt(() =>
        {
            var connection = server.Accept();
            connection.Blocking = false;
            all.Add(connection);
            reading[connection] = () =>
                Attempt(() =>
                {
                    if (connection.Receive(buffer) > 0)
                    {
                        connection.Send([1]);
                    }
                    else
                    {
                        reading.Remove(connection);
                    }
                });
        });

    private void Answer(Socket server) =>
        Attempt(() =>
        {
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            if (server.ReceiveFrom(buffer, ref from) >= 2)
            {
                var number = buffer[0] | (buffer[1] << 8);
                seen[number] = seen[number] with { SeenAs = Own(((IPEndPoint)from).Address) };
                server.SendTo(buffer.AsSpan(0, 2), from);
            }
        });

    /// <summary>What the kernel hands to raw sockets is what got through to this host, whether or not anything answers.</summary>
    private void Notice(Socket raw, int number, Address address, int port) =>
        Attempt(() =>
        {
            var (length, from) = Receive(raw);
            var packet = buffer.AsSpan(0, length);
            var isIt =
                probes[number].Flow.Protocol == Protocol.Tcp
                    ? Segment.IsFirst(packet, address, port)
                    : Echo.IsRequest(packet, address, number);
            if (isIt && seen[number].SeenAs is null)
            {
                seen[number] = seen[number] with { SeenAs = from };
            }
        });

    private (int Length, Address From) Receive(Socket socket)
    {
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        var length = socket.ReceiveFrom(buffer, ref from);
        return (length, Own(((IPEndPoint)from).Address));
    }

    private Socket Make(Netns where, SocketType type, ProtocolType protocol)
    {
        lab.Enter(where.Name);
        var socket = new Socket(AddressFamily.InterNetwork, type, protocol) { Blocking = false };
        all.Add(socket);
        return socket;
    }

    // "Would block", "no route", "refused": all of them are what the kernel has to say, and show as no answer.
    private static void Attempt(Action what)
    {
        try
        {
            what();
        }
        catch (SocketException) { }
    }

    private static IPAddress Ip(Address address) => IPAddress.Parse(address.ToString());

    private static Address Own(IPAddress address) => Address.Parse(address.ToString());
}
