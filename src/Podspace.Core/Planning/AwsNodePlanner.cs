using System.Text.Json.Nodes;
using Podspace.Cni;
using Podspace.Design;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Observed;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>An aws-node that no add-on manages: by whom it was applied decides whether its settings are ours to write.</summary>
internal sealed class AwsNodePlanner(PlanInput input, PlanDraft draft)
{
    public void Add()
    {
        if (input is { Desired.Cni: { IsAddon: false } cni, Inventory.Cluster.AwsNode: { } node })
        {
            SetAwsNode(
                node,
                CniPurpose.Switch,
                cni.Env,
                "new interfaces come from the pod subnets",
                CniDisruption.Of(node.Setting, cni),
                change => Makes.PodNetwork(change) || change is Change.SetSubnetRole or Change.ApplyEniConfig
            );
        }
    }

    public void Restore(bool isSwitchOnly)
    {
        if (input.Inventory.Cluster?.AwsNode is not { } node || input.Cloud.VpcCni is not null)
        {
            return;
        }
        // Who threw the switch turns it off; until then nodes look for ENIConfigs.
        var others =
            FieldManagers.LiveWriter(node) is not null
            && CniEnv.IsTrue(node.Setting(CniEnv.CustomNetworking))
            && !input.Ids.EniConfigObjects.IsEmpty;
        EquatableArray<EnvSetting> wanted = others ? [new(CniEnv.CustomNetworking, "false")] : [];
        var purpose = isSwitchOnly ? CniPurpose.SwitchOff : CniPurpose.Restore;
        SetAwsNode(
            node,
            purpose,
            wanted,
            "new interfaces come from the node subnets again",
            Disruption.NewPods,
            change => change is Change.RestoreSubnetRole
        );
    }

    private void SetAwsNode(
        SeenAwsNode node,
        CniPurpose purpose,
        EquatableArray<EnvSetting> wanted,
        string why,
        Disruption disruption,
        Func<Change, bool> after
    )
    {
        var (changes, kept, before) = Differences(node, wanted);
        if (changes.Count == 0)
        {
            return;
        }
        var writer = FieldManagers.LiveWriter(node);
        var holders = node
            .Holders.Where(holder => holder.Manager != FieldManagers.Ours && changes.Exists(change => change.Name == holder.Setting))
            .ToList();
        var takenFrom = holders.Select(holder => holder.Manager).Distinct().Order(StringComparer.Ordinal).ToEquatable();
        var change = new Change.SetAwsNode(new(purpose, changes.ToEquatable(), kept, before, takenFrom));
        if (writer is not null)
        {
            draft.Report(
                new(
                    DesignCodes.LiveWriter,
                    Severity.Warning,
                    "aws-node",
                    null,
                    $"{writer} writes the DaemonSet aws-node and would put back what is changed here, so it is not fought.",
                    HowToLeave(change.Settings.Changes, input.IsDestroy)
                )
            );
            draft.AddFor(
                input.Spec.Owners.Cni == Owner.Podspace ? Owner.Git : input.Spec.Owners.Cni,
                change,
                Stage.Switch,
                why,
                disruption,
                after
            );
            return;
        }
        foreach (var stranger in changes.SelectMany(one => Strangers(node, one.Name)))
        {
            draft.Report(HeldBy(stranger, changes.Find(one => one.Name == stranger.Setting)));
        }
        foreach (var name in changes.Select(one => one.Name).Where(node.Indirect.Contains))
        {
            draft.Report(
                new(
                    "PS2310",
                    Severity.Error,
                    $"aws-node {name}",
                    null,
                    $"{name} of aws-node takes its value from elsewhere (valueFrom), and no other can be written beside that.",
                    $"Set it there, or take the entry out:\n  kubectl -n kube-system set env daemonset/aws-node -c aws-node {name}-"
                )
            );
        }
        draft.Add(change, Stage.Switch, $"{why}{DriftedSettings(changes)}", disruption, after);
    }

