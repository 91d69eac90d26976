using System.Text.Json.Nodes;
using Podspace.Simulation.Kubernetes;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Nodes;

/// <summary>Says of each NodeClass which subnets and groups its terms select, and whether nodes can be started with it.</summary>
/// <remarks>The classes' terms for pods are not in the status: which of them serves a zone shows when a node takes an
/// interface. Names of conditions beside Ready, and of the finalizer: UNCONFIRMED.</remarks>
internal sealed class NodeClassStatus(World world)
{
    public const string Api = "eks.amazonaws.com/v1";

    private const string Finalizer = "eks.amazonaws.com/termination";

    public void Keep(Cluster cluster)
    {
        foreach (var found in world.Objects.List(Api, "nodeclasses"))
        {
            if (found.Text("metadata", "deletionTimestamp") is null)
            {
                Hold(found);
            }
            else if (!AutoClaims.Of(world).Any(claim => claim.Text("spec", "nodeClassRef", "name") == found.Name()))
            {
                Release(found);
            }
        }
        foreach (var found in world.Objects.List(Api, "nodeclasses"))
        {
            SetStatus(cluster, found);
        }
        foreach (var pool in world.Objects.List(AutoClaims.Api, "nodepools"))
        {
            var name = AutoClaims.ClassOf(pool);
            SetReady(pool, "nodepools", world.Objects.Find(Api, "nodeclasses", null, name) is { } at && at.IsReady(), "NodeClassNotReady");
        }
    }

    /// <summary>Subnets of the cluster's VPC that terms select, sorted by id.</summary>
    public static IReadOnlyList<Subnet> Subnets(World world, Cluster cluster, JsonObject nodeClass, string terms) =>
        [
            .. world
                .State.Aws.Subnets.Where(subnet =>
                    subnet.VpcId == cluster.ResourcesVpcConfig.VpcId && IsSelected(nodeClass, terms, subnet.SubnetId, null, subnet.Tags)
                )
                .OrderBy(subnet => subnet.SubnetId, StringComparer.Ordinal),
        ];

    public static IReadOnlyList<SecurityGroup> Groups(World world, Cluster cluster, JsonObject nodeClass, string terms) =>
        [
            .. world
                .State.Aws.SecurityGroups.Where(group =>
                    group.VpcId == cluster.ResourcesVpcConfig.VpcId
                    && IsSelected(nodeClass, terms, group.GroupId, group.GroupName, group.Tags)
                )
                .OrderBy(group => group.GroupId, StringComparer.Ordinal),
        ];

    private static bool IsSelected(JsonObject nodeClass, string terms, string id, string? name, List<Tag> tags) =>
        nodeClass.Items("spec", terms).Any(term => IsSelected(term, id, name, tags));

    private static bool IsSelected(JsonObject term, string id, string? name, List<Tag> tags)
    {
        if (term.Text("id") is { } wanted)
        {
            return wanted == id;
        }
        if (term.Text("name") is { } named)
        {
            return named == name;
        }
        return term.Map("tags") is { Count: > 0 } all
            && all.All(pair => tags.Exists(tag => tag.Key == pair.Key && (pair.Value == "*" || pair.Value == tag.Value)));
    }

    private void Hold(JsonObject found)
    {
        if (!found.Texts("metadata", "finalizers").Contains(Finalizer))
        {
            var held = found.Clone();
            held.Put(new JsonArray(Finalizer), "metadata", "finalizers");
            world.Objects.Update(Api, "nodeclasses", held, Managers.Controllers);
        }
    }

    private void Release(JsonObject found)
    {
        var released = found.Clone();
        ((JsonObject)released["metadata"]!).Remove("finalizers");
        world.Objects.Update(Api, "nodeclasses", released, Managers.Controllers);
    }

    private void SetStatus(Cluster cluster, JsonObject found)
    {
        var (subnets, groups) = (
            Subnets(world, cluster, found, "subnetSelectorTerms"),
            Groups(world, cluster, found, "securityGroupSelectorTerms")
        );
        var zones = world.State.Aws.AvailabilityZones.ToDictionary(zone => zone.ZoneName, zone => zone.ZoneId);
        var changed = found.Clone();
        changed.Put(
            new JsonArray([
                .. subnets.Select(subnet => new JsonObject
                {
                    ["id"] = subnet.SubnetId,
                    ["zone"] = subnet.AvailabilityZone,
                    ["zoneID"] = zones.GetValueOrDefault(subnet.AvailabilityZone, ""),
                }),
            ]),
            "status",
            "subnets"
        );
        changed.Put(
            new JsonArray([.. groups.Select(group => new JsonObject { ["id"] = group.GroupId, ["name"] = group.GroupName })]),
            "status",
            "securityGroups"
        );
        changed.Put(
            found.Text("spec", "instanceProfile") ?? $"eks-{world.State.Aws.Region}-{cluster.Name}-{found.Name()}",
            "status",
            "instanceProfile"
        );
        var now = world.Clock.GetUtcNow();
        changed.SetCondition(
            "SubnetsReady",
            subnets.Count > 0 ? "True" : "False",
            subnets.Count > 0 ? "SubnetsReady" : "SubnetsNotFound",
            "",
            now
        );
        changed.SetCondition(
            "SecurityGroupsReady",
            groups.Count > 0 ? "True" : "False",
            groups.Count > 0 ? "SecurityGroupsReady" : "SecurityGroupsNotFound",
            "",
            now
        );
        if (!JsonNode.DeepEquals(changed, found))
        {
            found = world.Objects.Update(Api, "nodeclasses", changed, Managers.Controllers, "status");
        }
        SetReady(found, "nodeclasses", subnets.Count > 0 && groups.Count > 0, "NotFound");
    }

    private void SetReady(JsonObject found, string plural, bool isReady, string why)
    {
        if (found.Condition("Ready") == (isReady ? "True" : "False"))
        {
            return;
        }
        var changed = found.Clone();
        changed.SetCondition("Ready", isReady ? "True" : "False", isReady ? "Ready" : why, "", world.Clock.GetUtcNow());
        world.Objects.Update(found.Api(), plural, changed, Managers.Controllers, "status");
    }
}
