using System.Text.Json.Nodes;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Spec;

namespace Podspace.Steps.Calls;

/// <summary>NodeClass and NodePool as we apply them. Sources: the CRDs
/// nodeclasses.eks.amazonaws.com and karpenter.sh_nodepools, v1.</summary>
internal static class AutoModeManifest
{
    public static ClusterCall.Apply Apply(OverlaySpec spec, NodeClass nodeClass, Func<Ref, string> id) =>
        new(ObjectKey.NodeClass(nodeClass.Name), Of(spec, nodeClass, id).ToJsonString(), Force: false);

    public static ClusterCall.Apply Apply(OverlaySpec spec, NodePool pool) =>
        new(ObjectKey.NodePool(pool.Name), Of(spec, pool).ToJsonString(), Force: false);

    public static JsonObject Of(OverlaySpec spec, NodeClass nodeClass, Func<Ref, string> id) =>
        new()
        {
            ["apiVersion"] = "eks.amazonaws.com/v1",
            ["kind"] = "NodeClass",
            ["metadata"] = new JsonObject { ["name"] = nodeClass.Name, ["labels"] = Labels(spec) },
            ["spec"] = new JsonObject
            {
                ["role"] = nodeClass.Role,
                ["subnetSelectorTerms"] = Terms(nodeClass.NodeSubnets, id),
                ["securityGroupSelectorTerms"] = Terms(nodeClass.NodeGroups, id),
                ["podSubnetSelectorTerms"] = nodeClass.SelectsByTags ? PodSubnets(spec, nodeClass, id) : Terms(nodeClass.PodSubnets, id),
                ["podSecurityGroupSelectorTerms"] = Terms(nodeClass.PodGroups, id),
                ["snatPolicy"] = nodeClass.TranslatesSource ? "Random" : "Disabled",
                ["advancedNetworking"] = new JsonObject { ["ipv4PrefixSize"] = nodeClass.TakesSingles ? "32" : "Auto" },
            },
        };

    public static JsonObject Of(OverlaySpec spec, NodePool pool) =>
        new()
        {
            ["apiVersion"] = "karpenter.sh/v1",
            ["kind"] = "NodePool",
            ["metadata"] = new JsonObject
            {
                ["name"] = pool.Name,
                ["labels"] = Labels(spec),
                ["annotations"] = new JsonObject { [Tags.Like] = pool.Like },
            },
            ["spec"] = JsonNode.Parse(pool.Template),
        };

    private static JsonObject Labels(OverlaySpec spec) => new() { [Tags.Overlay] = spec.Name };

    private static JsonArray PodSubnets(OverlaySpec spec, NodeClass nodeClass, Func<Ref, string> id)
    {
        var terms = Terms(nodeClass.PodSubnets.Where(subnet => !subnet.IsMade).ToEquatable(), id);
        terms.Add(
            (JsonNode)
                new JsonObject
                {
                    ["tags"] = new JsonObject { [Tags.Cluster] = spec.Cluster ?? "", [Tags.Overlay] = spec.Name },
                }
        );
        return terms;
    }

    private static JsonArray Terms(EquatableArray<Ref> things, Func<Ref, string> id) =>
        new([.. things.Select(id).Order(StringComparer.Ordinal).Select(one => new JsonObject { ["id"] = one })]);
}
