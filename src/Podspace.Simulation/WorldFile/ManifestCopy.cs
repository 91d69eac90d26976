using System.Text.Json.Nodes;

namespace Podspace.Simulation.WorldFile;

/// <summary>What a copy keeps of a manifest: by lists of what is kept, so that whatever else
/// people write into their objects stays where it is.</summary>
/// <remarks>Commands, environments, volumes and free annotations are where secrets are found; none of them moves a pod.</remarks>
internal static class ManifestCopy
{
    private static readonly string[] Metadata =
    [
        "name",
        "namespace",
        "uid",
        "labels",
        "creationTimestamp",
        "deletionTimestamp",
        "generation",
        "ownerReferences",
    ];

    private static readonly string[] PodSpec =
    [
        "nodeName",
        "hostNetwork",
        "nodeSelector",
        "tolerations",
        "affinity",
        "topologySpreadConstraints",
        "priorityClassName",
        "terminationGracePeriodSeconds",
        "restartPolicy",
    ];

    private static readonly string[] PodStatus = ["phase", "podIP", "podIPs", "hostIP", "hostIPs", "conditions", "startTime"];

    private static readonly string[] NodeStatus = ["addresses", "allocatable", "capacity", "conditions"];

    /// <summary>Their writers decide whose the objects are.</summary>
    private static readonly string[] Managed = ["DaemonSet", "ENIConfig", "ConfigMap", "NodeClass", "NodePool"];

    /// <summary>Annotations under these domains steer the cluster; all others are their authors' own.</summary>
    private static readonly string[] Domains =
    [
        "amazonaws.com",
        "kubernetes.io",
        "helm.sh",
        "argoproj.io",
        "fluxcd.io",
        "karpenter.sh",
        "podspace.io",
    ];

    public static JsonObject Of(JsonObject manifest)
    {
        var kind = $"{manifest["kind"]}";
        var copy = new JsonObject
        {
            ["apiVersion"] = manifest["apiVersion"]?.DeepClone(),
            ["kind"] = kind,
            ["metadata"] = MetadataOf(manifest, kind),
        };
        var (spec, status) = (manifest["spec"], manifest["status"]);
        switch (kind)
        {
            case "Pod":
                Put(copy, "spec", Pod(spec as JsonObject));
                Put(copy, "status", Only(status, PodStatus));
                break;
            case "Node":
                Put(copy, "spec", spec);
                Put(copy, "status", Only(status, NodeStatus));
                break;
            case "Deployment" or "ReplicaSet" or "StatefulSet" or "DaemonSet":
                Put(copy, "spec", Workload(spec as JsonObject, $"{manifest["metadata"]?["name"]}" == "aws-node"));
                Put(copy, "status", status);
                break;
            case "EC2NodeClass":
                // Its user data is whatever its author wrote.
                Put(
                    copy,
                    "spec",
                    Only(spec, "amiFamily", "amiSelectorTerms", "kubelet", "role", "subnetSelectorTerms", "securityGroupSelectorTerms")
                );
                Put(copy, "status", status);
                break;
            case "ValidatingWebhookConfiguration" or "MutatingWebhookConfiguration":
                // Whom the API server calls, and nothing of certificates.
                Put(
                    copy,
                    "webhooks",
                    new JsonArray([
                        .. (manifest["webhooks"] as JsonArray ?? []).Select(webhook => new JsonObject
                        {
                            ["name"] = webhook?["name"]?.DeepClone(),
                            ["clientConfig"] = Only(webhook?["clientConfig"], "service"),
                        }),
                    ])
                );
                break;
            case "ConfigMap":
                Put(copy, "data", manifest["data"]);
                break;
            default:
                Put(copy, "spec", spec);
                Put(copy, "status", status);
                break;
        }
        return copy;
    }

    private static JsonObject MetadataOf(JsonObject manifest, string kind)
    {
        var metadata = Only(manifest["metadata"], Metadata) ?? [];
        if (Managed.Contains(kind))
        {
            Put(metadata, "managedFields", manifest["metadata"]?["managedFields"]);
        }
        Put(metadata, "annotations", Annotations(manifest["metadata"]?["annotations"]));
        return metadata;
    }

    private static JsonObject? Annotations(JsonNode? annotations)
    {
        var kept = new JsonObject();
        foreach (var (key, value) in annotations as JsonObject ?? [])
        {
            // The last one applied is the whole manifest once more.
            if (
                key != "kubectl.kubernetes.io/last-applied-configuration"
                && Domains.Any(domain => key.Split('/')[0].EndsWith(domain, StringComparison.Ordinal))
            )
            {
                kept[key] = value?.DeepClone();
            }
        }
        return kept.Count == 0 ? null : kept;
    }

    private static JsonObject? Workload(JsonObject? spec, bool isWhole)
    {
        if (spec is null)
        {
            return null;
        }
        var copy = spec.DeepClone().AsObject();
        copy.Remove("volumeClaimTemplates");
        if (!isWhole && copy["template"] is JsonObject template)
        {
            var metadata = Only(template["metadata"], "labels") ?? [];
            Put(metadata, "annotations", Annotations(template["metadata"]?["annotations"]));
            copy["template"] = new JsonObject { ["metadata"] = metadata, ["spec"] = Pod(template["spec"] as JsonObject) };
        }
        return copy;
    }

    private static JsonObject? Pod(JsonObject? spec)
    {
        var copy = Only(spec, PodSpec);
        if (copy is not null && spec!["containers"] is JsonArray containers)
        {
            copy["containers"] = new JsonArray([.. containers.Select(Container)]);
        }
        return copy;
    }

    /// <summary>With the one setting of Karpenter's that decides about pods, in either form.</summary>
    private static JsonObject? Container(JsonNode? container)
    {
        var copy = Only(container, "name", "image", "resources");
        if (container?["env"] is JsonArray env && env.FirstOrDefault(one => $"{one?["name"]}" == "RESERVED_ENIS") is { } setting)
        {
            Put(copy!, "env", new JsonArray(Only(setting, "name", "value")));
        }
        if (
            container?["args"] is JsonArray args
            && args.FirstOrDefault(one => $"{one}".StartsWith("--reserved-enis=", StringComparison.Ordinal)) is { } argument
        )
        {
            Put(copy!, "args", new JsonArray(argument.DeepClone()));
        }
        return copy;
    }

    private static JsonObject? Only(JsonNode? node, params string[] keys)
    {
        if (node is not JsonObject map)
        {
            return null;
        }
        var copy = new JsonObject();
        foreach (var key in keys)
        {
            Put(copy, key, map[key]);
        }
        return copy;
    }

    private static void Put(JsonObject map, string key, JsonNode? value)
    {
        if (value is not null)
        {
            map[key] = value.Parent is null ? value : value.DeepClone();
        }
    }
}
