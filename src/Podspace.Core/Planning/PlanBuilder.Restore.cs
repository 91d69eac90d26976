using System.Text.Json.Nodes;
using Podspace.Cni;
using Podspace.Findings;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>Previous values back in their place: a key only if it still holds what we wrote.</summary>
internal sealed partial class PlanBuilder
{
    public EquatableArray<Step> SwitchOff(bool keepsPools)
    {
        RestoreRoles();
        RestoreCni(isSwitchOnly: true);
        if (inventory.Cluster is not null)
        {
            RemoveNodePools(isSwitchOnly: true, keeps: keepsPools);
        }
        return draft.Steps();
    }

    /// <summary>Pod subnets are offered to nobody any more before the settings go with which their addresses are taken.</summary>
    private IEnumerable<string> Roles() => draft.Ids(step => step.Change is Change.RestoreSubnetRole);

    private void RestoreCni(bool isSwitchOnly)
    {
        RestoreValues(isSwitchOnly);
        RestoreAwsNode(isSwitchOnly);
    }

    private void RestoreValues(bool isSwitchOnly)
    {
        if (inventory.Cluster?.Record?.WrittenValues is not { } text || inventory.Cloud.VpcCni is null)
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
            var restored = new AddonDocument(purpose, document.ToJsonString(), inventory.Cloud.Region, null, [], Original);
            draft.Add(
                new Change.SetAddonValues(restored, spec.Cni.Conflicts),
                Stage.Switch,
                "new interfaces come from the node subnets again",
                Disruption.NewPods,
                Roles()
            );
        }
    }

    private bool RestoreEnv(JsonObject document, JsonObject written, Func<string, bool> isMeant)
    {
        if (written["env"] is not JsonObject ours || document["env"] is not JsonObject env)
        {
            return false;
        }
        var original = CniValues.Parse(Original);
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
                SaidOtherwise($"env {name}", live ?? "nothing", ours[name]!.ToString());
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
        var original = CniValues.Parse(Original)["eniConfig"];
        if (written["eniConfig"] is not { } ours || CniValues.Same(document["eniConfig"], original))
        {
            return false;
        }
        if (!CniValues.Same(document["eniConfig"], ours))
        {
            SaidOtherwise("eniConfig", document["eniConfig"]?.ToJsonString() ?? "nothing", ours.ToJsonString());
            return false;
        }
        document.Remove("eniConfig");
        if (original is not null)
        {
            document["eniConfig"] = original.DeepClone();
        }
        return true;
    }

    private void SaidOtherwise(string key, string live, string ours) =>
        draft.Findings.Add(
            new(
                "PS2303",
                Severity.Warning,
                $"vpc-cni {key}",
                null,
                $"The add-on's {key} holds {live}; Podspace wrote {ours}. Someone changed it since, so it is left as it is.",
                $"To see the document:\n  aws eks describe-addon --cluster-name {spec.Cluster} --addon-name vpc-cni"
            )
        );
}
