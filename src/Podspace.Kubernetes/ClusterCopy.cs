using System.Text.Json.Nodes;
using Podspace.Applying;
using Podspace.Model;

namespace Podspace.Kubernetes;

/// <summary>Reads the objects that a rehearsal needs: nodes, pods and who makes them, budgets, Services and
/// webhooks, and what steers the CNI and Auto Mode. Never a Secret.</summary>
internal sealed class ClusterCopy(KubernetesApi api, string overlay, CancellationToken cancel)
{
    private static readonly ObjectKind[] Kinds =
    [
        new("v1", "nodes", "Node"),
        new("v1", "pods", "Pod"),
        new("apps/v1", "deployments", "Deployment"),
        new("apps/v1", "replicasets", "ReplicaSet"),
        new("apps/v1", "daemonsets", "DaemonSet"),
        new("apps/v1", "statefulsets", "StatefulSet"),
        new("policy/v1", "poddisruptionbudgets", "PodDisruptionBudget"),
        new("v1", "services", "Service"),
        new("admissionregistration.k8s.io/v1", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration"),
        new("admissionregistration.k8s.io/v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration"),
        new("apiextensions.k8s.io/v1", "customresourcedefinitions", "CustomResourceDefinition"),
        new("crd.k8s.amazonaws.com/v1alpha1", "eniconfigs", "ENIConfig"),
        new("eks.amazonaws.com/v1", "nodeclasses", "NodeClass"),
        new("karpenter.sh/v1", "nodepools", "NodePool"),
        new("karpenter.sh/v1", "nodeclaims", "NodeClaim"),
        new("karpenter.k8s.aws/v1", "ec2nodeclasses", "EC2NodeClass"),
    ];

    /// <summary>Definitions of these groups alone; those of others are none of ours.</summary>
    private static readonly string[] Groups = ["crd.k8s.amazonaws.com", "eks.amazonaws.com", "karpenter.sh", "karpenter.k8s.aws"];

    public async Task<(IReadOnlyList<JsonObject> Objects, IReadOnlyList<string> Unseen)> CopyAsync()
    {
        var lists = await Task.WhenAll(Kinds.Select(ListAsync).Append(RecordAsync()));
        return ([.. lists.SelectMany(list => list.Objects)], [.. lists.Select(list => list.Unseen).OfType<string>()]);
    }

    public async Task<(IReadOnlyList<JsonObject> Objects, IReadOnlyList<string> Unseen)> ListAsync(EquatableArray<ObjectKind> kinds)
    {
        var lists = await Task.WhenAll(kinds.Select(ListAsync));
        return ([.. lists.SelectMany(list => list.Objects)], [.. lists.Select(list => list.Unseen).OfType<string>()]);
    }

    private async Task<(IEnumerable<JsonObject> Objects, string? Unseen)> ListAsync(ObjectKind kind)
    {
        try
        {
            var items = await api.ListAsync(new(kind.Api, kind.Plural), cancel);
            // Items of a list carry neither.
            items.ForEach(item => (item["apiVersion"], item["kind"]) = (kind.Api, kind.Kind));
            return (
                kind.Kind == "CustomResourceDefinition" ? items.Where(item => Groups.Contains((string?)item["spec"]?["group"])) : items,
                null
            );
        }
        catch (Refused refused)
        {
            return ([], refused.Refusal.Kind == RefusalKind.NotFound ? null : $"{kind.Plural}: {refused.Refusal}");
        }
    }

    private async Task<(IEnumerable<JsonObject> Objects, string? Unseen)> RecordAsync()
    {
        var key = ObjectKey.Record(overlay);
        try
        {
            var record = await api.GetAsync(key, cancel);
            (record["apiVersion"], record["kind"]) = ("v1", "ConfigMap");
            return ([record], null);
        }
        catch (Refused refused)
        {
            return ([], refused.Refusal.Kind == RefusalKind.NotFound ? null : $"{key}: {refused.Refusal}");
        }
    }
}
