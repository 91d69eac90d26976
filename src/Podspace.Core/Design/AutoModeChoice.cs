using System.Text.Json.Nodes;
using Podspace.Formats;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Spec;

namespace Podspace.Design;

/// <param name="Pools">Each with the whole spec of the pool that it is like, but for class and weight.</param>
internal sealed record AutoModeParts(EquatableArray<NodeClass> Classes, EquatableArray<NodePool> Pools, EquatableArray<AccessEntry> Entries)
{
    public static readonly AutoModeParts None = new([], [], []);
}

/// <summary>A NodeClass and NodePools of ours beside Auto Mode's own, which are never edited. Nodes of ours
/// start where and as those of the pools that they are like.</summary>
internal sealed class AutoModeChoice
{
    private const string ClassPath = "spec.autoMode.nodeClass",
        PoolsPath = "spec.autoMode.nodePools";

    /// <summary>The built-in ones. Source: EKS User Guide, "Create a Node Class" and "Enable or Disable Built-in NodePools".</summary>
    private static readonly string[] BuiltIn = ["default", "general-purpose", "system"];

    /// <summary>Source: karpenter.sh, "NodePools", spec.weight.</summary>
    private const int MostWeight = 100;

    private readonly DesignInput input;
    private readonly ClusterInventory seen;
    private readonly SeenCluster cluster;

    private AutoModeChoice(DesignInput input, SeenCluster cluster, ClusterInventory seen) =>
        (this.input, this.cluster, this.seen) = (input, cluster, seen);

    /// <summary>Nothing where there is no cluster yet.</summary>
    public static AutoModeParts Of(DesignInput input, List<PodSubnet> subnets, PodGroupChoice groups) =>
        input is { Cluster: { IsAutoMode: true } cluster, Inventory.Cluster: { } seen } && input.Modes.Contains(PodMode.AutoMode)
            ? new AutoModeChoice(input, cluster, seen).Choose(subnets, groups)
            : AutoModeParts.None;

    /// <summary>Zones in which nodes of ours can start: those of the subnets of the classes behind the pools that ours are like.</summary>
    public static IEnumerable<string> Zones(DesignInput input) =>
        input is { Cluster: { IsAutoMode: true } cluster, Inventory.Cluster: { } seen }
            ? new AutoModeChoice(input, cluster, seen).NodeSubnets().Select(subnet => subnet.Zone).Distinct()
            : [];

    private AutoModeParts Choose(List<PodSubnet> subnets, PodGroupChoice groups)
    {
        var name = ClassName();
        var role = Role(name);
        var pools = Wanted()
            .Select(pool => Pool(pool, name))
            .OfType<NodePool>()
            .OrderBy(pool => pool.Name, StringComparer.Ordinal)
            .ToEquatable();
        var zones = subnets.Select(subnet => subnet.Zone).ToHashSet();
        var nodeGroups = NodeGroups();
        var nodeClass = new NodeClass(
            name,
            role ?? "",
            NodeSubnets().Where(subnet => zones.Contains(subnet.Zone)).Select(subnet => Ref.Used(subnet.Id.Text)).Order().ToEquatable(),
            nodeGroups,
            subnets.Select(subnet => subnet.Ref).Order().ToEquatable(),
            groups.Pods.IsEmpty ? nodeGroups : groups.Pods.Order().ToEquatable(),
            input.Spec.Routing.Source == PacketSource.Node,
            input.Spec.Cni.PrefixDelegation is false,
            SelectsByTags(name, subnets)
        );
        return new([nodeClass], pools, role is null ? [] : Entries(role));
    }

    /// <summary>A subnet of ours that is to go carries the tags like the others, so while somebody stands in it those that stay
    /// are named. What a class has serves as well as long as it selects the same.</summary>
    private bool SelectsByTags(string name, List<PodSubnet> subnets)
    {
        var (wanted, found) = (
            subnets.Where(subnet => subnet.Ref.IsMade).Select(subnet => subnet.Ref).ToHashSet(),
            input.Actual.Network.NodeClasses.FirstOrDefault(one => one.Name == name)
        );
        return wanted.Count > 0
            && input.Actual.Network.Subnets.All(subnet => !subnet.Ref.IsMade || wanted.Contains(subnet.Ref) || IsEmpty(subnet.Ref))
            && wanted.All(CarriesTags)
            && (found is null || found.SelectsByTags || !wanted.SetEquals(found.PodSubnets.Where(subnet => subnet.IsMade)));
    }

