using System.Globalization;
using System.Text.Json.Nodes;
using Podspace.Addressing;
using Podspace.Cni;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Kubernetes;

/// <summary>From objects to the model. Pure.</summary>
internal static class KubernetesSeen
{
    public static SeenAwsNode AwsNode(JsonObject daemonSet)
    {
        var container = Items(daemonSet["spec"]?["template"]?["spec"]?["containers"])
            .FirstOrDefault(container => Text(container, "name") == "aws-node");
        var status = daemonSet["status"];
        return new(
            Text(container, "image"),
            AwsNodeEnv.Settings(daemonSet),
            Managers(daemonSet).Concat(GitOps(daemonSet)).Distinct().Order(StringComparer.Ordinal).ToEquatable(),
            Number(status, "desiredNumberScheduled"),
            Number(status, "updatedNumberScheduled"),
            Number(status, "numberReady"),
            Number(status, "observedGeneration") >= Number(daemonSet["metadata"], "generation")
        )
        {
            Holders = AwsNodeEnv.Holders(daemonSet),
            Indirect = AwsNodeEnv.Indirect(daemonSet),
            DisablesEarlyDemux = Items(daemonSet["spec"]?["template"]?["spec"]?["initContainers"])
                .SelectMany(one => Items(one["env"]))
                .Any(setting => Text(setting, "name") == "DISABLE_TCP_EARLY_DEMUX" && Text(setting, "value") == "true"),
            AgentImage = Items(daemonSet["spec"]?["template"]?["spec"]?["containers"])
                .Where(one => Text(one, "name") == "aws-eks-nodeagent")
                .Select(one => Text(one, "image"))
                .FirstOrDefault(),
        };
    }

    public static SeenEniConfig EniConfig(JsonObject config) =>
        new(
            Name(config),
            Text(config["spec"], "subnet"),
            Texts(config["spec"]?["securityGroups"]).Order(StringComparer.Ordinal).ToEquatable(),
            Tag(config, "labels", Tags.Overlay),
            Managers(config).Concat(GitOps(config)).Distinct().Order(StringComparer.Ordinal).ToEquatable()
        );

    public static SeenNode Node(JsonObject node)
    {
        var status = node["status"];
        var address = Items(status?["addresses"]).FirstOrDefault(address => Text(address, "type") == "InternalIP");
        return new(
            Name(node),
            Tag(node, "labels", "topology.kubernetes.io/zone") ?? "",
            // aws:///eu-west-1b/i-0abc…; empty for nodes that are no instances. Source: cloud-provider-aws, "providerID".
            Text(node["spec"], "providerID").Split('/')[^1],
            Tag(node, "labels", "node.kubernetes.io/instance-type") ?? "",
            Address.TryParse(Text(address, "address"), out var internalAddress) ? internalAddress : null,
            int.TryParse(Text(status?["capacity"], "pods"), NumberStyles.None, CultureInfo.InvariantCulture, out var pods) ? pods : 0,
            IsReady(status),
            (bool?)node["spec"]?["unschedulable"] == true,
            CreatedAt(node),
            Pairs(node, "labels"),
            Pairs(node, "annotations")
        )
        {
            OsImage = Text(status?["nodeInfo"], "osImage"),
            Claim = Items(node["metadata"]?["ownerReferences"])
                .Where(owner => Text(owner, "kind") == "NodeClaim")
                .Select(owner => Text(owner, "name"))
                .FirstOrDefault(),
        };
    }

    public static SeenPod Pod(JsonObject pod)
    {
        var metadata = pod["metadata"];
        var status = pod["status"];
        var owner = Items(metadata?["ownerReferences"]).FirstOrDefault(owner => (bool?)owner["controller"] == true);
        return new(
            Text(metadata, "namespace"),
            Name(pod),
            Text(pod["spec"], "nodeName") is { Length: > 0 } node ? node : null,
            Address.TryParse(Text(status, "podIP"), out var address) ? address : null,
            (bool?)pod["spec"]?["hostNetwork"] == true,
            Text(status, "phase"),
            IsReady(status),
            owner is null ? null : Text(owner, "kind"),
            Tag(pod, "annotations", "kubernetes.io/config.mirror") is not null,
            metadata?["deletionTimestamp"] is not null,
            Pairs(pod, "labels")
        );
    }

    public static SeenBudget Budget(JsonObject budget)
    {
        var status = budget["status"];
        return new(
            Text(budget["metadata"], "namespace"),
            Name(budget),
            Number(status, "disruptionsAllowed"),
            Number(status, "expectedPods"),
            Number(status, "currentHealthy"),
            Number(status, "desiredHealthy"),
            Selector(budget["spec"]?["selector"])
        );
    }

