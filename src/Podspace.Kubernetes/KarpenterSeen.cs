using System.Globalization;
using System.Text.Json.Nodes;
using Podspace.Model;
using static Podspace.Kubernetes.KubernetesSeen;

namespace Podspace.Kubernetes;

/// <summary>What Karpenter is set to, as far as it decides about pods. Pure.</summary>
internal static class KarpenterSeen
{
    private const string Setting = "RESERVED_ENIS";
    private const string Argument = "--reserved-enis";

    public static SeenEc2NodeClass NodeClass(JsonObject seen)
    {
        var kubelet = seen["spec"]?["kubelet"] as JsonObject;
        return new(Name(seen), $"{kubelet?["maxPods"]}", Number(kubelet, "podsPerCore"));
    }

    /// <summary>By the label that its chart gives it, or its name. Null: none of these is Karpenter.</summary>
    public static SeenKarpenter? Deployment(IEnumerable<JsonObject> deployments)
    {
        var found =
            deployments.FirstOrDefault(one => Tag(one, "labels", "app.kubernetes.io/name") == "karpenter")
            ?? deployments.FirstOrDefault(one => Name(one) == "karpenter");
        return found is null
            ? null
            : new(Text(found["metadata"], "namespace"), Name(found), Reserved(Items(found["spec"]?["template"]?["spec"]?["containers"])));
    }

    /// <summary>An argument beats the environment, and without both it is none. Source: Karpenter,
    /// "Settings": the environment gives the arguments' defaults.</summary>
    private static int? Reserved(IEnumerable<JsonObject> containers)
    {
        var told = containers
            .SelectMany(container => Texts(container["args"]).Concat(Texts(container["command"])))
            .LastOrDefault(word => word.StartsWith($"{Argument}=", StringComparison.Ordinal))
            ?[(Argument.Length + 1)..];
        if (told is null)
        {
            var setting = containers.SelectMany(container => Items(container["env"])).FirstOrDefault(one => Text(one, "name") == Setting);
            told = setting is null ? "0" : Value(setting);
        }
        return int.TryParse(told, NumberStyles.None, CultureInfo.InvariantCulture, out var reserved) ? reserved : null;
    }

    /// <summary>Empty where the container takes it from elsewhere.</summary>
    private static string Value(JsonObject setting) => setting["valueFrom"] is null ? Text(setting, "value") : "";
}
