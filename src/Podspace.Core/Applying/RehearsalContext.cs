using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Spec;
using Podspace.Steps.Calls;

namespace Podspace.Applying;

/// <summary>For calls that are only asked about: what a step before would make is not there.</summary>
internal sealed class RehearsalContext(OverlaySpec spec, Inventory inventory, Ids known) : StepContext(spec, inventory, known)
{
    /// <summary>Reports whether something was asked for that is not there yet.</summary>
    public bool HasMissed { get; private set; }

    /// <summary>The right is one to the group; a peer that is not there yet may be any other.</summary>
    public override Peer Peer(Peer peer) => peer.Group is { IsMade: true } ? Inventory.Cloud.Vpc!.Primary : base.Peer(peer);

    /// <summary>In a document nobody looks at it.</summary>
    public override string Any(Ref reference) => reference.ToString();

    protected override AwsId Find(MadeThing thing)
    {
        if (FindKnown(thing) is { } id)
        {
            return id;
        }
        return new(Missing(thing.Name.Text));
    }

    private protected override string Missing(string what)
    {
        HasMissed = true;
        return what;
    }
}
