using Podspace.Formats;
using Podspace.Nodes;
using Podspace.Operations;

namespace Podspace.Cli.Output;

/// <summary>Where each node stands, as a table.</summary>
internal static class StatusText
{
    public static ResultText Of(OperationResult.RolloutStatus status, Where where, int? width)
    {
        var rows = status.Nodes.Select(one =>
            (string[])
                [
                    one.Node.Name,
                    one.Node.Zone,
                    Word(one.State).PadRight(12),
                    $"{one.Pods, 3} pods{(one.Node.IsCordoned ? "  cordoned" : "")}{(one.Node.IsReady ? "" : "  NotReady")}",
                ]
        );
        var table = status.Nodes.IsEmpty ? "" : TextTable.Render([.. rows], width);
        var there = status.Nodes.Count(one => one.State == NodeState.InOverlay);
        return new(
            $"{there} of {status.Nodes.Count} nodes are in the overlay",
            status.IsWaiting
                ? $"{table}Nodes are cordoned by a rollout. Unless it still runs, go on, or back:{ResultText.OnOrBack(where)}\n"
                : table
        );
    }

    private static string Word(NodeState state) =>
        state switch
        {
            NodeState.InOverlay => "overlay",
            NodeState.Outdated => "outdated",
            NodeState.InNodeSubnet => "node subnet",
            NodeState.Mixed => "mixed",
            NodeState.NoAddresses => "no addresses",
        };
}
