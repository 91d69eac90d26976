using System.Text.Json;
using System.Text.Json.Nodes;
using Podspace.Cni;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Nodes;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>ENIConfigs first, then the switch: a node that boots between the two must find its ENIConfig, or it stays NotReady.</summary>
internal sealed partial class PlanBuilder
{
    private void PlanCni()
    {
        if (inventory.Cluster is null)
        {
            return;
        }
        TellOfAnUpdate();
        if (isDestroy)
        {
            RestoreRoles();
            RestoreCni(isSwitchOnly: false);
            RemoveEniConfigs();
            return;
        }
        PlanRoles();
        if (desired.Cni is not { } cni)
        {
            return;
        }
        foreach (var group in desired.EniConfigs.SelectMany(eniConfig => eniConfig.Groups))
        {
            Use("group", group);
        }
        if (cni.Writer == EniConfigWriter.Objects)
        {
            PlanEniConfigObjects();
        }
        if (cni.IsAddon)
        {
            PlanValues(cni);
        }
        else
        {
            PlanAwsNode(cni);
        }
        RemoveEniConfigs();
        RestoreRoles();
        TellOfOldNodes(cni);
        if (draft.Has(step => step.Change.ThrowsSwitch))
        {
            draft.Findings.AddRange(LaunchPaths.Findings(desired, inventory, States));
        }
    }

    /// <summary>Whoever changes something waits for its end; who only looks is told.</summary>
    private void TellOfAnUpdate()
    {
        if (inventory.Cloud.VpcCni is { Status: "UPDATING" })
        {
            draft.Findings.Add(
                new(
                    "PS2307",
                    Severity.Warning,
                    "vpc-cni",
                    null,
                    "An update of add-on vpc-cni is under way: its values may be others when it ends, and this plan another.",
                    $"To see it end:\n  aws eks wait addon-active --cluster-name {spec.Cluster} --addon-name vpc-cni"
                )
            );
        }
    }

    private bool IsSwitchedOn => Planner.IsSwitchedOn(inventory) || CniEnv.IsTrue(CniValues.Env(Live(), CniEnv.CustomNetworking));

    /// <summary>Once the switch is on, a changed ENIConfig decides about the very next interface: that is a switch of its own.</summary>
    private Stage EniConfigStage => IsSwitchedOn ? Stage.Switch : Stage.Admit;

    private Disruption EniConfigDisturbs => IsSwitchedOn ? Disruption.NewPods : Disruption.None;

    private JsonObject Live() => CniValues.Parse(inventory.Cloud.VpcCni?.Values ?? "");

    private string Original => inventory.Cluster?.Record?.AddonValues ?? inventory.Cloud.VpcCni?.Values ?? "";

    private void PlanEniConfigObjects()
    {
        foreach (var eniConfig in desired.EniConfigs)
        {
            var seen = inventory.Cluster!.EniConfigs.FirstOrDefault(one => one.Name == eniConfig.Zone);
            if (seen is not null && IsAsDesired(seen, eniConfig))
            {
                if (seen.Overlay != spec.Name)
                {
                    draft.Uses.Add($"eniconfig {seen.Name}");
                }
            }
            else
            {
                TellOfItsWriter(seen, new Change.ApplyEniConfig(eniConfig));
                draft.Add(
                    new Change.ApplyEniConfig(eniConfig),
                    EniConfigStage,
                    eniConfig.IsOfZone
                        ? $"tells nodes in {eniConfig.Zone} where pods live"
                        : "for nodes that ask for this subnet by label or annotation",
                    eniConfig.IsOfZone ? EniConfigDisturbs : Disruption.None,
                    NetworkIds()
                );
            }
        }
    }

    /// <summary>Somebody's own is not written over, whatever the spec says: its writer would put it back, or miss it.</summary>
    private void TellOfItsWriter(SeenEniConfig? seen, Change.ApplyEniConfig change)
    {
        if (seen is null || spec.Owners.Cni != Owner.Podspace || owners.Of(change) == Owner.Podspace)
        {
            return;
        }
        draft.Findings.Add(
            new(
                "PS2302",
                Severity.Warning,
                $"eniconfig/{seen.Name}",
                null,
                $"ENIConfig {seen.Name} points at {seen.Subnet} and is written "
                    + $"by {string.Join(", ", seen.Managers)}, not by Podspace: changing it is left to them.",
                $"Change it there as the patch says; or, where nobody keeps it any more, delete it and plan "
                    + $"again:\n  kubectl delete eniconfig {seen.Name}"
            )
        );
    }

