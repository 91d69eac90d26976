using System.Text.Json.Nodes;
using Podspace.Cni;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>The settings of the CNI where an add-on manages aws-node: keys of its document, which belongs to others as well.</summary>
internal sealed class AddonPlanner(PlanInput input, PlanDraft draft)
{
    /// <summary>Whoever changes something waits for its end; who only looks is told.</summary>
    public void ReportRunningUpdate()
    {
        if (input.Cloud.VpcCni is { Status: "UPDATING" })
        {
            draft.Report(
                new(
                    "PS2307",
                    Severity.Warning,
                    "vpc-cni",
                    null,
                    "An update of add-on vpc-cni is under way: its values may be others when it ends, and this plan another.",
                    $"To see it end:\n  aws eks wait addon-active --cluster-name {input.Spec.Cluster} --addon-name vpc-cni"
                )
            );
        }
    }

    public void Add()
    {
        if (input.Desired.Cni is not { IsAddon: true } cni)
        {
            return;
        }
        var live = Live();
        var before = Live();
        var retired = RetireEnv(before, cni);
        var folded = CniValues.Fold(before, SetByOthers(), AddonSchema.Variables(input.Cloud.VpcCni?.Schema ?? ""));
        var eniConfigs =
            cni.Writer == EniConfigWriter.Addon && !input.Desired.EniConfigs.IsEmpty
                ? input.Desired.EniConfigs
                : (EquatableArray<EniConfig>?)null;
        var needsEniConfigs = eniConfigs is { } wanted && !HoldsEniConfigs(live, wanted);
        var needsEnv = retired || cni.Env.Any(setting => CniValues.Env(live, setting.Name) != setting.Value);
        var note = folded.Count == 0 ? "" : $"; keeps {string.Join(", ", folded)}, set past the add-on";
        if (DriftedEnv(cni) is { Count: > 0 } drifted)
        {
            note += $"; {string.Join(", ", drifted)} was ours, somebody changed it";
        }
        var first = new AddonDocument(
            CniPurpose.EniConfigs,
            before.ToJsonString(),
            input.Cloud.Region,
            eniConfigs,
            [],
            input.OriginalValues
        );
        // Once the switch is on, changed ENIConfigs decide about the very next interface: that is a switch of its own.
        var isOneStep = needsEnv && input.IsSwitchedOn;
        if (needsEniConfigs && !isOneStep)
        {
            draft.Add(
                new Change.SetAddonValues(first with { BringsEniConfigs = true }, input.Spec.Cni.Conflicts),
                input.IsSwitchedOn ? Stage.Switch : Stage.Admit,
                $"tells nodes where pods live{note}",
                input.IsSwitchedOn ? Disruption.NewPods : Disruption.None,
                Makes.PodNetwork
            );
        }
        if (needsEnv)
        {
            var second = first with { Purpose = CniPurpose.Switch, Env = cni.Env, BringsEniConfigs = needsEniConfigs && isOneStep };
            draft.Add(
                new Change.SetAddonValues(second, input.Spec.Cni.Conflicts),
                Stage.Switch,
                $"new interfaces come from the pod subnets{note}",
                CniDisruption.Of(name => CniValues.Env(live, name), cni),
                change =>
                    Makes.PodNetwork(change)
                    || change
                        is Change.SetAddonValues { Document.Purpose: CniPurpose.EniConfigs }
                            or Change.SetSubnetRole
                            or Change.ApplyEniConfig
            );
        }
        if (input.Desired.EniConfigs.IsEmpty)
        {
            RetireEniConfigs(before, cni);
        }
    }

    /// <summary>In an update of its own, after the one that has told every node not to look for them.</summary>
    private void RetireEniConfigs(JsonObject document, CniSettings cni)
    {
        if (input.Inventory.Cluster?.Record?.WrittenValues is { } written && RestoreEniConfig(document, CniValues.Parse(written)))
        {
            var without = new AddonDocument(
                CniPurpose.WithoutEniConfigs,
                document.ToJsonString(),
                input.Cloud.Region,
                null,
                cni.Env,
                input.OriginalValues
            );
            draft.Add(
                new Change.SetAddonValues(without, input.Spec.Cni.Conflicts),
                Stage.Switch,
                "no node looks for them any more",
                Disruption.None,
                change => change is Change.SetAddonValues { Document.Purpose: CniPurpose.EniConfigs or CniPurpose.Switch }
            );
        }
    }

    /// <summary>Settings that we wrote for an earlier design and that this one does not name go back to what they were.</summary>
    private bool RetireEnv(JsonObject document, CniSettings cni)
    {
        if (input.Inventory.Cluster?.Record?.WrittenValues is not { } written)
        {
            return false;
        }
        var kept = cni.Env.Select(setting => setting.Name).ToHashSet();
        return RestoreEnv(document, CniValues.Parse(written), name => !kept.Contains(name));
    }

    private bool HoldsEniConfigs(JsonObject live, EquatableArray<EniConfig> wanted) =>
        wanted.All(one => input.Ids.Subnet(one.Subnet) is not null && one.Groups.All(group => input.Ids.Group(group) is not null))
        && CniValues.Same(live["eniConfig"], CniValues.EniConfigs(wanted, input.Cloud.Region, KnownId));

    private string KnownId(Ref reference) => (input.Ids.Subnet(reference) ?? input.Ids.Group(reference))!.Value.Text;

