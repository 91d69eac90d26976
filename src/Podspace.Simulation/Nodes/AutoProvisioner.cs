using System.Text.Json.Nodes;
using Podspace.Cni;
using Podspace.Simulation.Kubernetes;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Nodes;

/// <summary>Starts nodes for pods that fit on none: from the pool of the highest weight that takes
/// the pod, in the zone that has fewest of its kind.</summary>
internal sealed class AutoProvisioner(World world, AutoClaims claims)
{
    /// <summary>A node to come, or one that is not ready yet, with the pods that are meant for it.</summary>
    private sealed record Place(JsonObject Node, int Room, List<JsonObject> Pods);

    public bool HasWork() => Waiting().Any();

    public void Run()
    {
        if (world.State.Aws.Clusters is not [var cluster, ..] || !AutoMode.IsOn(cluster))
        {
            return;
        }
        var places = claims
            .All.Where(claim => !AutoClaims.IsLeaving(claim) && claims.NodeOf(claim)?.IsReady() is not true)
            .Select(Placed)
            .ToList();
        foreach (var pod in Waiting().ToList())
        {
            var place = places.Find(at => Takes(at, pod, places));
            if (place is null && Launch(cluster, pod) is { } launched)
            {
                places.Add(place = Placed(launched));
            }
            place?.Pods.Add(pod);
        }
    }

    /// <summary>Pods that the scheduler could not place.</summary>
    private IEnumerable<JsonObject> Waiting() =>
        world
            .Objects.List("v1", "pods")
            .Where(pod =>
                PodTemplate.IsActive(pod) && pod.Text("spec", "nodeName") is null or "" && pod.Condition("PodScheduled") is "False"
            );

    private static Place Placed(JsonObject claim) =>
        new(
            Likeness(claim.Name(), claim.Map("metadata", "labels"), claim.At("spec", "taints")),
            claim.Number("status", "capacity", "pods") ?? 0,
            []
        );

    private static bool Takes(Place place, JsonObject pod, List<Place> others) =>
        place.Pods.Count < place.Room
        && Fits(pod, place.Node)
        && !Placement.IsRepelled(pod, place.Node, others.SelectMany(other => other.Pods.Select(there => (there, other.Node))));

    private static bool Fits(JsonObject pod, JsonObject node) =>
        Placement.MatchesNode(pod["spec"], node) && !Placement.Untolerated(pod["spec"], node).Any();

    private JsonObject? Launch(Cluster cluster, JsonObject pod)
    {
        var pools = world
            .Objects.List(AutoClaims.Api, "nodepools")
            .Where(pool => pool.Text("metadata", "deletionTimestamp") is null)
            .OrderByDescending(pool => pool.Number("spec", "weight") ?? 0)
            .ThenBy(pool => pool.Name(), StringComparer.Ordinal);
        foreach (var pool in pools)
        {
            if (
                world.Objects.Find(NodeClassStatus.Api, "nodeclasses", null, AutoClaims.ClassOf(pool)) is { } nodeClass
                && nodeClass.IsReady()
                && Launch(cluster, pod, pool, nodeClass) is { } claim
            )
            {
                return claim;
            }
        }
        return null;
    }

    private JsonObject? Launch(Cluster cluster, JsonObject pod, JsonObject pool, JsonObject nodeClass)
    {
        var subnets = NodeClassStatus
            .Subnets(world, cluster, nodeClass, "subnetSelectorTerms")
            .Where(subnet => AutoTypes.AdmitsZone(pool, subnet.AvailabilityZone))
            .ToList();
        foreach (
            var subnet in subnets
                .OrderBy(subnet => KinIn(pod, subnet.AvailabilityZone))
                .ThenBy(subnet => NodesIn(subnet.AvailabilityZone))
                .ThenBy(subnet => subnet.AvailabilityZone, StringComparer.Ordinal)
        )
        {
            var type = AutoTypes
                .Admitted(world, pool)
                .FirstOrDefault(type =>
                    Fits(
                        pod,
                        Likeness("", AutoTypes.Labels(pool, type, subnet.AvailabilityZone), pool.At("spec", "template", "spec", "taints"))
                    ) && IsWithinLimits(pool, type)
                );
            try
            {
                if (type is not null)
                {
                    return claims.Launch(cluster, pool, nodeClass, type, subnet);
                }
            }
            catch (WorldRefusal)
            {
                // The next subnet is tried, then the next pool; and all of them again when something has changed.
            }
        }
        return null;
    }

    private int NodesIn(string zone) => claims.All.Count(claim => claim.Label(CniEnv.ZoneLabel) == zone);

    private int KinIn(JsonObject pod, string zone)
    {
        var owner = pod.ControllerOf().Text("uid");
        return owner is null
            ? 0
            : world
                .Objects.List("v1", "pods", pod.Namespace())
                .Count(other =>
                    other.ControllerOf().Text("uid") == owner
                    && world.Objects.Find("v1", "nodes", null, other.Text("spec", "nodeName") ?? "") is { } node
                    && node.Label(CniEnv.ZoneLabel) == zone
                );
    }

    /// <summary>Whether the pool may grow by such a node. A limit of 0 closes it: nodes that it has
    /// stay. Source: karpenter.sh, "NodePools", spec.limits.</summary>
    private bool IsWithinLimits(JsonObject pool, InstanceType type)
    {
        var mine = claims.All.Where(claim => AutoClaims.PoolOf(claim) == pool.Name()).ToList();
        var limits = pool.Map("spec", "limits");
        return (
                !limits.TryGetValue("cpu", out var cpu)
                || 1000L * (mine.Sum(claim => (long)(claim.Number("status", "capacity", "cpu") ?? 0)) + type.DefaultVCpus)
                    <= Thousandths(cpu)
            ) && (!limits.TryGetValue("nodes", out var nodes) || !int.TryParse(nodes, out var most) || mine.Count < most);
    }

    // Quantities of processors: "1000", "1k" or "1500m".
    private static long Thousandths(string quantity)
    {
        var (digits, factor) = quantity switch
        {
            [.. var number, 'm'] => (number, 1),
            [.. var number, 'k'] => (number, 1_000_000),
            _ => (quantity, 1000),
        };
        return long.TryParse(digits, out var count) ? count * factor : long.MaxValue;
    }

    private static JsonObject Likeness(string name, IReadOnlyDictionary<string, string> labels, JsonNode? taints) =>
        new()
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["labels"] = new JsonObject([.. labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))])
                {
                    ["kubernetes.io/hostname"] = name,
                },
            },
            ["spec"] = new JsonObject { ["taints"] = taints?.DeepClone() },
        };
}