    private bool IsAsDesired(SeenEniConfig seen, EniConfig eniConfig) =>
        actual.Ids.Subnet(eniConfig.Subnet)?.Text == seen.Subnet
        && eniConfig.Groups.Select(group => actual.Ids.Group(group)?.Text).Order().SequenceEqual(seen.Groups.Order());

    private void PlanValues(CniSettings cni)
    {
        var live = Live();
        var before = Live();
        var retired = RetireEnv(before, cni);
        var folded = CniValues.Fold(before, SetByOthers(), Settable());
        var eniConfigs =
            cni.Writer == EniConfigWriter.Addon && !desired.EniConfigs.IsEmpty ? desired.EniConfigs : (EquatableArray<EniConfig>?)null;
        var needsEniConfigs = eniConfigs is { } wanted && !HoldsEniConfigs(live, wanted);
        var needsEnv = retired || cni.Env.Any(setting => CniValues.Env(live, setting.Name) != setting.Value);
        var note = folded.Count == 0 ? "" : $"; keeps {string.Join(", ", folded)}, set past the add-on";
        if (DriftedEnv(cni) is { Count: > 0 } drifted)
        {
            note += $"; {string.Join(", ", drifted)} was ours, somebody changed it";
        }
        var first = new AddonDocument(CniPurpose.EniConfigs, before.ToJsonString(), inventory.Cloud.Region, eniConfigs, [], Original);
        var isOneStep = needsEnv && EniConfigStage == Stage.Switch;
        if (needsEniConfigs && !isOneStep)
        {
            draft.Add(
                new Change.SetAddonValues(first with { BringsEniConfigs = true }, spec.Cni.Conflicts),
                EniConfigStage,
                $"tells nodes where pods live{note}",
                EniConfigDisturbs,
                NetworkIds()
            );
        }
        if (needsEnv)
        {
            var second = first with { Purpose = CniPurpose.Switch, Env = cni.Env, BringsEniConfigs = needsEniConfigs && isOneStep };
            draft.Add(
                new Change.SetAddonValues(second, spec.Cni.Conflicts),
                Stage.Switch,
                $"new interfaces come from the pod subnets{note}",
                EnvDisturbs(name => CniValues.Env(live, name), cni),
                [
                    .. NetworkIds(),
                    .. draft.Ids(step => step.Change is Change.SetAddonValues or Change.SetSubnetRole or Change.ApplyEniConfig),
                ]
            );
        }
        if (desired.EniConfigs.IsEmpty)
        {
            RetireEniConfigs(before, cni);
        }
    }

    /// <summary>In an update of its own, after the one that has told every node not to look for them.</summary>
    private void RetireEniConfigs(JsonObject document, CniSettings cni)
    {
        if (inventory.Cluster?.Record?.WrittenValues is { } written && RestoreEniConfig(document, CniValues.Parse(written)))
        {
            var without = new AddonDocument(
                CniPurpose.WithoutEniConfigs,
                document.ToJsonString(),
                inventory.Cloud.Region,
                null,
                cni.Env,
                Original
            );
            draft.Add(
                new Change.SetAddonValues(without, spec.Cni.Conflicts),
                Stage.Switch,
                "no node looks for them any more",
                Disruption.None,
                draft.Ids(step => step.Change is Change.SetAddonValues)
            );
        }
    }

    private bool HoldsEniConfigs(JsonObject live, EquatableArray<EniConfig> wanted) =>
        wanted.All(one => actual.Ids.Subnet(one.Subnet) is not null && one.Groups.All(group => actual.Ids.Group(group) is not null))
        && CniValues.Same(live["eniConfig"], CniValues.EniConfigs(wanted, inventory.Cloud.Region, KnownId));

    private string KnownId(Ref reference) => (actual.Ids.Subnet(reference) ?? actual.Ids.Group(reference))!.Value.Text;

    /// <summary>Live settings but for those that hold what we wrote for an earlier design, which went through the add-on.</summary>
    private IEnumerable<EnvSetting> SetByOthers()
    {
        var ours = CniValues.Parse(inventory.Cluster?.Record?.WrittenValues ?? "");
        return (inventory.Cluster!.AwsNode?.Env ?? []).Where(setting => CniValues.Env(ours, setting.Name) != setting.Value);
    }

