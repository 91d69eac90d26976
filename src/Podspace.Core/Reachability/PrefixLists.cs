using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Reachability;

/// <summary>What prefix lists hold, as far as they could be read.</summary>
internal sealed class PrefixLists(IEnumerable<SeenPrefixList> seen)
{
    private readonly Dictionary<AwsId, EquatableArray<Cidr>> lists = Distinct(seen);

    /// <summary>Reports whether the list was read.</summary>
    public bool TryFind(AwsId id, out EquatableArray<Cidr> entries) => lists.TryGetValue(id, out entries);

    private static Dictionary<AwsId, EquatableArray<Cidr>> Distinct(IEnumerable<SeenPrefixList> seen) =>
        seen.DistinctBy(list => list.Id).ToDictionary(list => list.Id, list => list.Entries);
}
