using Podspace.Addressing;
using Podspace.Formats;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Steps.Text;

namespace Podspace.Rendering.Terraform;

/// <summary>A network as resources of Terraform's AWS provider: what is made as resources of its own, what is used by its id.</summary>
/// <remarks>Names of types and arguments: hashicorp/terraform-provider-aws, website/docs/r (checked against 6.x by a test).</remarks>
public sealed class TerraformResources
{
    private readonly Blueprint blueprint;
    private readonly Network network;
    private readonly TerraformPlace place;
    private readonly List<HclBlock> blocks = [];

    private TerraformResources(Blueprint blueprint, TerraformPlace place) =>
        (this.blueprint, network, this.place) = (blueprint, blueprint.Desired, place);

    public static IReadOnlyList<HclBlock> Of(Blueprint blueprint) => Of(blueprint, TerraformPlace.Of(blueprint));

    internal static IReadOnlyList<HclBlock> Of(Blueprint blueprint, TerraformPlace place)
    {
        var resources = new TerraformResources(blueprint, place);
        resources.AddBlocks();
        resources.AddSubnets();
        resources.AddShares();
        resources.AddTables();
        resources.AddAcls();
        resources.AddGroups();
        resources.AddTags();
        resources.AddAddon();
        resources.AddAccess();
        resources.AddObjects();
        return resources.blocks;
    }

    internal static HclValue Id(string type, Ref reference) =>
        reference.IsMade ? new HclValue.Reference($"{type}.{TerraformNames.Of(reference)}.id") : reference.Id.Text;

    private static HclValue.Map Tags(EquatableArray<SeenTag> tags) =>
        new(tags.Select(tag => new HclEntry(tag.Key, tag.Value)).ToEquatable());

    // Through the block, as the guide has it: nothing is made before the block is there.
    private HclValue Vpc(Cidr? inside = null)
    {
        if (place.Vpc is { } vpc)
        {
            return vpc;
        }
        var block = network.Blocks.FirstOrDefault(block => block.IsMade && (inside is not { } cidr || block.Cidr.Contains(cidr)));
        return block is null ? network.Vpc.Text : new HclValue.Reference($"{TerraformNames.Block}.{TerraformNames.Of(block.Cidr)}.vpc_id");
    }

    private void Add(string type, string name, string comment, params ReadOnlySpan<HclEntry> attributes) =>
        blocks.Add(
            HclBlock.Resource(
                type,
                name,
                comment,
                IsOfOtherAccount(type) ? [new("provider", new HclValue.Reference(NetworkProvider)), .. attributes] : attributes
            )
        );

    /// <summary>Of the account that owns the VPC, where the cluster's is another.</summary>
    public const string NetworkProvider = "aws.network";

    private bool IsOfOtherAccount(string type) => blueprint.Inventory.Cloud.Participant is not null && TerraformNames.IsOfVpc(type);

    private void AddShares()
    {
        var why = "The VPC is another account's: the nodes' account can use only subnets that are shared with it.";
        foreach (var share in network.Shares)
        {
            HclEntry arn = new("resource_share_arn", new HclValue.Reference($"{TerraformNames.Share}.{TerraformNames.Of(share.Ref)}.arn"));
            Add(
                TerraformNames.Share,
                TerraformNames.Of(share.Ref),
                why,
                new("name", share.ShareName),
                new("allow_external_principals", false),
                new("tags", Tags(ResourceNames.TagsForShare(blueprint.Spec)))
            );
            Add(TerraformNames.SharePrincipal, TerraformNames.Of(share.Ref), "", new("principal", share.Account), arn);
            foreach (var subnet in share.Subnets)
            {
                Add(
                    TerraformNames.SharedSubnet,
                    TerraformNames.Of(subnet),
                    "",
                    new("resource_arn", new HclValue.Reference($"{TerraformNames.Subnet}.{TerraformNames.Of(subnet)}.arn")),
                    arn
                );
            }
            why = "";
        }
    }

    private void AddBlocks()
    {
        var why =
            $"From here on it takes {ControlPlaneClock.InWords} until the control plane reaches pods in it: "
            + "webhooks and aggregated APIs that run as pods move after that.";
        foreach (var block in network.Blocks.Where(block => block.IsMade && place.Vpc is null))
        {
            Add(
                TerraformNames.Block,
                TerraformNames.Of(block.Cidr),
                why,
                new("vpc_id", network.Vpc.Text),
                new("cidr_block", $"{block.Cidr}")
            );
            why = "";
        }
    }

