using System.Text.Json.Nodes;
using Podspace.Cni;
using Podspace.Model;
using Podspace.Observed;
using Podspace.Steps;
using Podspace.Steps.Calls;

namespace Podspace.Applying;

/// <summary>Writes settings of a DaemonSet aws-node that no add-on manages: the record first, then just our
/// settings by server-side apply, then it waits until every node has them.</summary>
internal sealed class AwsNodeWriter(ICluster cluster, PreviousValuesWriter record, Waiter waiter)
{
    /// <summary>Its status is written whenever a node comes or goes, and each writing makes a new version of it.</summary>
    private const int Attempts = 5;

    public async Task<Outcome> WriteAsync(Change.SetAwsNode change, StepContext context, CancellationToken cancel)
    {
        var settings = change.Settings;
        if (await record.NoteAsync(data => change.Note(data, context), cancel) is { } unrecorded)
        {
            return Outcome.Refused(unrecorded);
        }
        var outcome = await ApplyAsync(settings, cancel);
        for (var attempt = 1; attempt < Attempts && outcome.Refusal is { Kind: RefusalKind.Conflict, Code: not Changed }; attempt++)
        {
            outcome = await ApplyAsync(settings, cancel);
        }
        // Without an answer nobody knows whether it was done.
        if (outcome.Refusal is { Kind: not RefusalKind.Unavailable })
        {
            await record.NoteRefusedAsync(settings.AsValues(), waiter, cancel);
        }
        if (outcome.Refusal is not null)
        {
            return outcome;
        }
        return await AwsNodeRestart.UntilDoneAsync(cluster, waiter, cancel) is { } refusal ? Outcome.Refused(refusal) : outcome;
    }

    private const string Changed = "SettingsChanged";

    /// <summary>Only onto what the plan saw: what another wrote since is not taken from him unasked.</summary>
    private async Task<Outcome> ApplyAsync(AwsNodeSettings settings, CancellationToken cancel)
    {
        var (live, refusal) = await cluster.GetAsync(ObjectKey.AwsNode, cancel);
        if (refusal is not null)
        {
            return Outcome.Refused(refusal);
        }
        if ((live is null ? $"{ObjectKey.AwsNode} is gone" : Difference(settings, live)) is { } difference)
        {
            return Outcome.Refused(
                new(
                    RefusalKind.Conflict,
                    Changed,
                    $"{difference}: somebody else changes it right now. To go on from what is there, run the same command again."
                )
            );
        }
        var manifest = AwsNodeManifest.Of(settings, live!["metadata"]!["resourceVersion"]!.ToString());
        return await cluster.CallAsync(
            new ClusterCall.Apply(ObjectKey.AwsNode, manifest.ToJsonString(), Force: !settings.TakenFrom.IsEmpty) { IsThere = true },
            cancel
        );
    }

    private static string? Difference(AwsNodeSettings settings, JsonObject live)
    {
        var (env, holders) = (AwsNodeEnv.Settings(live), AwsNodeEnv.Holders(live));
        foreach (var change in settings.Changes)
        {
            var value = env.Where(setting => setting.Name == change.Name).Select(setting => setting.Value).FirstOrDefault();
            if (value != change.Live)
            {
                return $"{change.Name} of aws-node is {value ?? "not set"}, and was {change.Live ?? "not set"} when this run looked";
            }
            if (
                holders
                    .Where(holder => holder.Setting == change.Name && !IsKnown(holder.Manager))
                    .Select(holder => holder.Manager)
                    .FirstOrDefault() is
                { } stranger
            )
            {
                return $"{change.Name} of aws-node is held by {stranger} since this run looked";
            }
        }
        return null;

        bool IsKnown(string manager) => manager == FieldManagers.Ours || settings.TakenFrom.Contains(manager);
    }
}
