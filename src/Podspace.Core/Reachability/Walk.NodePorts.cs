namespace Podspace.Reachability;

internal ref partial struct Walk<TTelling>
{
    /// <summary>What comes to a port that kube-proxy takes goes on to a pod: with the node's address, so that the answer
    /// comes back through it, or by externalTrafficPolicy Local with the asker's.</summary>
    /// <returns>Null: it arrives there, and the answer is back at the node; or nobody takes that port.</returns>
    private Outcome? ThroughPort(int arrived, uint source, uint to)
    {
        var host = model.Interfaces[arrived].Host;
        if (host < 0 || to != model.Hosts[host].Address || model.NodePorts.Find(protocol, port) is not (>= 0 and var taken))
        {
            return null;
        }
        if (!ChooseBehind(taken, host, isOwnNode: false, source, to, out var behind))
        {
            return End(Verdict.NobodyThere, source, to);
        }
        ref readonly var front = ref model.NodePorts[taken];
        isForwarded = true;
        // A pod on hostNetwork is the node itself: nothing is forwarded, and so nothing translated.
        seenBehind = front.KeepsClients || behind.Address == to ? source : to;
        if (behind.Address == to || StaysOn(host, arrived, behind.Address))
        {
            telling.Tell(TraceEventKind.StaysOnHost, host, 0, seenBehind, behind.Address, isAnswer);
            return null;
        }
        return Leg(model.Hosts[host].PrimaryEni, seenBehind, behind);
    }

    /// <summary>The same, asked by who is on that node.</summary>
    private Outcome FromOwnPort(int taken, int host, int eni, uint from, uint to)
    {
        var isNode = from == to;
        if (!ChooseBehind(taken, host, isNode, from, to, out var behind))
        {
            return End(Verdict.NobodyThere, from, to);
        }
        (port, isExchanged) = (behind.Port, true);
        if (model.NodePorts[taken].KeepsClients && !isNode)
        {
            return Plain(eni, from, behind.Address);
        }
        var sender = model.Hosts[host];
        var isApart = model.Interfaces[eni].Kind == NetworkInterfaceKind.Branch && sender.Rules.KeepsBranchesApart;
        if (behind.Address == from || (!isApart && StaysOn(host, eni, behind.Address)))
        {
            telling.Tell(TraceEventKind.StaysOnHost, host, 0, from, behind.Address, isAnswer);
            return End(Verdict.Delivered, behind.Address == to ? from : to, behind.Address);
        }
        // Masquerading takes the address of whichever interface it leaves by; a branch has none on
        // the node, and gets the node's, which it does not hold.
        var leaves =
            !isApart && (isNode || sender.Rules.External.Contains(behind.Address)) && sender.PrimaryEni >= 0 ? sender.PrimaryEni : eni;
        isForwarded = true;
        seenBehind =
            leaves == sender.PrimaryEni || model.Interfaces[leaves].Kind == NetworkInterfaceKind.Branch
                ? to
                : model.Interfaces[leaves].Primary;
        return Leg(leaves, seenBehind, behind) ?? End(Verdict.Delivered, seenBehind, behind.Address);
    }

    /// <summary>From the node to the pod and back, as a conversation of its own.</summary>
    /// <returns>Null when it comes off.</returns>
    private Outcome? Leg(int eni, uint source, in Backend behind)
    {
        var leg = new Walk<TTelling>(model, telling);
        leg.Ask(protocol, behind.Port);
        (leg.unread, leg.isForwarding) = (unread, true);
        telling.Tell(TraceEventKind.LeavesHost, eni, (int)Reason.Forwarded, source, behind.Address, isAnswer);
        var outcome = leg.Send(eni, source, behind.Address, out var arrived, out var seenAs) is { } trouble
            ? leg.End(trouble, seenAs, behind.Address)
            : leg.Back(eni, source, arrived, seenAs, behind.Address);
        unread = leg.unread;
        seenBehind = seenAs;
        return outcome.IsBlocked ? outcome : null;
    }

    /// <summary>The first of them, as with ClusterIPs; where askers keep their address, the first on this
    /// node, which who is on the node itself need not heed.</summary>
    private bool ChooseBehind(int taken, int host, bool isOwnNode, uint source, uint to, out Backend behind)
    {
        ref readonly var front = ref model.NodePorts[taken];
        var isLocal = front.KeepsClients && !isOwnNode;
        foreach (var one in front.Backends)
        {
            if (!isLocal || (model.ByAddress[one.Address] is >= 0 and var eni && model.Interfaces[eni].Host == host))
            {
                behind = one;
                telling.Tell(TraceEventKind.TakenFromNodePort, taken, isLocal ? 1 : 0, source, one.Address, isAnswer);
                return one.Port != 0 || Miss(Unread.ClusterIps, source, to);
            }
        }
        behind = default;
        telling.Tell(TraceEventKind.NobodyBehindNodePort, taken, 0, source, to, isAnswer);
        return false;
    }
}
