using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Reachability;

/// <summary>Puts what a walk met into words.</summary>
internal sealed class HopText(ForwardingModel model)
{
    /// <summary>Null for what is traced otherwise: the end is the outcome's.</summary>
    public Hop? Of(TraceEvent traced) =>
        traced.What switch
        {
            TraceEventKind.ChosenByKubeProxy => Open(
                traced,
                HopKind.KubeProxy,
                "kube-proxy",
                $"{Name((uint)traced.A)} is a ClusterIP: the node sends it on to {Text((uint)traced.B)} before anything else"
            ),
            TraceEventKind.TakenFromNodePort => Open(
                traced,
                HopKind.KubeProxy,
                "kube-proxy",
                Taken(model.NodePorts[traced.A], traced.B == 1, Text(traced.To))
            ),
            TraceEventKind.NobodyBehindNodePort => Shut(traced, HopKind.KubeProxy, "kube-proxy", Nobody(model.NodePorts[traced.A])),
            TraceEventKind.StaysOnHost => Open(
                traced,
                HopKind.Host,
                HostName(traced.A),
                "both ends are on this node: no group and no network ACL sees the packet"
            ),
            TraceEventKind.LeavesHost => Open(traced, HopKind.Host, Eni(traced.A), Why((Reason)traced.B, traced)),
            TraceEventKind.FailsSourceCheck => Shut(
                traced,
                HopKind.SourceCheck,
                Eni(traced.A),
                $"the interface does not hold {Text(traced.From)}, and AWS drops what it sends with that source"
            ),
            TraceEventKind.GroupOut or TraceEventKind.GroupIn => Group(traced),
            TraceEventKind.AclOut or TraceEventKind.AclIn => Acl(traced),
            TraceEventKind.WithinSubnet => Open(
                traced,
                HopKind.Subnet,
                Subnet(traced.A),
                "both ends are in this subnet: no route and no network ACL is asked"
            ),
            TraceEventKind.Route => Route(traced),
            TraceEventKind.TranslatedByNat => Open(
                traced,
                HopKind.Nat,
                model.Nats[traced.A].Seen.Id.Text,
                traced.IsAnswer
                    ? "the NAT gateway hands the answer to whom it translated for"
                    : $"the NAT gateway puts its own address {Text(traced.From)} in the source's place"
            ),
            TraceEventKind.LeavesVpc => Open(
                traced,
                HopKind.Edge,
                model.Tables[traced.A].Targets[traced.B].Route.Via,
                $"it leaves the VPC here; what is beyond must have a route back to {Text(traced.From)}"
            ),
            TraceEventKind.EntersVpc => Open(
                traced,
                HopKind.Edge,
                Text(traced.From),
                "it comes from beyond the VPC, if the network there has a route to here"
            ),
            TraceEventKind.Arrives => Open(
                traced,
                HopKind.Arrival,
                Eni(traced.A),
                traced.IsAnswer ? "the answer is back" : $"it arrives, from {Text(traced.From)}"
            ),
            TraceEventKind.AnsweredByAws => Open(
                traced,
                HopKind.Amazon,
                Text(traced.To),
                "AWS answers itself, on the node's own link: no group and no network ACL filters it"
            ),
            TraceEventKind.AnsweredByHost => Open(traced, HopKind.Amazon, HostName(traced.A), "the node's own agent answers"),
            TraceEventKind.Unread => Open(
                traced,
                HopKind.Unread,
                UnreadText.Of((Unread)traced.A),
                UnreadText.Why((Unread)traced.A, model.Inventory)
            ),
            TraceEventKind.Ends => null,
        };

    /// <summary>The port that is asked behind that; where kube-proxy exchanges it, the pod's.</summary>
    public int PortBehind(TraceEvent traced, Protocol protocol, int port) =>
        traced.What switch
        {
            TraceEventKind.ChosenByKubeProxy => model.ClusterIps.Behind((uint)traced.A, protocol, (ushort)port)[0].Port,
            TraceEventKind.TakenFromNodePort => Array.Find(model.NodePorts[traced.A].Backends, one => one.Address == traced.To).Port,
            _ => port,
        };

    /// <summary>For verdicts that no place on the way has traced.</summary>
    public static Hop End(TraceEvent traced)
    {
        var (kind, why) = (Verdict)traced.A switch
        {
            Verdict.NobodyThere => (HopKind.Arrival, "no interface of the VPC holds this address, and no Service has it"),
            Verdict.NoPublicAddress => (
                HopKind.Edge,
                $"{Text(traced.From)} has no public address, and an Internet gateway carries no other"
            ),
            Verdict.StrangerToNat => (HopKind.Nat, "the answer goes by a NAT gateway that has not seen the question, and is dropped"),
            Verdict.Loop => (HopKind.Nat, "NAT gateways send it round and round"),
            Verdict.LostOnNode => (
                HopKind.Host,
                "the node would have to forward the packet to a pod's interface, finds a socket of its own "
                    + "that waits for it (early demultiplexing), and drops it"
            ),
            _ => (HopKind.Edge, "the gateway takes no packet from this zone, or for this destination"),
        };
        return Shut(traced, kind, Text(traced.To), why);
    }

    private static string Taken(in NodePort front, bool keeps, string to) =>
        $"port {front.Port} of every node is Service {front.Service}'s: the node sends it on to {to}, "
        + (
            keeps
                ? "with the asker's address (externalTrafficPolicy: Local)"
                : "with its own address, so that the answer comes back through it"
        );

    private static string Nobody(in NodePort front) =>
        front.KeepsClients && front.Backends.Length > 0
            ? $"port {front.Port} is Service {front.Service}'s with externalTrafficPolicy: "
                + $"Local, and none of its ready pods is on this node: it is dropped"
            : $"port {front.Port} is Service {front.Service}'s, and no ready pod stands behind it: it is refused";

