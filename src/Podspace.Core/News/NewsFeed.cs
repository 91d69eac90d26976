using Podspace.Spec;

namespace Podspace.News;

/// <summary>Where AWS announces what concerns pod networks.</summary>
/// <param name="Only">Null: of interest in every mode.</param>
/// <param name="IsReleases">Titles are versions, such as <c>v1.23.1</c>: every newer one counts, whatever its words.</param>
public sealed record NewsFeed(string Name, string Address, PodMode? Only = null, bool IsReleases = false)
{
    public static readonly EquatableArray<NewsFeed> Known =
    [
        new("EKS document history", "https://docs.aws.amazon.com/eks/latest/userguide/doc-history.rss"),
        new(
            "Auto Mode changes",
            "https://github.com/awsdocs/amazon-eks-user-guide/commits/mainline/latest/ug/automode/auto-change.adoc.atom",
            PodMode.AutoMode
        ),
        // UNCONFIRMED: GitHub's usual form of a releases feed; this one has not been seen.
        new("VPC CNI releases", "https://github.com/aws/amazon-vpc-cni-k8s/releases.atom", IsReleases: true),
    ];

    /// <summary>Reports whether a network of these modes wants to hear of it. No mode known: of everything.</summary>
    public bool Concerns(EquatableArray<PodMode> modes) =>
        modes.IsEmpty || (Only is null ? !IsReleases || modes.Any(mode => mode != PodMode.AutoMode) : modes.Contains(Only.Value));
}
