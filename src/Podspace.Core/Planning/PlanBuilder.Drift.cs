using Podspace.Cni;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;

namespace Podspace.Planning;

/// <summary>What was as desired once and is not any more: somebody changed it. There is no state file, but there are traces.</summary>
internal sealed partial class PlanBuilder
{
    /// <summary>Reports whether stage network was through once: ENIConfigs are written after all of it.</summary>
    private bool IsEstablished => inventory.Cluster?.Record?.WrittenValues is not null || !actual.Ids.EniConfigObjects.IsEmpty;

    private static string Drifted(bool wasSo, string why) => wasSo ? $"was ours, somebody changed it: {why}" : why;

    /// <summary>A rule between things that stood there when the network was made: it was among them.</summary>
    private bool WasThere(GroupRule rule) =>
        IsEstablished
        && actual.Ids.Group(rule.Group) is not null
        && (rule.Peer.Group is not { } peer || actual.Ids.Group(peer) is not null)
        && (
            rule.Peer.Cidr is not { } cidr
            || cidr.PrefixLength == 0
            || cidr == inventory.Cloud.Vpc!.Primary
            || actual.Ids.ChosenBlocks.Contains(cidr)
        );

    /// <summary>Not there, though a network that was whole once had it; or there, and leading
    /// elsewhere. Whether it is new in the spec nothing tells.</summary>
    private string WhyRoute(Route route, SeenRouteTable? table) =>
        table?.Routes.Where(one => one.To == route.To && one.Via != "local").Select(one => one.Via).FirstOrDefault() is { } elsewhere
            ? $"leads to {elsewhere}, and the spec asks for {route.Via}"
        : table is not null && IsEstablished ? "is not there (any more), and the spec asks for it"
        : "the spec asks for it";

    /// <summary>Reports whether a network that had a table of ours once has none: it was deleted, or has lost its tags.</summary>
    private bool HasLostTables => recorded.HoldsRouteTable && actual.Ids.RouteTables.Count == 0;

    /// <summary>Ours by the record, and neither by its tags nor anybody else's by now.</summary>
    private bool HasLostTags(AwsId id, EquatableArray<SeenTag> tags) =>
        recorded.Holds(id) && LostTags.IsUntagged(tags) && OtherOwner.Of(spec, terraform, id.Text, tags) is null;

    private void TellOfLostTags()
    {
        TellOfLostSubnets();
        foreach (var table in HasLostTables && !isDestroy ? inventory.Cloud.RouteTables : [])
        {
            if (
                !table.IsMain
                && HasLostTags(table.Id, table.Tags)
                && table.Associations.Any(one => one.Subnet is not null)
                && table.Associations.All(one => one.Subnet is { } subnet && IsOurs(subnet))
                && desired.RouteTables is [{ Ref.IsMade: true } wanted, ..]
            )
            {
                draft.Findings.Add(
                    new(
                        "PS2318",
                        Severity.Warning,
                        $"{table.Id}",
                        null,
                        $"{table.Id} was ours, somebody changed it: Podspace made it, it carries pod subnets, and its tags are gone. "
                            + $"A new one takes its place, and destroy would leave {table.Id} behind.",
                        LostTags.PutBack(table.Id, ResourceNames.TagsForTable(spec, wanted.Ref.Name))
                    )
                );
            }
        }
        foreach (var group in isDestroy ? [] : inventory.Cloud.Groups)
        {
            if (LostTags.IsOurs(spec, recorded, group) && OtherOwner.Of(spec, terraform, group.Id.Text, group.Tags) is null)
            {
                draft.Findings.Add(
                    new(
                        "PS2318",
                        Severity.Warning,
                        $"{group.Id}",
                        null,
                        $"{group.Id} ({group.Name}) was ours, somebody changed it: its tags are gone. "
                            + "It is used as it is, and destroy would leave it behind.",
                        LostTags.PutBack(group.Id, ResourceNames.TagsForGroup(spec))
                    )
                );
            }
        }
    }

    /// <summary>Pods live by the rules of a group that lost its tags: they stay with it.</summary>
    private bool IsOfLostGroup(GroupRule rule) =>
        !rule.Group.IsMade && inventory.Cloud.Groups.Any(group => group.Id == rule.Group.Id && LostTags.IsOurs(spec, recorded, group));

    /// <summary>Subnets that Podspace made, by its record, and whose tags say nothing of it any more.</summary>
    /// <remarks>That an ENIConfig of ours leads there proves nothing: it leads to what was found, too.</remarks>
    private void TellOfLostSubnets()
    {
        var used = desired.Subnets.Where(subnet => !subnet.Ref.IsMade);
        foreach (var subnet in used.Where(subnet => spec.Subnets.Existing.All(one => one.Id != subnet.Ref.Id.Text)))
        {
            var id = subnet.Ref.Id;
            if (inventory.Cloud.Subnets.FirstOrDefault(one => one.Id == id) is { } seen && HasLostTags(id, seen.Tags))
            {
                draft.Findings.Add(
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

    /// <summary>The same of an aws-node that no add-on manages.</summary>
    private string DriftedSettings(IEnumerable<SettingChange> changes)
    {
        var written = RecordOf(RecordKeys.AwsNodeWritten);
        var drifted = changes
            .Where(change => !change.GoesBack)
            .Where(change =>
                written[change.Name] is System.Text.Json.Nodes.JsonArray values && values.LastOrDefault()?.ToString() == change.Wanted
            )
            .Where(change => !WasRefused(change.Name, change.Wanted))
            .Select(change => change.Name)
            .ToList();
        return drifted.Count == 0 ? "" : $"; {string.Join(", ", drifted)} was ours, somebody changed it";
    }

    /// <summary>Settings that we wrote and that say something else now.</summary>
    private IReadOnlyList<string> DriftedEnv(CniSettings cni)
    {
        if (inventory.Cluster?.Record?.WrittenValues is not { } text)
        {
            return [];
        }
        var (written, live) = (CniValues.Parse(text), Live());
        return
        [
            .. cni
                .Env.Where(setting => CniValues.Env(written, setting.Name) == setting.Value)
                .Where(setting => CniValues.Env(live, setting.Name) != setting.Value)
                .Where(setting => !WasRefused(setting.Name, setting.Value))
                .Select(setting => setting.Name),
        ];
    }

    /// <summary>The record notes before it writes: what was refused then never stood there, and nobody changed it.</summary>
    private bool WasRefused(string name, string? value) => value is not null && CniValues.Env(RecordOf(RecordKeys.Refused), name) == value;
}
