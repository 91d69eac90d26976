using Podspace.Addressing;
using Podspace.Formats;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Steps.Text;

namespace Podspace.Rendering.Terraform;

/// <summary>The network for those who have terraform-aws-modules/eks and …/vpc: inputs for
/// their modules, and resources for what those lack.</summary>
/// <remarks>Names of inputs and outputs: variables.tf and outputs.tf of terraform-aws-modules/terraform-aws-eks
/// v20.37.2 and v21.19.0 and of …/terraform-aws-vpc v5.21.0 and v6.6.0.</remarks>
internal sealed class EksModules
{
    public const int Newest = 21;

    private readonly Blueprint blueprint;
    private readonly int major;
    private readonly TerraformPlace place;

    private EksModules(Blueprint blueprint, int major)
    {
        this.blueprint = ClusterToCome.Fill(blueprint, hasNodeGroup: true);
        this.major = major;
        var groups = KnownGroups();
        place = new(
            new HclValue.Reference("module.vpc.vpc_id"),
            new HclValue.Reference("module.eks.cluster_name"),
            groups.ToDictionary(pair => pair.Key, pair => (HclValue)new HclValue.Reference(pair.Value))
        )
        {
            IsInput = rule => Input(rule) is not null,
            Waits = Waits,
        };
    }

    /// <param name="major">Of terraform-aws-modules/eks: 20 or 21.</param>
    public static (IReadOnlyList<HclBlock> Modules, IReadOnlyList<HclBlock> Resources, IReadOnlyList<HclBlock> Imports) Of(
        Blueprint blueprint,
        int major
    )
    {
        var modules = new EksModules(blueprint, major);
        var resources = TerraformResources.Of(modules.blueprint, modules.place);
        return (
            [.. modules.Modules()],
            TerraformMaxPods.Locals(modules.blueprint) is { } maxPods ? [.. resources, maxPods] : resources,
            [.. modules.Imports()]
        );
    }

    private IEnumerable<HclBlock> Modules()
    {
        if (Block() is { } block)
        {
            yield return new("module", ["vpc"], [.. Source("vpc", major == 20 ? "~> 5.0" : "~> 6.0"), block]);
        }
        var inputs = Addons().Concat(Rules()).Concat(NodeGroups()).ToList();
        if (inputs.Count > 0)
        {
            yield return new("module", ["eks"], [.. Source("eks", $"~> {major}.0"), .. inputs]);
        }
    }

    private static HclEntry[] Source(string module, string version) =>
        [new("source", $"terraform-aws-modules/{module}/aws"), new("version", version)];

    /// <summary>Blocks that are there stay before ours: the module counts them by place.</summary>
    private HclEntry? Block() =>
        blueprint.Desired.Blocks.Any(block => block.IsMade)
            ? new(
                "secondary_cidr_blocks",
                new HclValue.List(SecondaryBlocks().Select(block => (HclValue)$"{block}").ToEquatable()),
                "Behind those that you have, in your order: "
                    + "the module counts them by place, and one that moves is destroyed and created anew."
            )
            : null;

    private List<Cidr> SecondaryBlocks()
    {
        var made = blueprint.Desired.Blocks.Where(block => block.IsMade).Select(block => block.Cidr).ToList();
        var vpc = blueprint.Inventory.Cloud.Vpc;
        return
        [
            .. (vpc?.LiveBlocks ?? []).Select(block => block.Cidr).Where(block => block != vpc!.Primary && !made.Contains(block)),
            .. made,
        ];
    }

    private IEnumerable<HclEntry> Addons()
    {
        if (blueprint.Addon is not { } document)
        {
            yield break;
        }
        var addon = new List<HclEntry>
        {
            new(
                "before_compute",
                true,
                "Before the node groups: a node that starts without it stays NotReady or takes addresses of its own subnet."
            ),
        };
        if (blueprint.Inventory.Cloud.VpcCni is { Version.Length: > 0 } seen)
        {
            addon.Add(new("addon_version", seen.Version, "As it is now: left out, the module may update the add-on along with this."));
        }
        addon.AddRange(TerraformAddon.Arguments(blueprint, document, place));
        yield return new(
            major == 20 ? "cluster_addons" : "addons",
            new HclValue.Map([new("vpc-cni", new HclValue.Map(addon.ToEquatable()))]),
            "Beside the add-ons that you have. ENIConfigs and settings are one document, which EKS takes as a whole; "
                + "no Kubernetes provider and no second apply."
        );
    }

    private IEnumerable<HclEntry> Rules() =>
        from rule in blueprint.Desired.Rules
        let input = Input(rule)
        where input is not null
        group rule by input into rules
        orderby rules.Key
        select new HclEntry(
            rules.Key,
            new HclValue.Map(rules.Select(rule => new HclEntry(KeyOf(rule), Rule(rule))).ToEquatable()),
            "Pods carry a group of their own, so this one has to admit it: "
                + "without the rule pods reach neither the API server nor DNS on older nodes."
        );

