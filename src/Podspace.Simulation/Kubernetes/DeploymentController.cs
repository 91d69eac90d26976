using System.Globalization;
using System.Text.Json.Nodes;

namespace Podspace.Simulation.Kubernetes;

/// <summary>Keeps a ReplicaSet for each template a Deployment had, and moves replicas to the newest.
/// Source: k8s.io/kubernetes, pkg/controller/deployment/rolling.go.</summary>
internal sealed class DeploymentController(World world)
{
    private const string Revision = "deployment.kubernetes.io/revision";

    public void Run()
    {
        foreach (var deployment in world.Objects.List("apps/v1", "deployments"))
        {
            var owned = world
                .Objects.List("apps/v1", "replicasets", deployment.Namespace())
                .Where(set => set.IsControlledBy(deployment))
                .ToList();
            if (!deployment.Is("spec", "paused"))
            {
                Roll(deployment, owned);
            }
            SetStatus(deployment.Namespace(), deployment.Name());
        }
    }

    private void Roll(JsonObject deployment, List<JsonObject> owned)
    {
        var wanted = deployment.Number("spec", "replicas") ?? 1;
        var newest = owned.Find(set => IsOf(deployment, set));
        var old = owned.Where(set => set != newest).ToList();
        if (newest is null)
        {
            newest = CreateSet(deployment, owned);
        }
        else if (old.Select(RevisionOf).DefaultIfEmpty().Max() is var latest && latest > RevisionOf(newest))
        {
            // Rolled back: the old template is the newest revision now.
            newest = SetRevision(newest, "replicasets", latest + 1);
            SetRevision(deployment, "deployments", latest + 1);
        }
        var total = old.Sum(Replicas) + Replicas(newest);
        if (deployment.Text("spec", "strategy", "type") is "Recreate")
        {
            old.ForEach(set => Scale(set, 0));
            Scale(newest, old.Sum(set => set.Number("status", "replicas") ?? 0) == 0 ? wanted : Replicas(newest));
            return;
        }
        var surge = PodTemplate.Amount(deployment.At("spec", "strategy", "rollingUpdate", "maxSurge"), "25%", wanted, roundsUp: true);
        var unavailable = PodTemplate.Amount(
            deployment.At("spec", "strategy", "rollingUpdate", "maxUnavailable"),
            "25%",
            wanted,
            roundsUp: false
        );
        unavailable = surge == 0 && unavailable == 0 ? 1 : unavailable;

        var room = Math.Max(0, wanted + surge - total);
        var scaled = Scale(newest, Replicas(newest) > wanted ? wanted : Math.Min(wanted, Replicas(newest) + room));
        ScaleOldDown(old, scaled, wanted - unavailable);
    }

    private void ScaleOldDown(List<JsonObject> old, JsonObject newest, int minimum)
    {
        var budget = old.Sum(Replicas) + Replicas(newest) - minimum - (Replicas(newest) - Available(newest));
        foreach (var set in old.OrderBy(Available).Where(set => Replicas(set) > 0))
        {
            // What does not run goes first: nobody misses it.
            var spare = Math.Min(Math.Max(0, budget), Replicas(set));
            if (spare > 0)
            {
                Scale(set, Replicas(set) - spare);
                budget -= spare;
            }
        }
    }

    private static bool IsOf(JsonObject deployment, JsonObject set)
    {
        var template = (set.At("spec", "template") as JsonObject)?.Clone() ?? [];
        (template.At("metadata", "labels") as JsonObject)?.Remove(PodTemplate.HashLabel);
        return JsonNode.DeepEquals(template, deployment.At("spec", "template"));
    }

    private JsonObject CreateSet(JsonObject deployment, List<JsonObject> owned)
    {
        var hash = PodTemplate.HashOf(deployment);
        var template = (deployment.At("spec", "template") as JsonObject ?? []).Clone();
        template.Put(hash, "metadata", "labels", PodTemplate.HashLabel);
        var selector = (deployment.At("spec", "selector") as JsonObject ?? []).Clone();
        selector.Put(hash, "matchLabels", PodTemplate.HashLabel);
        var revision = owned.Select(RevisionOf).DefaultIfEmpty().Max() + 1;
        SetRevision(deployment, "deployments", revision);
        return world.Objects.Create(
            "apps/v1",
            "replicasets",
            new JsonObject
            {
                ["kind"] = "ReplicaSet",
                ["metadata"] = new JsonObject
                {
                    ["name"] = $"{deployment.Name()}-{hash}",
                    ["namespace"] = deployment.Namespace(),
                    ["labels"] = template.At("metadata", "labels")!.DeepClone(),
                    ["annotations"] = new JsonObject { [Revision] = revision.ToString(CultureInfo.InvariantCulture) },
                    ["ownerReferences"] = new JsonArray(PodTemplate.OwnerReference(deployment)),
                },
                ["spec"] = new JsonObject
                {
                    ["replicas"] = 0,
                    ["selector"] = selector,
                    ["template"] = template,
                },
            },
            Managers.Controllers
        );
    }

    private static int RevisionOf(JsonObject set) =>
        int.TryParse(set.Text("metadata", "annotations", Revision), out var revision) ? revision : 0;

    private JsonObject SetRevision(JsonObject manifest, string plural, int revision)
    {
        var changed = manifest.Clone();
        changed.Put(revision.ToString(CultureInfo.InvariantCulture), "metadata", "annotations", Revision);
        return world.Objects.Update("apps/v1", plural, changed, Managers.Controllers);
    }

    private JsonObject Scale(JsonObject set, int replicas)
    {
        if (Replicas(set) == replicas)
        {
            return set;
        }
        var changed = set.Clone();
        changed.Put(replicas, "spec", "replicas");
        return world.Objects.Update("apps/v1", "replicasets", changed, Managers.Controllers);
    }

    private void SetStatus(string? ns, string name)
    {
        var deployment = world.Objects.Find("apps/v1", "deployments", ns, name)!;
        var owned = world.Objects.List("apps/v1", "replicasets", ns).Where(set => set.IsControlledBy(deployment)).ToList();
        var newest = owned.Find(set => IsOf(deployment, set));
        var wanted = deployment.Number("spec", "replicas") ?? 1;
        var (total, available) = (owned.Sum(set => set.Number("status", "replicas") ?? 0), owned.Sum(Available));
        var updated = newest.Number("status", "replicas") ?? 0;
        var unavailable = PodTemplate.Amount(
            deployment.At("spec", "strategy", "rollingUpdate", "maxUnavailable"),
            "25%",
            wanted,
            roundsUp: false
        );

        var enough = available >= wanted - unavailable;
        var done = updated == wanted && total == wanted && available >= wanted;
        var changed = PodTemplate.WithStatus(
            deployment,
            [
                ("observedGeneration", deployment.Number("metadata", "generation") ?? 0, false),
                ("replicas", total, false),
                ("updatedReplicas", updated, false),
                ("readyReplicas", owned.Sum(set => set.Number("status", "readyReplicas") ?? 0), false),
                ("availableReplicas", available, false),
                ("unavailableReplicas", Math.Max(0, Math.Max(total, wanted) - available), false),
            ],
            [
                ("Available", enough, enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable"),
                ("Progressing", true, done ? "NewReplicaSetAvailable" : "ReplicaSetUpdated"),
            ],
            world.Clock.GetUtcNow()
        );
        world.Objects.KeepStatus(changed, deployment);
    }

    private static int Replicas(JsonObject set) => set.Number("spec", "replicas") ?? 1;

    private static int Available(JsonObject set) => set.Number("status", "availableReplicas") ?? 0;
}
