using System.Diagnostics;
using System.Text.Json.Nodes;
using Podspace.Applying;
using Podspace.Model;
using Podspace.Steps.Calls;

namespace Podspace.Kubernetes;

/// <summary>A right that a call needs, to be asked for by SelfSubjectAccessReview.</summary>
internal sealed record Right(string Verb, string Group, string Resource, string Subresource, string? Namespace, string Name)
{
    public static IReadOnlyList<Right> Of(ClusterCall call) =>
        call switch
        {
            // Applying what is not there creates it, and needs both. Source: Kubernetes, "Server-Side Apply".
            ClusterCall.Apply { IsThere: true } apply => [On(apply.Key, "patch")],
            ClusterCall.Apply apply => [On(apply.Key, "patch"), On(apply.Key, "create")],
            ClusterCall.Create create => [On(create.Key, "create")],
            ClusterCall.Replace replace => [On(replace.Key, "update")],
            ClusterCall.Delete delete => [On(delete.Key, "delete")],
            ClusterCall.Cordon cordon => [new("patch", "", "nodes", "", null, cordon.Node)],
            ClusterCall.Evict evict => [new("create", "", "pods", "eviction", evict.Namespace, evict.Pod)],
            _ => throw new UnreachableException($"{call.GetType().Name} has no right."),
        };

    public ApiCall Review()
    {
        var attributes = new JsonObject
        {
            ["verb"] = Verb,
            ["group"] = Group,
            ["resource"] = Resource,
            ["name"] = Name,
        };
        if (Subresource.Length > 0)
        {
            attributes["subresource"] = Subresource;
        }
        if (Namespace is not null)
        {
            attributes["namespace"] = Namespace;
        }
        var review = new JsonObject
        {
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["kind"] = "SelfSubjectAccessReview",
            ["spec"] = new JsonObject { ["resourceAttributes"] = attributes },
        };
        var path = ObjectPath.Collection("authorization.k8s.io/v1", "selfsubjectaccessreviews");
        return new(HttpMethod.Post, path, new Expected.Review(), review.ToJsonString()) { IsWrite = false };
    }

    public Refusal Missing(string? reason)
    {
        var what = Subresource.Length > 0 ? $"{Resource}/{Subresource}" : Resource;
        var where = Namespace is null ? "" : $" in namespace {Namespace}";
        var why = string.IsNullOrEmpty(reason) ? "" : $" ({reason})";
        return new(RefusalKind.Denied, "Forbidden", $"You may not {Verb} {what} \"{Name}\"{where}{why}.");
    }

    private static Right On(ObjectKey key, string verb) => new(verb, ObjectPath.Group(key.Api), key.Plural, "", key.Namespace, key.Name);
}
