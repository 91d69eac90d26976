using System.Text.Json.Nodes;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Spec;

namespace Podspace.Steps.Calls;

/// <summary>An ENIConfig as we apply it. Source: amazon-vpc-cni-k8s charts/aws-vpc-cni/crds/customresourcedefinition.yaml.</summary>
internal static class EniConfigManifest
{
    public static ClusterCall.Apply Apply(OverlaySpec spec, EniConfig eniConfig, Func<Ref, string> id) =>
        new(ObjectKey.EniConfig(eniConfig.Zone), Of(spec, eniConfig, id).ToJsonString(), Force: false);

    public static JsonObject Of(OverlaySpec spec, EniConfig eniConfig, Func<Ref, string> id) =>
        new()
        {
            ["apiVersion"] = "crd.k8s.amazonaws.com/v1alpha1",
            ["kind"] = "ENIConfig",
            ["metadata"] = new JsonObject
            {
                ["name"] = eniConfig.Zone,
                ["labels"] = new JsonObject { [Tags.Overlay] = spec.Name },
            },
            ["spec"] = new JsonObject
            {
                ["subnet"] = id(eniConfig.Subnet),
                ["securityGroups"] = new JsonArray([.. eniConfig.Groups.Select(group => (JsonNode)id(group))]),
            },
        };
}
