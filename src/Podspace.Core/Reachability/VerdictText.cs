using Podspace.Model;

namespace Podspace.Reachability;

/// <summary>A verdict in words, and what to do about it.</summary>
public static class VerdictText
{
    /// <summary>In three words or so.</summary>
    public static string Short(Outcome outcome) =>
        (outcome.IsOnTheWayBack ? "the answer is lost: " : "")
        + outcome.Verdict switch
        {
            Verdict.Delivered => "yes, both ways",
            Verdict.Leaves => "yes, as far as the VPC goes",
            Verdict.CannotTell => $"cannot tell: {UnreadText.Of(outcome.Unread)}",
            Verdict.NobodyThere => "nobody is there",
            Verdict.NoRoute => "no route",
            Verdict.Blackhole => "the route leads nowhere",
            Verdict.GroupLetsNotOut => "the sender's group does not let it out",
            Verdict.GroupLetsNotIn => "the receiver's group does not let it in",
            Verdict.AclLetsNotOut => "a network ACL does not let it out",
            Verdict.AclLetsNotIn => "a network ACL does not let it in",
            Verdict.SourceCheck => "AWS drops it: the interface does not hold its source address",
            Verdict.NoPublicAddress => "no public address for the Internet gateway",
            Verdict.StrangerToNat => "it reaches a NAT gateway that does not know the connection",
            Verdict.Loop => "gateways send it in circles",
            Verdict.LostOnNode => "the node drops it: DISABLE_TCP_EARLY_DEMUX is not set",
        };

    /// <summary>As programs read it: <c>group-lets-not-in</c>.</summary>
    public static string Code(Verdict verdict) =>
        string.Concat(verdict.ToString().Select((letter, i) => char.IsUpper(letter) && i > 0 ? $"-{letter}" : $"{letter}"))
            .ToLowerInvariant();

    /// <summary>The next step for a flow that is blocked; empty where there is none to name.</summary>
    public static string Remedy(Trace trace, Tracer tracer)
    {
        var flow = trace.Flow;
        switch (trace.Outcome.Verdict)
        {
            case Verdict.GroupLetsNotIn when trace.Culprit is { } hop && tracer.GroupsOf(hop.Destination) is { IsEmpty: false } receivers:
                var from = tracer.GroupsOf(hop.Source) is { IsEmpty: false } senders
                    ? $"--source-group {senders[0]}"
                    : $"--cidr {hop.Source}/32";
                return $"Admit it:\n  aws ec2 authorize-security-group-ingress --group-id {receivers[0]} {Ports(flow, hop)} {from}";
            case Verdict.GroupLetsNotOut when trace.Culprit is { } hop && tracer.GroupsOf(hop.Source) is { IsEmpty: false } groups:
                return $"Let it out:\n  aws ec2 authorize-security-group-egress --group-id "
                    + $"{groups[0]} {Ports(flow, hop)} --cidr {hop.Destination}/32";
            case Verdict.NoRoute or Verdict.Blackhole when trace.Culprit is { Kind: HopKind.Route } hop:
                return $"Give {hop.At} a route to {hop.Destination} that leads somewhere:\n "
                    + $" aws ec2 describe-route-tables --route-table-ids {hop.At}";
            case Verdict.AclLetsNotIn or Verdict.AclLetsNotOut when trace.Culprit is { } hop:
                return $"Give the network ACL an entry that lets "
                    + $"it{(trace.Outcome.IsOnTheWayBack ? ", and answers to ports 1024-65535 with it" : "")}:\n "
                    + $" aws ec2 describe-network-acls --network-acl-ids {hop.At.Split(' ')[0]}";
            case Verdict.LostOnNode:
                return "Set it in the init container, in the add-on's configuration values:\n "
                    + " {\"init\": {\"env\": {\"DISABLE_TCP_EARLY_DEMUX\": \"true\"}}}";
            default:
                return "";
        }
    }

    private static string Ports(Flow flow, Hop hop) =>
        flow.Protocol == Protocol.Icmp
            ? "--protocol icmp --port=-1"
            : $"--protocol {flow.Protocol.ToString().ToLowerInvariant()} --port {hop.Port}";
}