    /// <summary>It goes at once, and a changed class would have running nodes replaced for nothing. A node that takes it
    /// meanwhile keeps it: EC2 deletes no subnet in which somebody stands.</summary>
    private bool IsEmpty(Ref subnet) =>
        input.Inventory.Sees(Reading.Interfaces)
        && input.Actual.Ids.Subnet(subnet) is { } id
        && !input.Inventory.Cloud.Interfaces.Any(card => card.Subnet == id);

    /// <summary>One that is still to come will; one that was made before the cluster had a name carries none for it.</summary>
    private bool CarriesTags(Ref subnet) =>
        input.Actual.Ids.Subnet(subnet) is not { } id
        || input.Subnet(id) is not { } seen
        || seen.Tags.Contains(new(Tags.Cluster, input.Spec.Cluster ?? ""));

    private IEnumerable<SeenNodePool> OurPools => seen.NodePools.Where(pool => pool.Overlay == input.Spec.Name);

    private SeenNodeClass? OurClass => seen.NodeClasses.FirstOrDefault(one => one.Overlay == input.Spec.Name);

    private string ClassName()
    {
        var name =
            input.Spec.AutoMode.NodeClassName
            ?? OurClass?.Name
            ?? (BuiltIn.Contains(input.Spec.Name) ? $"podspace-{input.Spec.Name}" : input.Spec.Name);
        if (BuiltIn.Contains(name))
        {
            input.Report.Error(
                DesignCodes.BuiltInName,
                name,
                $"{ClassPath}.name",
                $"NodeClass {name} is EKS's own, which puts it back when it is edited.",
                "Give ours another name."
            );
        }
        if (
            seen.NodeClasses.FirstOrDefault(one => one.Name == name) is { } taken
            && taken.Overlay != input.Spec.Name
            && !BuiltIn.Contains(name)
        )
        {
            input.Report.Error(
                DesignCodes.AutoNameTaken,
                name,
                $"{ClassPath}.name",
                $"NodeClass {name} is there and is not ours.",
                "Name ours otherwise in 'spec.autoMode.nodeClass.name'."
            );
        }
        return name;
    }

    /// <summary>The name; null when nothing says which. What a class has it keeps: a role cannot be changed.</summary>
    private string? Role(string name)
    {
        var asked = input.Spec.AutoMode.NodeClassRole?.Split('/')[^1];
        if (seen.NodeClasses.FirstOrDefault(one => one.Name == name && one.Overlay == input.Spec.Name) is { Role.Length: > 0 } ours)
        {
            if (asked is not null && asked != ours.Role)
            {
                input.Report.Error(
                    DesignCodes.RoleStays,
                    name,
                    $"{ClassPath}.role",
                    $"NodeClass {name} has role {ours.Role}, and the role of a NodeClass cannot be changed.",
                    $"Name a new class beside it in 'spec.autoMode.nodeClass.name', with role {asked}: "
                        + $"the pools are pointed to it, and {name} goes when its last node is gone."
                );
            }
            return ours.Role;
        }
        var own =
            cluster.NodeRoleArn.Length > 0
                ? cluster.NodeRoleArn.Split('/')[^1]
                : seen.NodeClasses.Where(one => one.Name == "default").Select(one => one.Role).FirstOrDefault();
        if (asked is null && string.IsNullOrEmpty(own))
        {
            input.Report.Error(
                DesignCodes.NoNodeRole,
                cluster.Name,
                $"{ClassPath}.role",
                $"Cluster {cluster.Name} names no node role of Auto Mode, so nothing says which role new nodes shall have.",
                "Name it in 'spec.autoMode.nodeClass.role'."
            );
            return null;
        }
        return asked ?? own;
    }

