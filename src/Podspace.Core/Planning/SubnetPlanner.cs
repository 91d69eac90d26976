using Podspace.Addressing;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>Pod subnets, their reservations and network ACLs.</summary>
internal sealed class SubnetPlanner(PlanInput input, PlanDraft draft)
{
    public void Add()
    {
        foreach (var subnet in input.Desired.Subnets)
        {
            draft.Use("subnet", subnet.Ref);
            if (!subnet.Ref.IsMade)
            {
                continue;
            }
            var seen = input.SeenSubnet(subnet.Ref);
            if (seen is null)
            {
                draft.Add(
                    new Change.CreateSubnet(subnet, TagsFor(subnet)),
                    Stage.Network,
                    $"pods in {subnet.Zone} live here",
                    Disruption.None,
                    change => change is Change.AssociateBlock made && made.Block.Contains(subnet.Cidr)
                );
            }
            foreach (
                var extra in seen is null
                    ? []
                    : seen.Reservations.Select(one => one.Cidr).Where(one => IsOurs(subnet.Ref.Name, one) && !subnet.Reserved.Contains(one))
            )
            {
                draft.Add(
                    new Change.DeleteReservation(subnet.Ref.Name, extra),
                    Stage.Network,
                    "single addresses could not be taken from it"
                );
            }
            // Of a subnet that is there, what cannot be seen may be there too.
            foreach (
                var reserved in subnet.Reserved.Where(one =>
                    seen is null || (input.Inventory.Sees(Reading.Reservations) && seen.Reservations.All(has => has.Cidr != one))
                )
            )
            {
                draft.Add(
                    new Change.Reserve(subnet.Ref, reserved),
                    Stage.Network,
                    Drift.Text(
                        input.IsEstablished && seen?.Tags.Contains(new(Tags.Prefixes, "true")) == true,
                        "keeps /28 blocks whole for prefixes"
                    ),
                    Disruption.None,
                    change => Makes.Subnet(change, subnet.Ref)
                );
            }
        }
    }

    private EquatableArray<SeenTag> TagsFor(PodSubnet subnet) =>
        ResourceNames.TagsForSubnet(
            input.Spec,
            subnet,
            input.OffersFromTheStart ? input.Desired.SubnetRoles.FirstOrDefault(role => role.Subnet == subnet.Ref) : null
        );

    private bool IsOurs(ResourceName subnet, Cidr reservation) => input.Ids.Reservations.ContainsKey((subnet, reservation));

    /// <summary>Entries decide packet by packet: whoever lives in the subnet feels another ACL at once.</summary>
    public void AddAcls()
    {
        foreach (var subnet in input.Desired.Subnets)
        {
            var seen = input.SeenSubnet(subnet.Ref);
            if (
                subnet.NetworkAcl is { } acl
                && !input.Cloud.NetworkAcls.Any(one => one.Id == acl && seen is not null && one.Subnets.Contains(seen.Id))
            )
            {
                draft.Add(
                    new Change.AssociateAcl(acl, subnet.Ref),
                    Stage.Network,
                    seen is null ? "the spec asks for it" : "the spec asks for it, and the subnet has another (by now)",
                    seen is not null && input.Usage.Subnet(seen.Id) ? Disruption.RunningPods : Disruption.None,
                    change => Makes.Subnet(change, subnet.Ref)
                );
            }
        }
    }

    public void Remove()
    {
        foreach (
            var subnet in input.Actual.Network.Subnets.Where(subnet =>
                subnet.Ref.IsMade && input.Leaving.Contains(input.Ids.Subnets[subnet.Ref.Name])
            )
        )
        {
            var id = input.Ids.Subnets[subnet.Ref.Name];
            var swept = Sweep(id);
            if (input.Usage.Subnet(id))
            {
                StillInUse.Report(
                    input,
                    draft,
                    $"{id}",
                    $"{subnet.Ref} ({id}, {subnet.Cidr}) still carries {input.Usage.InterfacesIn(id)} network interfaces"
                );
                continue;
            }
            foreach (var reserved in subnet.Reserved)
            {
                draft.Remove(new Change.DeleteReservation(subnet.Ref.Name, reserved), Makes.Replacement, "its subnet goes");
            }
            draft.Remove(
                new Change.DeleteSubnet(subnet.Ref.Name),
                change =>
                    Makes.Replacement(change)
                    || change is Change.DeleteShare or Change.RemoveFromShare
                    || (change is Change.DeleteReservation reserved && reserved.Subnet == subnet.Ref.Name)
                    || (change is Change.DeleteLeakedInterface leaked && swept.Contains(leaked.Interface))
            );
        }
    }

    /// <returns>The interfaces that go, which nodes left behind in the subnet; none unless that was asked for.</returns>
    private HashSet<AwsId> Sweep(AwsId subnet)
    {
        var leaked = input.Cloud.Interfaces.Where(one => one.Subnet == subnet && input.Leaked.Contains(one.Id)).Select(one => one.Id);
        var (swept, stuck) = (new HashSet<AwsId>(), new List<AwsId>());
        foreach (var id in leaked)
        {
            if (input.Swept.Contains(id))
            {
                swept.Add(id);
                draft.Remove(new Change.DeleteLeakedInterface(id), Makes.Replacement, "left behind by a node that is gone");
            }
            else
            {
                stuck.Add(id);
            }
        }
        if (stuck.Count > 0 && input is { IsDestroy: true, From: Stage.Network })
        {
            draft.Keep(
                KeptFor.LeakedInterfaces,
                new(
                    "PS2319",
                    Severity.Warning,
                    $"{subnet}",
                    null,
                    $"{stuck.Count} interfaces in {subnet} were left behind by nodes that are gone, {stuck[0]} among them: "
                        + $"while they are there the subnet cannot be deleted.",
                    "To delete them too:\n  podspace destroy --sweep"
                )
            );
        }
        return swept;
    }
}
