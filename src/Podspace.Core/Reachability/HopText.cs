using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Reachability;

/// <summary>Puts what a walk met into words.</summary>
internal sealed class HopText(ForwardingModel model)
{
    /// <summary>Null for what is told otherwise: the end is the outcome's.</summary>
    public Hop? Of(TraceEvent told) =>
        told.What switch
        {
            TraceEventKind.ChosenByKubeProxy => Open(
                told,
                HopKind.KubeProxy,
                "kube-proxy",
                $"{Name((uint)told.A)} is a ClusterIP: the node sends it on to {Text((uint)told.B)} before anything else"
            ),
            TraceEventKind.TakenFromNodePort => Open(
                told,
                HopKind.KubeProxy,
                "kube-proxy",
                Taken(model.NodePorts[told.A], told.B == 1, Text(told.To))
            ),
            TraceEventKind.NobodyBehindNodePort => Shut(told, HopKind.KubeProxy, "kube-proxy", Nobody(model.NodePorts[told.A])),
            TraceEventKind.StaysOnHost => Open(
                told,
                HopKind.Host,
                HostName(told.A),
                "both ends are on this node: no group and no network ACL sees the packet"
            ),
            TraceEventKind.LeavesHost => Open(told, HopKind.Host, Card(told.A), Why((Reason)told.B, told)),
            TraceEventKind.FailsSourceCheck => Shut(
                told,
                HopKind.SourceCheck,
                Card(told.A),
                $"the interface does not hold {Text(told.From)}, and AWS drops what it sends with that source"
            ),
            TraceEventKind.GroupOut or TraceEventKind.GroupIn => Group(told),
            TraceEventKind.AclOut or TraceEventKind.AclIn => Acl(told),
            TraceEventKind.WithinSubnet => Open(
                told,
                HopKind.Subnet,
                Subnet(told.A),
                "both ends are in this subnet: no route and no network ACL is asked"
            ),
            TraceEventKind.Route => Route(told),
            TraceEventKind.TranslatedByNat => Open(
                told,
                HopKind.Nat,
                model.Nats[told.A].Seen.Id.Text,
                told.IsAnswer
                    ? "the NAT gateway hands the answer to whom it translated for"
                    : $"the NAT gateway puts its own address {Text(told.From)} in the source's place"
            ),
            TraceEventKind.LeavesVpc => Open(
                told,
                HopKind.Edge,
                model.Tables[told.A].Targets[told.B].Route.Via,
                $"it leaves the VPC here; what is beyond must have a route back to {Text(told.From)}"
            ),
            TraceEventKind.EntersVpc => Open(
                told,
                HopKind.Edge,
                Text(told.From),
                "it comes from beyond the VPC, if the network there has a route to here"
            ),
            TraceEventKind.Arrives => Open(
                told,
                HopKind.Arrival,
                Card(told.A),
                told.IsAnswer ? "the answer is back" : $"it arrives, from {Text(told.From)}"
            ),
            TraceEventKind.AnsweredByAws => Open(
                told,
                HopKind.Amazon,
                Text(told.To),
                "AWS answers itself, on the node's own link: no group and no network ACL filters it"
            ),
            TraceEventKind.AnsweredByHost => Open(told, HopKind.Amazon, HostName(told.A), "the node's own agent answers"),
            TraceEventKind.Unread => Open(
                told,
                HopKind.Unread,
                UnreadText.Of((Unread)told.A),
                UnreadText.Why((Unread)told.A, model.Inventory)
            ),
            TraceEventKind.Ends => null,
        };

    /// <summary>The port that is asked behind that; where kube-proxy exchanges it, the pod's.</summary>
    public int PortBehind(TraceEvent told, Protocol protocol, int port) =>
        told.What switch
        {
            TraceEventKind.ChosenByKubeProxy => model.ClusterIps.Behind((uint)told.A, protocol, (ushort)port)[0].Port,
            TraceEventKind.TakenFromNodePort => Array.Find(model.NodePorts[told.A].Backends, one => one.Address == told.To).Port,
            _ => port,
        };

    /// <summary>For verdicts that no place on the way has told.</summary>
    public static Hop End(TraceEvent told)
    {
        var (kind, why) = (Verdict)told.A switch
        {
            Verdict.NobodyThere => (HopKind.Arrival, "no interface of the VPC holds this address, and no Service has it"),
            Verdict.NoPublicAddress => (HopKind.Edge, $"{Text(told.From)} has no public address, and an Internet gateway carries no other"),
            Verdict.StrangerToNat => (HopKind.Nat, "the answer goes by a NAT gateway that has not seen the question, and is dropped"),
            Verdict.Loop => (HopKind.Nat, "NAT gateways send it round and round"),
            Verdict.LostOnNode => (
                HopKind.Host,
                "the node would have to forward the packet to a pod's interface, finds a socket of its own "
                    + "that waits for it (early demultiplexing), and drops it"
            ),
            _ => (HopKind.Edge, "the gateway takes no packet from this zone, or for this destination"),
        };
        return Shut(told, kind, Text(told.To), why);
    }

    private static string Taken(in NodePort front, bool keeps, string to) =>
        $"port {front.Port} of every node is Service {front.Service}'s: the node sends it on "
        + $"to {to}, "
        + $"{(keeps ? "with the asker's address (externalTrafficPolicy: Local)" : "with its own address, so that the answer comes back through it")}";

    private static string Nobody(in NodePort front) =>
        front.KeepsClients && front.Backends.Length > 0
            ? $"port {front.Port} is Service {front.Service}'s with externalTrafficPolicy: "
                + $"Local, and none of its ready pods is on this node: it is dropped"
            : $"port {front.Port} is Service {front.Service}'s, and no ready pod stands behind it: it is refused";

