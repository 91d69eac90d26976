namespace Podspace.Cni;

/// <summary>What one node's agent has to give to pods.</summary>
/// <param name="Interfaces">In device order, the primary first.</param>
/// <param name="MaxPods">The node's capacity.</param>
/// <param name="InterfaceLimit">Of the instance type, the primary included.</param>
/// <param name="SlotsPerInterface">Addresses or prefixes that one interface takes beside its own address.</param>
/// <param name="IsSchedulable">False: the node is cordoned.</param>
public sealed record Pool(
    EquatableArray<PoolInterface> Interfaces,
    int MaxPods,
    int InterfaceLimit,
    int SlotsPerInterface,
    bool IsSchedulable = true
)
{
    /// <summary>All that decides before single interfaces are looked at.</summary>
    public PoolSums Sums(bool prefixes) => new(Total(prefixes), Assigned(prefixes), Prefixes, FreePrefixes);

    /// <summary>Addresses the agent counts: with prefixes only those in prefixes, without only single ones.</summary>
    public int Total(bool prefixes) => Sum(prefixes, static (part, prefixes) => part.Total(prefixes));

    /// <summary>Those of <see cref="Total"/> that pods have.</summary>
    public int Assigned(bool prefixes) => Sum(prefixes, static (part, prefixes) => part.Assigned(prefixes));

    public int FreePrefixes => Sum(true, static (part, _) => part.FreePrefixes);

    public int Prefixes => Sum(true, static (part, _) => part.Prefixes.Count);

    // A simulated day asks this some ten million times: loops over the arrays themselves allocate nothing.
    private int Sum(bool prefixes, Func<PoolInterface, bool, int> part)
    {
        var sum = 0;
        foreach (var one in Interfaces)
        {
            sum += part(one, prefixes);
        }
        return sum;
    }
}

/// <param name="Total">Addresses the agent counts: with prefixes only those in prefixes, without only single ones.</param>
/// <param name="Assigned">Those of them that pods have.</param>
public readonly record struct PoolSums(int Total, int Assigned, int Prefixes, int FreePrefixes)
{
    public int Available => Total - Assigned;
}

/// <param name="Addresses">Secondary addresses on it.</param>
/// <param name="AssignedAddresses">Those of them that pods have.</param>
/// <param name="Prefixes">For each /28 on it the number of pods, 0 to 16.</param>
/// <param name="IsExcluded">Its subnet is kept from the agent: only what pods have already counts.</param>
public sealed record PoolInterface(
    bool IsPrimary,
    int Addresses,
    int AssignedAddresses,
    EquatableArray<int> Prefixes,
    bool IsExcluded = false
)
{
    public int UsedSlots => Addresses + Prefixes.Count;

    public int FreePrefixes
    {
        get
        {
            var free = 0;
            foreach (var pods in Prefixes)
            {
                free += pods == 0 ? 1 : 0;
            }
            return IsExcluded ? 0 : free;
        }
    }

    public bool HasPods => AssignedAddresses > 0 || InPrefixes > 0;

    private int InPrefixes
    {
        get
        {
            var sum = 0;
            foreach (var pods in Prefixes)
            {
                sum += pods;
            }
            return sum;
        }
    }

    public int Total(bool prefixes)
    {
        if (IsExcluded)
        {
            return Assigned(prefixes);
        }
        return prefixes ? Prefixes.Count * MaxPods.PerPrefix : Addresses;
    }

    public int Assigned(bool prefixes) => prefixes ? InPrefixes : AssignedAddresses;

    public int Free(bool prefixes) => Total(prefixes) - Assigned(prefixes);
}