    /// <summary>Null for a Service without an IPv4 address of its own: headless, or a name elsewhere.</summary>
    public static SeenClusterIp? ClusterIp(JsonObject service)
    {
        var spec = service["spec"];
        return Address.TryParse(Text(spec, "clusterIP"), out var address)
            ? new(
                Text(service["metadata"], "namespace"),
                Name(service),
                address,
                (spec?["selector"] as JsonObject ?? [])
                    .Select(pair => new SeenTag(pair.Key, pair.Value?.ToString() ?? ""))
                    .OrderBy(tag => tag.Key, StringComparer.Ordinal)
                    .ToEquatable(),
                Items(spec?["ports"]).Select(Port).ToEquatable()
            )
            {
                LoadBalancer =
                    Items(service["status"]?["loadBalancer"]?["ingress"]).Select(one => Text(one, "hostname")).FirstOrDefault() ?? "",
                // Source: AWS Load Balancer Controller, "Service annotations": instance is the default.
                UsesNodePorts =
                    Text(spec, "type") == "LoadBalancer"
                    && Tag(service, "annotations", "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type") != "ip",
                KeepsClients = Text(spec, "externalTrafficPolicy") == "Local",
            }
            : null;
    }

    /// <summary>Source: Kubernetes API, WebhookClientConfig: the port is 443 where none is named.</summary>
    public static IEnumerable<SeenWebhook> Webhooks(JsonObject configuration) =>
        Items(configuration["webhooks"])
            .Select(webhook => webhook["clientConfig"]?["service"])
            .OfType<JsonObject>()
            .Select(service => new SeenWebhook(
                Name(configuration),
                Text(service, "namespace"),
                Text(service, "name"),
                Number(service, "port") is > 0 and var port ? port : 443
            ));

    public static SeenEvent Event(JsonObject seen) =>
        new(Text(seen, "reason"), Text(seen["involvedObject"], "name"), Text(seen, "message"));

    private static SeenClusterPort Port(JsonObject port)
    {
        var number = Number(port, "port");
        return new(
            Text(port, "protocol") is { Length: > 0 } protocol ? protocol : "TCP",
            number,
            Text(port, "targetPort") is { Length: > 0 } target ? Numbered(target) : number,
            Number(port, "nodePort")
        );
    }

    /// <summary>Null: a name, which each pod gives a number of its own.</summary>
    private static int? Numbered(string port) =>
        int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Expressions are left out: a budget then seems to cover more than it does, never less.</summary>
    private static EquatableArray<SeenTag> Selector(JsonNode? selector) =>
        (selector?["matchLabels"] as JsonObject ?? [])
            .Select(pair => new SeenTag(pair.Key, pair.Value?.ToString() ?? ""))
            .OrderBy(tag => tag.Key, StringComparer.Ordinal)
            .ToEquatable();

    public static SeenRecord Record(JsonObject configMap)
    {
        var values = (configMap["data"] as JsonObject ?? []).ToDictionary(
            pair => pair.Key,
            pair => pair.Value?.ToString() ?? "",
            StringComparer.Ordinal
        );
        return new(
            values.GetValueOrDefault(RecordKeys.AddonValues),
            values.GetValueOrDefault(RecordKeys.WrittenValues),
            values
                .Where(pair => pair.Key is not (RecordKeys.AddonValues or RecordKeys.WrittenValues))
                .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => new EnvSetting(pair.Key, pair.Value))
                .ToEquatable()
        );
    }

    internal static IEnumerable<string> Managers(JsonObject thing) =>
        Items(thing["metadata"]?["managedFields"]).Select(entry => Text(entry, "manager")).Where(manager => manager.Length > 0);

    // The label app.kubernetes.io/managed-by=Helm is no sign: it stays in manifests that others rendered from the chart.
    internal static IEnumerable<string> GitOps(JsonObject thing)
    {
        if (Tag(thing, "annotations", "meta.helm.sh/release-name") is not null)
        {
            yield return "helm";
        }
        if (
            Tag(thing, "annotations", "argocd.argoproj.io/tracking-id") is not null
            || Tag(thing, "labels", "argocd.argoproj.io/instance") is not null
        )
        {
            yield return "argocd";
        }
        if (
            Tag(thing, "labels", "kustomize.toolkit.fluxcd.io/name") is not null
            || Tag(thing, "labels", "helm.toolkit.fluxcd.io/name") is not null
        )
        {
            yield return "flux";
        }
    }

    internal static bool IsReady(JsonNode? status) =>
        Items(status?["conditions"]).Any(condition => Text(condition, "type") == "Ready" && Text(condition, "status") == "True");

    private static DateTimeOffset CreatedAt(JsonObject thing) =>
        DateTimeOffset.TryParse(
            Text(thing["metadata"], "creationTimestamp"),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var at
        )
            ? at
            : DateTimeOffset.UnixEpoch;

    internal static string Name(JsonObject thing) => Text(thing["metadata"], "name");

    internal static string? Tag(JsonObject thing, string map, string key) => (string?)(thing["metadata"]?[map] as JsonObject)?[key];

    private static EquatableArray<SeenTag> Pairs(JsonObject thing, string map) =>
        (thing["metadata"]?[map] as JsonObject ?? [])
            .Select(pair => new SeenTag(pair.Key, pair.Value?.ToString() ?? ""))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .ToEquatable();

    internal static IEnumerable<JsonObject> Items(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();

    internal static IEnumerable<string> Texts(JsonNode? list) =>
        (list as JsonArray ?? []).OfType<JsonValue>().Select(value => value.ToString());

    internal static string Text(JsonNode? thing, string name) => (thing as JsonObject)?[name]?.ToString() ?? "";

    internal static int Number(JsonNode? thing, string name) => (int?)(thing as JsonObject)?[name] ?? 0;
}
