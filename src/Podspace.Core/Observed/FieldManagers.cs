using System.Collections.Frozen;
using Podspace.Model;

namespace Podspace.Observed;

/// <summary>Who writes DaemonSet aws-node where no add-on does: a live writer puts back what others change, a past one does not.</summary>
internal static class FieldManagers
{
    public const string Ours = "podspace";

    /// <summary>Marks on the object (see <c>KubernetesSeen</c>) and field managers. Source: each project's own
    /// code for server-side apply; "helm" also of Helm's client.</summary>
    private static readonly FrozenDictionary<string, string> Live = new Dictionary<string, string>
    {
        ["helm"] = "Helm",
        ["argocd"] = "Argo CD",
        ["argocd-controller"] = "Argo CD",
        ["argocd-application-controller"] = "Argo CD",
        ["flux"] = "Flux",
        ["kustomize-controller"] = "Flux",
        ["helm-controller"] = "Flux",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Null: nobody who would put back what is changed.</summary>
    public static string? LiveWriter(SeenAwsNode node)
    {
        foreach (var manager in node.Managers)
        {
            if (Live.TryGetValue(manager, out var writer))
            {
                return writer;
            }
        }
        return null;
    }

    /// <summary>A person's kubectl, and the add-on that was taken away and left its DaemonSet.</summary>
    public static bool IsPast(string manager) =>
        manager == "eks" || manager == "kubectl" || manager.StartsWith("kubectl-", StringComparison.Ordinal);
}
