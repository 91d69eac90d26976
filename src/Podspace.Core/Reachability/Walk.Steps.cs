namespace Podspace.Reachability;

internal ref partial struct Walk<TTelling>
{
    private const uint LinkLocal = 0xA9FE_0000; // 169.254.0.0
    private const uint Metadata = 0xA9FE_A9FE; // 169.254.169.254
    private const uint ResolverAtHand = 0xA9FE_A9FD; // 169.254.169.253
    private const uint TimeAtHand = 0xA9FE_A97B; // 169.254.169.123
    private const uint PodIdentity = 0xA9FE_AA17; // 169.254.170.23

    /// <summary>DNS, metadata and time are AWS's own: neither groups nor ACLs filter them.
    /// Source: VPC User Guide, "Security groups".</summary>
    private Outcome? AwsItself(int eni, uint from, uint to)
    {
        var isResolver = to == model.Resolver && to != 0;
        if (!isResolver && to >> 16 != LinkLocal >> 16)
        {
            return null;
        }
        var host = model.Interfaces[eni].Host;
        var isPod = host >= 0 && from != model.Hosts[host].Address;
        // In strict mode a branch's packets are sent out by rule 10 before the node looks for its own addresses by rule 20.
        if (
            to == PodIdentity
            && host >= 0
            && !(model.Interfaces[eni].Kind == NetworkInterfaceKind.Branch && model.Hosts[host].Rules.KeepsBranchesApart)
        )
        {
            telling.Tell(TraceEventKind.AnsweredByHost, host, 0, from, to, isAnswer);
            return End(Verdict.Delivered, from, to);
        }
        if (!isResolver && to is not (Metadata or ResolverAtHand or TimeAtHand))
        {
            return End(Verdict.NobodyThere, from, to);
        }
        var source = from;
        var left = WayOut(eni, ref source, to);
        if (model.ByAddress[source] != left)
        {
            telling.Tell(TraceEventKind.FailsSourceCheck, left, 0, source, to, isAnswer);
            return End(Verdict.SourceCheck, source, to);
        }
        telling.Tell(TraceEventKind.AnsweredByAws, 0, 0, source, to, isAnswer);
        // What comes from a pod has one hop more behind it. With the pod's own address the behaviour is UNCONFIRMED as well.
        return to == Metadata && isPod ? Fail(Unread.HopLimit, source, to) : End(Verdict.Delivered, source, to);
    }

    /// <summary>By which interface a packet leaves its host, and with which source: the CNI's rules and chains.</summary>
    private int WayOut(int eni, ref uint source, uint to)
    {
        var way = model.Interfaces[eni];
        if (way.Host < 0)
        {
            return Leave(eni, Reason.OnlyOne, source, to);
        }
        var host = model.Hosts[way.Host];
        if (source == host.Address || host.PrimaryEni < 0)
        {
            return Leave(eni, Reason.NodeItself, source, to);
        }
        if (way.Kind == NetworkInterfaceKind.Branch && host.Rules.KeepsBranchesApart)
        {
            return Leave(eni, Reason.Branch, source, to);
        }
        var isInside = model.Vpc.Contains(to);
        if (!isInside && !host.Rules.IsKnown)
        {
            Miss(Unread.NodeSettings, source, to);
        }
        var isExternal = host.Rules.External.Contains(to);
        var keeps = isInside || !host.Rules.Translates || host.Rules.Excluded.Contains(to);
        if (!keeps)
        {
            source = host.Address;
            return Leave(host.PrimaryEni, Reason.Translated, source, to);
        }
        // Rule 1535 comes before the pod's own 1536. Source: amazon-vpc-cni-k8s pkg/networkutils.
        if (isExternal)
        {
            return Leave(host.PrimaryEni, Reason.ExternalNetwork, source, to);
        }
        var outside = host.Rules.Translates ? Reason.Excluded : Reason.KeepsAddress;
        return Leave(eni, isInside ? Reason.InsideVpc : outside, source, to);
    }

    /// <summary>An answer is not translated, connection tracking sees to that; it leaves where its address lives.</summary>
    private int AnswersBy(int eni, uint source, uint to)
    {
        var way = model.Interfaces[eni];
        var isDiverted =
            way.Host >= 0
            && source != model.Hosts[way.Host].Address
            && model.Hosts[way.Host].PrimaryEni >= 0
            && way.Kind != NetworkInterfaceKind.Branch
            && model.Hosts[way.Host].Rules.External.Contains(to);
        return isDiverted
            ? Leave(model.Hosts[way.Host].PrimaryEni, Reason.ExternalNetwork, source, to)
            : Leave(eni, Reason.Answer, source, to);
    }

    private readonly int Leave(int eni, Reason reason, uint source, uint to)
    {
        telling.Tell(TraceEventKind.LeavesHost, eni, (int)reason, source, to, isAnswer);
        return eni;
    }

    /// <summary>From an interface through the VPC. Null: it arrived at an interface, or left the VPC.</summary>
    /// <param name="arrived">Negative when it left the VPC.</param>
    /// <param name="seenAs">Its source at the end.</param>
    private Verdict? Send(int eni, uint source, uint to, out int arrived, out uint seenAs)
    {
        seenAs = source;
        arrived = model.ByAddress[to];
        var way = model.Interfaces[eni];
        if (model.ByAddress[source] != eni)
        {
            telling.Tell(TraceEventKind.FailsSourceCheck, eni, 0, source, to, isAnswer);
            return Verdict.SourceCheck;
        }
        if (!isAnswer && !GroupOut(eni, source, to, arrived))
        {
            return Verdict.GroupLetsNotOut;
        }
        var subnet = way.Subnet;
        ReadOnlySpan<int> groups = model.GroupSets[way.Groups].Numbers;
        for (var nats = 0; ; nats++)
        {
            if (subnet < 0)
            {
                Miss(Unread.Subnets, seenAs, to);
                return Arrive(ref arrived, groups, seenAs, to);
            }
            if (model.Subnets[subnet].Contains(to))
            {
                telling.Tell(TraceEventKind.WithinSubnet, subnet, 0, seenAs, to, isAnswer);
                return Arrive(ref arrived, groups, seenAs, to);
            }
            if (RouteOf(subnet, seenAs, to, out var table, out var target) is { } trouble)
            {
                return trouble;
            }
            if (target.Kind != TargetKind.Nat)
            {
                return Onward(subnet, table, target, groups, ref arrived, seenAs, to);
            }
            if (isAnswer)
            {
                return Verdict.StrangerToNat;
            }
            if (nats == MostNats)
            {
                return Verdict.Loop;
            }
            if (PassNat(target.Number, ref subnet, ref seenAs, to) is { } refused)
            {
                return refused;
            }
            // Behind a gateway nobody's groups are on the packet any more.
            groups = [];
        }
    }

    private Verdict? RouteOf(int subnet, uint source, uint to, out int table, out Target target)
    {
        target = default;
        table = model.Subnets[subnet].Table;
        if (table < 0)
        {
            Miss(Unread.RouteTables, source, to);
            // A subnet without a table that was read still has its local routes.
            return model.Vpc.Contains(to) ? null : Verdict.CannotTell;
        }
        var routes = model.Tables[table];
        var number = routes.Routes[to];
        if (routes.IsPartlyUnread && !model.Vpc.Contains(to))
        {
            Miss(Unread.PrefixList, source, to);
        }
        telling.Tell(TraceEventKind.Route, table, number, source, to, isAnswer);
        if (number < 0)
        {
            return unread == Unread.PrefixList ? Verdict.CannotTell : Verdict.NoRoute;
        }
        target = routes.Targets[number];
        return target.IsDead ? Verdict.Blackhole : null;
    }

    /// <summary>What a route other than to a NAT gateway comes to.</summary>
    private Verdict? Onward(int subnet, int table, in Target target, ReadOnlySpan<int> groups, ref int arrived, uint source, uint to)
    {
        var (first, last) = isAnswer ? (answerFirst, answerLast) : (port, port);
        if (!AclOut(subnet, source, to, first, last))
        {
            return Verdict.AclLetsNotOut;
        }
        if (target.Kind == TargetKind.Local)
        {
            return !AclIn(model.BySubnet[to], source, to, first, last) ? Verdict.AclLetsNotIn : Arrive(ref arrived, groups, source, to);
        }
        arrived = PrefixMap.None;
        telling.Tell(TraceEventKind.LeavesVpc, table, model.Tables[table].Routes[to], source, to, isAnswer);
        if (target.Kind == TargetKind.Appliance)
        {
            Miss(Unread.Appliance, source, to);
        }
        return target.Kind switch
        {
            TargetKind.InternetGateway => HasPublicAddress(source, to),
            TargetKind.TransitGateway => Reaches(target.Route.Via, subnet) ? null : Verdict.Blackhole,
            TargetKind.Peering => Carries(target.Route.Via, to) ? null : Verdict.Blackhole,
            TargetKind.VpnGateway or TargetKind.Endpoint or TargetKind.Appliance or TargetKind.Nat or TargetKind.Local => null,
        };
    }

    /// <summary>A transit gateway takes packets only in zones in which its attachment has a subnet.
    /// Source: VPC transit gateways, "VPC attachments".</summary>
    private readonly bool Reaches(string gateway, int subnet)
    {
        var zone = model.Subnets[subnet].Seen.Zone;
        foreach (var attachment in model.Inventory.Cloud.TransitGatewayAttachments)
        {
            if (attachment.Gateway != gateway)
            {
                continue;
            }
            foreach (var id in attachment.Subnets)
            {
                foreach (ref readonly var attached in model.Subnets.AsSpan())
                {
                    if (attached.Seen.Id == id && attached.Seen.Zone == zone)
                    {
                        return true;
                    }
                }
            }
            return attachment.Subnets.IsEmpty;
        }
        return true;
    }

    /// <summary>A peering carries packets to the other VPC's own blocks and no further. Source: VPC Peering Guide, "Limitations".</summary>
    private readonly bool Carries(string peering, uint to)
    {
        foreach (var one in model.Inventory.Cloud.Peerings)
        {
            if (one.Id.Text == peering && !one.PeerBlocks.IsEmpty)
            {
                foreach (var block in one.PeerBlocks)
                {
                    if (block.Contains(new Addressing.Address(to)))
                    {
                        return true;
                    }
                }
                return false;
            }
        }
        return true;
    }

    /// <summary>An Internet gateway translates one to one, and only who has a public
    /// address. The CNI gives pods' interfaces none.</summary>
    private Verdict? HasPublicAddress(uint source, uint to)
    {
        var eni = model.ByAddress[source];
        // What the question passed says nothing of the answer, which no NAT gateway translates on its own way out.
        if (passedCount > 0 && !isAnswer)
        {
            return model.Nats[passed[passedCount - 1]].IsPublic ? null : Verdict.NoPublicAddress;
        }
        var host = eni < 0 ? PrefixMap.None : model.Interfaces[eni].Host;
        if (host >= 0 && source != model.Hosts[host].Address)
        {
            return Verdict.NoPublicAddress;
        }
        Miss(Unread.PublicAddress, source, to);
        return null;
    }

    private Verdict? PassNat(int number, ref int subnet, ref uint seenAs, uint to)
    {
        if (number < 0)
        {
            Miss(Unread.NatInterface, seenAs, to);
            return Verdict.CannotTell;
        }
        var nat = model.Nats[number];
        if (subnet != nat.Subnet && !AclOut(subnet, seenAs, to, port, port))
        {
            return Verdict.AclLetsNotOut;
        }
        if (subnet != nat.Subnet && !AclIn(nat.Subnet, seenAs, to, port, port))
        {
            return Verdict.AclLetsNotIn;
        }
        if (nat.Eni < 0)
        {
            Miss(Unread.NatInterface, seenAs, to);
            return Verdict.CannotTell;
        }
        passed[passedCount++] = number;
        seenAs = model.Interfaces[nat.Eni].Primary;
        subnet = nat.Subnet;
        telling.Tell(TraceEventKind.TranslatedByNat, number, 0, seenAs, to, isAnswer);
        return null;
    }

    private Verdict? Arrive(ref int arrived, ReadOnlySpan<int> groups, uint source, uint to)
    {
        if (arrived < 0 && model.SeesInterfaces)
        {
            return Verdict.NobodyThere;
        }
        if (arrived < 0)
        {
            Miss(Unread.Interfaces, source, to);
            return Verdict.CannotTell;
        }
        if (!isAnswer && !GroupIn(arrived, source, to, groups))
        {
            return Verdict.GroupLetsNotIn;
        }
        telling.Tell(TraceEventKind.Arrives, arrived, 0, source, to, isAnswer);
        return null;
    }

    private bool GroupOut(int eni, uint source, uint to, int receiver) =>
        Group(TraceEventKind.GroupOut, eni, source, to, to, receiver < 0 ? [] : model.GroupSets[model.Interfaces[receiver].Groups].Numbers);

    private bool GroupIn(int eni, uint source, uint to, ReadOnlySpan<int> senders) =>
        Group(TraceEventKind.GroupIn, eni, source, to, source, senders);

    private bool Group(TraceEventKind what, int eni, uint source, uint to, uint peer, ReadOnlySpan<int> peerGroups)
    {
        var set = model.GroupSets[model.Interfaces[eni].Groups];
        if (set.IsFree)
        {
            return true;
        }
        var filter = what == TraceEventKind.GroupOut ? set.Egress : set.Ingress;
        var rule = filter.Admits(protocol, port, peer, peerGroups);
        telling.Tell(what, eni, rule, source, to, isAnswer);
        return rule >= 0 || (filter.IsPartlyUnread && Miss(Unread.Groups, source, to));
    }

    private bool AclOut(int subnet, uint source, uint to, ushort first, ushort last) =>
        Acl(TraceEventKind.AclOut, subnet, source, to, to, first, last);

    private bool AclIn(int subnet, uint source, uint to, ushort first, ushort last) =>
        Acl(TraceEventKind.AclIn, subnet, source, to, source, first, last);

    private bool Acl(TraceEventKind what, int subnet, uint source, uint to, uint peer, ushort first, ushort last)
    {
        var acl = subnet < 0 ? PrefixMap.None : model.Subnets[subnet].Acl;
        if (acl < 0)
        {
            return Miss(Unread.NetworkAcls, source, to);
        }
        var filter = what == TraceEventKind.AclOut ? model.Acls[acl].Egress : model.Acls[acl].Ingress;
        var passes = filter.Passes(protocol, peer, first, last, out var entry);
        telling.Tell(what, subnet, passes ? entry : -entry - 1, source, to, isAnswer);
        return passes;
    }
}
