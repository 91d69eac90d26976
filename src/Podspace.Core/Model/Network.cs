using Podspace.Addressing;
using Podspace.Naming;
using Podspace.Spec;

namespace Podspace.Model;

/// <summary>A whole pod network: what should exist (from <c>NetworkDesign</c>) or what does
/// (from <see cref="Inventory"/>), in one vocabulary.</summary>
/// <remarks>
/// Complete: nothing is left to choose. Things made are named by <see cref="ResourceName"/>; AWS ids appear only for things that are used.
/// Every list is sorted, so that equal networks are equal values and render to equal bytes.
/// </remarks>
public sealed record Network
{
    public required AwsId Vpc { get; init; }

    /// <summary>How pods come to their addresses, sorted: one mode, or two in a mixed
    /// cluster. Empty only where nothing is wanted.</summary>
    public EquatableArray<PodMode> Modes { get; init; }

    public EquatableArray<Block> Blocks { get; init; }

    public EquatableArray<PodSubnet> Subnets { get; init; }

    public EquatableArray<RouteTable> RouteTables { get; init; }

    /// <summary>Through which the nodes' account may use the pod subnets; empty where the VPC is its own.</summary>
    public EquatableArray<SubnetShare> Shares { get; init; }

    public EquatableArray<SecurityGroup> Groups { get; init; }

    /// <summary>Rules in groups made and, as foreign edits, in groups used.</summary>
    public EquatableArray<GroupRule> Rules { get; init; }

    /// <summary>One a zone, named as the zone, and one for each further subnet; empty where
    /// the mode needs none or there is no cluster.</summary>
    public EquatableArray<EniConfig> EniConfigs { get; init; }

    /// <summary>Null where there is no cluster yet, and where only Auto Mode's nodes take part.</summary>
    public CniSettings? Cni { get; init; }

    /// <summary>What the CNI's subnet discovery is told of subnets; empty in other modes.</summary>
    public EquatableArray<SubnetRole> SubnetRoles { get; init; }

    /// <summary>Ours, beside the built-in one, which is never edited; empty without Auto Mode.</summary>
    public EquatableArray<NodeClass> NodeClasses { get; init; }

    public EquatableArray<NodePool> NodePools { get; init; }

    public EquatableArray<AccessEntry> AccessEntries { get; init; }

    /// <summary>Reports whether the node's pods get addresses of this network once it starts anew: by aws-node
    /// in its modes, or by a NodePool that ours stands beside.</summary>
    public bool TakesPart(SeenNode node) =>
        node.IsAuto
            ? node.Label(SeenNode.PoolLabel) is { } pool && NodePools.Any(one => one.Name == pool || one.Like == pool)
            : node.RunsAwsNode && (Modes.IsEmpty || Modes.Any(mode => mode != PodMode.AutoMode));
}

/// <summary>A secondary block of the VPC. Made when the VPC carries our tag for it, used otherwise.</summary>
public sealed record Block(Cidr Cidr, bool IsMade) : IComparable<Block>
{
    public int CompareTo(Block? other) => Cidr.CompareTo(other?.Cidr ?? default);
}

/// <param name="Zone">The zone's name in the nodes' account.</param>
/// <param name="RouteTable">The table with which it is explicitly associated; null: a used
/// subnet keeps the association that it has.</param>
/// <param name="Reserved">Blocks reserved for /28 prefixes; empty without prefix delegation. Only ever on subnets made.</param>
/// <param name="NetworkAcl">Null: it keeps the one that it has, which for a new subnet is
/// the VPC's default. Only ever on subnets made.</param>
public sealed record PodSubnet(
    Ref Ref,
    string Zone,
    Cidr Cidr,
    Ref? RouteTable,
    EquatableArray<Cidr> Reserved = default,
    AwsId? NetworkAcl = null
);

/// <summary>Subnets that are shared with the nodes' account by AWS RAM.</summary>
/// <param name="ShareName">In AWS.</param>
/// <param name="Account">The nodes'.</param>
public sealed record SubnetShare(Ref Ref, string ShareName, string Account, EquatableArray<Ref> Subnets);

