namespace Podspace.Capacity.LoadSimulation;

/// <param name="Free">Addresses, by subnet in the profile's order.</param>
/// <param name="FreePrefixes">Whole /28 blocks, likewise.</param>
/// <param name="Waiting">Pods without a node or without an address.</param>
public sealed record LoadSample(
    int Minute,
    int Nodes,
    int Running,
    int Waiting,
    EquatableArray<long> Free,
    EquatableArray<int> FreePrefixes
);

/// <summary>Why a pod had to wait longer than starting takes.</summary>
public enum WaitReason
{
    /// <summary>A node was started for it.</summary>
    NodeStarting,

    /// <summary>No node has room, and none may be started.</summary>
    NoNodeAllowed,

    /// <summary>The node's agent had to fetch addresses first.</summary>
    PoolGrowing,

    /// <summary>The only free addresses had just been given back.</summary>
    Cooldown,

    /// <summary>The subnet had no free address.</summary>
    SubnetFull,

    /// <summary>The subnet had free addresses and no whole /28.</summary>
    NoWholePrefix,

    /// <summary>Max-pods allows more pods than the node's interfaces hold addresses for.</summary>
    NodeFull,
}

/// <param name="Pods">That waited for this.</param>
/// <param name="AverageSeconds">Of their whole wait.</param>
public sealed record WaitGroup(WaitReason Reason, string Where, int Pods, double AverageSeconds, long LongestSeconds, int StillWaiting);

/// <summary>What became of a load.</summary>
/// <param name="Started">Pods that got an address.</param>
/// <param name="Launched">Nodes that were started.</param>
/// <param name="Calls">To EC2 by nodes' agents.</param>
public sealed record LoadResult(
    LoadProfile Profile,
    EquatableArray<LoadSample> Samples,
    EquatableArray<WaitGroup> Waits,
    long Started,
    long Launched,
    long Calls,
    long FailedCalls,
    long Events
);
