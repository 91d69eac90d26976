using System.Collections.Concurrent;
using Podspace.Addressing;

namespace Podspace.Aws.Calls;

/// <summary>What this process made within the last minute. Other parts of EC2 may not know
/// it yet, so that "not found" means "not yet".</summary>
/// <remarks>Source: EC2 API Reference, "Eventual consistency"; a minute is the upper end of what was seen there.</remarks>
internal sealed class RecentlyCreated(TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> made = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Cidr, DateTimeOffset> blocks = new();

    public void Add(string id) => made[id] = time.GetUtcNow();

    public void Add(Cidr block) => blocks[block] = time.GetUtcNow();

    public bool Holds(string id) => made.TryGetValue(id, out var at) && IsFresh(at);

    public bool HoldsBlockAround(Cidr subnet) => blocks.Any(block => block.Key.Contains(subnet) && IsFresh(block.Value));

    private bool IsFresh(DateTimeOffset at) => time.GetUtcNow() - at < Life;
}