    /// <summary>As listed; else one like each built-in pool that is on, and those of ours whose pool has been switched off since.</summary>
    private IEnumerable<NodePoolSpec> Wanted()
    {
        if (!input.Spec.AutoMode.NodePools.IsEmpty)
        {
            return input.Spec.AutoMode.NodePools;
        }
        var usual = cluster.BuiltInPools.Select(like => new NodePoolSpec($"{input.Spec.Name}-{like}", like));
        var kept = OurPools
            .Where(pool => pool.Like is not null && pool.Name == $"{input.Spec.Name}-{pool.Like}")
            .Select(pool => new NodePoolSpec(pool.Name, pool.Like!));
        var wanted = usual.Concat(kept).Distinct().ToList();
        if (wanted.Count == 0)
        {
            input.Report.Error(
                DesignCodes.PoolUnknown,
                cluster.Name,
                PoolsPath,
                $"None of Auto Mode's built-in NodePools is on in cluster {cluster.Name}, so nothing says which nodes pods shall get.",
                $"List the pools in '{PoolsPath}', each with the one that it shall be like.{Known()}"
            );
        }
        return wanted;
    }

    private NodePool? Pool(NodePoolSpec wanted, string nodeClass)
    {
        var ours = OurPools.FirstOrDefault(pool => pool.Name == wanted.Name);
        if (BuiltIn.Contains(wanted.Name))
        {
            input.Report.Error(
                DesignCodes.BuiltInName,
                wanted.Name,
                PoolsPath,
                $"NodePool {wanted.Name} is EKS's own, which puts it back when it is edited.",
                "Give ours another name."
            );
            return null;
        }
        if (ours is null && seen.NodePools.Any(pool => pool.Name == wanted.Name))
        {
            input.Report.Error(
                DesignCodes.AutoNameTaken,
                wanted.Name,
                PoolsPath,
                $"NodePool {wanted.Name} is there and is not ours.",
                "Name ours otherwise."
            );
            return null;
        }
        var model = seen.NodePools.FirstOrDefault(pool => pool.Name == wanted.Like && pool.Overlay is null);
        if (model is null && ours is null)
        {
            input.Report.Error(
                DesignCodes.PoolUnknown,
                wanted.Like,
                PoolsPath,
                $"There is no NodePool {wanted.Like} that {wanted.Name} could be like.",
                $"Correct 'like'.{Known()}"
            );
            return null;
        }
        return new(wanted.Name, nodeClass, wanted.Like, model is null ? Kept(ours!, nodeClass) : Like(model, wanted.Name, nodeClass));
    }

    /// <summary>Its weight is one above, so that new nodes come from ours wherever both would do.</summary>
    private string Like(SeenNodePool model, string name, string nodeClass)
    {
        var spec = JsonNode.Parse(model.Spec)!.AsObject();
        var weight = spec["weight"]?.GetValue<int>() ?? 0;
        if (weight >= MostWeight)
        {
            input.Report.Error(
                DesignCodes.WeightAtMost,
                name,
                PoolsPath,
                $"NodePool {model.Name} has weight {weight}, the highest there is, so new nodes would not come from {name} before it.",
                "Lower its weight."
            );
        }
        spec["weight"] = weight + 1;
        return With(spec, nodeClass);
    }

    /// <summary>The pool that it was like is gone: it stays as it is.</summary>
    private static string Kept(SeenNodePool ours, string nodeClass)
    {
        var spec = JsonNode.Parse(ours.Spec)!.AsObject();
        if (ours.IsClosed)
        {
            spec.Remove("limits");
        }
        return With(spec, nodeClass);
    }

    private static string With(JsonObject spec, string nodeClass)
    {
        spec["template"]!["spec"]!["nodeClassRef"] = new JsonObject
        {
            ["group"] = "eks.amazonaws.com",
            ["kind"] = "NodeClass",
            ["name"] = nodeClass,
        };
        return SortedJson.Of(spec)!.ToJsonString();
    }

    private string Known() =>
        $" There "
        + $"are {string.Join(", ", seen.NodePools.Where(pool => pool.Overlay is null).Select(pool => pool.Name).DefaultIfEmpty("none"))}.";

