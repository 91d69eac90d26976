namespace Podspace.Capacity;

/// <summary>What one node's agent has to give to pods.</summary>
/// <param name="Interfaces">In device order, the primary first.</param>
/// <param name="MaxPods">The node's capacity.</param>
/// <param name="InterfaceLimit">Of the instance type, the primary included.</param>
/// <param name="SlotsPerInterface">Addresses or prefixes that one interface takes beside its own address.</param>
/// <param name="IsSchedulable">False: the node is cordoned.</param>
public sealed record Pool(EquatableArray<PoolInterface> Interfaces, int MaxPods, int InterfaceLimit, int SlotsPerInterface, bool IsSchedulable = true)
{
    /// <summary>Addresses the agent counts: with prefixes only those in prefixes, without only single ones.</summary>
    public int Total(bool prefixes) => Interfaces.Sum(part => part.Total(prefixes));

    /// <summary>Those of <see cref="Total"/> that pods have.</summary>
    public int Assigned(bool prefixes) => Interfaces.Sum(part => part.Assigned(prefixes));

    public int FreePrefixes => Interfaces.Sum(part => part.FreePrefixes);

    public int Prefixes => Interfaces.Sum(part => part.Prefixes.Count);
}

/// <param name="Addresses">Secondary addresses on it.</param>
/// <param name="AssignedAddresses">Those of them that pods have.</param>
/// <param name="Prefixes">For each /28 on it the number of pods, 0 to 16.</param>
/// <param name="IsExcluded">Its subnet is kept from the agent: only what pods have already counts.</param>
public sealed record PoolInterface(bool IsPrimary, int Addresses, int AssignedAddresses, EquatableArray<int> Prefixes, bool IsExcluded = false)
{
    public int UsedSlots => Addresses + Prefixes.Count;

    public int FreePrefixes => IsExcluded ? 0 : Prefixes.Count(pods => pods == 0);

    public bool HasPods => AssignedAddresses > 0 || Prefixes.Any(pods => pods > 0);

    public int Total(bool prefixes) => IsExcluded ? Assigned(prefixes) : prefixes ? Prefixes.Count * MaxPods.PerPrefix : Addresses;

    public int Assigned(bool prefixes) => prefixes ? Prefixes.Sum() : AssignedAddresses;

    public int Free(bool prefixes) => Total(prefixes) - Assigned(prefixes);
}