    /// <summary>Live settings but for those that hold what we wrote for an earlier design, which went through the add-on.</summary>
    private IEnumerable<EnvSetting> SetByOthers()
    {
        var ours = CniValues.Parse(input.Inventory.Cluster?.Record?.WrittenValues ?? "");
        return (input.Inventory.Cluster!.AwsNode?.Env ?? []).Where(setting => CniValues.Env(ours, setting.Name) != setting.Value);
    }

    /// <summary>Settings that we wrote and that say something else now.</summary>
    private IReadOnlyList<string> DriftedEnv(CniSettings cni)
    {
        if (input.Inventory.Cluster?.Record?.WrittenValues is not { } text)
        {
            return [];
        }
        var (written, live) = (CniValues.Parse(text), Live());
        return
        [
            .. cni
                .Env.Where(setting => CniValues.Env(written, setting.Name) == setting.Value)
                .Where(setting => CniValues.Env(live, setting.Name) != setting.Value)
                .Where(setting => !input.WasRefused(setting.Name, setting.Value))
                .Select(setting => setting.Name),
        ];
    }

    /// <summary>The add-on's whole document as it shall be in the end, whatever of it is there
    /// already; null where no managed add-on is ours to tell.</summary>
    public AddonDocument? Document()
    {
        if (input.Desired.Cni is not { IsAddon: true } cni || input.Inventory.Cluster is null)
        {
            return null;
        }
        var before = Live();
        RetireEnv(before, cni);
        if (input.Desired.EniConfigs.IsEmpty)
        {
            RestoreEniConfig(before, CniValues.Parse(input.Inventory.Cluster.Record?.WrittenValues ?? ""));
        }
        CniValues.Fold(before, SetByOthers(), AddonSchema.Variables(input.Cloud.VpcCni?.Schema ?? ""));
        var isWithEniConfigs = cni.Writer == EniConfigWriter.Addon && !input.Desired.EniConfigs.IsEmpty;
        EquatableArray<EniConfig>? eniConfigs = isWithEniConfigs ? input.Desired.EniConfigs : null;
        return new(CniPurpose.Values, before.ToJsonString(), input.Cloud.Region, eniConfigs, cni.Env, input.OriginalValues);
    }

    public void Restore(bool isSwitchOnly)
    {
        if (input.Inventory.Cluster?.Record?.WrittenValues is not { } text || input.Cloud.VpcCni is null)
        {
            return;
        }
        var document = Live();
        var written = CniValues.Parse(text);
        var isChanged = RestoreEnv(document, written, _ => true);
        if (!isSwitchOnly)
        {
            isChanged |= RestoreEniConfig(document, written);
        }
        if (isChanged)
        {
            var purpose = isSwitchOnly ? CniPurpose.SwitchOff : CniPurpose.Restore;
            var restored = new AddonDocument(purpose, document.ToJsonString(), input.Cloud.Region, null, [], input.OriginalValues);
            draft.Add(
                new Change.SetAddonValues(restored, input.Spec.Cni.Conflicts),
                Stage.Switch,
                "new interfaces come from the node subnets again",
                Disruption.NewPods,
                change => change is Change.RestoreSubnetRole
            );
        }
    }

    private bool RestoreEnv(JsonObject document, JsonObject written, Func<string, bool> isMeant)
    {
        if (written["env"] is not JsonObject ours || document["env"] is not JsonObject env)
        {
            return false;
        }
        var original = CniValues.Parse(input.OriginalValues);
        var isChanged = false;
        foreach (var name in ours.Select(pair => pair.Key).Where(isMeant))
        {
            var (live, before) = (CniValues.Env(document, name), CniValues.Env(original, name));
            if (live == before)
            {
                continue;
            }
            if (live != ours[name]!.ToString())
            {
                ReportForeignValue($"env {name}", live ?? "nothing", ours[name]!.ToString());
                continue;
            }
            env.Remove(name);
            if (before is not null)
            {
                env[name] = before;
            }
            isChanged = true;
        }
        if (env.Count == 0 && original["env"] is null)
        {
            document.Remove("env");
        }
        return isChanged;
    }

    private bool RestoreEniConfig(JsonObject document, JsonObject written)
    {
        var original = CniValues.Parse(input.OriginalValues)["eniConfig"];
        if (written["eniConfig"] is not { } ours || CniValues.Same(document["eniConfig"], original))
        {
            return false;
        }
        if (!CniValues.Same(document["eniConfig"], ours))
        {
            ReportForeignValue("eniConfig", document["eniConfig"]?.ToJsonString() ?? "nothing", ours.ToJsonString());
            return false;
        }
        document.Remove("eniConfig");
        if (original is not null)
        {
            document["eniConfig"] = original.DeepClone();
        }
        return true;
    }

    private void ReportForeignValue(string key, string live, string ours) =>
        draft.Report(
            new(
                "PS2303",
                Severity.Warning,
                $"vpc-cni {key}",
                null,
                $"The add-on's {key} holds {live}; Podspace wrote {ours}. Someone changed it since, so it is left as it is.",
                $"To see the document:\n  aws eks describe-addon --cluster-name {input.Spec.Cluster} --addon-name vpc-cni"
            )
        );

    private JsonObject Live() => CniValues.Parse(input.Cloud.VpcCni?.Values ?? "");
}
