using System.Globalization;
using System.Text.Json.Nodes;

namespace Podspace.Simulation.Kubernetes;

public sealed partial class ObjectStore
{
    // A cluster has these from its first minute, whatever a hand-written world says.
    private static readonly string[] BuiltInNamespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

    /// <summary>Indexes the world's manifests; those that were written by hand get what the server would have given them.</summary>
    private void Load()
    {
        var manifests = World.State.Kubernetes;
        AddNamespaces(manifests);
        manifests.RemoveAll(IsDerived);
        manifests.Sort(ManifestOrder.Instance);
        // Never 0: to a client version 0 means "any".
        Version = manifests.Select(manifest => manifest.Version()).Append(1).Max();
        foreach (var manifest in manifests)
        {
            var plural = KindTable.PluralOf(manifest.Api(), manifest.Kind());
            Complete(manifest, plural);
            Slots(manifest.Api(), plural).Add((manifest.Namespace() ?? "", manifest.Name()), manifest);
        }
        oldest = Version;
    }

    private static void AddNamespaces(List<JsonObject> manifests)
    {
        if (manifests.Count == 0)
        {
            return;
        }
        var there = manifests.Where(manifest => manifest.Kind() is "Namespace").Select(manifest => manifest.Name()).ToHashSet();
        var used = manifests.Select(manifest => manifest.Namespace()).OfType<string>().Concat(BuiltInNamespaces).Distinct().ToList();
        manifests.AddRange(
            used.Where(name => !there.Contains(name))
                .Select(name => new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "Namespace",
                    ["metadata"] = new JsonObject
                    {
                        ["name"] = name,
                        ["labels"] = new JsonObject { ["kubernetes.io/metadata.name"] = name },
                    },
                    ["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") },
                    ["status"] = new JsonObject { ["phase"] = "Active" },
                })
        );
    }

    private void Complete(JsonObject manifest, string plural)
    {
        manifest["apiVersion"] = KindTable.StoredApi(manifest.Api(), plural);
        var metadata = (JsonObject)manifest["metadata"]!;
        if (metadata["uid"] is null)
        {
            metadata["uid"] = NewUid(manifest.Api(), plural, manifest);
        }
        if (metadata["creationTimestamp"] is null)
        {
            metadata["creationTimestamp"] = Manifest.Time(World.Clock.GetUtcNow());
        }
        if (metadata["generation"] is null && KindTable.Find(manifest.Api(), plural) is { HasGeneration: true })
        {
            metadata["generation"] = 1;
        }
        if (manifest.Version() == 0)
        {
            Version++;
            metadata["resourceVersion"] = Version.ToString(CultureInfo.InvariantCulture);
        }
    }
}
