using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Spec;
using Podspace.Steps.Calls;

namespace Podspace.Steps.Text;

/// <summary>For steps as people read and type them: what is not there yet is named by the shell's variable
/// that the step which makes it fills.</summary>
/// <param name="desired">The network as it shall be.</param>
/// <param name="planned">The plan that the step is one of, in its order.</param>
public sealed class TextContext(OverlaySpec spec, Network desired, Inventory inventory, Ids known, IReadOnlyList<Change> planned)
    : StepContext(spec, inventory, known)
{
    public Network Desired => desired;

    public IReadOnlyList<Change> Planned => planned;

    public override string Any(Ref reference) =>
        !reference.IsMade || Known.Groups.ContainsKey(reference.Name) || desired.Groups.Any(group => group.Ref == reference)
            ? Group(reference).Text
            : Subnet(reference).Text;

    /// <summary>The variable that holds its id.</summary>
    public static string VariableOf(MadeThing thing) => Shell.VariableOf(thing.Kind.ToString().ToUpperInvariant(), thing.Name);

    protected override AwsId Find(MadeThing thing) => FindKnown(thing) ?? new(Shell.Variable(VariableOf(thing)));

    /// <summary>As a person finds it in the console.</summary>
    internal string Shown(Ref reference) => Prose.Code(Known.Subnet(reference)?.Text ?? reference.ToString());

    /// <summary>Of several blocks one has to be chosen.</summary>
    internal Cidr BlockOf(PodSubnet subnet) =>
        desired.Blocks.Select(block => block.Cidr).Where(block => block.Contains(subnet.Cidr)).FirstOrDefault(subnet.Cidr);

    /// <summary>Where the VPC is another account's, its console shows other names.</summary>
    internal string Zone(string zone)
    {
        var cloud = Inventory.Cloud;
        return cloud.Participant is not { } participant
            ? Prose.Code(zone)
            : $"{Prose.Code(participant.OwnerZones.FirstOrDefault(own => own.Id == cloud.ZoneFor(zone))?.Name)} "
                + $"({Prose.Code(cloud.ZoneFor(zone))}, which is {Prose.Code(zone)} in account {Prose.Code(participant.Account)})";
    }

    /// <summary>Commands of calls, one after the other.</summary>
    internal IEnumerable<string> Typed(params IEnumerable<Call> calls) => calls.SelectMany(call => call.Commands(this));
}