    /// <summary>Settings that we wrote for an earlier design and that this one does not name go back to what they were.</summary>
    private bool RetireEnv(JsonObject document, CniSettings cni)
    {
        if (inventory.Cluster?.Record?.WrittenValues is not { } written)
        {
            return false;
        }
        var kept = cni.Env.Select(setting => setting.Name).ToHashSet();
        return RestoreEnv(document, CniValues.Parse(written), name => !kept.Contains(name));
    }

    /// <summary>A change of whose address leaves the VPC cuts connections that are open; all else touches only pods to come.</summary>
    private static Disruption EnvDisturbs(Func<string, string?> live, CniSettings cni) =>
        cni.Env.Any(setting => setting.Name is CniEnv.ExternalSnat or CniEnv.ExcludedFromSnat && live(setting.Name) != setting.Value)
            ? Disruption.RunningPods
            : Disruption.NewPods;

    /// <summary>Names that this version of the add-on takes; where its schema is unseen, or
    /// none, just those its document already holds.</summary>
    private HashSet<string> Settable() =>
        FindEnv(Parsed(inventory.Cloud.VpcCni?.Schema ?? "")) is { } env && Below(env, "properties") is { } names
            ? [.. names.Select(pair => pair.Key)]
            : [];

    private static JsonObject? Parsed(string schema)
    {
        try
        {
            return schema.Length == 0 ? null : JsonNode.Parse(schema) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonObject? FindEnv(JsonObject? schema) =>
        Below(schema, "definitions", "Env")
        ?? Below(schema, "definitions", "VpcCni", "properties", "env")
        ?? Below(schema, "properties", "env");

    private static JsonObject? Below(JsonObject? from, params string[] path) => path.Aggregate(from, (at, name) => at?[name] as JsonObject);

    private IEnumerable<string> NetworkIds() =>
        draft
            .Ids(step =>
                step.Change
                    is Change.CreateSubnet
                        or Change.Reserve
                        or Change.AssociateTable
                        or Change.AssociateAcl
                        or Change.CreateGroup
                        or Change.AddRule
                        or Change.TagRule
            )
            .ToList();

    /// <summary>Old nodes are never part of a plan: replacing them is <c>rollout</c>'s. But what becomes of them is said.</summary>
    private void TellOfOldNodes(CniSettings cni)
    {
        var old = inventory.Cluster!.Nodes.Count(node => !node.IsAuto && States.Concerns(node) && States.Of(node) != NodeState.InOverlay);
        if (old == 0)
        {
            return;
        }
        var all = inventory.Cluster.Nodes.Count(node => node.RunsAwsNode);
        var hasPrefixes = cni.Env.Any(setting => setting is { Name: CniEnv.PrefixDelegation, Value: "true" });
        draft.Findings.Add(
            draft.Has(step => step.Change.ThrowsSwitch)
                ? new(
                    "PS2304",
                    Severity.Warning,
                    "nodes",
                    null,
                    $"Once the switch is thrown, the {old} nodes that run "
                        + $"now keep their addresses and take further ones from the pod "
                        + $"subnets"
                        + $"{(hasPrefixes ? ", or start no new pods at all, because they have no whole /28 to take prefixes from" : "")}.",
                    spec.Owners.Nodes == Owner.Podspace
                        ? "Leave no time between: podspace rollout start cordons them, throws the switch and replaces them."
                        : HowToReplace()
                )
                : new(
                    "PS2305",
                    Severity.Warning,
                    "nodes",
                    null,
                    $"{old} of {all} nodes are older than the setting: "
                        + $"they still give pods other addresses, or other groups, or take more pods than they have addresses for.",
                    HowToReplace()
                )
        );
    }

    private string HowToReplace() =>
        spec.Owners.Nodes == Owner.Podspace
            ? "Replace them:\n  podspace rollout start"
            : $"Replacing them is left to {Owners.Whose(spec.Owners.Nodes)} ('spec.owners.nodes'). "
                + $"Node groups: {string.Join(", ", inventory.Cloud.Nodegroups.Select(group => group.Name))}; "
                + $"a new version of the launch template or the AMI rolls a group.";

    private void RemoveEniConfigs()
    {
        foreach (
            var seen in inventory.Cluster!.EniConfigs.Where(seen =>
                seen.Overlay == spec.Name && desired.EniConfigs.All(wanted => wanted.Zone != seen.Name)
            )
        )
        {
            draft.Add(
                new Change.DeleteEniConfig(seen.Name),
                Stage.Switch,
                "made by Podspace and no longer wanted",
                Disruption.None,
                draft.Ids(step => step.Change is Change.SetAddonValues or Change.SetAwsNode or Change.ApplyEniConfig).ToList()
            );
        }
    }
}
