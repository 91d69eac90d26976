using System.Text.Json.Nodes;
using Podspace.Formats;
using Podspace.Simulation.Kubernetes;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Nodes;

/// <summary>NodeClaims: one for each node of Auto Mode, from the decision to start it until its instance is gone.</summary>
internal sealed class AutoClaims(World world)
{
    public const string Api = "karpenter.sh/v1";
    public const string PoolLabel = "karpenter.sh/nodepool";
    public const string ComputeTypeLabel = "eks.amazonaws.com/compute-type";

    /// <summary>On instances. Source: EKS User Guide, "Create cluster with EKS Auto Mode",
    /// conditions of the cluster role's policy.</summary>
    public const string PoolTag = "eks:kubernetes-node-pool-name";
    public const string ClassTag = "eks:kubernetes-node-class-name";

    private const string Finalizer = "karpenter.sh/termination";
    private const string PoolHash = "karpenter.sh/nodepool-hash";

    // As Karpenter's own class has it under karpenter.k8s.aws; its name in Auto Mode is UNCONFIRMED.
    private const string ClassHash = "eks.amazonaws.com/nodeclass-hash";

    /// <summary>Keeps new pods off a node that is being drained.</summary>
    private const string DisruptedTaint = "karpenter.sh/disrupted";

    public IReadOnlyList<JsonObject> All => Of(world);

    public static IReadOnlyList<JsonObject> Of(World world) => [.. world.Objects.List(Api, "nodeclaims")];

    public static bool IsLeaving(JsonObject claim) => claim.Text("metadata", "deletionTimestamp") is not null;

    public static string PoolOf(JsonObject claim) => claim.Label(PoolLabel) ?? "";

    /// <summary>The class of a pool.</summary>
    public static string ClassOf(JsonObject pool) => pool.Text("spec", "template", "spec", "nodeClassRef", "name") ?? "";

    public static string? InstanceOf(JsonObject claim) => claim.Text("status", "providerID")?.Split('/')[^1];

    public JsonObject? NodeOf(JsonObject claim) =>
        InstanceOf(claim) is { } instance
            ? world.Objects.List("v1", "nodes").FirstOrDefault(node => NodeObjects.InstanceOf(node) == instance)
            : null;

    /// <summary>The claim behind an instance; null for instances that Auto Mode did not start.</summary>
    public static JsonObject? For(World world, string instance) => Of(world).FirstOrDefault(claim => InstanceOf(claim) == instance);

    /// <summary>Starts an instance and keeps the claim for it. Throws <see cref="WorldRefusal"/> where EC2 refuses.</summary>
    public JsonObject Launch(Cluster cluster, JsonObject pool, JsonObject nodeClass, InstanceType type, Subnet subnet)
    {
        List<Tag> tags =
        [
            new() { Key = NodeObjects.ClusterTag(cluster.Name), Value = "owned" },
            new() { Key = "eks:eks-cluster-name", Value = cluster.Name },
            new() { Key = PoolTag, Value = pool.Name() },
            new() { Key = ClassTag, Value = nodeClass.Name() },
            .. nodeClass.Map("spec", "tags").Select(tag => new Tag { Key = tag.Key, Value = tag.Value }),
        ];
        var groups = NodeClassStatus
            .Groups(world, cluster, nodeClass, "securityGroupSelectorTerms")
            .Select(group => group.GroupId)
            .ToList();
        var instance = world.Compute.RunInstance(type.Name, subnet.SubnetId, groups, tags, $"{pool.Name()}/{subnet.AvailabilityZone}");
        return world.Objects.Create(Api, "nodeclaims", NewClaim(pool, nodeClass, type, subnet, instance), Managers.Controllers);
    }

    public bool IsDrifted(JsonObject claim)
    {
        var pool = world.Objects.Find(Api, "nodepools", null, PoolOf(claim));
        var nodeClass = world.Objects.Find(NodeClassStatus.Api, "nodeclasses", null, claim.Text("spec", "nodeClassRef", "name") ?? "");
        return (
                pool is not null
                && claim.Text("metadata", "annotations", PoolHash) is { } template
                && template != HashOf(pool.At("spec", "template"))
            )
            || (nodeClass is not null && claim.Text("metadata", "annotations", ClassHash) is { } hash && hash != HashOf(nodeClass["spec"]));
    }

    /// <summary>Pods that have to leave before the node goes.</summary>
    public IEnumerable<JsonObject> MovablePods(string node) =>
        world
            .Objects.List("v1", "pods")
            .Where(pod =>
                pod.Text("spec", "nodeName") == node && !pod.HasEnded() && pod.ControllerOf().Text("kind") is not ("DaemonSet" or "Node")
            );

    /// <summary>Notes which node came of each claim, and lets go of claims whose instance went by itself.</summary>
    public void Keep()
    {
        foreach (var claim in All)
        {
            var instance = InstanceOf(claim) is { } id ? world.State.Aws.Instances.Find(one => one.InstanceId == id) : null;
            if (instance is null or { State: "terminated" or "shutting-down" })
            {
                if (!IsLeaving(claim))
                {
                    world.Objects.Delete(Api, "nodeclaims", null, claim.Name(), Managers.Controllers);
                }
            }
            else if (NodeOf(claim) is { } node)
            {
                SetNode(claim, node);
            }
        }
    }

