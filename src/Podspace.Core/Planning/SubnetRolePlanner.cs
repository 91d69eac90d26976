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
internal sealed class SubnetRolePlanner(PlanInput input, PlanDraft draft)
{
    public void Add()
    {
        var isOn = input.Actual.Network.SubnetRoles.Any(role => role.IsOffered);
        foreach (var role in input.Desired.SubnetRoles.OrderByDescending(role => role.IsOffered))
        {
            var seen = input.SeenSubnet(role.Subnet);
            var change = new Change.SetSubnetRole(role, seen?.Tag(Tags.CniRole), !isOn);
            if (seen is null ? input.OffersFromTheStart : role.Tags(input.Spec.Cluster).All(tag => seen.Tag(tag.Key) == tag.Value))
            {
                continue;
            }
            draft.Add(
                change,
                Stage.Switch,
                role.IsOffered ? "new interfaces for pods stand here from now on" : "no pod gets an address of the nodes' own any more",
                Disruption.NewPods,
                change => Makes.PodNetwork(change) || (!role.IsOffered && change is Change.SetSubnetRole { Role.IsOffered: true })
            );
        }
    }

    /// <summary>Roles that we gave and that are no longer wanted go, once the CNI is set for what is wanted instead.</summary>
    public void Restore()
    {
        var record = RecordedRoles.Of(input.Inventory);
        foreach (
            var role in input
                .Actual.Network.SubnetRoles.Where(role => input.Desired.SubnetRoles.All(wanted => wanted.Subnet != role.Subnet))
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
                change =>
                    Makes.WantedSettings(change)
                    || change is Change.SetSubnetRole or Change.ApplyEniConfig
                    || (role.IsOffered && change is Change.RestoreSubnetRole { Role.IsOffered: false })
            );
        }
        ReportForeignRoles(record);
    }

    /// <summary>Its tags go with it.</summary>
    private bool GoesNow(Ref subnet) =>
        input.Leaving.Contains(input.Ids.Subnets[subnet.Name]) && !input.Usage.Subnet(input.Ids.Subnets[subnet.Name]);

    private void ReportForeignRoles(RecordedRoles record)
    {
        foreach (var id in record.Subnets.Where(id => input.Desired.SubnetRoles.All(role => role.Subnet != Ref.Used(id.Text))))
        {
            if (
                input.Cloud.Subnets.FirstOrDefault(subnet => subnet.Id == id) is { } seen
                && seen.Tag(Tags.CniRole) is var live
                && live != record.Before(id)
                && !record.IsOurs(id, live)
            )
            {
                draft.Report(
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
