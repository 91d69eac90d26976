using System.Text.Json.Nodes;

namespace Podspace.Simulation.Kubernetes;

/// <summary>Deletes what the deleted owned, and pods of nodes that are gone.</summary>
/// <remarks>Only what was deleted here counts: a world may hold objects whose owners it never held.</remarks>
internal sealed class GarbageCollector(World world)
{
    public void Run()
    {
        while (world.Objects.TakeDeleted() is { Count: > 0 } deleted)
        {
            var gone = deleted.Select(manifest => manifest.Uid()).ToHashSet();
            foreach (var (plural, dependent) in world.Objects.Everything().Where(kept => IsOrphan(kept.Object, gone)).ToList())
            {
                world.Objects.Delete(dependent.Api(), plural, dependent.Namespace(), dependent.Name(), Managers.Controllers);
            }
            var nodes = deleted.Where(manifest => manifest.Kind() is "Node").Select(manifest => manifest.Name()).ToHashSet();
            foreach (var pod in world.Objects.List("v1", "pods").Where(pod => nodes.Contains(pod.Text("spec", "nodeName") ?? "")))
            {
                world.Objects.Delete("v1", "pods", pod.Namespace(), pod.Name(), Managers.Controllers);
            }
        }
    }

    private static bool IsOrphan(JsonObject manifest, HashSet<string> gone)
    {
        var owners = manifest.Items("metadata", "ownerReferences").ToList();
        return owners.Count > 0 && owners.TrueForAll(owner => gone.Contains(owner.Text("uid") ?? ""));
    }
}
