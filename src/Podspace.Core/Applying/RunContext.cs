using System.Collections.Concurrent;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Spec;
using Podspace.Steps.Calls;

namespace Podspace.Applying;

/// <summary>For calls that are made: ids of what this run has made come before those of what was there.</summary>
internal sealed class RunContext(OverlaySpec spec, Inventory inventory, Ids known, TimeProvider time) : StepContext(spec, inventory, known)
{
    private readonly ConcurrentDictionary<MadeThing, AwsId> made = new();

    public override DateTimeOffset Now => time.GetUtcNow();

    public void Remember(MadeThing thing, AwsId id) => made[thing] = id;

    /// <summary>Subnets, route tables and groups of ours: those that were there, and those of this run.</summary>
    public IEnumerable<KeyValuePair<AwsId, ResourceName>> Made() =>
        Known
            .Subnets.Concat(Known.RouteTables)
            .Concat(Known.Groups)
            .Select(pair => KeyValuePair.Create(pair.Value, pair.Key))
            .Concat(made.Where(pair => pair.Key.Kind != MadeKind.Share).Select(pair => KeyValuePair.Create(pair.Value, pair.Key.Name)));

    /// <summary>A made name is a subnet's where there is one, else a group's.</summary>
    public override string Any(Ref reference)
    {
        var isGroup =
            reference.IsMade && !made.ContainsKey(new(MadeKind.Subnet, reference.Name)) && !Known.Subnets.ContainsKey(reference.Name);
        return (isGroup ? Group(reference) : Subnet(reference)).Text;
    }

    protected override AwsId Find(MadeThing thing)
    {
        if (made.TryGetValue(thing, out var id))
        {
            return id;
        }
        return FindKnown(thing)
            ?? throw new InvalidOperationException($"{thing.Kind} {thing.Name} is not there, and no step before made it.");
    }
}
