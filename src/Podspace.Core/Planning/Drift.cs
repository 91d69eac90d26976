using Podspace.Model;

namespace Podspace.Planning;

/// <summary>What was as desired once and is not any more: somebody changed it. There is no state file, but there are traces.</summary>
internal static class Drift
{
    public static string Text(bool wasSo, string why) => wasSo ? $"was ours, somebody changed it: {why}" : why;

    /// <summary>A rule between things that stood there when the network was made: it was among them.</summary>
    public static bool WasThere(PlanInput input, GroupRule rule) =>
        input.IsEstablished
        && input.Ids.Group(rule.Group) is not null
        && (rule.Peer.Group is not { } peer || input.Ids.Group(peer) is not null)
        && (
            rule.Peer.Cidr is not { } cidr
            || cidr.PrefixLength == 0
            || cidr == input.Cloud.Vpc!.Primary
            || input.Ids.ChosenBlocks.Contains(cidr)
        );
}
