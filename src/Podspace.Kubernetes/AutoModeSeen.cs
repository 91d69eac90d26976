using System.Text.Json.Nodes;
using Podspace.Formats;
using Podspace.Model;
using Podspace.Naming;
using static Podspace.Kubernetes.KubernetesSeen;

namespace Podspace.Kubernetes;

/// <summary>Auto Mode's and Karpenter's objects, to the model. Pure.</summary>
internal static class AutoModeSeen
{
    private static readonly string[] Terms =
    [
        "subnetSelectorTerms",
        "securityGroupSelectorTerms",
        "podSubnetSelectorTerms",
        "podSecurityGroupSelectorTerms",
    ];

    public static SeenNodeClass NodeClass(JsonObject seen)
    {
        var (spec, status) = (seen["spec"], seen["status"]);
        var tagged = Items(spec?[Terms[2]]).Where(term => term["tags"] is JsonObject).ToList();
        return new(
            Name(seen),
            Text(spec, "role"),
            Ids(status?["subnets"]),
            Ids(status?["securityGroups"]),
            Ids(spec?[Terms[0]]),
            Ids(spec?[Terms[1]]),
            Ids(spec?[Terms[2]]),
            Ids(spec?[Terms[3]]),
            Terms.Any(terms => Items(spec?[terms]).Any(term => term["id"] is null && !(tagged.Count == 1 && tagged[0] == term))),
            Text(spec, "snatPolicy"),
            Text(spec?["advancedNetworking"], "ipv4PrefixSize"),
            IsReady(status),
            Tag(seen, "labels", Tags.Overlay),
            Writers(seen)
        )
        {
            PodSubnetTags = tagged is [{ } only]
                ? ((JsonObject)only["tags"]!)
                    .Select(tag => new SeenTag(tag.Key, tag.Value?.ToString() ?? ""))
                    .OrderBy(tag => tag.Key, StringComparer.Ordinal)
                    .ToEquatable()
                : [],
        };
    }

    public static SeenNodePool NodePool(JsonObject seen) =>
        new(
            Name(seen),
            Text(seen["spec"]?["template"]?["spec"]?["nodeClassRef"], "name"),
            SortedJson.Of(seen["spec"])?.ToJsonString() ?? "{}",
            Text(seen["spec"]?["limits"], "cpu") == "0",
            Tag(seen, "annotations", Tags.Like),
            Tag(seen, "labels", Tags.Overlay),
            Writers(seen)
        );

    public static SeenNodeClaim NodeClaim(JsonObject seen) =>
        new(
            Name(seen),
            Tag(seen, "labels", "karpenter.sh/nodepool") ?? "",
            Text(seen["spec"]?["nodeClassRef"], "name"),
            Text(seen["status"], "nodeName") is { Length: > 0 } node ? node : null,
            seen["metadata"]?["deletionTimestamp"] is not null
        );

    private static EquatableArray<string> Writers(JsonObject seen) =>
        Managers(seen).Concat(GitOps(seen)).Distinct().Order(StringComparer.Ordinal).ToEquatable();

    private static EquatableArray<string> Ids(JsonNode? list) =>
        Items(list).Select(item => Text(item, "id")).Where(id => id.Length > 0).Order(StringComparer.Ordinal).ToEquatable();
}
