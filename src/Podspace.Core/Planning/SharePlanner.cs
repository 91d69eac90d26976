using Podspace.Findings;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>Pod subnets of a VPC that another account owns, shared with the account of the nodes.
/// Nobody is disturbed: who uses a subnet goes on using it.</summary>
internal sealed class SharePlanner(PlanInput input, PlanDraft draft)
{
    public void Add()
    {
        foreach (var share in input.Desired.Shares)
        {
            var why = $"nodes of account {share.Account} can use only subnets that are shared with it";
            if (input.Actual.Network.Shares.FirstOrDefault(one => one.Ref == share.Ref) is not { } present)
            {
                draft.Add(
                    new Change.CreateShare(share, ResourceNames.TagsForShare(input.Spec)),
                    Stage.Network,
                    why,
                    Disruption.None,
                    change => change is Change.CreateSubnet made && share.Subnets.Contains(made.Subnet.Ref)
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
                    change => change is Change.CreateSubnet made && missing.Subnets.Contains(made.Subnet.Ref)
                );
            }
        }
    }

    /// <summary>A share goes when nothing of ours is left in it; a subnet that still carries pods stays
    /// shared, for their nodes ask for addresses there.</summary>
    public void Remove()
    {
        foreach (var share in input.Actual.Network.Shares)
        {
            var wanted = input.Desired.Shares.Where(one => one.Ref == share.Ref).SelectMany(one => one.Subnets).ToHashSet();
            var leaves = share.Subnets.Where(subnet => subnet.IsMade && !wanted.Contains(subnet) && !IsCarried(subnet)).ToList();
            var others = share.Subnets.Where(subnet => !subnet.IsMade).ToList();
            if (wanted.Count == 0 && leaves.Count + others.Count == share.Subnets.Count && others.Count == 0)
            {
                draft.Remove(new Change.DeleteShare(share.Ref.Name), Makes.Replacement);
                continue;
            }
            foreach (var subnet in leaves)
            {
                draft.Remove(new Change.RemoveFromShare(share.Ref.Name, subnet.Name), Makes.Replacement);
            }
            if (wanted.Count == 0 && others.Count > 0)
            {
                draft.Report(
                    new(
                        "PS2325",
                        Severity.Warning,
                        $"{input.Ids.Shares[share.Ref.Name]}",
                        null,
                        $"Resource share {share.ShareName} also holds {string.Join(", ", others)}, "
                            + $"which {(others.Count == 1 ? "is" : "are")} not ours: "
                            + $"it stays, because who uses {(others.Count == 1 ? "it" : "them")} would lose "
                            + $"{(others.Count == 1 ? "it" : "them")}.",
                        $"Once somebody else shares what is in it:\n  aws ram delete-resource-share --resource-share-arn "
                            + $"{input.Ids.Shares[share.Ref.Name]}"
                    )
                );
            }
        }
    }

    private bool IsCarried(Ref subnet) =>
        input.Ids.Subnets.TryGetValue(subnet.Name, out var id) && input.Leaving.Contains(id) && input.Usage.Subnet(id);
}