    /// <summary>One round of taking a node away: no new pods, the old ones out as far as budgets
    /// allow, then the instance, then the claim.</summary>
    public void Drain(string name)
    {
        if (world.Objects.Find(Api, "nodeclaims", null, name) is not { } claim || !IsLeaving(claim))
        {
            return;
        }
        var instance = InstanceOf(claim) is { } id ? world.State.Aws.Instances.Find(one => one.InstanceId == id) : null;
        if (NodeOf(claim) is { } node && instance is { State: "running" })
        {
            Taint(node);
            if (!Evict(node.Name()))
            {
                return;
            }
        }
        if (instance is { State: "running" or "pending" })
        {
            world.Compute.TerminateInstances([instance.InstanceId]);
        }
        else if (instance is not { State: "shutting-down" } && NodeOf(claim) is null)
        {
            var released = claim.Clone();
            ((JsonObject)released["metadata"]!).Remove("finalizers");
            world.Objects.Update(Api, "nodeclaims", released, Managers.Controllers);
        }
    }

    /// <returns>Whether no pod is left that would have to leave.</returns>
    private bool Evict(string node)
    {
        foreach (var pod in MovablePods(node).ToList())
        {
            try
            {
                Eviction.Evict(world, pod.Namespace()!, pod.Name(), dryRun: false);
            }
            catch (WorldRefusal)
            {
                // A budget says not now; the next round asks again, once something has changed.
            }
        }
        return !MovablePods(node).Any();
    }

    private void Taint(JsonObject node)
    {
        if (node.Items("spec", "taints").Any(taint => taint.Text("key") == DisruptedTaint))
        {
            return;
        }
        var changed = node.Clone();
        var taints = changed.At("spec", "taints") as JsonArray ?? [];
        taints.Add((JsonNode)new JsonObject { ["key"] = DisruptedTaint, ["effect"] = "NoSchedule" });
        changed.Put(taints.DeepClone(), "spec", "taints");
        world.Objects.Update("v1", "nodes", changed, Managers.Controllers);
    }

    private void SetNode(JsonObject claim, JsonObject node)
    {
        var (isReady, isReadySaid) = (node.IsReady() ? "True" : "False", claim.Condition("Ready"));
        if (claim.Text("status", "nodeName") == node.Name() && isReady == isReadySaid)
        {
            return;
        }
        var changed = claim.Clone();
        changed.Put(node.Name(), "status", "nodeName");
        var now = world.Clock.GetUtcNow();
        changed.SetCondition("Registered", "True", "Registered", "", now);
        changed.SetCondition("Initialized", isReady, isReady == "True" ? "Initialized" : "NodeNotReady", "", now);
        changed.SetCondition("Ready", isReady, isReady == "True" ? "Ready" : "NodeNotReady", "", now);
        world.Objects.Update(Api, "nodeclaims", changed, Managers.Controllers, "status");
    }

    private JsonObject NewClaim(JsonObject pool, JsonObject nodeClass, InstanceType type, Subnet subnet, Instance instance)
    {
        var labels = new JsonObject([
            .. AutoTypes
                .Labels(pool, type, subnet.AvailabilityZone)
                .Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)),
        ]);
        var owner = PodTemplate.OwnerReference(pool);
        owner.Remove("controller");
        var claim = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["generateName"] = pool.Name() + "-",
                ["labels"] = labels,
                ["annotations"] = new JsonObject
                {
                    [PoolHash] = HashOf(pool.At("spec", "template")),
                    [ClassHash] = HashOf(nodeClass["spec"]),
                },
                ["finalizers"] = new JsonArray(Finalizer),
                ["ownerReferences"] = new JsonArray(owner),
            },
            ["spec"] = new JsonObject
            {
                ["nodeClassRef"] = pool.At("spec", "template", "spec", "nodeClassRef")?.DeepClone(),
                ["requirements"] = pool.At("spec", "template", "spec", "requirements")?.DeepClone(),
            },
            ["status"] = new JsonObject
            {
                ["providerID"] = $"aws:///{subnet.AvailabilityZone}/{instance.InstanceId}",
                ["capacity"] = new JsonObject { ["cpu"] = $"{type.DefaultVCpus}", ["pods"] = $"{AutoTypes.PodsOf(type, nodeClass)}" },
            },
        };
        if (pool.At("spec", "template", "spec", "taints") is JsonArray { Count: > 0 } taints)
        {
            claim.Put(taints.DeepClone(), "spec", "taints");
        }
        claim.SetCondition("Launched", "True", "Launched", "", world.Clock.GetUtcNow());
        return claim;
    }

    /// <summary>Whatever the order of keys: an apply may move them.</summary>
    private static string HashOf(JsonNode? node) => Suffix.Hash(SortedJson.Of(node)?.ToJsonString() ?? "")[..16];
}
