using Podspace.Findings;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>Pod subnets of a VPC that another account owns, shared with the account of the nodes.
/// Nobody is disturbed: who uses a subnet goes on using it.</summary>
internal sealed partial class PlanBuilder
{
    private void PlanShares()
    {
        foreach (var share in desired.Shares)
        {
            var why = $"nodes of account {share.Account} can use only subnets that are shared with it";
            if (actual.Network.Shares.FirstOrDefault(one => one.Ref == share.Ref) is not { } present)
            {
                draft.Add(
                    new Change.CreateShare(share, ResourceNames.TagsForShare(spec)),
                    Stage.Network,
                    why,
                    Disruption.None,
                    share.Subnets.Select(subnet => CreateId("subnet", subnet))
                );
                continue;
            }
            var missing = share with
            {
                Account = present.Account == share.Account ? "" : share.Account,
                Subnets = share.Subnets.Where(subnet => !present.Subnets.Contains(subnet)).ToEquatable(),
            };
            if (missing.Account.Length > 0 || !missing.Subnets.IsEmpty)
            {
                draft.Add(
                    new Change.AddToShare(missing),
                    Stage.Network,
                    why,
                    Disruption.None,
                    missing.Subnets.Select(subnet => CreateId("subnet", subnet))
                );
            }
        }
    }

    /// <summary>A share goes when nothing of ours is left in it; a subnet that still carries pods stays
    /// shared, for their nodes ask for addresses there.</summary>
    private void RemoveShares(Stage stage, IReadOnlyList<string> first)
    {
        foreach (var share in actual.Network.Shares)
        {
            var wanted = desired.Shares.Where(one => one.Ref == share.Ref).SelectMany(one => one.Subnets).ToHashSet();
            var leaves = share.Subnets.Where(subnet => subnet.IsMade && !wanted.Contains(subnet) && !IsCarried(subnet)).ToList();
            var others = share.Subnets.Where(subnet => !subnet.IsMade).ToList();
            if (wanted.Count == 0 && leaves.Count + others.Count == share.Subnets.Count && others.Count == 0)
            {
                draft.Add(new Change.DeleteShare(share.Ref.Name), stage, "made by Podspace and no longer wanted", Disruption.None, first);
                continue;
            }
            foreach (var subnet in leaves)
            {
                draft.Add(
                    new Change.RemoveFromShare(share.Ref.Name, subnet.Name),
                    stage,
                    "made by Podspace and no longer wanted",
                    Disruption.None,
                    first
                );
            }
            if (wanted.Count == 0 && others.Count > 0)
            {
                draft.Findings.Add(
                    new(
                        "PS2325",
                        Severity.Warning,
                        $"{actual.Ids.Shares[share.Ref.Name]}",
                        null,
                        $"Resource share {share.ShareName} also holds {string.Join(", ", others)}, "
                            + $"which {(others.Count == 1 ? "is" : "are")} not ours: "
                            + $"it stays, because who uses {(others.Count == 1 ? "it" : "them")} would lose "
                            + $"{(others.Count == 1 ? "it" : "them")}.",
                        $"Once somebody else shares what is in it:\n  aws ram delete-resource-share --resource-share-arn "
                            + $"{actual.Ids.Shares[share.Ref.Name]}"
                    )
                );
            }
        }
    }

    private bool IsCarried(Ref subnet) =>
        actual.Ids.Subnets.TryGetValue(subnet.Name, out var id) && leaving.Contains(id) && usage.Subnet(id);
}
