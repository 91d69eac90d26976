namespace Podspace.Spec;

/// <summary>The whole key list of the document, settled once: the parser, the JSON Schema and docs/overlay.md are made from it.</summary>
internal static class OverlayKeys
{
    public const string ApiVersion = "podspace.io/v1alpha1";
    public const string Kind = "OverlayNetwork";

    private static readonly Shape Blocks = new Shape.List(new Shape.Text(TextFormats.Block));

    private static readonly Shape Owner = new Shape.Choice("podspace", "terraform", "git", "existing");

    private static readonly Shape Mode = new Shape.Choice("eniConfig", "subnetDiscovery", "autoMode");

    private static readonly Key[] Addresses =
    [
        new("blocks", Blocks, "the first /16 of the pool that every rule allows", "Secondary blocks of the VPC for pods, /16 to /28 each."),
        new("pool", Blocks, "[100.64.0.0/10]", "Where blocks may be taken from."),
        new("avoid", Blocks, "[]", "In use elsewhere: VPN, mesh, on-premises, other VPCs. Nothing is chosen that overlaps these."),
        new(
            "subnetPrefixLength",
            new Shape.Number(16, 28),
            "room for one more zone than there are (two or three zones: /18 of a /16)",
            "Size of each zone's pod subnet."
        ),
    ];

    private static readonly Key[] Subnets =
    [
        new(
            "existing",
            new Shape.Dictionary(TextFormats.Zone, new Shape.Text(TextFormats.Subnet)),
            "{}",
            "Pod subnets that are there already, by zone. They are used as they are: never tagged, never deleted."
        ),
        new(
            "networkAcl",
            new Shape.Text(TextFormats.NetworkAcl),
            "the VPC's default",
            "The network ACL that pod subnets made by Podspace shall have."
        ),
    ];

    private static readonly Key[] Route =
    [
        new("to", new Shape.Text(TextFormats.Block), null, "Destination."),
        new(
            "via",
            new Shape.Text(TextFormats.Gateway),
            null,
            "Where it leads: a transit gateway, NAT gateway, peering or virtual private gateway that exists. None is ever created."
        ),
        new("zone", new Shape.Text(TextFormats.Zone), "every zone", "Only in this zone's route table."),
    ];

    private static readonly Key[] Routing =
    [
        new(
            "source",
            new Shape.Choice("node", "pod"),
            "node",
            "Whose address leaves the VPC: the node's (the CNI translates) or the pod's own."
        ),
        new("keepPodAddressTo", Blocks, "[]", "Destinations that see pod addresses although the source is node."),
        new("routes", new Shape.List(new Shape.Map(Route)), "[]", "Routes of the pod subnets beside the VPC's own local routes."),
    ];

    private static readonly Key[] Security =
    [
        new(
            "pods",
            new Shape.OneOrList(new Shape.Choice("dedicated", "sameAsNode", "cluster"), new Shape.Text(TextFormats.Group)),
            "what is found; else sameAsNode for a cluster that has nodes, dedicated for a new one",
            "Security groups of the pods: one of their own, the nodes', the cluster's, or a list of ids."
        ),
    ];

    private static readonly Key[] Cni =
    [
        new(
            "prefixDelegation",
            new Shape.Flag("auto"),
            "auto",
            "Give nodes /28 prefixes instead of single addresses. auto: "
                + "where every node type can, the pod subnets are ours and new, and the CNI is 1.9 or later."
        ),
        new(
            "eniConfigs",
            new Shape.Choice("auto", "addon", "objects"),
            "auto",
            "Who writes the ENIConfigs: the managed add-on's values or Podspace's own objects; never both."
        ),
        new(
            "conflicts",
            new Shape.Choice("fail", "preserve", "overwrite"),
            "fail",
            "What the add-on does with fields that someone else changed."
        ),
    ];

    private static readonly Key[] NodeClass =
    [
        new("name", new Shape.Text(TextFormats.Object), null, "Of the NodeClass to make, beside the built-in one, which is never edited."),
        new("role", new Shape.Text(TextFormats.Role), "the built-in class's", "IAM role of its nodes."),
    ];

    private static readonly Key[] NodePool =
    [
        new("name", new Shape.Text(TextFormats.Object), null, "Of the NodePool to make."),
        new("like", new Shape.Text(TextFormats.Object), null, "The NodePool whose requirements and limits it takes."),
    ];

    private static readonly Key[] AutoMode =
    [
        new("nodeClass", new Shape.Map(NodeClass), "{}", "The NodeClass that puts pods into the pod subnets."),
        new("nodePools", new Shape.List(new Shape.Map(NodePool)), "[]", "NodePools that use it."),
    ];

    private static readonly Key[] Rollout =
    [
        new(
            "maxUnavailable",
            new Shape.Number(1, 100),
            "1",
            "Nodes that are replaced at a time. This version replaces one and refuses any other value."
        ),
        new(
            "window",
            new Shape.Text(TextFormats.Words),
            "any time",
            "When nodes may be replaced. This version replaces them at any time and refuses the key."
        ),
    ];