    /// <summary>What is wanted, and back to its former value what was wanted once: only if it still holds what we wrote.</summary>
    private (List<SettingChange> Changes, EquatableArray<EnvSetting> Kept, string Before) Differences(
        SeenAwsNode node,
        EquatableArray<EnvSetting> wanted
    )
    {
        var (before, written) = (RecordOf(RecordKeys.AwsNodeBefore), RecordOf(RecordKeys.AwsNodeWritten));
        var (changes, kept) = (new List<SettingChange>(), new List<EnvSetting>());
        foreach (
            var name in wanted
                .Select(setting => setting.Name)
                .Concat(written.Select(pair => pair.Key))
                .Distinct()
                .Order(StringComparer.Ordinal)
                .ToList()
        )
        {
            var live = node.Setting(name);
            var isWanted = wanted.Any(setting => setting.Name == name);
            var value = isWanted ? wanted.First(setting => setting.Name == name).Value : before[name]?.ToString();
            if (live == value)
            {
                kept.AddRange(written.ContainsKey(name) && value is not null ? [new EnvSetting(name, value)] : []);
            }
            else if (isWanted || (AwsNodeSettings.IsOurs(written, name, live) && !Strangers(node, name).Any()))
            {
                changes.Add(new(name, live, value, !isWanted));
                before.TryAdd(name, live);
            }
            else
            {
                draft.Report(ChangedSince(name, live, (written[name] as JsonArray)?.LastOrDefault()?.ToString()));
            }
        }
        return (changes, kept.ToEquatable(), before.ToJsonString());
    }

    /// <summary>Names the settings that we wrote and that say something else now.</summary>
    private string DriftedSettings(IEnumerable<SettingChange> changes)
    {
        var written = RecordOf(RecordKeys.AwsNodeWritten);
        var drifted = changes
            .Where(change => !change.GoesBack)
            .Where(change => written[change.Name] is JsonArray values && values.LastOrDefault()?.ToString() == change.Wanted)
            .Where(change => !input.WasRefused(change.Name, change.Wanted))
            .Select(change => change.Name)
            .ToList();
        return drifted.Count == 0 ? "" : $"; {string.Join(", ", drifted)} was ours, somebody changed it";
    }

    private static IEnumerable<SettingHolder> Strangers(SeenAwsNode node, string setting) =>
        node.Holders.Where(holder =>
            holder.Setting == setting && holder.Manager != FieldManagers.Ours && !FieldManagers.IsPast(holder.Manager)
        );

    private JsonObject RecordOf(string key) => AwsNodeSettings.Parse(input.Inventory.Cluster?.Record?.Entry(key));

    /// <summary>What to do where another writer keeps the DaemonSet.</summary>
    public static string HowToLeave(IReadOnlyCollection<SettingChange> changes, bool isDestroy)
    {
        var set = changes.Where(change => change.Wanted is not null).Select(change => $"\n    {change.Name}: \"{change.Wanted}\"");
        var unset = changes.Where(change => change.Wanted is null).Select(change => change.Name).ToList();
        return "Set this there (values of the chart aws-vpc-cni; in a plain manifest, env of container aws-node), then "
            + $"run the same command again:\n  env:{string.Concat(set)}"
            + (unset.Count == 0 ? "" : $"\nand take out: {string.Join(", ", unset)}")
            + (isDestroy ? "\nand put back what else was set there for the overlay, ENABLE_PREFIX_DELEGATION before all" : "");
    }

    private static Finding HeldBy(SettingHolder holder, SettingChange change) =>
        new(
            "PS2309",
            Severity.Error,
            $"aws-node {holder.Setting}",
            null,
            $"{holder.Setting} of aws-node is {change.Live ?? "not set"} and held by the field manager \"{holder.Manager}\", "
                + $"which may put it back; {(change.Wanted is null ? "it would be taken out" : $"{change.Wanted} is needed")}.",
            $"Change it with {holder.Manager}, or let go of it there. To see who holds what:\n "
                + $" kubectl -n kube-system get daemonset aws-node -o yaml --show-managed-fields"
        );

    private static Finding ChangedSince(string name, string? live, string? ours) =>
        new(
            "PS2303",
            Severity.Warning,
            $"aws-node {name}",
            null,
            $"{name} of aws-node is {live ?? "not set"}; Podspace wrote {ours ?? "nothing"}. "
                + $"Someone changed it since, so it is left as it is.",
            "To see it:\n  kubectl -n kube-system get daemonset aws-node -o yaml"
        );
}
