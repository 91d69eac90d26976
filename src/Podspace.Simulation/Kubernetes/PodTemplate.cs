using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Podspace.Simulation.Kubernetes;

/// <summary>What workload controllers share: pods from templates, counts, rollout amounts.</summary>
internal static class PodTemplate
{
    public const string HashLabel = "pod-template-hash";
    public const string RevisionLabel = "controller-revision-hash";

    // Kept objects never change, so the hash of one can be remembered with it.
    private static readonly ConditionalWeakTable<JsonObject, string> Hashes = [];

    /// <summary>Ten letters that follow from the owner's template.</summary>
    public static string HashOf(JsonObject owner) =>
        Hashes.GetValue(owner, static known => Suffix.Of(Suffix.Hash(known.At("spec", "template")?.ToJsonString() ?? ""), 10));

    /// <summary>A pod as the owner's template says, not yet bound. It has no name.</summary>
    public static JsonObject NewPod(JsonObject owner)
    {
        var template = owner.At("spec", "template") as JsonObject ?? [];
        var metadata = new JsonObject { ["generateName"] = owner.Name() + "-", ["namespace"] = owner.Namespace() };
        foreach (var key in (string[])["labels", "annotations"])
        {
            if (template.At("metadata", key) is { } value)
            {
                metadata[key] = value.DeepClone();
            }
        }
        metadata["ownerReferences"] = new JsonArray(OwnerReference(owner));
        return new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = metadata,
            ["spec"] = template["spec"]?.DeepClone() ?? new JsonObject(),
            ["status"] = new JsonObject { ["phase"] = "Pending" },
        };
    }

    public static JsonObject OwnerReference(JsonObject owner) =>
        new()
        {
            ["apiVersion"] = owner.Api(),
            ["kind"] = owner.Kind(),
            ["name"] = owner.Name(),
            ["uid"] = owner.Uid(),
            ["controller"] = true,
            ["blockOwnerDeletion"] = true,
        };

    /// <summary>Pods that have not ended and are not about to.</summary>
    public static bool IsActive(JsonObject pod) =>
        pod.Text("status", "phase") is not ("Succeeded" or "Failed") && pod.Text("metadata", "deletionTimestamp") is null;

    /// <summary>An amount that is a number or a percentage of <paramref name="whole"/>.</summary>
    public static int Amount(JsonNode? amount, string missing, int whole, bool roundsUp)
    {
        var text = amount?.ToString() ?? missing;
        if (!text.EndsWith('%'))
        {
            return int.TryParse(text, out var number) ? number : 0;
        }
        var hundredths = (int.TryParse(text[..^1], out var percent) ? percent : 0) * whole;
        return (hundredths + (roundsUp ? 99 : 0)) / 100;
    }

    /// <summary>The object with status numbers and conditions as they should be; the very same when they are so already.</summary>
    /// <param name="numbers">Those that may be missing are, at 0.</param>
    public static JsonObject WithStatus(
        JsonObject manifest,
        (string Name, int Value, bool KeepsZero)[] numbers,
        (string Type, bool IsTrue, string Reason)[] conditions,
        DateTimeOffset now
    )
    {
        if (
            Array.TrueForAll(numbers, number => IsSet(manifest, number))
            && Array.TrueForAll(conditions, condition => IsSaid(manifest, condition))
        )
        {
            return manifest;
        }
        var changed = manifest.Clone();
        foreach (var (name, value, keepsZero) in numbers)
        {
            if (value != 0 || keepsZero)
            {
                changed.Put(value, "status", name);
            }
            else
            {
                (changed["status"] as JsonObject)?.Remove(name);
            }
        }
        // What was pasted from a real cluster keeps its message as long as it says the same.
        foreach (var condition in conditions.Where(condition => !IsSaid(changed, condition)))
        {
            changed.SetCondition(condition.Type, condition.IsTrue ? "True" : "False", condition.Reason, "", now);
        }
        return changed;
    }

    private static bool IsSet(JsonObject manifest, (string Name, int Value, bool KeepsZero) number) =>
        manifest.Number("status", number.Name) is { } known ? known == number.Value : number is { Value: 0, KeepsZero: false };

    private static bool IsSaid(JsonObject manifest, (string Type, bool IsTrue, string Reason) condition)
    {
        var known = manifest.Items("status", "conditions").FirstOrDefault(candidate => candidate.Text("type") == condition.Type);
        return known.Text("status") == (condition.IsTrue ? "True" : "False") && known.Text("reason") == condition.Reason;
    }
}
