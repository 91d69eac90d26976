using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Podspace.Simulation.Kubernetes;

/// <summary>What the API server fills in and refuses when a client writes an object.</summary>
internal static partial class ApiRules
{
    /// <summary>Fills in what the server's defaults are, as far as anything here depends on it. Pod templates
    /// stay as they were written: filling one in would roll its pods.</summary>
    public static void Default(JsonObject manifest)
    {
        switch (manifest.Kind())
        {
            case "Deployment":
                Missing(manifest, 1, "spec", "replicas");
                Missing(manifest, "RollingUpdate", "spec", "strategy", "type");
                break;
            case "ReplicaSet":
                Missing(manifest, 1, "spec", "replicas");
                break;
            case "StatefulSet":
                Missing(manifest, 1, "spec", "replicas");
                Missing(manifest, "OrderedReady", "spec", "podManagementPolicy");
                Missing(manifest, "RollingUpdate", "spec", "updateStrategy", "type");
                break;
            case "DaemonSet":
                Missing(manifest, "RollingUpdate", "spec", "updateStrategy", "type");
                break;
            case "Service":
                Missing(manifest, "ClusterIP", "spec", "type");
                foreach (var port in manifest.Items("spec", "ports"))
                {
                    Missing(port, "TCP", "protocol");
                }
                break;
            case "Namespace":
                Missing(manifest, "Active", "status", "phase");
                Missing(manifest, manifest.Name(), "metadata", "labels", "kubernetes.io/metadata.name");
                break;
            case "Secret":
                DefaultSecret(manifest);
                break;
            case "NodeClass" or "NodePool":
                AutoModeAdmission.Default(manifest);
                break;
        }
    }

    /// <exception cref="WorldRefusal">Invalid, 422, with a cause for each fault.</exception>
    public static void Validate(JsonObject? live, JsonObject next)
    {
        var faults = new List<RefusalCause>();
        if (live is null && !Name().IsMatch(next.Name()))
        {
            faults.Add(
                next.Name().Length == 0
                    ? new("FieldValueRequired", "Required value: name or generateName is required", "metadata.name")
                    : new(
                        "FieldValueInvalid",
                        $"Invalid value: \"{next.Name()}\": a lowercase RFC 1123 subdomain "
                            + $"must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
                            + $"alphanumeric character",
                        "metadata.name"
                    )
            );
        }
        if (next.Api() is "apps/v1")
        {
            ValidateWorkload(live, next, faults);
        }
        if (next.Kind() is "Pod")
        {
            ValidatePod(live, next, faults);
        }
        AutoModeAdmission.Validate(live, next, faults);
        if (faults.Count == 0)
        {
            return;
        }
        var list = string.Join(", ", faults.Select(fault => $"{fault.Field}: {fault.Message}"));
        var group = KindTable.OfKind(next.Api(), next.Kind())?.Group ?? "";
        throw new WorldRefusal(
            "Invalid",
            $"{next.Kind()}{(group.Length > 0 ? "." + group : "")} \"{next.Name()}\" is invalid: "
                + $"{(faults.Count == 1 ? list : $"[{list}]")}",
            422
        )
        {
            Causes = faults,
        };
    }

    private static void ValidateWorkload(JsonObject? live, JsonObject next, List<RefusalCause> faults)
    {
        if (LabelSelector.From(next.At("spec", "selector")) is not { } selector)
        {
            faults.Add(new("FieldValueRequired", "Required value", "spec.selector"));
        }
        else if (!selector.Matches(next.Map("spec", "template", "metadata", "labels")))
        {
            faults.Add(
                new(
                    "FieldValueInvalid",
                    $"Invalid value: {next.At("spec", "template", "metadata", "labels")?.ToJsonString() ?? "null"}: "
                        + $"`selector` does not match template `labels`",
                    "spec.template.metadata.labels"
                )
            );
        }
        if (live is not null && !JsonNode.DeepEquals(live.At("spec", "selector"), next.At("spec", "selector")))
        {
            faults.Add(
                new(
                    "FieldValueInvalid",
                    $"Invalid value: {next.At("spec", "selector")?.ToJsonString() ?? "null"}: field is immutable",
                    "spec.selector"
                )
            );
        }
        ValidateContainers(next.At("spec", "template", "spec"), "spec.template.spec", faults);
    }

    private static void ValidatePod(JsonObject? live, JsonObject next, List<RefusalCause> faults)
    {
        if (live is null)
        {
            ValidateContainers(next["spec"], "spec", faults);
            return;
        }
        var allowed = live.Clone();
        var asked = next.Clone();
        foreach (var pod in (JsonObject[])[allowed, asked])
        {
            foreach (var container in pod.Items("spec", "containers").Concat(pod.Items("spec", "initContainers")))
            {
                container.Remove("image");
            }
            (pod["spec"] as JsonObject)?.Remove("activeDeadlineSeconds");
            (pod["spec"] as JsonObject)?.Remove("tolerations");
        }
        if (!JsonNode.DeepEquals(allowed["spec"], asked["spec"]))
        {
            faults.Add(
                new(
                    "FieldValueForbidden",
                    "Forbidden: pod updates may not change fields other than "
                        + "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` "
                        + "(only additions to existing tolerations)",
                    "spec"
                )
            );
        }
    }

    private static void ValidateContainers(JsonNode? spec, string field, List<RefusalCause> faults)
    {
        var containers = spec.Items("containers").ToList();
        if (containers.Count == 0)
        {
            faults.Add(new("FieldValueRequired", "Required value", $"{field}.containers"));
        }
        for (var place = 0; place < containers.Count; place++)
        {
            foreach (var key in (string[])["name", "image"])
            {
                if (string.IsNullOrEmpty(containers[place].Text(key)))
                {
                    faults.Add(new("FieldValueRequired", "Required value", $"{field}.containers[{place}].{key}"));
                }
            }
        }
    }

    private static void DefaultSecret(JsonObject secret)
    {
        Missing(secret, "Opaque", "type");
        foreach (var (key, value) in secret.Map("stringData"))
        {
            secret.Put(Convert.ToBase64String(Encoding.UTF8.GetBytes(value)), "data", key);
        }
        secret.Remove("stringData");
    }

    internal static void Missing(JsonObject manifest, JsonNode value, params ReadOnlySpan<string> path)
    {
        if (manifest.At(path) is null)
        {
            manifest.Put(value, path);
        }
    }

    internal static void Missing(JsonObject manifest, string value, params ReadOnlySpan<string> path) =>
        Missing(manifest, (JsonNode)JsonValue.Create(value)!, path);

    internal static void Missing(JsonObject manifest, int value, params ReadOnlySpan<string> path) =>
        Missing(manifest, (JsonNode)JsonValue.Create(value)!, path);

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9.:-]{0,251}[a-z0-9])?$")]
    private static partial Regex Name();
}
