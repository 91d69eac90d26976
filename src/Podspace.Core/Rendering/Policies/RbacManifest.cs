using System.Text.Json.Nodes;
using Podspace.Observed;
using Podspace.Rendering.Manifests;
using Podspace.Spec;
using Podspace.Steps.Calls;

namespace Podspace.Rendering.Policies;

/// <summary>The least rights in the cluster, as a ClusterRole, a Role in kube-system and their bindings to group podspace-NAME.</summary>
public static class RbacManifest
{
    private const string Api = "rbac.authorization.k8s.io";

    /// <returns>Empty where the spec names no cluster.</returns>
    public static string Render(OverlaySpec spec, Grant upTo)
    {
        if (spec.Cluster is null)
        {
            return "";
        }
        var permissions = Grants
            .Cluster.Where(grant => grant.Grant <= upTo && IsOurs(spec, grant))
            .Select(grant => grant.Permission)
            .ToList();
        return string.Join("---\n", Documents(spec, permissions).Select(ManifestText.Yaml));
    }

    private static bool IsOurs(OverlaySpec spec, ClusterGrant grant) =>
        grant.Grant switch
        {
            Grant.Admit or Grant.Switch => spec.Owners.Cni == Owner.Podspace,
            Grant.Nodes => spec.Owners.Nodes == Owner.Podspace,
            Grant.ReadOnly or Grant.Network => true,
        };

    private static IEnumerable<JsonObject> Documents(OverlaySpec spec, IReadOnlyList<Permission.Cluster> permissions)
    {
        foreach (var place in permissions.GroupBy(permission => permission.Namespace).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var kind = place.Key is null ? "ClusterRole" : "Role";
            yield return new()
            {
                ["apiVersion"] = $"{Api}/v1",
                ["kind"] = kind,
                ["metadata"] = Metadata(spec, place.Key),
                ["rules"] = new JsonArray([.. Rules(spec, place)]),
            };
            yield return new()
            {
                ["apiVersion"] = $"{Api}/v1",
                ["kind"] = $"{kind}Binding",
                ["metadata"] = Metadata(spec, place.Key),
                ["roleRef"] = new JsonObject
                {
                    ["apiGroup"] = Api,
                    ["kind"] = kind,
                    ["name"] = Name(spec),
                },
                ["subjects"] = new JsonArray(
                    new JsonObject
                    {
                        ["apiGroup"] = Api,
                        ["kind"] = "Group",
                        ["name"] = Name(spec),
                    }
                ),
            };
        }
    }

    /// <summary>One rule for each resource and object; creating cannot be bound to a name. Source:
    /// Kubernetes, "Using RBAC Authorization", "Referring to resources".</summary>
    private static IEnumerable<JsonNode> Rules(OverlaySpec spec, IEnumerable<Permission.Cluster> permissions) =>
        from permission in permissions
        let dot = permission.Resource.IndexOf('.', StringComparison.Ordinal)
        group permission.Verb by (
            Group: dot < 0 ? "" : permission.Resource[(dot + 1)..],
            Resource: dot < 0 ? permission.Resource : permission.Resource[..dot],
            Named: permission.Named?.Replace("{name}", spec.Name, StringComparison.Ordinal)
        ) into rule
        orderby rule.Key.Group, rule.Key.Resource, rule.Key.Named
        select (JsonNode)Rule(rule.Key.Group, rule.Key.Resource, rule.Key.Named, rule);

    private static JsonObject Rule(string group, string resource, string? named, IEnumerable<string> verbs)
    {
        var rule = new JsonObject { ["apiGroups"] = new JsonArray(group), ["resources"] = new JsonArray(resource) };
        if (named is not null)
        {
            rule["resourceNames"] = new JsonArray(named);
        }
        rule["verbs"] = new JsonArray([.. verbs.Distinct().Order(StringComparer.Ordinal).Select(verb => (JsonNode)verb)]);
        return rule;
    }

    private static JsonObject Metadata(OverlaySpec spec, string? ns)
    {
        var metadata = new JsonObject { ["name"] = Name(spec) };
        if (ns is not null)
        {
            metadata["namespace"] = ns;
        }
        return metadata;
    }

    private static string Name(OverlaySpec spec) => $"podspace-{spec.Name}";
}
