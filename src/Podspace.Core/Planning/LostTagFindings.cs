using Podspace.Findings;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;

namespace Podspace.Planning;

/// <summary>What is ours by the record and not by its tags any more: somebody took them off.</summary>
internal sealed class LostTagFindings(PlanInput input, PlanDraft draft)
{
    public void Report()
    {
        ReportSubnets();
        foreach (var table in input.HasLostTables && !input.IsDestroy ? input.Cloud.RouteTables : [])
        {
            if (
                !table.IsMain
                && HasLostTags(table.Id, table.Tags)
                && table.Associations.Any(one => one.Subnet is not null)
                && table.Associations.All(one => one.Subnet is { } subnet && input.OurSubnets.Contains(subnet))
                && input.Desired.RouteTables is [{ Ref.IsMade: true } wanted, ..]
            )
            {
                draft.Report(
                    new(
                        "PS2318",
                        Severity.Warning,
                        $"{table.Id}",
                        null,
                        $"{table.Id} was ours, somebody changed it: Podspace made it, it carries pod subnets, and its tags are gone. "
                            + $"A new one takes its place, and destroy would leave {table.Id} behind.",
                        LostTags.PutBack(table.Id, ResourceNames.TagsForTable(input.Spec, wanted.Ref.Name))
                    )
                );
            }
        }
        foreach (var group in input.IsDestroy ? [] : input.Cloud.Groups)
        {
            if (
                LostTags.IsOurs(input.Spec, input.Recorded, group)
                && OtherOwner.Of(input.Spec, input.Terraform, group.Id.Text, group.Tags) is null
            )
            {
                draft.Report(
                    new(
                        "PS2318",
                        Severity.Warning,
                        $"{group.Id}",
                        null,
                        $"{group.Id} ({group.Name}) was ours, somebody changed it: its tags are gone. "
                            + "It is used as it is, and destroy would leave it behind.",
                        LostTags.PutBack(group.Id, ResourceNames.TagsForGroup(input.Spec))
                    )
                );
            }
        }
    }

    /// <summary>Subnets that Podspace made, by its record, and whose tags say nothing of it any more.</summary>
    /// <remarks>That an ENIConfig of ours leads there proves nothing: it leads to what was found, too.</remarks>
    private void ReportSubnets()
    {
        var used = input.Desired.Subnets.Where(subnet => !subnet.Ref.IsMade);
        foreach (var subnet in used.Where(subnet => input.Spec.Subnets.Existing.All(one => one.Id != subnet.Ref.Id.Text)))
        {
            var id = subnet.Ref.Id;
            if (input.Cloud.Subnets.FirstOrDefault(one => one.Id == id) is { } seen && HasLostTags(id, seen.Tags))
            {
                draft.Report(
                    new(
                        "PS2318",
                        Severity.Warning,
                        $"{id}",
                        null,
                        $"{id} ({subnet.Cidr}) was ours, somebody changed it: Podspace made it, and its tags are gone. "
                            + "It is used as it is, and destroy would leave it behind.",
                        $"To make it ours again:\n  podspace apply --take-over {id}"
                    )
                );
            }
        }
    }

    /// <summary>Ours by the record, and neither by its tags nor anybody else's by now.</summary>
    private bool HasLostTags(AwsId id, EquatableArray<SeenTag> tags) =>
        input.Recorded.Holds(id) && LostTags.IsUntagged(tags) && OtherOwner.Of(input.Spec, input.Terraform, id.Text, tags) is null;
}
