namespace Podspace.Cni;

/// <summary>When the CNI's node agent takes interfaces and addresses, and when it gives them back.</summary>
/// <remarks>
/// Source: amazon-vpc-cni-k8s v1.23.1, pkg/ipamd/ipamd.go and pkg/ipamd/datastore/data_store.go.
/// Its waits are left out: 30 s before a freed address is given
/// again, 60 s before an interface may go, 120 s after a subnet was full. So is its flapping: an
/// interface goes only when the pool would not be too low without it.
/// </remarks>
public static class Ipamd
{
    /// <summary>Prefixes on the primary are not loaded under custom networking; then the agent does not know of them.</summary>
    public static bool IgnoresPrefixes(IpamdSettings settings, bool isPrimary) => settings.CustomNetworking && isPrimary;

    /// <summary>Reports whether the pool shall grow.</summary>
    public static bool IsLow(IpamdSettings settings, Pool pool) =>
        IsLow(settings, pool.Sums(settings.PrefixDelegation), pool.MaxPods, pool.SlotsPerInterface);

    /// <summary>Reports whether such a pool is neither low nor over its targets: whatever its
    /// interfaces hold, only an empty one could still go.</summary>
    public static bool IsSettled(IpamdSettings settings, PoolSums sums, int maxPods, int slotsPerInterface) =>
        !IsLow(settings, sums, maxPods, slotsPerInterface) && Over(settings, sums) <= 0;

    private static bool IsLow(IpamdSettings settings, PoolSums sums, int maxPods, int slotsPerInterface)
    {
        if (sums.Total >= maxPods)
        {
            return false;
        }
        if (settings.HasAddressTargets)
        {
            return Short(settings, sums) > 0;
        }
        var (target, unit) = settings.PrefixDelegation
            ? (settings.WarmPrefixTarget, MaxPods.PerPrefix)
            : (settings.WarmEniTarget, slotsPerInterface);
        return sums.Available < target * unit || (target == 0 && sums.Available == 0);
    }

    /// <summary>What to try, in this order, until one thing succeeds. Empty when nothing is to be done.</summary>
    public static IReadOnlyList<Growth> Attempts(IpamdSettings settings, Pool pool)
    {
        if (!IsLow(settings, pool) || !(pool.IsSchedulable || settings.ManageNonSchedulable))
        {
            return [];
        }
        var wanted = Wanted(settings, pool);
        var attempts = new List<Growth>();
        for (var index = 0; index < pool.Interfaces.Count; index++)
        {
            var part = pool.Interfaces[index];
            var room = pool.SlotsPerInterface - part.UsedSlots;
            if (room <= 0 || part.IsExcluded || (settings.CustomNetworking && part.IsPrimary))
            {
                continue;
            }
            var count = Math.Min(room, wanted);
            attempts.Add(new Growth.Fill(index, count));
            if (count > 1)
            {
                attempts.Add(new Growth.Fill(index, 1));
            }
            if (!settings.SubnetDiscovery)
            {
                return attempts;
            }
        }
        var limit = settings.MaxEni is { } most ? Math.Min(most, pool.InterfaceLimit) : pool.InterfaceLimit;
        if (pool.Interfaces.Count < limit)
        {
            attempts.Add(new Growth.Attach(Math.Min(wanted, pool.SlotsPerInterface)));
        }
        return attempts;
    }

    /// <summary>Addresses or whole prefixes to give back, by interface; empty when there is nothing over the targets.</summary>
    /// <remarks>The agent goes through interfaces in no order; here the newest comes first, so that it empties and can go.</remarks>
    public static IReadOnlyList<Release> Releases(IpamdSettings settings, Pool pool)
    {
        var over = Over(settings, pool.Sums(settings.PrefixDelegation));
        if (over <= 0)
        {
            return [];
        }
        var releases = new List<Release>();
        for (var index = pool.Interfaces.Count - 1; index >= 0 && over > 0; index--)
        {
            var part = pool.Interfaces[index];
            var count = Math.Min(over, settings.PrefixDelegation ? part.FreePrefixes : part.Addresses - part.AssignedAddresses);
            if (count > 0)
            {
                releases.Add(new(index, count));
                over -= count;
            }
        }
        return releases;
    }