    /// <summary>Classes of the pools that ours are like; without any to see, ours.</summary>
    private List<SeenNodeClass> Models()
    {
        var likes = (
            input.Spec.AutoMode.NodePools.IsEmpty ? cluster.BuiltInPools : input.Spec.AutoMode.NodePools.Select(pool => pool.Like)
        ).ToHashSet();
        var names = seen
            .NodePools.Where(pool => pool.Overlay is null && likes.Contains(pool.Name))
            .Select(pool => pool.NodeClass)
            .ToHashSet();
        var models = seen.NodeClasses.Where(one => names.Contains(one.Name) && one.Overlay is null).ToList();
        return models.Count > 0 || OurClass is not { } ours ? models : [ours];
    }

    private List<SeenSubnet> NodeSubnets()
    {
        var models = Models();
        var ids = models
            .SelectMany(model => model.Subnets.IsEmpty ? model.NodeSubnets : model.Subnets)
            .Select(id => new AwsId(id))
            .ToHashSet();
        return [.. (ids.Count > 0 ? ids : [.. cluster.SubnetIds]).Order().Select(input.Subnet).OfType<SeenSubnet>()];
    }

    private EquatableArray<Ref> NodeGroups()
    {
        var ids = Models().SelectMany(model => model.Groups.IsEmpty ? model.NodeGroups : model.Groups).Distinct().ToList();
        return (ids.Count > 0 ? ids : [cluster.ClusterGroup.Text]).Select(Ref.Used).Order().ToEquatable();
    }

    /// <summary>The cluster's own node role has an entry by itself; any other needs one of type EC2 with the policy, or
    /// its nodes never join. Source: EKS User Guide, "Create a Node Class".</summary>
    private EquatableArray<AccessEntry> Entries(string role)
    {
        if (cluster.NodeRoleArn.EndsWith($"/{role}", StringComparison.Ordinal))
        {
            return [];
        }
        var arn =
            input.Spec.AutoMode.NodeClassRole is { } asked && asked.StartsWith("arn:", StringComparison.Ordinal)
                ? asked
                : $"arn:{Partition}:iam::{input.Cloud.ClusterAccount}:role/{role}";
        var present = input.Cloud.AccessEntries.FirstOrDefault(entry => entry.PrincipalArn == arn);
        if (present is not null && !new Ownership(input.Spec.Name, input.Spec.Cluster).Owns(present.Tags))
        {
            if (present.Type != "EC2" || !present.Policies.Contains(AccessEntry.Policy))
            {
                input.Report.Error(
                    DesignCodes.EntryUnfit,
                    arn,
                    $"{ClassPath}.role",
                    $"The access entry of {arn} is of type {present.Type} and "
                        + $"{(present.Policies.Contains(AccessEntry.Policy) ? "has" : "lacks")} AmazonEKSAutoNodePolicy; "
                        + $"nodes of Auto Mode join by type EC2 with that policy alone, and the entry is not ours.",
                    present.Type == "EC2"
                        ? $"Give it the policy:\n  aws eks associate-access-policy --cluster-name {cluster.Name} "
                            + $"--principal-arn {arn} --policy-arn {AccessEntry.Policy} --access-scope type=cluster"
                        : "Use a role of its own for these nodes."
                );
            }
            return [];
        }
        if (cluster.AuthenticationMode == "CONFIG_MAP")
        {
            input.Report.Error(
                DesignCodes.NoAccessEntries,
                cluster.Name,
                $"{ClassPath}.role",
                $"Cluster {cluster.Name} takes no access entries (authentication "
                    + $"mode CONFIG_MAP), and role {role} needs one for its nodes to join.",
                $"Change the mode, which cannot be taken back:\n "
                    + $" aws eks update-cluster-config --name {cluster.Name} --access-config authenticationMode=API_AND_CONFIG_MAP"
            );
        }
        return [new(arn)];
    }

    private string Partition
    {
        get
        {
            var arn = cluster.NodeRoleArn.Length > 0 ? cluster.NodeRoleArn : input.Cloud.Caller;
            return arn.Split(':') is [_, { Length: > 0 } partition, ..] ? partition : "aws";
        }
    }
}