    private void AddSubnets()
    {
        var why =
            "No kubernetes.io/role/elb, kubernetes.io/role/internal-elb or karpenter.sh/discovery tag: "
            + $"load balancers and nodes stay in routable subnets.\n{Room()}";
        foreach (var subnet in network.Subnets.Where(subnet => subnet.Ref.IsMade))
        {
            Add(
                TerraformNames.Subnet,
                TerraformNames.Of(subnet.Ref),
                why,
                new("vpc_id", Vpc(subnet.Cidr)),
                new("cidr_block", $"{subnet.Cidr}"),
                Zone(subnet.Zone),
                new(
                    "tags",
                    Tags(
                        ResourceNames.TagsForSubnet(
                            blueprint.Spec,
                            subnet,
                            network.SubnetRoles.FirstOrDefault(role => role.Subnet == subnet.Ref)
                        )
                    )
                )
            );
            if (
                network.Blocks.FirstOrDefault(block => block.IsMade && block.Cidr.Contains(subnet.Cidr)) is { } block
                && place.Waits(block.Cidr) is { } wait
            )
            {
                blocks[^1] = blocks[^1] with { Blocks = [wait] };
            }
            why = "";
        }
        why =
            "Three quarters of each subnet are kept for /28 prefixes: "
            + "single addresses would splinter them, and a node without a whole /28 starts no pods.";
        foreach (var (subnet, reserved) in network.Subnets.SelectMany(subnet => subnet.Reserved.Select(reserved => (subnet, reserved))))
        {
            Add(
                TerraformNames.Reservation,
                TerraformNames.Of(subnet.Ref, reserved),
                why,
                new("subnet_id", Id(TerraformNames.Subnet, subnet.Ref)),
                new("cidr_block", $"{reserved}"),
                new("reservation_type", "prefix")
            );
            why = "";
        }
    }

    private string Room()
    {
        var taken = AddressSet.Of(
            network.Subnets.Select(subnet => subnet.Cidr).Concat(blueprint.Inventory.Cloud.Subnets.Select(subnet => subnet.Cidr))
        );
        var free = AddressSet.Of(network.Blocks.Select(block => block.Cidr)).Except(taken);
        return network.Subnets.FirstOrDefault(subnet => subnet.Ref.IsMade) is { } subnet && free.CountFree(subnet.Cidr.PrefixLength) > 0
            ? "Room is left in the block for one more zone."
            : "They fill the block: one more zone takes another block.";
    }

    private void AddTables()
    {
        foreach (var table in network.RouteTables.Where(table => table.Ref.IsMade))
        {
            Add(
                TerraformNames.Table,
                TerraformNames.Of(table.Ref),
                table.Routes.IsEmpty
                    ? "The VPC's local routes come by themselves. "
                        + "Pods need no others while nodes translate their addresses (routing.source: node)."
                    : "Routes have resources of their own below; the VPC's local routes come by themselves.",
                new("vpc_id", Vpc()),
                new("tags", Tags(ResourceNames.TagsForTable(blueprint.Spec, table.Ref.Name)))
            );
            foreach (var route in table.Routes)
            {
                Add(
                    TerraformNames.Route,
                    TerraformNames.Of(table.Ref, route),
                    "",
                    new("route_table_id", Id(TerraformNames.Table, table.Ref)),
                    new("destination_cidr_block", $"{route.To}"),
                    new(Target(route.Via), route.Via)
                );
            }
        }
        var why = "Explicit, because a subnet without an association follows the VPC's main table.";
        foreach (var subnet in network.Subnets.Where(subnet => subnet.RouteTable is not null))
        {
            Add(
                TerraformNames.Association,
                TerraformNames.Of(subnet.Ref),
                why,
                new("subnet_id", Id(TerraformNames.Subnet, subnet.Ref)),
                new("route_table_id", Id(TerraformNames.Table, subnet.RouteTable!.Value))
            );
            why = "";
        }
    }

    private void AddAcls()
    {
        foreach (var subnet in network.Subnets)
        {
            if (subnet.NetworkAcl is { } acl)
            {
                Add(
                    TerraformNames.AclAssociation,
                    TerraformNames.Of(subnet.Ref),
                    "",
                    new("network_acl_id", acl.Text),
                    new("subnet_id", Id(TerraformNames.Subnet, subnet.Ref))
                );
            }
        }
    }

    /// <summary>Names of zones are each account's own.</summary>
    private HclEntry Zone(string zone) =>
        blueprint.Inventory.Cloud.Participant is null
            ? new("availability_zone", zone)
            : new(
                "availability_zone_id",
                blueprint.Inventory.Cloud.ZoneFor(zone),
                $"{zone} in account {blueprint.Inventory.Cloud.ClusterAccount}"
            );

    private static string Target(string via) =>
        via[..via.IndexOf('-', StringComparison.Ordinal)] switch
        {
            "tgw" => "transit_gateway_id",
            "nat" => "nat_gateway_id",
            "pcx" => "vpc_peering_connection_id",
            "eni" => "network_interface_id",
            "vpce" => "vpc_endpoint_id",
            // Internet and virtual private gateways share an argument.
            _ => "gateway_id",
        };

