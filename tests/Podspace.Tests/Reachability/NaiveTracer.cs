using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Reachability;

namespace Podspace.Tests.Reachability;

/// <summary>A second opinion: the same question answered straight from the inventory, with
/// nothing compiled and no thought of speed.</summary>
/// <remarks>Written against AWS's and the CNI's documentation, not against the tracer. bench/ measures the tracer beside it.</remarks>
public sealed partial class NaiveTracer(Inventory inventory)
{
    private readonly CloudInventory cloud = inventory.Cloud;
    private Unread unread;

    private sealed record Packet(string Protocol, Address From, Address To, int FirstPort, int LastPort, bool IsAnswer);

    /// <summary>How a journey through the VPC ended.</summary>
    private sealed record Journey(
        Verdict? Trouble,
        SeenInterface? Arrived,
        Address SeenAs,
        EquatableArray<SeenNatGateway> Nats,
        SeenSubnet? LeftFrom
    );

    public Outcome Verdict(Flow flow)
    {
        unread = Unread.Nothing;
        var protocol = flow.Protocol.ToString().ToLowerInvariant();
        var port = flow.Protocol == Protocol.Icmp ? 8 : flow.Port;
        var packet = new Packet(protocol, flow.From, flow.To, port, port, false);
        if (EniOf(packet.From) is { } eni)
        {
            return Inside(packet, eni);
        }
        return IsInVpc(packet.From) ? Missing(packet.From) : Outside(packet);
    }

    private Outcome Inside(Packet packet, SeenInterface eni)
    {
        var node = NodeOf(eni);
        var isPod = node is not null && packet.From != node.InternalAddress;
        var resolver = cloud.Vpc!.Primary.First.Plus(2);
        if (packet.To == resolver || Cidr.Parse("169.254.0.0/16").Contains(packet.To))
        {
            return Amazon(packet, eni, node, isPod, resolver);
        }
        if (
            node is not null
            && EniOf(packet.To) is { } other
            && NodeOf(other) == node
            && !(IsStrict() && (eni.Type == "branch" || other.Type == "branch"))
        )
        {
            return new(Podspace.Reachability.Verdict.Delivered, false, Unread.Nothing, packet.From);
        }
        var (by, source) = LeaveNode(eni, packet.From, packet.To, node);
        var there = Travel(packet with { From = source }, by);
        if (there.Trouble is { } trouble)
        {
            return Done(trouble, false, there.SeenAs);
        }
        return Return(packet, by, source, there);
    }

    private Outcome Return(Packet packet, SeenInterface by, Address source, Journey there)
    {
        var answer = Answer(packet, packet.To, there.SeenAs);
        var last = there.Nats.IsEmpty ? by : NatEni(there.Nats[^1])!;
        if (there.Arrived is { } server)
        {
            if (
                packet.Protocol == "tcp"
                && there.Nats.IsEmpty
                && IsStrict()
                && inventory.Cluster?.AwsNode is not { DisablesEarlyDemux: true }
                && NodeOf(by) is { } node
                && NodeOf(server) == node
                && (
                    (server.Type == "branch" && source == node.InternalAddress)
                    || (by.Type == "branch" && packet.To == node.InternalAddress)
                )
            )
            {
                return Done(Podspace.Reachability.Verdict.LostOnNode, true, there.SeenAs);
            }
            var back = Travel(answer, AnswerBy(server, packet.To, there.SeenAs));
            if (back.Trouble is { } trouble)
            {
                return Done(trouble, true, there.SeenAs);
            }
            if (back.Arrived?.Id != last.Id)
            {
                return Done(Podspace.Reachability.Verdict.StrangerToNat, true, there.SeenAs);
            }
        }
        else if (!AclPasses(Subnet(last.Subnet), Direction.Ingress, answer))
        {
            return Done(Podspace.Reachability.Verdict.AclLetsNotIn, true, there.SeenAs);
        }
        for (var i = there.Nats.Count - 1; i >= 0; i--)
        {
            var next = i == 0 ? by : NatEni(there.Nats[i - 1])!;
            var to = i == 0 ? source : next.Addresses[0];
            if (HandOn(there.Nats[i], answer with { To = to }, next) is { } trouble)
            {
                return Done(trouble, true, there.SeenAs);
            }
        }
        return Done(
            there.Arrived is null ? Podspace.Reachability.Verdict.Leaves : Podspace.Reachability.Verdict.Delivered,
            true,
            there.SeenAs
        );
    }

