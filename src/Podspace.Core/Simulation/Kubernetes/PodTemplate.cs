using System.Text.Json.Nodes;

namespace Podspace.Simulation.Kubernetes;

/// <summary>What workload controllers share: pods from templates, counts, rollout amounts.</summary>
internal static class PodTemplate
{
    public const string HashLabel = "pod-template-hash";
    public const string RevisionLabel = "controller-revision-hash";

    /// <summary>Ten letters that follow from the template.</summary>
    public static string HashOf(JsonNode? template) => Suffix.Of(Suffix.Hash(template?.ToJsonString() ?? ""), 10);

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

    public static JsonObject OwnerReference(JsonObject owner) => new()
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

    /// <summary>Sets status numbers: those that may be missing are, at 0.</summary>
    public static void SetNumbers(JsonObject manifest, params ReadOnlySpan<(string Name, int Value, bool KeepsZero)> numbers)
    {
        foreach (var (name, value, keepsZero) in numbers)
        {
            if (manifest["status"] is not JsonObject status)
            {
                manifest["status"] = status = [];
            }
            if (value == 0 && !keepsZero)
            {
                status.Remove(name);
            }
            else if (status.Number(name) != value)
            {
                status[name] = value;
            }
        }
    }

    /// <summary>Sets a condition unless it says the same already; what was pasted from a real cluster keeps its message.</summary>
    public static void Conclude(JsonObject manifest, string type, string status, string reason, DateTimeOffset now)
    {
        var known = manifest.Items("status", "conditions").FirstOrDefault(condition => condition.Text("type") == type);
        if (known.Text("status") != status || known.Text("reason") != reason)
        {
            manifest.SetCondition(type, status, reason, "", now);
        }
    }
}