    /// <summary>The interface to detach and delete, or null. Never the primary, never one with a pod.</summary>
    public static int? Removable(IpamdSettings settings, Pool pool)
    {
        if (!(pool.IsSchedulable || settings.ManageNonSchedulable) || !MayRemove(settings, pool))
        {
            return null;
        }
        for (var index = pool.Interfaces.Count - 1; index > 0; index--)
        {
            var part = pool.Interfaces[index];
            if (!part.IsPrimary && !part.HasPods && !IsNeeded(settings, pool, index))
            {
                return index;
            }
        }
        return null;
    }

    private static int Short(IpamdSettings settings, PoolSums sums)
    {
        var addresses = Math.Max(Math.Max((settings.WarmIpTarget ?? 0) - sums.Available, 0), (settings.MinimumIpTarget ?? 0) - sums.Total);
        return settings.PrefixDelegation ? Prefixes(addresses) : addresses;
    }

    /// <summary>Addresses, or prefixes where those are in use, that the next action would like.</summary>
    private static int Wanted(IpamdSettings settings, Pool pool) =>
        settings switch
        {
            { HasAddressTargets: true } => Math.Max(1, Short(settings, pool.Sums(settings.PrefixDelegation))),
            { PrefixDelegation: true } => Math.Max(1, settings.WarmPrefixTarget - pool.FreePrefixes),
            _ => pool.SlotsPerInterface,
        };

    private static int Over(IpamdSettings settings, PoolSums sums)
    {
        if (!settings.PrefixDelegation)
        {
            return settings.HasAddressTargets
                ? Math.Min(sums.Available - (settings.WarmIpTarget ?? 0), sums.Total - (settings.MinimumIpTarget ?? 0))
                : 0;
        }
        if (settings.HasAddressTargets)
        {
            var needed = Math.Max(Prefixes(sums.Assigned + (settings.WarmIpTarget ?? 0)), Prefixes(settings.MinimumIpTarget ?? 0));
            return Math.Min(sums.FreePrefixes, sums.Prefixes - needed);
        }
        return settings.WarmPrefixTarget > 0 ? sums.FreePrefixes - settings.WarmPrefixTarget : 0;
    }

    private static bool MayRemove(IpamdSettings settings, Pool pool) =>
        settings.HasAddressTargets
        || settings.PrefixDelegation
        || pool.Total(false) - pool.Assigned(false) >= (settings.WarmEniTarget + 1) * pool.SlotsPerInterface;

    private static bool IsNeeded(IpamdSettings settings, Pool pool, int index)
    {
        var rest = pool with { Interfaces = [.. pool.Interfaces.Where((_, other) => other != index)] };
        if (IsLow(settings, rest))
        {
            return true;
        }
        if (!settings.PrefixDelegation)
        {
            return false;
        }
        return settings.HasAddressTargets
            ? rest.Total(true) - rest.Assigned(true) < Prefixes(settings.WarmIpTarget ?? 0) * MaxPods.PerPrefix
                || rest.Total(true) < Prefixes(settings.MinimumIpTarget ?? 0) * MaxPods.PerPrefix
            : rest.FreePrefixes < settings.WarmPrefixTarget;
    }

    private static int Prefixes(int addresses) => (Math.Max(addresses, 0) + MaxPods.PerPrefix - 1) / MaxPods.PerPrefix;
}

/// <summary>One way to make a pool larger; counts are addresses, or prefixes where those are in use. A closed set.</summary>
public abstract record Growth
{
    private Growth() { }

    /// <summary>More on an interface that is there.</summary>
    public sealed record Fill(int Interface, int Count) : Growth;

    /// <summary>A further interface with so many beside its own address.</summary>
    public sealed record Attach(int Count) : Growth;
}

/// <param name="Count">Free addresses, or free prefixes where those are in use.</param>
public readonly record struct Release(int Interface, int Count);
