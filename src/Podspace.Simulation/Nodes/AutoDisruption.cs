using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Podspace.Simulation.Kubernetes;

namespace Podspace.Simulation.Nodes;

/// <summary>Takes nodes away that are empty, or not any more as their pool and class say: no more at once than the
/// pool's budgets allow, none whose pods a PodDisruptionBudget holds.</summary>
internal sealed partial class AutoDisruption(World world, AutoClaims claims)
{
    public IEnumerable<string> PoolsWithDrift() =>
        claims.All.Where(claim => !AutoClaims.IsLeaving(claim) && claims.IsDrifted(claim)).Select(AutoClaims.PoolOf).Distinct();

    /// <summary>Claims whose ready nodes carry no pod that would have to move, and how long they are left so.</summary>
    public IEnumerable<(string Claim, TimeSpan After)> EmptyClaims() =>
        from claim in claims.All
        where IsEmpty(claim)
        let pool = world.Objects.Find(AutoClaims.Api, "nodepools", null, AutoClaims.PoolOf(claim))
        let after = Duration(pool?.Text("spec", "disruption", "consolidateAfter"))
        where after is not null
        select (claim.Name(), after.Value);

    public void Disrupt(string name)
    {
        foreach (
            var claim in claims
                .All.Where(claim => AutoClaims.PoolOf(claim) == name && !AutoClaims.IsLeaving(claim) && claims.IsDrifted(claim))
                .ToList()
        )
        {
            if (Allowed(name) > 0 && !IsHeld(claim))
            {
                var drifted = claim.Clone();
                drifted.SetCondition("Drifted", "True", "NodeClassDrift", "", world.Clock.GetUtcNow());
                world.Objects.Update(AutoClaims.Api, "nodeclaims", drifted, Managers.Controllers, "status");
                world.Objects.Delete(AutoClaims.Api, "nodeclaims", null, claim.Name(), Managers.Controllers);
            }
        }
    }

    public void RemoveEmpty(string name)
    {
        if (
            world.Objects.Find(AutoClaims.Api, "nodeclaims", null, name) is { } claim
            && IsEmpty(claim)
            && Allowed(AutoClaims.PoolOf(claim)) > 0
        )
        {
            world.Objects.Delete(AutoClaims.Api, "nodeclaims", null, name, Managers.Controllers);
        }
    }

    private bool IsEmpty(JsonObject claim) =>
        !AutoClaims.IsLeaving(claim) && claims.NodeOf(claim) is { } node && node.IsReady() && !claims.MovablePods(node.Name()).Any();

    /// <summary>How many more nodes of a pool may go now. Budgets for some reasons or hours only are taken for always.
    /// Source: karpenter.sh, "Disruption", NodePool Disruption Budgets.</summary>
    private int Allowed(string name)
    {
        var pool = world.Objects.Find(AutoClaims.Api, "nodepools", null, name);
        var mine = claims.All.Where(claim => AutoClaims.PoolOf(claim) == name).ToList();
        var most = pool.Items("spec", "disruption", "budgets")
            .Select(budget => PodTemplate.Amount(budget["nodes"], "10%", mine.Count, roundsUp: true))
            .DefaultIfEmpty(mine.Count)
            .Min();
        return most - mine.Count(AutoClaims.IsLeaving);
    }

    private bool IsHeld(JsonObject claim) =>
        claims.NodeOf(claim) is { } node
        && claims
            .MovablePods(node.Name())
            .Any(pod =>
                world
                    .Objects.List("policy/v1", "poddisruptionbudgets", pod.Namespace())
                    .Any(budget =>
                        budget.Number("status", "disruptionsAllowed") is 0
                        && LabelSelector.From(budget.At("spec", "selector"))?.Matches(pod) is true
                    )
            );

    /// <summary>Such as 30s, 5m, 1h; null for Never.</summary>
    private static TimeSpan? Duration(string? text)
    {
        if (text is null)
        {
            return TimeSpan.Zero;
        }
        var match = Form().Match(text);
        return !match.Success
            ? null
            : match.Groups[2].Value switch
            {
                "s" => TimeSpan.FromSeconds(int.Parse(match.Groups[1].Value)),
                "m" => TimeSpan.FromMinutes(int.Parse(match.Groups[1].Value)),
                _ => TimeSpan.FromHours(int.Parse(match.Groups[1].Value)),
            };
    }

    [GeneratedRegex("^([0-9]{1,6})(s|m|h)$")]
    private static partial Regex Form();
}
