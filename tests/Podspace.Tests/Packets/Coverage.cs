using Podspace.Addressing;
using Podspace.Model;
using Podspace.Reachability;

namespace Podspace.Tests.Packets;

/// <summary>What occurred in the networks that the kernel judged: no disagreement means something only about what there was.</summary>
internal sealed class Coverage
{
    private static readonly (string Name, Func<Inventory, Trace, bool> IsMet)[] Features =
    [
        ("a network ACL asked", (_, trace) => Has(trace, hop => hop.Kind == HopKind.NetworkAcl)),
        ("… that denies", (_, trace) => Has(trace, hop => hop is { Kind: HopKind.NetworkAcl, IsOpen: false })),
        ("a prefix list in a route", (_, trace) => Has(trace, hop => hop.Kind == HopKind.Route && Says(hop.Rule, "pl-"))),
        ("a prefix list in a group's rule", (_, trace) => Has(trace, hop => hop.Kind == HopKind.Group && Says(hop.Rule, "pl-"))),
        ("a group in a group's rule", (_, trace) => Has(trace, hop => hop.Kind == HopKind.Group && Says(hop.Rule, " sg-"))),
        ("a blackhole", (_, trace) => trace.Outcome.Verdict == Verdict.Blackhole),
        ("a NAT gateway", (_, trace) => Has(trace, hop => hop.Kind == HopKind.Nat && hop.At.StartsWith("nat-", StringComparison.Ordinal))),
        ("an Internet gateway", (_, trace) => Leaves(trace, "igw-")),
        ("a transit gateway", (_, trace) => Leaves(trace, "tgw-")),
        ("a VPN gateway", (_, trace) => Leaves(trace, "vgw-")),
        ("a peering", (_, trace) => Leaves(trace, "pcx-")),
        ("a gateway endpoint", (_, trace) => Leaves(trace, "vpce-")),
        ("from beyond the VPC", (_, trace) => Has(trace, hop => hop.Kind == HopKind.Edge && Says(hop.Why, "comes from beyond"))),
        ("resolver, metadata, time, Pod Identity", (_, trace) => Has(trace, hop => hop.Kind == HopKind.Amazon)),
        ("translated by the node", (_, trace) => Has(trace, hop => Says(hop.Why, "with the node's address"))),
        ("EXTERNALSNAT", (_, trace) => Has(trace, hop => Says(hop.Why, "nodes translate nothing here"))),
        ("EXCLUDE_SNAT_CIDRS", (_, trace) => Has(trace, hop => Says(hop.Why, "EXCLUDE_SNAT_CIDRS"))),
        ("EXTERNAL_SERVICE_CIDRS", (_, trace) => Has(trace, hop => Says(hop.Why, "EXTERNAL_SERVICE_CIDRS"))),
        ("a branch interface, strict", (_, trace) => Has(trace, hop => Says(hop.Why, "security groups for pods, strict"))),
        (
            "a branch interface, standard",
            (inventory, trace) =>
                inventory.Cluster!.AwsNode?.Setting("POD_SECURITY_GROUP_ENFORCING_MODE") == "standard"
                && Eni(inventory, trace.Flow.From) is { Type: "branch" } eni
                && Node(inventory, eni) is { IsAuto: false }
        ),
        ("Auto Mode, snatPolicy Random", (inventory, trace) => IsOfAutoMode(inventory, trace, "translates")),
        ("Auto Mode, snatPolicy Disabled", (inventory, trace) => IsOfAutoMode(inventory, trace, "keeps")),
        (
            "a pod on hostNetwork",
            (inventory, trace) =>
                inventory.Cluster!.Pods.Any(pod => pod.HostNetwork && (pod.Address == trace.Flow.From || pod.Address == trace.Flow.To))
        ),
        (
            "a node that has pods in both kinds of subnet",
            (inventory, trace) => IsHalfMoved(inventory, trace.Flow.From) || IsHalfMoved(inventory, trace.Flow.To)
        ),
        (
            "prefix delegation",
            (inventory, trace) =>
                inventory.Cloud.Interfaces.Any(eni =>
                    eni.Prefixes.Any(prefix => prefix.Contains(trace.Flow.From) || prefix.Contains(trace.Flow.To))
                )
        ),
        ("a ClusterIP", (_, trace) => Has(trace, hop => hop.Kind == HopKind.KubeProxy && Says(hop.Why, "is a ClusterIP"))),
        ("a node's port", (_, trace) => Has(trace, hop => hop.Kind == HopKind.KubeProxy && Says(hop.Why, "with its own address, so that"))),
        (
            "… externalTrafficPolicy Local",
            (_, trace) => Has(trace, hop => hop.Kind == HopKind.KubeProxy && Says(hop.Why, "with the asker's address"))
        ),
        ("… and nobody behind it", (_, trace) => Has(trace, hop => hop is { Kind: HopKind.KubeProxy, IsOpen: false })),
        ("connection marks in iptables", (inventory, _) => Says(inventory.Cluster!.AwsNode?.Image, ":v1.21.1")),
        ("connection marks in nftables", (inventory, _) => Says(inventory.Cluster!.AwsNode?.Image, ":v1.23.1")),
    ];

