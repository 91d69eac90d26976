using System.Text.Json.Nodes;
using Podspace.Addressing;
using Podspace.Model;

namespace Podspace.Reachability;

/// <summary>A Kubernetes object that names addresses of the VPC as it is, and none of those that pods are to have.</summary>
/// <param name="Object"><c>networkpolicy shop/db</c>.</param>
/// <param name="Place">Where in it.</param>
/// <param name="Says">What stands there.</param>
public sealed record NamedAddress(string Object, string Place, string Says, string Means);

/// <summary>Looks through objects in which people write addresses: network policies, allow-lists of
/// ingresses and load balancers, Istio's policies, NO_PROXY.</summary>
public static class NamedAddresses
{
    /// <summary>Istio's are asked in the version that it has served longest.</summary>
    public static readonly EquatableArray<ObjectKind> Kinds =
    [
        new("networking.k8s.io/v1", "networkpolicies", "NetworkPolicy"),
        new("networking.k8s.io/v1", "ingresses", "Ingress"),
        new("v1", "services", "Service"),
        new("security.istio.io/v1beta1", "authorizationpolicies", "AuthorizationPolicy"),
        new("apps/v1", "deployments", "Deployment"),
        new("apps/v1", "daemonsets", "DaemonSet"),
        new("apps/v1", "statefulsets", "StatefulSet"),
    ];

    // Sources: ingress-nginx and AWS Load Balancer Controller, annotations.
    private static readonly string[] AllowLists =
    [
        "nginx.ingress.kubernetes.io/whitelist-source-range",
        "nginx.ingress.kubernetes.io/allowlist-source-range",
        "alb.ingress.kubernetes.io/inbound-cidrs",
        "service.beta.kubernetes.io/load-balancer-source-ranges",
    ];

    /// <param name="known">Blocks in which pods and nodes live today.</param>
    /// <param name="pods">Blocks in which pods are to live, and do not yet.</param>
    public static EquatableArray<NamedAddress> Of(
        IEnumerable<JsonObject> objects,
        IReadOnlyCollection<Cidr> known,
        IReadOnlyCollection<Cidr> pods
    ) =>
        (pods.Count == 0 ? [] : objects.SelectMany(Lists))
            .Where(list => IsMissing(list.Says, known, pods))
            .OrderBy(list => list.Object, StringComparer.Ordinal)
            .ThenBy(list => list.Place, StringComparer.Ordinal)
            .ToEquatable();

    /// <summary>Blocks of the VPC that hold addresses of pods; before and after.</summary>
    public static (IReadOnlyCollection<Cidr> Known, IReadOnlyCollection<Cidr> Pods) BlocksOf(Inventory before, Inventory planned)
    {
        var known = Blocks(
            before,
            (before.Cluster?.Pods ?? [])
                .Select(pod => pod.Address)
                .Concat((before.Cluster?.Nodes ?? []).Select(node => node.InternalAddress))
        );
        var pods = Blocks(planned, (NewNodes.In(planned).Cluster?.Pods ?? []).Where(pod => !pod.HostNetwork).Select(pod => pod.Address));
        return (known, [.. pods.Except(known)]);
    }

    private static List<Cidr> Blocks(Inventory inventory, IEnumerable<Address?> addresses) =>
        [
            .. (inventory.Cloud.Vpc?.LiveBlocks ?? [])
                .Select(block => block.Cidr)
                .Where(block => addresses.Any(address => address is { } one && block.Contains(one))),
        ];

    // A list of other people's addresses is none of ours; one of everybody holds pods as well.
    private static bool IsMissing(string list, IReadOnlyCollection<Cidr> known, IReadOnlyCollection<Cidr> pods)
    {
        var blocks = list.Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries).Select(Block).OfType<Cidr>().ToList();
        return blocks.Exists(block => known.Any(block.Overlaps)) && !pods.All(pod => blocks.Exists(block => block.Contains(pod)));
    }

    private static Cidr? Block(string text)
    {
        if (Cidr.TryParse(text, out var block, out _))
        {
            return block;
        }
        return Address.TryParse(text, out var address) ? Cidr.Containing(address, 32) : null;
    }

    private static IEnumerable<NamedAddress> Lists(JsonObject thing)
    {
        var kind = (string?)thing["kind"] ?? "";
        var (metadata, spec) = (thing["metadata"], thing["spec"]);
        var name = $"{kind.ToLowerInvariant()} {(metadata?["namespace"] is { } space ? $"{space}/" : "")}{metadata?["name"]}";
        var lists = kind switch
        {
            "NetworkPolicy" => Policy(spec),
            "AuthorizationPolicy" => Istio(spec),
            "Ingress" or "Service" => Allowed(metadata, spec),
            _ => Proxies(spec),
        };
        return lists.Select(list => new NamedAddress(name, list.Place, list.Says, list.Means));
    }

    private static IEnumerable<(string Place, string Says, string Means)> Policy(JsonNode? spec)
    {
        foreach (
            var (rules, peers, means) in ((string, string, string)[])
                [("ingress", "from", "pods would not be let in"), ("egress", "to", "pods would not be reached")]
        )
        {
            foreach (var rule in Items(spec?[rules]))
            {
                var blocks = Items(rule[peers]).Select(peer => (string?)peer["ipBlock"]?["cidr"]).OfType<string>().ToList();
                if (blocks.Count > 0)
                {
                    yield return ($"spec.{rules}.{peers}.ipBlock", string.Join(", ", blocks), means);
                }
            }
        }
    }

    private static IEnumerable<(string Place, string Says, string Means)> Istio(JsonNode? spec)
    {
        foreach (
            var source in Items(spec?["rules"]).SelectMany(rule => Items(rule["from"])).Select(from => from["source"]).OfType<JsonObject>()
        )
        {
            foreach (var key in (string[])["ipBlocks", "remoteIpBlocks", "notIpBlocks", "notRemoteIpBlocks"])
            {
                if (source[key] is JsonArray { Count: > 0 } blocks)
                {
                    yield return (
                        $"spec.rules.from.source.{key}",
                        string.Join(", ", blocks.Select(block => $"{block}")),
                        key.StartsWith("not", StringComparison.Ordinal)
                            ? "pods would no longer be excepted"
                            : "pods would no longer be meant"
                    );
                }
            }
        }
    }

    private static IEnumerable<(string Place, string Says, string Means)> Allowed(JsonNode? metadata, JsonNode? spec)
    {
        foreach (var key in AllowLists)
        {
            if ((string?)metadata?["annotations"]?[key] is { Length: > 0 } list)
            {
                yield return ($"annotation {key}", list, "pods would not be let in");
            }
        }
        if (spec?["loadBalancerSourceRanges"] is JsonArray { Count: > 0 } ranges)
        {
            yield return (
                "spec.loadBalancerSourceRanges",
                string.Join(", ", ranges.Select(range => $"{range}")),
                "pods would not be let in"
            );
        }
    }

    private static IEnumerable<(string Place, string Says, string Means)> Proxies(JsonNode? spec)
    {
        var pod = spec?["template"]?["spec"];
        foreach (var container in Items(pod?["containers"]).Concat(Items(pod?["initContainers"])))
        {
            foreach (var setting in Items(container["env"]).Where(setting => ((string?)setting["name"])?.ToUpperInvariant() == "NO_PROXY"))
            {
                yield return (
                    $"env {setting["name"]} of container {container["name"]}",
                    (string?)setting["value"] ?? "",
                    "calls to pods would go to the proxy"
                );
            }
        }
    }

    private static IEnumerable<JsonObject> Items(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();
}
