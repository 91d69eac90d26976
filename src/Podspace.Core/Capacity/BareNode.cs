using Podspace.Cni;

namespace Podspace.Capacity;

/// <summary>A node whose subnets are never full: only the agent's arithmetic, at rest after each change.</summary>
internal sealed class BareNode(InstanceLimits limits, int maxPods, IpamdSettings asked)
{
    private const int MostSteps = 5_000;

    private readonly IpamdSettings settings = asked.On(limits);
    private readonly List<Part> interfaces = [new(0, 0, [])];

    private sealed record Part(int Addresses, int Assigned, List<int> Prefixes);

    public int Pods => interfaces.Sum(part => part.Assigned + part.Prefixes.Sum());

    /// <summary>The primary included.</summary>
    public int Interfaces => interfaces.Count;

    public int Prefixes => interfaces.Sum(part => part.Prefixes.Count);

    /// <summary>Addresses for pods, in use or not.</summary>
    public int PoolAddresses => interfaces.Sum(part => part.Addresses) + (Prefixes * MaxPods.PerPrefix);

    /// <summary>Reports whether no interface holds more than its type takes.</summary>
    public bool IsWithinLimits =>
        interfaces.Count <= limits.Interfaces
        && interfaces.TrueForAll(part =>
            part.Addresses + part.Prefixes.Count < limits.AddressesPerInterface && part.Assigned <= part.Addresses
        );

    private Pool Pool =>
        new(
            [.. interfaces.Select((part, index) => new PoolInterface(index == 0, part.Addresses, part.Assigned, [.. part.Prefixes]))],
            maxPods,
            MaxPods.InterfacesFor(limits, settings),
            limits.AddressesPerInterface - 1
        );

    /// <summary>A node with so many pods that came one by one.</summary>
    /// <returns>Fewer pods than asked for where the node has no addresses for all.</returns>
    public static BareNode With(InstanceLimits limits, int maxPods, IpamdSettings settings, int pods)
    {
        var node = new BareNode(limits, maxPods, settings);
        node.Rest();
        for (var pod = 0; pod < pods && node.TakeAddress(); pod++)
        {
            node.Rest();
        }
        return node;
    }

    /// <summary>Grows and shrinks until nothing is to be done.</summary>
    public void Rest()
    {
        for (var step = 0; Step(); step++)
        {
            if (step == MostSteps)
            {
                throw new InvalidOperationException($"{limits.Type} comes to no rest at {this}.");
            }
        }
    }

    public bool TakeAddress()
    {
        for (var index = 0; index < interfaces.Count; index++)
        {
            var (addresses, assigned, prefixes) = interfaces[index];
            if (!settings.PrefixDelegation && assigned < addresses)
            {
                interfaces[index] = new(addresses, assigned + 1, prefixes);
                return true;
            }
            if (prefixes.FindIndex(pods => pods < MaxPods.PerPrefix) is >= 0 and var open)
            {
                prefixes[open]++;
                return true;
            }
        }
        return false;
    }

    /// <param name="pick">Which of the interfaces that have pods gives one up.</param>
    public bool FreeAddress(int pick)
    {
        var busy = interfaces.FindAll(part => part.Assigned > 0 || part.Prefixes.Exists(pods => pods > 0));
        if (busy.Count == 0)
        {
            return false;
        }
        var index = interfaces.IndexOf(busy[pick % busy.Count]);
        var (addresses, assigned, prefixes) = interfaces[index];
        if (assigned > 0)
        {
            interfaces[index] = new(addresses, assigned - 1, prefixes);
            return true;
        }
        prefixes[prefixes.FindIndex(pods => pods > 0)]--;
        return true;
    }

    /// <summary>Interfaces / addresses for pods / prefixes / addresses of pod subnets, as the vectors have them.</summary>
    public override string ToString() => $"{Interfaces}/{PoolAddresses}/{Prefixes}/{PoolAddresses + Interfaces - 1}";

    private bool Step()
    {
        var pool = Pool;
        if (Ipamd.Attempts(settings, pool) is [var growth, ..])
        {
            Grow(growth);
            return true;
        }
        if (Ipamd.Releases(settings, pool) is { Count: > 0 } releases)
        {
            foreach (var release in releases)
            {
                Free(release);
            }
            return true;
        }
        if (Ipamd.Removable(settings, pool) is { } index)
        {
            interfaces.RemoveAt(index);
            return true;
        }
        return false;
    }

    private void Grow(Growth growth)
    {
        if (growth is Growth.Attach attach)
        {
            interfaces.Add(settings.PrefixDelegation ? new(0, 0, [.. new int[attach.Count]]) : new(attach.Count, 0, []));
        }
        else if (growth is Growth.Fill fill)
        {
            var (addresses, assigned, prefixes) = interfaces[fill.Interface];
            if (settings.PrefixDelegation)
            {
                prefixes.AddRange(new int[fill.Count]);
            }
            interfaces[fill.Interface] = settings.PrefixDelegation
                ? new(addresses, assigned, prefixes)
                : new(addresses + fill.Count, assigned, prefixes);
        }
    }

    private void Free(Release release)
    {
        var (addresses, assigned, prefixes) = interfaces[release.Interface];
        for (var count = 0; count < release.Count && settings.PrefixDelegation; count++)
        {
            prefixes.Remove(0);
        }
        interfaces[release.Interface] = new(settings.PrefixDelegation ? addresses : addresses - release.Count, assigned, prefixes);
    }
}