    private readonly (int Networks, int Flows)[] met = new (int, int)[Features.Length];
    private readonly SortedDictionary<(Verdict Verdict, bool IsBack), int> verdicts = [];

    public IEnumerable<string> Unmet => Features.Where((_, i) => met[i].Flows == 0).Select(feature => feature.Name);

    public void Take(Inventory inventory, IEnumerable<Trace> traces)
    {
        var all = traces.ToList();
        for (var i = 0; i < Features.Length; i++)
        {
            var flows = all.Count(trace => Features[i].IsMet(inventory, trace));
            met[i] = (met[i].Networks + (flows > 0 ? 1 : 0), met[i].Flows + flows);
        }
        foreach (var trace in all)
        {
            var key = (trace.Outcome.Verdict, trace.Outcome.IsOnTheWayBack);
            verdicts[key] = verdicts.GetValueOrDefault(key) + 1;
        }
    }

    /// <summary>Two tables in Markdown.</summary>
    public override string ToString() =>
        string.Concat([
            "| Met | Networks | Flows |\n| --- | --- | --- |\n",
            .. Features.Select((feature, i) => $"| {feature.Name} | {met[i].Networks:N0} | {met[i].Flows:N0} |\n"),
            "\n| As the tracer says | Flows |\n| --- | --- |\n",
            .. verdicts.Select(one =>
                $"| {VerdictText.Code(one.Key.Verdict)}{(one.Key.IsBack ? ", on the way back" : "")} | {one.Value:N0} |\n"
            ),
        ]);

    private static bool Has(Trace trace, Func<Hop, bool> isIt) => trace.Hops.Any(isIt);

    private static bool Says(string? text, string part) => text?.Contains(part, StringComparison.Ordinal) == true;

    private static bool Leaves(Trace trace, string gateway) =>
        Has(trace, hop => hop.Kind == HopKind.Edge && hop.At.StartsWith(gateway, StringComparison.Ordinal));

    private static SeenInterface? Eni(Inventory inventory, Address address) =>
        inventory.Cloud.Interfaces.FirstOrDefault(eni =>
            eni.Addresses.Contains(address) || eni.Prefixes.Any(prefix => prefix.Contains(address))
        );

    private static SeenNode? Node(Inventory inventory, SeenInterface eni) =>
        inventory.Cluster!.Nodes.FirstOrDefault(node => node.InstanceId == eni.Instance);

    private static bool IsOfAutoMode(Inventory inventory, Trace trace, string nodeClass) =>
        Eni(inventory, trace.Flow.From) is { } eni
        && Node(inventory, eni) is { IsAuto: true } node
        && node.InternalAddress != trace.Flow.From
        && inventory.Cluster!.NodeClaims.Any(claim => claim.Node == node.Name && claim.NodeClass == nodeClass)
        && Has(trace, hop => hop is { Kind: HopKind.Host, IsAnswer: false });

    private static bool IsHalfMoved(Inventory inventory, Address address) =>
        Eni(inventory, address) is { } eni
        && Node(inventory, eni) is { } node
        && node.InternalAddress != address
        && inventory
            .Cloud.Interfaces.Where(one => one.Instance == node.InstanceId && one.Addresses.Count > 1)
            .Select(one => one.Addresses[0].Number >> 24)
            .Distinct()
            .Count() > 1;
}
