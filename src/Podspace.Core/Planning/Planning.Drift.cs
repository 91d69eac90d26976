using Podspace.Findings;
using Podspace.Model;

namespace Podspace.Planning;

/// <summary>What was as desired once and is not any more: somebody changed it. There is no state file, but there are traces.</summary>
internal sealed partial class Planning
{
    /// <summary>Reports whether stage network was through once: ENIConfigs are written after all of it.</summary>
    private bool IsEstablished => inventory.Cluster?.Record?.WrittenValues is not null || !actual.Ids.EniConfigObjects.IsEmpty;

    private static string Drifted(bool wasSo, string why) => wasSo ? $"was ours, somebody changed it: {why}" : why;

    /// <summary>A rule between things that stood there when the network was made: it was among them.</summary>
    private bool WasThere(GroupRule rule) =>
        IsEstablished && actual.Ids.Group(rule.Group) is not null && (rule.Peer.Group is not { } peer || actual.Ids.Group(peer) is not null)
        && (rule.Peer.Cidr is not { } cidr || cidr.PrefixLength == 0 || cidr == inventory.Cloud.Vpc!.Primary || actual.Ids.ChosenBlocks.Contains(cidr));

    /// <summary>Subnets to which our own ENIConfigs lead and whose tags say nothing of us any more.</summary>
    private void TellOfLostTags()
    {
        var ours = WrittenSubnets().ToHashSet(StringComparer.Ordinal);
        foreach (var subnet in desired.Subnets.Where(subnet => !subnet.Ref.IsMade && ours.Contains(subnet.Ref.Id.Text) && spec.Subnets.Existing.All(one => one.Id != subnet.Ref.Id.Text)))
        {
            var id = subnet.Ref.Id;
            if (inventory.Cloud.Subnets.FirstOrDefault(one => one.Id == id) is { } seen && seen.Tags.All(tag => tag.Key != Tags.Overlay))
            {
                draft.Findings.Add(new(
                    "PS2318", Severity.Warning, $"{id}", null,
                    $"{id} ({subnet.Cidr}) was ours, somebody changed it: our ENIConfig leads to it, and its tags are gone. It is used as it is, and destroy would leave it behind.",
                    $"To make it ours again:\n  podspace apply --take-over {id}"));
            }
        }
    }

    private IEnumerable<string> WrittenSubnets()
    {
        foreach (var config in inventory.Cluster?.EniConfigs ?? [])
        {
            if (config.Overlay == spec.Name)
            {
                yield return config.Subnet;
            }
        }
        if (inventory.Cluster?.Record?.WrittenValues is { } written && CniValues.Parse(written)["eniConfig"]?["subnets"] is System.Text.Json.Nodes.JsonObject subnets)
        {
            foreach (var (_, subnet) in subnets)
            {
                yield return $"{subnet?["id"]}";
            }
        }
    }

    /// <summary>Settings that we wrote and that say something else now.</summary>
    private IReadOnlyList<string> DriftedEnv(Cni cni)
    {
        if (inventory.Cluster?.Record?.WrittenValues is not { } text)
        {
            return [];
        }
        var (written, live) = (CniValues.Parse(text), Live());
        return [.. cni.Env.Where(setting => CniValues.Env(written, setting.Name) == setting.Value && CniValues.Env(live, setting.Name) != setting.Value).Select(setting => setting.Name)];
    }
}