    private IEnumerable<HclEntry> NodeGroups()
    {
        var groups = TerraformMaxPods
            .Groups(blueprint)
            .Select(name => new HclEntry(name, new HclValue.Map([TerraformMaxPods.UserData])))
            .ToEquatable();
        return groups.IsEmpty ? [] : [new("eks_managed_node_groups", new HclValue.Map(groups), "Beside what they have.")];
    }

    private static string KeyOf(GroupRule rule) => TerraformNames.Of(rule with { Group = Ref.Used("pods") });

    private HclValue.Map Rule(GroupRule rule)
    {
        // All ports of all protocols are written with zeros here. Source: aws_security_group_rule, argument from_port.
        var isAll = rule.Traffic.Protocol == "-1";
        return new([
            new("type", "ingress"),
            new("protocol", rule.Traffic.Protocol),
            new("from_port", isAll ? 0 : rule.Traffic.From),
            new("to_port", isAll ? 0 : rule.Traffic.To),
            new("source_security_group_id", place.Group(rule.Peer.Group!.Value)),
            new("description", rule.Why),
        ]);
    }

    /// <summary>The input through which the module makes a rule; null: it stands as a resource. One of ours that is there
    /// already cannot be handed to the module, which would make it a second time.</summary>
    private string? Input(GroupRule rule)
    {
        if (
            rule.Group.IsMade
            || rule.Direction != Direction.Ingress
            || rule.Peer.Group is null
            || blueprint.Ids.Rules.ContainsKey(rule.Key)
        )
        {
            return null;
        }
        return KnownGroups().GetValueOrDefault(rule.Group) switch
        {
            NodeGroup => "node_security_group_additional_rules",
            ControlPlaneGroup when major == 20 => "cluster_security_group_additional_rules",
            ControlPlaneGroup => "security_group_additional_rules",
            _ => null,
        };
    }

    private const string NodeGroup = "module.eks.node_security_group_id";
    private const string ControlPlaneGroup = "module.eks.cluster_security_group_id";
    private const string PrimaryGroup = "module.eks.cluster_primary_security_group_id";

    /// <summary>Groups that the module tells of, by the tags and places that it gives them.
    /// Source: its main.tf and node_groups.tf.</summary>
    private Dictionary<Ref, string> KnownGroups()
    {
        var known = new Dictionary<Ref, string> { [ClusterToCome.ClusterGroup] = PrimaryGroup, [ClusterToCome.NodeGroup] = NodeGroup };
        if (blueprint.Inventory.Cloud.Cluster is not { } cluster)
        {
            return known;
        }
        foreach (var group in blueprint.Inventory.Cloud.Groups.Where(group => group.Id != cluster.ClusterGroup))
        {
            if (
                group.Tags.Contains(new("Name", $"{cluster.Name}-node"))
                && group.Tags.Contains(new(Tags.ClusterOwned(cluster.Name), "owned"))
            )
            {
                known[Ref.Used(group.Id.Text)] = NodeGroup;
            }
            else if (group.Tags.Contains(new("Name", $"{cluster.Name}-cluster")) && cluster.ExtraGroups.Contains(group.Id))
            {
                known[Ref.Used(group.Id.Text)] = ControlPlaneGroup;
            }
        }
        known[Ref.Used(cluster.ClusterGroup.Text)] = PrimaryGroup;
        return known;
    }

    /// <summary>The module's vpc_id does not wait for its blocks, so the subnet asks for them;
    /// and says so when the input was forgotten.</summary>
    private static HclBlock Waits(Cidr block) =>
        new("lifecycle", [], [])
        {
            Blocks =
            [
                new(
                    "precondition",
                    [],
                    [
                        new("condition", new HclValue.Reference($"contains(module.vpc.vpc_secondary_cidr_blocks, \"{block}\")")),
                        new("error_message", $"Put {block} into secondary_cidr_blocks of module.vpc first."),
                    ]
                ),
            ],
        };

    private IEnumerable<HclBlock> Imports()
    {
        var blocks = SecondaryBlocks();
        foreach (var import in TerraformImports.Of(blueprint, place))
        {
            yield return import;
        }
        foreach (var block in blueprint.Desired.Blocks.Where(block => block.IsMade))
        {
            if (blueprint.Ids.Associations.TryGetValue(block.Cidr, out var association))
            {
                yield return TerraformImports.Import(
                    $"module.vpc.{TerraformNames.Block}.this[{blocks.IndexOf(block.Cidr)}]",
                    association,
                    "The number is its place in secondary_cidr_blocks."
                );
            }
        }
    }
}
