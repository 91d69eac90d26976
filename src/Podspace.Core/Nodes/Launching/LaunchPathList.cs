using System.Text.Json.Nodes;
using Podspace.Cni;
using Podspace.Model;

namespace Podspace.Nodes.Launching;

/// <summary>What may start nodes: node groups with an AMI of their own, self-managed groups,
/// Karpenter's node classes. With or without a node of theirs.</summary>
/// <remarks>A managed node group without an AMI of its own is left out: EKS counts anew for each node that it starts, and its
/// number beats every setting. Source: EKS User Guide, "Choosing an instance type".</remarks>
internal sealed class LaunchPathList(Inventory inventory)
{
    /// <summary>What EKS takes when neither node group nor template names a type. Source: EKS API Reference, CreateNodegroup.</summary>
    private const string UsualType = "t3.medium";

    private readonly KnownTypes known = KnownTypes.From(inventory);
    private readonly EquatableArray<SeenNode> nodes = inventory.Cluster?.Nodes ?? [];

    public IEnumerable<LaunchPath> All => Nodegroups.Concat(ScalingGroups).Concat(NodeClasses);

    public static string NameOf(Inventory inventory, SeenNode node)
    {
        if (node.Label("eks.amazonaws.com/nodegroup") is { } group)
        {
            return NameOfNodegroup(group);
        }
        if (node.Label("karpenter.k8s.aws/ec2nodeclass") is { } nodeClass)
        {
            return NameOfClass(nodeClass);
        }
        if (node.Label(SeenNode.PoolLabel) is { } pool)
        {
            return $"NodePool {pool}";
        }
        return ScalingGroupOf(inventory, node) is { } scaling ? NameOfScaling(scaling) : "a self-managed group";
    }

    /// <remarks>Source: Amazon EC2 Auto Scaling User Guide, "Tag lifecycle": the group's name is on each of its instances.</remarks>
    private static string? ScalingGroupOf(Inventory inventory, SeenNode node) =>
        inventory
            .Cloud.Instances.FirstOrDefault(one => one.Id.Text == node.InstanceId)
            ?.Tags.Where(tag => tag.Key == "aws:autoscaling:groupName")
            .Select(tag => tag.Value)
            .FirstOrDefault();

    private static string NameOfNodegroup(string group) => $"node group {group}";

    private static string NameOfScaling(string group) => $"self-managed group {group}";

    private static string NameOfClass(string nodeClass) => $"EC2NodeClass {nodeClass}";

    private IEnumerable<LaunchPath> Nodegroups =>
        from nodegroup in inventory.Cloud.Nodegroups
        where nodegroup is { AmiType: "CUSTOM", MaxSize: > 0 }
        let template = nodegroup.LaunchTemplate is { } named ? Template(new(named, nodegroup.TemplateVersion)) : null
        let usual = template is { InstanceType.Length: > 0 } ? template.InstanceType : UsualType
        let types = nodegroup.InstanceTypes.IsEmpty ? [usual] : nodegroup.InstanceTypes
        select new LaunchPath(
            NameOfNodegroup(nodegroup.Name),
            Known(types),
            nodegroup.Subnets,
            Word(
                template,
                $", and give it to the group; EKS then replaces its nodes, and keeps disruption budgets:\n "
                    + $" aws eks update-nodegroup-version --cluster-name {inventory.Cloud.Cluster?.Name} --nodegroup-name "
                    + $"{nodegroup.Name} --launch-template id={template?.Id},version=VERSION"
            )
        );

    private IEnumerable<LaunchPath> ScalingGroups
    {
        get
        {
            foreach (var group in inventory.Cloud.ScalingGroups.Where(group => group.MaxSize > 0))
            {
                if (group.Launches.IsEmpty || (group.TakesAnyType && group.InstanceTypes.IsEmpty))
                {
                    var why = group.Launches.IsEmpty
                        ? "it has a launch configuration, which is not read here"
                        : "it chooses its types by requirements, so nobody knows beforehand which";
                    yield return new(NameOfScaling(group.Name), [], group.Subnets, new LaunchWord.Unread(why));
                }
                foreach (var by in group.Launches)
                {
                    var template = Template(by);
                    var types = group.InstanceTypes.IsEmpty ? [template?.InstanceType ?? ""] : group.InstanceTypes;
                    yield return new(NameOfScaling(group.Name), Known(types), group.Subnets, Word(template, Then(group, by)));
                }
            }
        }
    }

