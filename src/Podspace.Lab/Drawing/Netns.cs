using Podspace.Addressing;
using Podspace.Model;

namespace Podspace.Lab.Drawing;

/// <summary>One network namespace, as the text that furnishes it. Nothing here touches the machine.</summary>
/// <param name="Name">For people: <c>vpc</c>, <c>node/ip-10-0-0-10</c>, <c>pod/shop/web-1</c>,
/// <c>eni/eni-0a1b</c>, <c>nat/nat-0</c>, <c>amazon</c>, <c>beyond</c>.</param>
public sealed record Netns(string Name)
{
    /// <summary>Files below /proc/sys/net and what is written there, before there is any interface:
    /// new interfaces take the defaults of that moment.</summary>
    public EquatableArray<(string File, string Value)> Settings { get; init; }

    /// <summary>Lines of <c>ip -batch</c> that plug in cables, this end here; <c>{NAME}</c>
    /// stands for the namespace of that name.</summary>
    public EquatableArray<string> Cables { get; init; }

    /// <summary>The same, of interfaces: once all cables are plugged in.</summary>
    public EquatableArray<(string File, string Value)> DeviceSettings { get; init; }

    /// <summary>Lines of <c>ip -batch</c>, once all cables are plugged in.</summary>
    public EquatableArray<string> Lines { get; init; }

    /// <summary>For <c>nft -f</c>; empty: none.</summary>
    public string Nft { get; init; } = "";

    /// <summary>For <c>iptables-restore</c>; empty: none.</summary>
    public string Iptables { get; init; } = "";

    /// <summary>The node that a pod is on; null for what is no pod.</summary>
    public string? Node { get; init; }

    /// <summary>Who answers here.</summary>
    public EquatableArray<Address> Addresses { get; init; }

    internal static readonly EquatableArray<(string, string)> Quiet =
    [
        ("ipv6/conf/default/disable_ipv6", "1"),
        ("ipv4/conf/all/rp_filter", "0"),
        ("ipv4/conf/default/rp_filter", "0"),
    ];

    /// <summary>Of what hands packets on: nobody is told of a better way.</summary>
    internal static readonly EquatableArray<(string, string)> Forwarding =
    [
        .. Quiet,
        ("ipv4/ip_forward", "1"),
        ("ipv4/conf/all/send_redirects", "0"),
        ("ipv4/conf/default/send_redirects", "0"),
    ];
}

/// <summary>A network as namespaces, and where in it whom one would ask stands.</summary>
/// <param name="Held">What interfaces of the VPC hold, whether or not anybody in the lab
/// answers to it: a node's spare addresses, say.</param>
public sealed record LabNetwork(EquatableArray<Netns> Namespaces, EquatableArray<Translation> Translations, EquatableArray<Cidr> Held)
{
    /// <summary>Asks nobody, and nobody beyond the VPC asks it.</summary>
    internal const string Amazon = "amazon";
    internal const string Beyond = "beyond";

    /// <summary>Reports whether the lab has somebody to begin, and somebody to answer where
    /// the tracer takes it that somebody does.</summary>
    public bool CanSend(Flow flow) =>
        flow.From != flow.To
        && Of(flow.From) is { Name: not Amazon } sender
        && Behind(flow.To, flow.Protocol, flow.Port).Address is var asked
        && asked != flow.From
        && (
            Of(asked) is { } receiver
                ? sender.Name != Beyond || receiver.Name is not (Amazon or Beyond)
                : !Held.Any(block => block.Contains(asked))
        );

    /// <summary>The namespace of the node on which an address lives; null: on none.</summary>
    internal Netns? NodeOf(Address address) =>
        Of(address) is { } here && (here.Node ?? here.Name) is var node && node.StartsWith("node/", StringComparison.Ordinal)
            ? Namespaces.FirstOrDefault(one => one.Name == node)
            : null;

    /// <summary>The namespace in which an address answers; null: nobody has it.</summary>
    public Netns? Of(Address address) => Namespaces.FirstOrDefault(one => one.Addresses.Contains(address));

    /// <summary>Who is really asked behind a ClusterIP or a node's port; the address itself where it is none.</summary>
    public (Address Address, int Port) Behind(Address address, Protocol protocol, int port) =>
        Translations
            .Where(one => one.Front == address && one.Protocol == protocol && one.Port == port)
            .Select(one => (one.Backend, one.BackendPort))
            .FirstOrDefault((address, port));
}

/// <summary>One destination that kube-proxy translates. Of several backends the lab takes the first, as the tracer does.</summary>
public readonly record struct Translation(Address Front, Protocol Protocol, int Port, Address Backend, int BackendPort);