    private void AddGroups()
    {
        foreach (var group in network.Groups)
        {
            Add(
                TerraformNames.Group,
                TerraformNames.Of(group.Ref),
                "Groups of databases, endpoints, file systems that admit by address do not know the pods' block yet: "
                    + "podspace doctor names them.",
                new("name", group.GroupName),
                new("description", group.Description),
                new("vpc_id", Vpc()),
                new("tags", Tags(ResourceNames.TagsForGroup(blueprint.Spec)))
            );
        }
        foreach (var rule in network.Rules.Where(rule => !place.IsInput(rule)).OrderBy(rule => rule.Group.IsMade ? 0 : 1))
        {
            AddRule(rule);
        }
    }

    private void AddRule(GroupRule rule)
    {
        var attributes = new List<HclEntry>
        {
            new("security_group_id", place.Group(rule.Group)),
            Other(rule.Peer),
            new("ip_protocol", rule.Traffic.Protocol),
        };
        if (rule.Traffic.Protocol != "-1")
        {
            attributes.Add(new("from_port", rule.Traffic.From));
            attributes.Add(new("to_port", rule.Traffic.To));
        }
        attributes.Add(new("description", rule.Why));
        attributes.Add(new("tags", Tags(ResourceNames.TagsFor(blueprint.Spec, ResourceNames.Of(rule), null))));
        Add(TerraformNames.TypeOf(rule), TerraformNames.Of(rule), Reason(rule), [.. attributes]);
    }

    private HclEntry Other(Peer peer) =>
        peer switch
        {
            { Cidr: { } cidr } => new("cidr_ipv4", $"{cidr}"),
            { Group: { } group } => new("referenced_security_group_id", place.Group(group)),
            _ => new("prefix_list_id", peer.PrefixList!.Value.Text),
        };

    private static string Reason(GroupRule rule) =>
        rule switch
        {
            { Group.IsMade: false } => "Pods carry a group of their own, so this one has to admit it: "
                + "without the rule pods reach neither the API server nor DNS on older nodes.",
            { Direction: Direction.Egress } =>
                "AWS gives every new group this rule, and Terraform takes it away unless it is written down.",
            _ => "",
        };

    /// <summary>What subnet discovery is told of subnets that are not ours; those of ours carry it among their tags.</summary>
    private void AddTags()
    {
        foreach (var role in network.SubnetRoles.Where(role => !role.Subnet.IsMade))
        {
            Add(
                TerraformNames.Tag,
                TerraformNames.OfRole(role.Subnet),
                "Tells the CNI's subnet discovery whether pods' interfaces may go there.",
                new("resource_id", Id(TerraformNames.Subnet, role.Subnet)),
                new("key", Podspace.Naming.Tags.CniRole),
                new("value", role.IsOffered ? "1" : "0")
            );
        }
    }

    private void AddAddon()
    {
        if (blueprint.Addon is not { } document || place.Vpc is not null)
        {
            return;
        }
        Add(
            TerraformNames.Addon,
            TerraformNames.VpcCni,
            TerraformAddon.Reason(blueprint),
            [new("cluster_name", place.Cluster), new("addon_name", "vpc-cni"), .. TerraformAddon.Arguments(blueprint, document, place)]
        );
    }

    private void AddAccess()
    {
        foreach (var entry in network.AccessEntries)
        {
            HclEntry cluster = new("cluster_name", place.Cluster);
            Add(
                TerraformNames.AccessEntry,
                TerraformNames.Of(entry),
                "Without it and its policy instances start and never join the cluster.",
                cluster,
                new("principal_arn", entry.PrincipalArn),
                new("type", "EC2"),
                new("tags", Tags(ResourceNames.TagsFor(blueprint.Spec, new("nodes"), null)))
            );
            HclValue principal = new HclValue.Reference($"{TerraformNames.AccessEntry}.{TerraformNames.Of(entry)}.principal_arn");
            Add(
                TerraformNames.AccessPolicy,
                TerraformNames.Of(entry),
                "",
                cluster,
                new("principal_arn", principal),
                new("policy_arn", AccessEntry.Policy)
            );
            blocks[^1] = blocks[^1] with { Blocks = [new("access_scope", [], [new("type", "cluster")])] };
        }
    }

    /// <summary>All of the cluster that no add-on writes; none without a cluster.</summary>
    private void AddObjects()
    {
        var (context, first) = (blueprint.Texts(), blocks.Count);
        if (network.Cni is { Writer: Spec.EniConfigWriter.Objects } or { IsAddon: false })
        {
            blocks.AddRange(network.EniConfigs.Select(config => TerraformObjects.EniConfig(context, config)));
        }
        if (network.Cni is { IsAddon: false, Env: { IsEmpty: false } env })
        {
            blocks.Add(TerraformObjects.Settings(context, env));
        }
        blocks.AddRange(network.NodeClasses.Select(nodeClass => TerraformObjects.NodeClass(context, nodeClass)));
        blocks.AddRange(network.NodePools.Select(pool => TerraformObjects.NodePool(context, pool)));
        if (blocks.Count > first)
        {
            blocks[first] = blocks[first] with
            {
                Comment =
                    "These need the provider hashicorp/kubernetes, and a cluster that answers when "
                    + "Terraform plans. The same as manifests: podspace render kubernetes",
            };
        }
    }
}