    /// <summary>Those that an open NodePool refers to: nobody else starts nodes by them.</summary>
    private IEnumerable<LaunchPath> NodeClasses =>
        from nodeClass in inventory.Cluster?.Ec2NodeClasses ?? []
        let pools = Pools(nodeClass.Name)
        where pools.Count > 0
        select new LaunchPath(
            NameOfClass(nodeClass.Name),
            Started(nodeClass, pools),
            [],
            new LaunchWord.ByNodeClass(nodeClass, inventory.Cluster?.Karpenter)
        );

    private List<JsonNode> Pools(string nodeClass) =>
        [
            .. (inventory.Cluster?.NodePools ?? [])
                .Where(pool => !pool.IsClosed && pool.NodeClass == nodeClass)
                .Select(pool => JsonNode.Parse(pool.Spec))
                .OfType<JsonNode>()
                .Where(pool => $"{pool["template"]?["spec"]?["nodeClassRef"]?["kind"]}" == "EC2NodeClass"),
        ];

    /// <summary>Types of its nodes first. A number may be too great for one type and not for another, so only types that
    /// are certain count against it; without one every type shows the same.</summary>
    private List<InstanceLimits> Started(SeenEc2NodeClass nodeClass, List<JsonNode> pools)
    {
        var running = nodes
            .Where(node => node.Label("karpenter.k8s.aws/ec2nodeclass") == nodeClass.Name)
            .Select(node => node.InstanceType)
            .ToHashSet();
        var all = InstanceLimits
            .All.Concat(inventory.Cloud.InstanceTypes.Select(KnownTypes.Limits))
            .DistinctBy(type => type.Type)
            .Select(type => known.Find(type.Type)!)
            .ToList();
        var isCertain = nodeClass.MaxPods.Length > 0;
        return
        [
            .. pools
                .SelectMany(pool => PoolTypes.Of(pool, all, isCertain))
                .Concat(running.Select(known.Find).OfType<InstanceLimits>())
                .DistinctBy(type => type.Type)
                .OrderBy(type => !running.Contains(type.Type))
                .ThenBy(type => type.VCpus)
                .ThenBy(type => type.Type, StringComparer.Ordinal),
        ];
    }

    private SeenLaunchTemplate? Template(LaunchBy by) => inventory.Cloud.LaunchTemplates.FirstOrDefault(template => template.Is(by));

    /// <summary>A group takes a new version for nodes that it starts from then on. Its mixed instances
    /// policy is replaced as a whole, so it is fetched first.</summary>
    private static string Then(SeenScalingGroup group, LaunchBy by)
    {
        const string From = "for the nodes that it starts from then on";
        var update = $"aws autoscaling update-auto-scaling-group --auto-scaling-group-name {group.Name}";
        var isMixed = !group.InstanceTypes.IsEmpty || group.TakesAnyType || group.Launches.Count > 1;
        return (by.Version, isMixed) switch
        {
            ("$Latest", _) => $"; the group takes the latest one, {From}.",
            ("$Default", _) => $", and make it the default, which the group takes {From}:\n "
                + $" aws ec2 modify-launch-template "
                + $"--launch-template-{(by.Template.StartsWith("lt-", StringComparison.Ordinal) ? "id" : "name")} {by.Template} "
                + $"--default-version VERSION",
            (_, true) => $", and name it in the group's policy, {From}:\n  aws autoscaling describe-auto-scaling-groups "
                + $"--auto-scaling-group-names {group.Name} --query 'AutoScalingGroups[0].MixedInstancesPolicy' > policy.json\n"
                + $"  {update} --mixed-instances-policy file://policy.json",
            _ => $", and give it to the group, {From}:\n  {update} --launch-template LaunchTemplateId={by.Template},Version=VERSION",
        };
    }

    private static LaunchWord Word(SeenLaunchTemplate? template, string then) =>
        template is null ? new LaunchWord.Unread("its launch template could not be read") : new LaunchWord.ByTemplate(template, then);

    private List<InstanceLimits> Known(IEnumerable<string> types) =>
        [
            .. types
                .Select(known.Find)
                .OfType<InstanceLimits>()
                .OrderBy(type => type.VCpus)
                .ThenBy(type => type.Type, StringComparer.Ordinal),
        ];
}