    private Verdict? HandOn(SeenNatGateway nat, Packet answer, SeenInterface next)
    {
        var subnet = Subnet(nat.Subnet);
        if (subnet is null || subnet.Cidr.Contains(answer.To))
        {
            return null;
        }
        var (route, isKnown) = RouteFor(subnet, answer.To);
        if (route is null && isKnown)
        {
            return Podspace.Reachability.Verdict.NoRoute;
        }
        return route is not null && IsDead(route) ? Podspace.Reachability.Verdict.Blackhole
            : route is not null && route.Via != "local" ? Podspace.Reachability.Verdict.StrangerToNat
            : !AclPasses(subnet, Direction.Egress, answer) ? Podspace.Reachability.Verdict.AclLetsNotOut
            : !AclPasses(Subnet(next.Subnet), Direction.Ingress, answer) ? Podspace.Reachability.Verdict.AclLetsNotIn
            : null;
    }

    private Outcome Outside(Packet packet)
    {
        if (EniOf(packet.To) is not { } eni)
        {
            if (IsInVpc(packet.To))
            {
                return Missing(packet.From);
            }
            unread = unread == Unread.Nothing ? Unread.BothOutside : unread;
            return Done(Podspace.Reachability.Verdict.CannotTell, false, packet.From);
        }
        if (!AclPasses(Subnet(eni.Subnet), Direction.Ingress, packet))
        {
            return Done(Podspace.Reachability.Verdict.AclLetsNotIn, false, packet.From);
        }
        if (!GroupsAdmit(eni, Direction.Ingress, packet, packet.From, []))
        {
            return Done(Podspace.Reachability.Verdict.GroupLetsNotIn, false, packet.From);
        }
        var back = Travel(Answer(packet, packet.To, packet.From), AnswerBy(eni, packet.To, packet.From));
        return back.Trouble is { } trouble ? Done(trouble, true, packet.From)
            : back.Arrived is not null ? Done(Podspace.Reachability.Verdict.StrangerToNat, true, packet.From)
            : Done(Podspace.Reachability.Verdict.Leaves, true, packet.From);
    }

    private Outcome Amazon(Packet packet, SeenInterface eni, SeenNode? node, bool isPod, Address resolver)
    {
        if (packet.To == Address.Parse("169.254.170.23") && node is not null && !(eni.Type == "branch" && IsStrict()))
        {
            return new(Podspace.Reachability.Verdict.Delivered, false, Unread.Nothing, packet.From);
        }
        var isMetadata = packet.To == Address.Parse("169.254.169.254");
        if (
            packet.To != resolver
            && !isMetadata
            && packet.To != Address.Parse("169.254.169.253")
            && packet.To != Address.Parse("169.254.169.123")
        )
        {
            return Done(Podspace.Reachability.Verdict.NobodyThere, false, packet.From);
        }
        var (by, source) = LeaveNode(eni, packet.From, packet.To, node);
        if (EniOf(source)?.Id != by.Id)
        {
            return Done(Podspace.Reachability.Verdict.SourceCheck, false, source);
        }
        if (isMetadata && isPod)
        {
            Missed(Unread.HopLimit);
        }
        return Done(Podspace.Reachability.Verdict.Delivered, false, source);
    }