    private static readonly Key[] Owners =
    [
        new("network", Owner, "podspace", "Blocks, subnets, route tables, the pods' group."),
        new("rules", Owner, "podspace", "Rules in the cluster's and the nodes' groups."),
        new("cni", Owner, "podspace", "The add-on's values, aws-node's settings, ENIConfigs."),
        new("nodes", Owner, "podspace", "Replacing nodes."),
    ];

    private static readonly Key[] Names =
    [
        new("subnet", new Shape.Text(TextFormats.Template), "{name}/pods-{zone}", "Name tag of pod subnets."),
        new("routeTable", new Shape.Text(TextFormats.Template), "{name}/pods", "Name tag of the pods' route table."),
        new("securityGroup", new Shape.Text(TextFormats.Template), "{name}-pods", "Name of the pods' security group."),
    ];

    private static readonly Key[] Access =
    [
        new("roleArn", new Shape.Text(TextFormats.RoleArn), null, "Role to assume."),
        new("externalId", new Shape.Text(TextFormats.ExternalId), "none", "Its external id."),
    ];

    private static readonly Key[] Accept =
    [
        new("finding", new Shape.Text(TextFormats.FindingCode), null, "Code of the finding."),
        new("on", new Shape.Text(TextFormats.Words), null, "What it is about, as the finding names it."),
        new("reason", new Shape.Text(TextFormats.Words), null, "Why it is accepted: a ticket, say. Printed in every plan."),
        new("until", new Shape.Text(TextFormats.Date), null, "The last day on which it counts."),
    ];

    private static readonly Key[] Spec =
    [
        new("region", new Shape.Text(TextFormats.Region), null, "The VPC's region."),
        new(
            "account",
            new Shape.Text(TextFormats.Account),
            "whichever the credentials lead to",
            "The VPC's account, checked before anything else."
        ),
        new("vpc", new Shape.Text(TextFormats.Vpc), null, "The VPC that gets the pod network."),
        new(
            "cluster",
            new Shape.Text(TextFormats.Cluster),
            "none: only the network stage is planned, and zones is required",
            "The EKS cluster. It may not exist yet."
        ),
        new(
            "mode",
            new Shape.OneOrList(new Shape.Choice("auto", "eniConfig", "subnetDiscovery", "autoMode"), Mode),
            "auto",
            "How pods get into the pod subnets; a list for a mixed cluster."
        ),
        new(
            "zones",
            new Shape.List(new Shape.Text(TextFormats.Zone)),
            "every zone in which the cluster's nodes can start",
            "Zones that get a pod subnet, by the account's own names."
        ),
        new("addresses", new Shape.Map(Addresses), "{}", "Where pod addresses come from."),
        new("subnets", new Shape.Map(Subnets), "{}", "Subnets that are there already."),
        new("routing", new Shape.Map(Routing), "{}", "Where pods reach, and with which address."),
        new("security", new Shape.Map(Security), "{}", "Security groups of the pods."),
        new("cni", new Shape.Map(Cni), "{}", "The Amazon VPC CNI."),
        new("autoMode", new Shape.Map(AutoMode), "{}", "EKS Auto Mode."),
        new("rollout", new Shape.Map(Rollout), "{}", "How nodes are replaced."),
        new("owners", new Shape.Map(Owners), "{}", "Who writes which part. What is not Podspace's is shown as a patch and never written."),
        new("names", new Shape.Map(Names), "{}", "Templates for names; {name}, {zone} and {cluster} are filled in."),
        new(
            "tags",
            new Shape.Dictionary(TextFormats.TagKey, new Shape.Text(TextFormats.TagValue)),
            "{}",
            "Further tags on everything made, sent in the call that creates it."
        ),
        new(
            "access",
            new Shape.Map(
                new Key("network", new Shape.Map(Access), "{}", "For the VPC."),
                new Key("cluster", new Shape.Map(Access), "{}", "For the cluster.")
            ),
            "{}",
            "Roles to assume, where one set of credentials does not reach both."
        ),
        new("accept", new Shape.List(new Shape.Map(Accept)), "[]", "Findings that a person answers for until a day."),
    ];

    public static readonly Shape.Map Root = new(
        new Key("apiVersion", new Shape.Choice(ApiVersion), null, "Version of this document's form."),
        new Key("kind", new Shape.Choice(Kind), null, "What this document is."),
        new Key(
            "metadata",
            new Shape.Map(
                new Key(
                    "name",
                    new Shape.Text(TextFormats.OverlayName),
                    null,
                    "Name of the overlay, part of tags and object names; never change it."
                )
            ),
            null,
            "The overlay's name."
        ),
        new Key("spec", new Shape.Map(Spec), null, "What is asked for.")
    );

    /// <summary>Every key with its path; items of lists are written <c>[]</c>, keys of the author's own <c>*</c>.</summary>
    public static IEnumerable<(string Path, Key Key)> All() => Under("", Root);

    private static IEnumerable<(string, Key)> Under(string path, Shape shape) =>
        shape switch
        {
            Shape.Map map => map.Keys.SelectMany(key => Under(Join(path, key.Name), key.Shape).Prepend((Join(path, key.Name), key))),
            Shape.List list => Under(path + "[]", list.Item),
            _ => [],
        };

    public static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
