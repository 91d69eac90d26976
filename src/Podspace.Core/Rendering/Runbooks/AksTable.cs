using Podspace.Model;
using Podspace.Rendering.Maps;
using Podspace.Steps.Text;

namespace Podspace.Rendering.Runbooks;

/// <summary>For those who come from AKS with Azure CNI Overlay: the same packet there and
/// here, what differs, and what to think of.</summary>
/// <remarks>Sources: Microsoft Learn, "Overview of Azure CNI Overlay networking in AKS"
/// (2026-07-31); amazon-vpc-cni-k8s v1.23.1, pkg/networkutils.</remarks>
internal static class AksTable
{
    /// <param name="ways">Of this VPC, once the plan is done; empty where nothing runs.</param>
    public static IEnumerable<RunbookPart> Of(Blueprint blueprint, EquatableArray<MapWay> ways)
    {
        yield return new RunbookPart.Heading(2, "Coming from AKS overlay");
        yield return new RunbookPart.Paragraph(
            "There, one flag gave pods a space of their own that nobody outside of the cluster saw. "
                + "Here the pods' addresses belong to the VPC: they are not routed in the company, but **everything in "
                + "the VPC sees them**."
        );
        yield return new RunbookPart.Grid(
            ["A packet from a pod to", "there it is seen as", "here it is seen as"],
            [
                ["another pod", "the pod", Here(ways, way => way.To == "another pod", "the pod")],
                [
                    "a node, or a server in the same network (a database, an endpoint)",
                    "the **node**",
                    Here(
                        ways,
                        way => way.To == "a node",
                        "the **pod**: its groups, allow-lists and `pg_hba.conf` must know the pods' block"
                    ),
                ],
                ["on-premises, a peered network", "the node", Here(ways, way => way.To == "on-premises", Beyond(blueprint))],
                ["the Internet", "the node, then the outbound gateway", Here(ways, way => way.To == "Internet", Beyond(blueprint))],
            ]
        );
        yield return new RunbookPart.Items(
            [
                "**Not an overlay.** Pods have addresses of interfaces of the VPC. They count against its quotas "
                    + "(interfaces, network address units), and security groups apply to them. "
                    + "Nothing is encapsulated, there or here.",
                "**How many pods.** There every node takes a /24 of the pod range and holds up to 250 pods. "
                    + "Here the instance type's interfaces decide, less one that stays the node's own: podspace capacity tells.",
                "**The same range twice.** There several clusters of one network may use the same pod range. "
                    + "Here a VPC has each block once; clusters of different VPCs may share it as long as nobody routes between "
                    + "them.",
                "**Blocks.** There the range grows to a superset. Here further blocks of /16 to /28 are added beside it.",
                "**Changing over.** There a new cluster was the usual way. "
                    + "Here the cluster stays, and its nodes are replaced: an interface stays where it was made.",
                "**From outside to pods.** There never directly. Here from anywhere in "
                    + "the VPC, as far as groups admit it; load balancers may use pods as targets.",
            ],
            ItemKind.Bullet
        );
        yield return new RunbookPart.Heading(3, "Switch-over checklist");
        yield return new RunbookPart.Items(
            [
                "The pods' block is used by nobody behind a peering, a transit gateway or a VPN, "
                    + "and by no VPN or mesh client (Tailscale uses 100.64.0.0/10).",
                "Groups of databases, endpoints, file systems and load balancers admit it, wherever they name addresses and not groups.",
                "Allow-lists that name addresses know it: "
                    + "`pg_hba.conf`, Active Directory sites, network policies with ipBlock, NO_PROXY, service meshes.",
                "Transit gateway: the block is kept out of propagation, or is meant to be there.",
                "Admission webhooks and aggregated APIs that run as pods: between the block and the switch lies "
                    + $"what the control plane needs, {ControlPlaneClock.InWords}.",
                "Node groups, Karpenter and launch templates give new nodes the right number of pods (podspace capacity).",
                "Disruption budgets let every node be emptied; pods without a controller have somebody who starts them again.",
                "Old nodes are not left between switch and replacement.",
                "Somebody knows the way back below and has its ids.",
            ],
            ItemKind.Check
        );
    }

    private static string Here(EquatableArray<MapWay> ways, Func<MapWay, bool> which, string otherwise) =>
        ways.Where(which).FirstOrDefault(way => way.SeenAs is not null) switch
        {
            null => otherwise,
            var way when way.SeenAs == way.From => $"the **pod**, as {Prose.Code(way.SeenAs)}",
            var way when way.Stops.Any(stop => stop.Kind == MapKind.Other) => $"a gateway, as {Prose.Code(way.SeenAs)}",
            var way => $"the node, as {Prose.Code(way.SeenAs)}",
        };

    private static string Beyond(Blueprint blueprint) => blueprint.Spec.Routing.Source == Spec.PacketSource.Pod ? "the pod" : "the node";
}