    private static string Why(Reason reason, TraceEvent traced) =>
        reason switch
        {
            Reason.OnlyOne => "it leaves by this interface",
            Reason.NodeItself => "the node's own packet leaves by the node's own interface",
            Reason.InsideVpc => $"{Text(traced.To)} is in a block of the VPC, which the CNI never translates: "
                + $"by the pod's own interface, with the pod's address",
            Reason.Excluded =>
                $"{Text(traced.To)} is in AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: by the pod's own interface, with the pod's address",
            Reason.KeepsAddress => "nodes translate nothing here: by the pod's own interface, with the pod's address",
            Reason.Translated =>
                $"{Text(traced.To)} is beyond the VPC: by the node's own interface, with the node's address {Text(traced.From)}",
            Reason.ExternalNetwork => $"{Text(traced.To)} is in AWS_EXTERNAL_SERVICE_CIDRS: by the node's own interface",
            Reason.Forwarded => $"the node sends on what came by its port, as {Text(traced.From)}",
            Reason.Branch => "the pod has an interface of its own (security groups for pods, strict): nothing is translated",
            Reason.Answer => "the answer leaves where the address lives",
        };

    private Hop Group(TraceEvent traced)
    {
        var isOut = traced.What == TraceEventKind.GroupOut;
        var eni = model.Interfaces[traced.A];
        var set = model.GroupSets[eni.Groups];
        var groups = set.Ids.IsEmpty ? "no group that was read" : string.Join(", ", set.Ids.Select(GroupName));
        if (traced.B >= 0)
        {
            var (group, rule) = model.Rules[traced.B];
            return Open(traced, HopKind.Group, GroupName(group.Id), isOut ? "lets it out" : "lets it in", RuleText(rule));
        }
        var isUnread = (isOut ? set.Egress : set.Ingress).IsPartlyUnread;
        var nothing = isOut ? $"no rule lets it out to {Text(traced.To)}" : $"no rule lets it in from {Text(traced.From)}";
        return new(
            HopKind.Group,
            groups,
            isUnread ? "no rule that could be read admits it" : nothing,
            null,
            isUnread,
            new(traced.From),
            new(traced.To),
            traced.IsAnswer
        );
    }

    private Hop Acl(TraceEvent traced)
    {
        var isOut = traced.What == TraceEventKind.AclOut;
        var acl = model.Acls[model.Subnets[traced.A].Acl].Seen;
        var passes = traced.B >= 0;
        var entry = passes ? traced.B : -traced.B - 1;
        var ports = traced.IsAnswer ? ", answers to ports 1024-65535" : "";
        return new(
            HopKind.NetworkAcl,
            $"{acl.Id} of {Subnet(traced.A)}",
            $"{(passes ? "lets" : "does not let")} it {(isOut ? "out" : "in")}{ports}",
            entry == 0 ? "no entry fits" : $"entry {entry}",
            passes,
            new(traced.From),
            new(traced.To),
            traced.IsAnswer
        );
    }

    private Hop Route(TraceEvent traced)
    {
        var table = model.Tables[traced.A];
        if (traced.B < 0)
        {
            return new(
                HopKind.Route,
                table.Seen.Id.Text,
                $"no route to {Text(traced.To)}",
                null,
                table.IsPartlyUnread,
                new(traced.From),
                new(traced.To),
                traced.IsAnswer
            );
        }
        var (route, _, _, isDead) = table.Targets[traced.B];
        var to = route.To?.ToString() ?? route.PrefixList?.Text ?? "";
        return new(
            HopKind.Route,
            table.Seen.Id.Text,
            isDead ? $"{route.Via} is gone, not attached or not ready: the packet is dropped" : $"to {route.Via}",
            $"{to} → {route.Via}",
            !isDead,
            new(traced.From),
            new(traced.To),
            traced.IsAnswer
        );
    }

    private static Hop Open(TraceEvent traced, HopKind kind, string at, string why, string? rule = null) =>
        new(kind, at, why, rule, true, new(traced.From), new(traced.To), traced.IsAnswer);

    private static Hop Shut(TraceEvent traced, HopKind kind, string at, string why) =>
        new(kind, at, why, null, false, new(traced.From), new(traced.To), traced.IsAnswer);

    private static string RuleText(SeenRule rule) =>
        $"{rule.Id}: {rule.Traffic} {(rule.Direction == Direction.Ingress ? "from" : "to")} {rule.Peer}";

    private string GroupName(AwsId id) =>
        model.Inventory.Cloud.Groups.FirstOrDefault(group => group.Id == id) is { Name.Length: > 0 } group
            ? $"{id} \"{group.Name}\""
            : id.Text;

    private string Eni(int number)
    {
        var eni = model.Interfaces[number];
        var seen = model.Inventory.Cloud.Interfaces[eni.Seen];
        var place = eni.Subnet < 0 ? "" : $" in {Subnet(eni.Subnet)}";
        if (eni.Host >= 0)
        {
            return $"{seen.Id} of {HostName(eni.Host)}{place}";
        }
        return seen.Description.Length > 0 ? $"{seen.Id} \"{seen.Description}\"{place}" : $"{seen.Id}{place}";
    }

    private string HostName(int host) => model.Hosts[host].Node.Name;

    private string Subnet(int number) => $"{model.Subnets[number].Seen.Id} ({model.Subnets[number].Seen.Zone})";

    private string Name(uint address) => model.ClusterIps.NameOf(address) is { } name ? $"{Text(address)} ({name})" : Text(address);

    private static string Text(uint address) => new Address(address).ToString();
}