    private static string Why(Reason reason, TraceEvent told) =>
        reason switch
        {
            Reason.OnlyOne => "it leaves by this interface",
            Reason.NodeItself => "the node's own packet leaves by the node's own interface",
            Reason.InsideVpc => $"{Text(told.To)} is in a block of the VPC, which the CNI never translates: "
                + $"by the pod's own interface, with the pod's address",
            Reason.Excluded =>
                $"{Text(told.To)} is in AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: by the pod's own interface, with the pod's address",
            Reason.KeepsAddress => "nodes translate nothing here: by the pod's own interface, with the pod's address",
            Reason.Translated =>
                $"{Text(told.To)} is beyond the VPC: by the node's own interface, with the node's address {Text(told.From)}",
            Reason.ExternalNetwork => $"{Text(told.To)} is in AWS_EXTERNAL_SERVICE_CIDRS: by the node's own interface",
            Reason.Forwarded => $"the node sends on what came by its port, as {Text(told.From)}",
            Reason.Branch => "the pod has an interface of its own (security groups for pods, strict): nothing is translated",
            Reason.Answer => "the answer leaves where the address lives",
        };

    private Hop Group(TraceEvent told)
    {
        var isOut = told.What == TraceEventKind.GroupOut;
        var card = model.Interfaces[told.A];
        var set = model.GroupSets[card.Groups];
        var groups = set.Ids.IsEmpty ? "no group that was read" : string.Join(", ", set.Ids.Select(GroupName));
        if (told.B >= 0)
        {
            var (group, rule) = model.Rules[told.B];
            return Open(told, HopKind.Group, GroupName(group.Id), isOut ? "lets it out" : "lets it in", RuleText(rule));
        }
        var isUnread = (isOut ? set.Egress : set.Ingress).IsPartlyUnread;
        var nothing = isOut ? $"no rule lets it out to {Text(told.To)}" : $"no rule lets it in from {Text(told.From)}";
        return new(
            HopKind.Group,
            groups,
            isUnread ? "no rule that could be read admits it" : nothing,
            null,
            isUnread,
            new(told.From),
            new(told.To),
            told.IsAnswer
        );
    }

    private Hop Acl(TraceEvent told)
    {
        var isOut = told.What == TraceEventKind.AclOut;
        var acl = model.Acls[model.Subnets[told.A].Acl].Seen;
        var passes = told.B >= 0;
        var entry = passes ? told.B : -told.B - 1;
        var ports = told.IsAnswer ? ", answers to ports 1024-65535" : "";
        return new(
            HopKind.NetworkAcl,
            $"{acl.Id} of {Subnet(told.A)}",
            $"{(passes ? "lets" : "does not let")} it {(isOut ? "out" : "in")}{ports}",
            entry == 0 ? "no entry fits" : $"entry {entry}",
            passes,
            new(told.From),
            new(told.To),
            told.IsAnswer
        );
    }

    private Hop Route(TraceEvent told)
    {
        var table = model.Tables[told.A];
        if (told.B < 0)
        {
            return new(
                HopKind.Route,
                table.Seen.Id.Text,
                $"no route to {Text(told.To)}",
                null,
                table.IsPartlyUnread,
                new(told.From),
                new(told.To),
                told.IsAnswer
            );
        }
        var (route, _, _, isDead) = table.Targets[told.B];
        var to = route.To?.ToString() ?? route.PrefixList?.Text ?? "";
        return new(
            HopKind.Route,
            table.Seen.Id.Text,
            isDead ? $"{route.Via} is gone, not attached or not ready: the packet is dropped" : $"to {route.Via}",
            $"{to} → {route.Via}",
            !isDead,
            new(told.From),
            new(told.To),
            told.IsAnswer
        );
    }

    private static Hop Open(TraceEvent told, HopKind kind, string at, string why, string? rule = null) =>
        new(kind, at, why, rule, true, new(told.From), new(told.To), told.IsAnswer);

    private static Hop Shut(TraceEvent told, HopKind kind, string at, string why) =>
        new(kind, at, why, null, false, new(told.From), new(told.To), told.IsAnswer);

    private static string RuleText(SeenRule rule) =>
        $"{rule.Id}: {rule.Traffic} {(rule.Direction == Direction.Ingress ? "from" : "to")} {rule.Peer}";

    private string GroupName(AwsId id) =>
        model.Inventory.Cloud.Groups.FirstOrDefault(group => group.Id == id) is { Name.Length: > 0 } group
            ? $"{id} \"{group.Name}\""
            : id.Text;

    private string Card(int number)
    {
        var card = model.Interfaces[number];
        var seen = model.Inventory.Cloud.Interfaces[card.Seen];
        var place = card.Subnet < 0 ? "" : $" in {Subnet(card.Subnet)}";
        if (card.Host >= 0)
        {
            return $"{seen.Id} of {HostName(card.Host)}{place}";
        }
        return seen.Description.Length > 0 ? $"{seen.Id} \"{seen.Description}\"{place}" : $"{seen.Id}{place}";
    }

    private string HostName(int host) => model.Hosts[host].Node.Name;

    private string Subnet(int number) => $"{model.Subnets[number].Seen.Id} ({model.Subnets[number].Seen.Zone})";

    private string Name(uint address) => model.ClusterIps.NameOf(address) is { } name ? $"{Text(address)} ({name})" : Text(address);

    private static string Text(uint address) => new Address(address).ToString();
}
