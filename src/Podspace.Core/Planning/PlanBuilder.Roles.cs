using Podspace.Findings;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>What subnet discovery is told. Tags of pod subnets are its switch: from then on new interfaces stand there.</summary>
/// <remarks>
/// Pod subnets are offered first, then node subnets closed: the other way round a node would find no
/// room for a moment. On the way back node subnets are opened first.
/// Where no node runs yet, pod subnets are offered by the call that makes them, so that the very first node finds
/// them; where nodes run that would throw the switch before anybody asked for it.
/// </remarks>
internal sealed partial class PlanBuilder
{
    private bool OffersFromTheStart => inventory.Cluster is null or { Nodes.IsEmpty: true };

    private void PlanRoles()
    {
        var isOn = actual.Network.SubnetRoles.Any(role => role.IsOffered);
        foreach (var role in desired.SubnetRoles.OrderByDescending(role => role.IsOffered))
        {
            var seen = SeenSubnet(role.Subnet);
            var change = new Change.SetSubnetRole(role, seen?.Tag(Tags.CniRole), !isOn);
            if (seen is null ? OffersFromTheStart : role.Tags(spec.Cluster).All(tag => seen.Tag(tag.Key) == tag.Value))
            {
                continue;
            }
            draft.Add(
                change,
                Stage.Switch,
                role.IsOffered ? "new interfaces for pods stand here from now on" : "no pod gets an address of the nodes' own any more",
                Disruption.NewPods,
                [.. NetworkIds(), .. role.IsOffered ? [] : draft.Ids(step => step.Change is Change.SetSubnetRole { Role.IsOffered: true })]
            );
        }
    }

    /// <summary>Roles that we gave and that are no longer wanted go, once the CNI is set for what is wanted instead.</summary>
    private void RestoreRoles()
    {
        var first = draft
            .Ids(step => step.Change is Change.SetSubnetRole or Change.SetAddonValues or Change.SetAwsNode or Change.ApplyEniConfig)
            .ToList();
        var record = RecordedRoles.Of(inventory);
        foreach (
            var role in actual
                .Network.SubnetRoles.Where(role => desired.SubnetRoles.All(wanted => wanted.Subnet != role.Subnet))
                .OrderBy(role => role.IsOffered)
        )
        {
            if (role.Subnet.IsMade && GoesNow(role.Subnet))
            {
                continue;
            }
            var before = role.Subnet.IsMade ? null : record.Before(role.Subnet.Id);
            draft.Add(
                new Change.RestoreSubnetRole(role, before),
                Stage.Switch,
                role.IsOffered ? "no new interface for pods shall stand here any more" : "pods may get addresses of the nodes' own again",
                Disruption.NewPods,
                [.. first, .. role.IsOffered ? draft.Ids(step => step.Change is Change.RestoreSubnetRole { Role.IsOffered: false }) : []]
            );
        }
        TellOfForeignRoles(record);
    }

    /// <summary>Its tags go with it.</summary>
    private bool GoesNow(Ref subnet) => leaving.Contains(actual.Ids.Subnets[subnet.Name]) && !usage.Subnet(actual.Ids.Subnets[subnet.Name]);

    private void TellOfForeignRoles(RecordedRoles record)
    {
        foreach (var id in record.Subnets.Where(id => desired.SubnetRoles.All(role => role.Subnet != Ref.Used(id.Text))))
        {
            if (
                inventory.Cloud.Subnets.FirstOrDefault(subnet => subnet.Id == id) is { } seen
                && seen.Tag(Tags.CniRole) is var live
                && live != record.Before(id)
                && !record.IsOurs(id, live)
            )
            {
                draft.Findings.Add(
                    new(
                        "PS2303",
                        Severity.Warning,
                        $"{id}",
                        null,
                        $"Tag {Tags.CniRole} of {id} is {live ?? "gone"}, and Podspace wrote another value. "
                            + $"Someone changed it since, so it is left as it is.",
                        $"To see its tags:\n  aws ec2 describe-subnets --subnet-ids {id} --query 'Subnets[].Tags'"
                    )
                );
            }
        }
    }
}
