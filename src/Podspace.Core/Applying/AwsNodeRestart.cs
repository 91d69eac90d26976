using System.Text.Json.Nodes;
using Podspace.Model;

namespace Podspace.Applying;

/// <summary>After a change of its settings aws-node restarts on one node after the other.</summary>
internal static class AwsNodeRestart
{
    /// <returns>Null once every node runs it with the newest settings.</returns>
    public static Task<Refusal?> UntilDoneAsync(ICluster cluster, Waiter waiter, CancellationToken cancel) =>
        waiter.UntilAsync(
            async () =>
            {
                var (daemonSet, refused) = await cluster.GetAsync(ObjectKey.AwsNode, cancel);
                if (refused is not null)
                {
                    return new Progress.Failed(refused);
                }
                return daemonSet is null || IsDone(daemonSet)
                    ? new Progress.Reached()
                    : new Progress.Pending("aws-node is being restarted on the nodes");
            },
            "DaemonSet kube-system/aws-node",
            cancel
        );

    private static bool IsDone(JsonObject daemonSet)
    {
        var status = daemonSet["status"];
        int Number(string name) => status?[name]?.GetValue<int>() ?? 0;
        var generation = daemonSet["metadata"]?["generation"]?.GetValue<long>() ?? 0;
        var observed = status?["observedGeneration"]?.GetValue<long>() ?? 0;
        return observed >= generation && Number("updatedNumberScheduled") >= Number("desiredNumberScheduled");
    }
}