public sealed record Route(Cidr To, string Via) : IComparable<Route>
{
    public int CompareTo(Route? other) => To.CompareTo(other?.To ?? default);
}

/// <summary>A route table for pod subnets. The VPC's own <c>local</c> routes come by themselves and are not listed.</summary>
public sealed record RouteTable(Ref Ref, EquatableArray<Route> Routes);

/// <param name="GroupName">At most 255 characters, unique in the VPC, compared without case. Source: EC2 CreateSecurityGroup.</param>
public sealed record SecurityGroup(Ref Ref, string GroupName, string Description);

public enum Direction
{
    Ingress,
    Egress,
}

/// <summary>A protocol and its ports. All ports of all protocols is <see cref="All"/>.</summary>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c>, <c>icmp</c>, a protocol number, or <c>-1</c> for all.</param>
/// <param name="From">First port, -1 with <c>-1</c> and for all ICMP types.</param>
/// <param name="To">Last port, inclusive.</param>
public readonly record struct Traffic(string Protocol, int From, int To)
{
    public static readonly Traffic All = new("-1", -1, -1);

    public static Traffic Tcp(int port) => new("tcp", port, port);

    public static Traffic Udp(int port) => new("udp", port, port);

    /// <summary>Reports whether everything in <paramref name="other"/> is admitted by this.</summary>
    public bool Covers(Traffic other) =>
        Protocol == "-1" || (Protocol == other.Protocol && (From == -1 || (From <= other.From && other.To <= To)));

    public override string ToString()
    {
        if (Protocol == "-1")
        {
            return "all";
        }
        return From == To ? $"{Protocol}/{From}" : $"{Protocol}/{From}-{To}";
    }
}

/// <summary>The other end of a rule: a block, a group, or a prefix list. Exactly one is set.</summary>
public readonly record struct Peer(Cidr? Cidr, Ref? Group, AwsId? PrefixList)
{
    public static implicit operator Peer(Cidr cidr) => new(cidr, null, null);

    public static implicit operator Peer(Ref group) => new(null, group, null);

    public static implicit operator Peer(AwsId prefixList) => new(null, null, prefixList);

    public override string ToString() => Cidr?.ToString() ?? Group?.ToString() ?? PrefixList?.ToString() ?? "";
}

/// <summary>One rule of one group. Two rules with the same <see cref="Key"/> are the same rule to AWS.</summary>
/// <param name="Why">Sent as the rule's description; not part of its identity.</param>
public sealed record GroupRule(Ref Group, Direction Direction, Traffic Traffic, Peer Peer, string Why) : IComparable<GroupRule>
{
    public (Ref, Direction, Traffic, Peer) Key => (Group, Direction, Traffic, Peer);

    public int CompareTo(GroupRule? other) => string.CompareOrdinal(ToString(), other?.ToString());

    public override string ToString() =>
        $"{Group} {Direction.ToString().ToLowerInvariant()} {Traffic} {(Direction == Direction.Ingress ? "from" : "to")} {Peer}";
}

/// <param name="Zone">The object's name: nodes find it by the value of their zone label. A further subnet of the
/// zone has one that is named as itself, for nodes that ask for it.</param>
/// <param name="Groups">At most five. Source: quota L-2AFB9258.</param>
public sealed record EniConfig(string Zone, Ref Subnet, EquatableArray<Ref> Groups)
{
    /// <summary>False: only nodes that name it take it.</summary>
    public bool IsOfZone => Zone != Subnet.ToString();
}

public readonly record struct EnvSetting(string Name, string Value);

/// <summary>What the network needs of the VPC CNI.</summary>
/// <param name="Writer">Addon: ENIConfigs and env are part of the managed add-on's values. Objects: ENIConfigs are objects of ours.</param>
/// <param name="IsAddon">Reports whether vpc-cni is a managed add-on, so that env goes through its values.</param>
/// <param name="Env">Just the settings that this network needs, sorted; others are none of ours.</param>
public sealed record CniSettings(Spec.EniConfigWriter Writer, bool IsAddon, EquatableArray<EnvSetting> Env);