    private Journey Travel(Packet packet, SeenInterface by)
    {
        var nats = new List<SeenNatGateway>();
        Journey Ends(Verdict? trouble, SeenInterface? arrived = null, SeenSubnet? left = null) =>
            new(trouble, arrived, packet.From, nats.ToEquatable(), left);
        if (EniOf(packet.From)?.Id != by.Id)
        {
            return Ends(Podspace.Reachability.Verdict.SourceCheck);
        }
        var receiver = EniOf(packet.To);
        if (!packet.IsAnswer && !GroupsAdmit(by, Direction.Egress, packet, packet.To, receiver?.Groups ?? []))
        {
            return Ends(Podspace.Reachability.Verdict.GroupLetsNotOut);
        }
        var subnet = Subnet(by.Subnet);
        EquatableArray<AwsId> groups = by.Groups;
        while (true)
        {
            if (subnet is null)
            {
                Missed(Unread.Subnets);
                return Arrive(packet, receiver, groups, Ends);
            }
            if (subnet.Cidr.Contains(packet.To))
            {
                return Arrive(packet, receiver, groups, Ends);
            }
            var (route, isKnown) = RouteFor(subnet, packet.To);
            if (route is null && (isKnown || !IsInVpc(packet.To)))
            {
                return Ends(
                    unread is Unread.PrefixList || !isKnown
                        ? Podspace.Reachability.Verdict.CannotTell
                        : Podspace.Reachability.Verdict.NoRoute
                );
            }
            if (route is not null && IsDead(route))
            {
                return Ends(Podspace.Reachability.Verdict.Blackhole);
            }
            if (route is null || !route.Via.StartsWith("nat-", StringComparison.Ordinal))
            {
                return Beyond(packet, subnet, route, receiver, groups, nats, Ends);
            }
            if (packet.IsAnswer)
            {
                return Ends(Podspace.Reachability.Verdict.StrangerToNat);
            }
            if (nats.Count == 4)
            {
                return Ends(Podspace.Reachability.Verdict.Loop);
            }
            if (cloud.NatGateways.FirstOrDefault(one => one.Id.Text == route.Via) is not { } nat)
            {
                Missed(Unread.NatInterface);
                return Ends(Podspace.Reachability.Verdict.CannotTell);
            }
            if (subnet.Id != nat.Subnet && !AclPasses(subnet, Direction.Egress, packet))
            {
                return Ends(Podspace.Reachability.Verdict.AclLetsNotOut);
            }
            if (subnet.Id != nat.Subnet && !AclPasses(Subnet(nat.Subnet), Direction.Ingress, packet))
            {
                return Ends(Podspace.Reachability.Verdict.AclLetsNotIn);
            }
            if (NatEni(nat) is not { } natEni)
            {
                Missed(Unread.NatInterface);
                return Ends(Podspace.Reachability.Verdict.CannotTell);
            }
            nats.Add(nat);
            packet = packet with { From = natEni.Addresses[0] };
            subnet = Subnet(nat.Subnet);
            groups = [];
        }
    }

    private Journey Beyond(
        Packet packet,
        SeenSubnet subnet,
        SeenRoute? route,
        SeenInterface? receiver,
        EquatableArray<AwsId> groups,
        List<SeenNatGateway> nats,
        Func<Verdict?, SeenInterface?, SeenSubnet?, Journey> ends
    )
    {
        if (!AclPasses(subnet, Direction.Egress, packet))
        {
            return ends(Podspace.Reachability.Verdict.AclLetsNotOut, null, null);
        }
        if (route is null || route.Via == "local")
        {
            var target = cloud.Subnets.Where(one => one.Cidr.Contains(packet.To)).MaxBy(one => one.Cidr.PrefixLength);
            return !AclPasses(target, Direction.Ingress, packet)
                ? ends(Podspace.Reachability.Verdict.AclLetsNotIn, null, null)
                : Arrive(packet, receiver, groups, (trouble, arrived, _) => ends(trouble, arrived, null));
        }
        return ends(Gateway(packet, subnet, route, nats), null, subnet);
    }

    private Journey Arrive(
        Packet packet,
        SeenInterface? receiver,
        EquatableArray<AwsId> groups,
        Func<Verdict?, SeenInterface?, SeenSubnet?, Journey> ends
    )
    {
        if (receiver is null)
        {
            if (!inventory.Sees(Reading.Interfaces))
            {
                Missed(Unread.Interfaces);
                return ends(Podspace.Reachability.Verdict.CannotTell, null, null);
            }
            return ends(Podspace.Reachability.Verdict.NobodyThere, null, null);
        }
        return !packet.IsAnswer && !GroupsAdmit(receiver, Direction.Ingress, packet, packet.From, groups)
            ? ends(Podspace.Reachability.Verdict.GroupLetsNotIn, null, null)
            : ends(null, receiver, null);
    }

