using System.Runtime.CompilerServices;
using Podspace.Addressing;
using Podspace.Model;

namespace Podspace.Reachability;

/// <summary>One flow through the terrain, there and back. Allocates nothing.</summary>
/// <remarks>
/// The same walk gives the bare verdict and the explanation; the two cannot disagree. It goes
/// on past what could not be read, because something later
/// may forbid the flow all the same; a gap decides only when nothing else does.
/// </remarks>
internal ref partial struct Walk<TTelling>(ForwardingModel model, TTelling telling)
    where TTelling : struct, ITraceSink
{
    /// <summary>More NAT gateways than this on one way are a loop, or might as well be.</summary>
    private const int MostNats = 4;

    private readonly ForwardingModel model = model;
    private readonly TTelling telling = telling;
    private Protocol protocol;
    private ushort port;
    private ushort answerFirst;
    private ushort answerLast;
    private Unread unread;
    private bool isAnswer;
    private Passed passed;
    private int passedCount;

    // A node sends on what came by a port of its own; whom the pod behind it sees, once it is known.
    private bool isExchanged;
    private bool isForwarding;
    private bool isForwarded;
    private uint seenBehind;

    public Outcome Run(in Flow flow)
    {
        Ask(flow.Protocol, flow.Port);
        var from = flow.From.Number;
        var to = flow.To.Number;
        // Only nodes run kube-proxy: to anybody else a ClusterIP is an address beyond the VPC like another.
        if (
            model.ClusterIps.Holds(to)
            && model.ByAddress[from] is >= 0 and var asking
            && model.Interfaces[asking].Host >= 0
            && !Choose(from, ref to)
        )
        {
            return End(Verdict.NobodyThere, from, to);
        }
        if (model.ByAddress[from] is >= 0 and var eni)
        {
            return FromInside(eni, from, to);
        }
        if (model.Vpc.Contains(from))
        {
            return Absent(from, to);
        }
        return FromOutside(from, to);
    }

    private void Ask(Protocol asked, ushort asPort)
    {
        protocol = asked;
        port = protocol == Protocol.Icmp ? TrafficRange.Echo : asPort;
        // Clients take ports from 1024 up: nodes that translate with random ports use all of them.
        // Source: amazon-vpc-cni-k8s README, AWS_VPC_K8S_CNI_RANDOMIZESNAT.
        (answerFirst, answerLast) =
            protocol == Protocol.Icmp ? (TrafficRange.EchoReply, TrafficRange.EchoReply) : ((ushort)1024, ushort.MaxValue);
    }

    /// <summary>kube-proxy first: everything behind it sees the backend's address.</summary>
    private bool Choose(uint from, ref uint to)
    {
        var behind = model.ClusterIps.Behind(to, protocol, port);
        if (behind.IsEmpty)
        {
            return !model.SeesClusterIps && Miss(Unread.ClusterIps, from, to);
        }
        telling.Tell(TraceEventKind.ChosenByKubeProxy, (int)to, (int)behind[0].Address, from, behind[0].Address, isAnswer);
        to = behind[0].Address;
        if (behind[0].Port == 0)
        {
            return Miss(Unread.ClusterIps, from, to);
        }
        (port, isExchanged) = (behind[0].Port, true);
        return true;
    }

    private Outcome FromInside(int eni, uint from, uint to)
    {
        if (AwsItself(eni, from, to) is { } answered)
        {
            return answered;
        }
        var host = model.Interfaces[eni].Host;
        if (host >= 0 && to == model.Hosts[host].Address && model.NodePorts.Find(protocol, port) is >= 0 and var taken)
        {
            return FromOwnPort(taken, host, eni, from, to);
        }
        return Plain(eni, from, to);
    }

    /// <summary>From inside, once kube-proxy has nothing more to say.</summary>
    private Outcome Plain(int eni, uint from, uint to)
    {
        var host = model.Interfaces[eni].Host;
        if (host >= 0 && StaysOn(host, eni, to))
        {
            telling.Tell(TraceEventKind.StaysOnHost, host, 0, from, to, isAnswer);
            return End(Verdict.Delivered, from, to);
        }
        var source = from;
        var left = WayOut(eni, ref source, to);
        if (Send(left, source, to, out var arrived, out var seenAs) is { } trouble)
        {
            return End(trouble, seenAs, to);
        }
        if (arrived >= 0 && ThroughPort(arrived, seenAs, to) is { } refused)
        {
            return refused;
        }
        return Back(left, source, arrived, seenAs, to);
    }

    /// <summary>On its own host a packet meets neither groups nor ACLs. A pod with a branch of its
    /// own goes out and comes in again, in strict mode.</summary>
    private readonly bool StaysOn(int host, int eni, uint to) =>
        model.ByAddress[to] is >= 0 and var other
        && model.Interfaces[other].Host == host
        && !(
            model.Hosts[host].Rules.KeepsBranchesApart
            && (model.Interfaces[eni].Kind == NetworkInterfaceKind.Branch || model.Interfaces[other].Kind == NetworkInterfaceKind.Branch)
        );

    private Outcome FromOutside(uint from, uint to)
    {
        if (model.ByAddress[to] is not (>= 0 and var eni))
        {
            return model.Vpc.Contains(to) ? Absent(from, to) : Fail(Unread.BothOutside, from, to);
        }
        telling.Tell(TraceEventKind.EntersVpc, 0, 0, from, to, isAnswer);
        var subnet = model.Interfaces[eni].Subnet;
        if (!AclIn(subnet, from, to, port, port))
        {
            return End(Verdict.AclLetsNotIn, from, to);
        }
        if (!GroupIn(eni, from, to, []))
        {
            return End(Verdict.GroupLetsNotIn, from, to);
        }
        telling.Tell(TraceEventKind.Arrives, eni, 0, from, to, isAnswer);
        if (ThroughPort(eni, from, to) is { } refused)
        {
            return refused;
        }
        isAnswer = true;
        var back = AnswersBy(eni, to, from);
        if (Send(back, to, from, out var met, out var seenAs) is { } trouble)
        {
            return End(trouble, from, to);
        }
        // Its answer must carry the address that was asked, and end where the question began.
        return met >= 0 || seenAs != to ? End(Verdict.StrangerToNat, from, to) : End(Verdict.Leaves, from, to);
    }

    /// <summary>The answer: the same way back if every subnet on it has a route and an ACL that lets it.</summary>
    private Outcome Back(int left, uint source, int arrived, uint seenAs, uint to)
    {
        isAnswer = true;
        var at = passedCount > 0 ? model.Nats[passed[passedCount - 1]].Eni : left;
        if (arrived >= 0 && IsLostOnNode(left, arrived, source, to))
        {
            return End(Verdict.LostOnNode, seenAs, to);
        }
        if (arrived >= 0)
        {
            var by = AnswersBy(arrived, to, seenAs);
            if (Send(by, to, seenAs, out var met, out _) is { } trouble)
            {
                return End(trouble, seenAs, to);
            }
            if (met != at)
            {
                return End(Verdict.StrangerToNat, seenAs, to);
            }
        }
        else if (at < 0 || !AclIn(model.Interfaces[at].Subnet, to, seenAs, answerFirst, answerLast))
        {
            return at < 0 ? Fail(Unread.NatInterface, seenAs, to) : End(Verdict.AclLetsNotIn, seenAs, to);
        }
        for (var i = passedCount - 1; i >= 0; i--)
        {
            var next = i == 0 ? left : model.Nats[passed[i - 1]].Eni;
            if (next < 0)
            {
                return Fail(Unread.NatInterface, seenAs, to);
            }
            var address = i == 0 ? source : model.Interfaces[next].Primary;
            if (FromNat(passed[i], to, address, next) is { } trouble)
            {
                return End(trouble, seenAs, to);
            }
        }
        if (arrived < 0 || passedCount > 0)
        {
            telling.Tell(TraceEventKind.Arrives, left, 0, to, source, isAnswer);
        }
        return End(arrived >= 0 ? Verdict.Delivered : Verdict.Leaves, seenAs, to);
    }

    /// <summary>Between a node and a pod of its own that has a branch, in strict mode: packets go round by the VPC,
    /// and Linux forwards none that a socket of its own is found for.</summary>
    /// <remarks>Source: amazon-vpc-cni-k8s README, DISABLE_TCP_EARLY_DEMUX; Linux, ip_forward. UDP without a connected
    /// socket is not touched, and no socket waits for what the node sends on for others, or
    /// for what kube-proxy has exchanged: the client's waits for the ClusterIP, and the server's for the port
    /// that connection tracking gives a packet that it meets twice.</remarks>
    private readonly bool IsLostOnNode(int left, int arrived, uint source, uint to)
    {
        var (one, other) = (model.Interfaces[left], model.Interfaces[arrived]);
        if (protocol != Protocol.Tcp || isForwarding || isExchanged || one.Host < 0 || one.Host != other.Host || passedCount > 0)
        {
            return false;
        }
        var host = model.Hosts[one.Host];
        return host.Rules is { KeepsBranchesApart: true, FindsOwnSocketsFirst: true }
            && (
                (one.Kind == NetworkInterfaceKind.Branch && to == host.Address)
                || (other.Kind == NetworkInterfaceKind.Branch && source == host.Address)
            );
    }

    /// <summary>A NAT gateway hands an answer on: from its subnet, by its subnet's routes, to whom it translated for.</summary>
    private Verdict? FromNat(int nat, uint from, uint to, int next)
    {
        var subnet = model.Nats[nat].Subnet;
        telling.Tell(TraceEventKind.TranslatedByNat, nat, 0, from, to, isAnswer);
        if (subnet < 0 || model.Subnets[subnet].Contains(to))
        {
            return null;
        }
        return RouteOf(subnet, from, to, out _, out var target) switch
        {
            { } trouble => trouble,
            null when target.Kind != TargetKind.Local => Verdict.StrangerToNat,
            null when !AclOut(subnet, from, to, answerFirst, answerLast) => Verdict.AclLetsNotOut,
            null when !AclIn(model.Interfaces[next].Subnet, from, to, answerFirst, answerLast) => Verdict.AclLetsNotIn,
            null => null,
        };
    }

    private Outcome Absent(uint from, uint to) =>
        model.SeesInterfaces ? End(Verdict.NobodyThere, from, to) : Fail(Unread.Interfaces, from, to);

    /// <summary>Remembers a gap, and lets the walk go on.</summary>
    /// <returns>True.</returns>
    private bool Miss(Unread what, uint from, uint to)
    {
        telling.Tell(TraceEventKind.Unread, (int)what, 0, from, to, isAnswer);
        unread = unread == Unread.Nothing ? what : unread;
        return true;
    }

    private Outcome Fail(Unread what, uint from, uint to)
    {
        Miss(what, from, to);
        return End(Verdict.CannotTell, from, to);
    }

    private readonly Outcome End(Verdict verdict, uint seenAs, uint to)
    {
        var isOpen = verdict is Verdict.Delivered or Verdict.Leaves or Verdict.CannotTell;
        var final = isOpen && unread != Unread.Nothing ? Verdict.CannotTell : verdict;
        telling.Tell(TraceEventKind.Ends, (int)final, (int)unread, seenAs, to, isAnswer);
        return new(
            final,
            isAnswer && !isOpen,
            final == Verdict.CannotTell ? unread : Unread.Nothing,
            new Address(isForwarded ? seenBehind : seenAs)
        );
    }

    [InlineArray(MostNats)]
    private struct Passed
    {
        private int first;
    }
}