    private (SeenInterface By, Address Source) LeaveNode(SeenInterface eni, Address from, Address to, SeenNode? node)
    {
        var primary = node is null ? null : cloud.Interfaces.LastOrDefault(one => one.Instance == node.InstanceId && one.DeviceIndex == 0);
        if (node is null || primary is null || from == node.InternalAddress || (eni.Type == "branch" && IsStrict()))
        {
            return (eni, from);
        }
        if (!IsInVpc(to) && inventory.Cluster!.AwsNode is null)
        {
            Missed(Unread.NodeSettings);
        }
        var keeps =
            IsInVpc(to)
            || Setting("AWS_VPC_K8S_CNI_EXTERNALSNAT") == "true"
            || Blocks("AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS").Any(block => block.Contains(to));
        return !keeps ? (primary, node.InternalAddress ?? default)
            : Blocks("AWS_EXTERNAL_SERVICE_CIDRS").Any(block => block.Contains(to)) ? (primary, from)
            : (eni, from);
    }

    private SeenInterface AnswerBy(SeenInterface eni, Address from, Address to) =>
        NodeOf(eni) is { } node
        && from != node.InternalAddress
        && eni.Type != "branch"
        && Blocks("AWS_EXTERNAL_SERVICE_CIDRS").Any(block => block.Contains(to))
        && cloud.Interfaces.LastOrDefault(one => one.Instance == node.InstanceId && one.DeviceIndex == 0) is { } primary
            ? primary
            : eni;

    private static Packet Answer(Packet packet, Address from, Address to) =>
        packet.Protocol == "icmp"
            ? packet with
            {
                From = from,
                To = to,
                FirstPort = 0,
                LastPort = 0,
                IsAnswer = true,
            }
            : packet with
            {
                From = from,
                To = to,
                FirstPort = 1024,
                LastPort = 65535,
                IsAnswer = true,
            };

    private Outcome Missing(Address from)
    {
        if (inventory.Sees(Reading.Interfaces))
        {
            return Done(Podspace.Reachability.Verdict.NobodyThere, false, from);
        }
        Missed(Unread.Interfaces);
        return Done(Podspace.Reachability.Verdict.CannotTell, false, from);
    }

    private Outcome Done(Verdict verdict, bool isAnswer, Address seenAs)
    {
        var isOpen =
            verdict
            is Podspace.Reachability.Verdict.Delivered
                or Podspace.Reachability.Verdict.Leaves
                or Podspace.Reachability.Verdict.CannotTell;
        return isOpen && unread != Unread.Nothing
            ? new(Podspace.Reachability.Verdict.CannotTell, false, unread, seenAs)
            : new(verdict, isAnswer && !isOpen, Unread.Nothing, seenAs);
    }

    private SeenInterface? EniOf(Address address) =>
        cloud.Interfaces.FirstOrDefault(eni => eni.Addresses.Contains(address))
        ?? cloud.Interfaces.FirstOrDefault(eni => eni.Prefixes.Any(prefix => prefix.Contains(address)));

    private SeenNode? NodeOf(SeenInterface eni) => inventory.Cluster?.Nodes.FirstOrDefault(node => node.InstanceId == eni.Instance);

    private SeenSubnet? Subnet(AwsId id) => cloud.Subnets.FirstOrDefault(subnet => subnet.Id == id);

    private SeenInterface? NatEni(SeenNatGateway nat) =>
        cloud.Interfaces.FirstOrDefault(eni => eni.Description.Contains(nat.Id.Text, StringComparison.Ordinal) && !eni.Addresses.IsEmpty);

    private bool IsStrict() => Setting("POD_SECURITY_GROUP_ENFORCING_MODE") != "standard";

    private string Setting(string name) => inventory.Cluster?.AwsNode?.Setting(name) ?? "";

    private IEnumerable<Cidr> Blocks(string name) => Setting(name).Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Cidr.Parse);
}
