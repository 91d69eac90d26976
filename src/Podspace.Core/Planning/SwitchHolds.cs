using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Podspace.Cni;
using Podspace.Model;
using Podspace.Observed;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>What keeps the switch where it is, whatever is done from here.</summary>
/// <param name="Problem">Who holds it.</param>
/// <param name="Fix">What to set there, or the command that lets go of it.</param>
public sealed record SwitchHold(string Problem, string Fix)
{
    public override string ToString() => $"{Problem} {Fix}";
}

/// <summary>Turning the switch off.</summary>
/// <param name="Hold">Set: what is done of <paramref name="Steps"/> from here would not turn it off.</param>
internal sealed record WayBack(EquatableArray<Step> Steps, SwitchHold? Hold);

/// <summary>Whether the switch moves when its steps are done: a rollout knows it before it cordons anything.</summary>
internal sealed class SwitchHolds(PlanInput input)
{
    private const string Switch = CniEnv.CustomNetworking;

    /// <summary>Settings without which pods do not get the addresses that the steps are for.</summary>
    private static readonly FrozenDictionary<string, string> Decisive = new Dictionary<string, string>
    {
        [Switch] = "false",
        [CniEnv.PrefixDelegation] = "false",
        [CniEnv.SubnetDiscovery] = "true",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public EquatableArray<Step> SwitchOff(bool keepsPools) => PlanBuilder.Steps(input, PlanParts.SwitchOff(input, keepsPools));

    public WayBack WayBack(bool keepsPools)
    {
        var steps = SwitchOff(keepsPools);
        return new(steps, LeftToOthers(steps) ?? HoldAfter(steps));
    }

    /// <summary>An update that EKS would refuse, or that would leave the setting as it is: somebody took the field for himself.</summary>
    public SwitchHold? Conflict(EquatableArray<Step> steps) =>
        input.Inventory.Cluster?.AwsNode is { } node
            ? steps
                .Where(step => step.Owner == Owner.Podspace)
                .Select(step => step.Change)
                .OfType<Change.SetAddonValues>()
                .Select(change => Conflict(node, change))
                .FirstOrDefault(hold => hold is not null)
            : null;

    private SwitchHold? LeftToOthers(EquatableArray<Step> steps)
    {
        if (steps.FirstOrDefault(step => step.Owner != Owner.Podspace && Decides(step.Change)) is not { } theirs)
        {
            return null;
        }
        var fix =
            HowToLeave(steps)
            ?? (theirs.Change is Change.SetAddonValues change ? Values(change) : "Have it done there, then run the same command again.");
        var what = $"\"{theirs.Change.Phrase}\" is left to {Owners.Whose(theirs.Owner)}";
        return new($"{what}, so the switch cannot be turned off from here.", fix);
    }

    /// <summary>Null where no other writer keeps the DaemonSet.</summary>
    private string? HowToLeave(EquatableArray<Step> steps) =>
        input.Inventory.Cluster?.AwsNode is { } node && FieldManagers.LiveWriter(node) is not null
            ? steps
                .Select(step => step.Change)
                .OfType<Change.SetAwsNode>()
                .Select(change => AwsNodePlanner.HowToLeave(change.Settings.Changes, input.IsDestroy))
                .FirstOrDefault()
            : null;

    private SwitchHold? HoldAfter(EquatableArray<Step> steps)
    {
        if (input.Inventory.Cluster?.AwsNode is not { } node)
        {
            return null;
        }
        return input.Cloud.VpcCni is null ? HoldOfAwsNode(node, steps) : HoldOfAddon(node, steps);
    }

    private SwitchHold? HoldOfAddon(SeenAwsNode node, EquatableArray<Step> steps)
    {
        var change = steps.Select(step => step.Change).OfType<Change.SetAddonValues>().FirstOrDefault();
        var after = change is null ? CniValues.Parse(input.Cloud.VpcCni?.Values ?? "") : EnvAfter(change);
        if (CniEnv.IsTrue(CniValues.Env(after, Switch)))
        {
            var held = $"{Switch}: {CniValues.Env(after, Switch)}";
            var problem = $"The configuration values of add-on vpc-cni hold {held}, which Podspace did not write, so it leaves it.";
            return new(problem, OffInValues());
        }
        return Conflict(steps) ?? (change is null && CniEnv.IsTrue(node.Setting(Switch)) ? Held(node, Switch) : null);
    }

    private SwitchHold? HoldOfAwsNode(SeenAwsNode node, EquatableArray<Step> steps)
    {
        var changes = steps.Select(step => step.Change).OfType<Change.SetAwsNode>().SelectMany(change => change.Settings.Changes);
        var after = changes
            .Where(change => change.Name == Switch)
            .Select(change => change.Wanted)
            .DefaultIfEmpty(node.Setting(Switch))
            .First();
        if (node.Indirect.Contains(Switch))
        {
            return new($"{Switch} of aws-node takes its value from elsewhere (valueFrom), and nobody here can tell it.", LetGo(Switch));
        }
        if (!CniEnv.IsTrue(after))
        {
            return null;
        }
        return OtherWriter(node) is { } writer
            ? new($"The switch is on, and its settings are left to {writer}.", OffThere(writer))
            : Held(node, Switch);
    }

    private string? OtherWriter(SeenAwsNode node) =>
        FieldManagers.LiveWriter(node) ?? (input.Spec.Owners.Cni == Owner.Podspace ? null : Owners.Whose(input.Spec.Owners.Cni));

    /// <summary>Reports whether pods' addresses hang on it. Other values of ours may stay a while where somebody else keeps them.</summary>
    private bool Decides(Change change) =>
        change switch
        {
            Change.SetAwsNode it => it.Settings.Changes.Any(one => Decisive.ContainsKey(one.Name)),
            Change.SetAddonValues it => Differences(it).Any(one => Decisive.ContainsKey(one.Name)),
            _ => true,
        };

    private List<EnvSetting> Differences(Change.SetAddonValues change)
    {
        var (live, after) = (
            CniValues.Parse(input.Cloud.VpcCni?.Values ?? "")["env"] as JsonObject ?? [],
            EnvAfter(change)["env"] as JsonObject ?? []
        );
        var names = live.Concat(after).Select(pair => pair.Key).Distinct().Order(StringComparer.Ordinal);
        var changed = names.Where(name => live[name]?.ToString() != after[name]?.ToString());
        return [.. changed.Select(name => new EnvSetting(name, after[name]?.ToString() ?? ""))];
    }

    private string Values(Change.SetAddonValues change)
    {
        var after = EnvAfter(change);
        var kept = Differences(change).ToLookup(setting => CniValues.Env(after, setting.Name) is not null);
        var set = string.Concat(kept[true].Select(setting => $"\n    {setting.Name}: \"{setting.Value}\""));
        var unset = string.Join(", ", kept[false].Select(setting => setting.Name));
        var text = $"{(set.Length == 0 ? "" : $"set\n  env:{set}\n")}{(unset.Length == 0 ? "" : $"take out of env: {unset}")}";
        return $"In the add-on's configuration values there, {text.TrimEnd()}\nThen run the same command again.";
    }

    private string OffInValues()
    {
        var owner = input.OwnerOf(new Change.SetAddonValues(new(CniPurpose.SwitchOff, "{}", "", null, [], ""), input.Spec.Cni.Conflicts));
        if (owner != Owner.Podspace)
        {
            return OffThere(Owners.Whose(owner));
        }
        // The document is others' as well and may hold what nobody should read in a log, so it is changed unseen; JSON or YAML.
        var addon = $"--cluster-name {input.Spec.Cluster} --addon-name vpc-cni";
        var off = $$"""sed -E 's/({{Switch}}.? *: *)[^,} ]+/\1"false"/'""";
        return "To turn it off, then run the same command again:\n"
            + $"  values=$(aws eks describe-addon {addon} --query addon.configurationValues --output text) &&\n"
            + $"  aws eks update-addon {addon} --configuration-values \"$(printf '%s\\n' \"$values\" |\n"
            + $"    {off})\"";
    }

    private static string OffThere(string writer) => $"For {writer}: set {Switch} to false there, then run the same command again.";

    /// <summary>The add-on's variables as its values will have them; what names no value keeps the add-on's own.</summary>
    private static JsonObject EnvAfter(Change.SetAddonValues change) =>
        CniValues.Parse((change.Document with { EniConfigs = null }).Compose(_ => ""));

    private static SwitchHold? Conflict(SeenAwsNode node, Change.SetAddonValues change)
    {
        if (change.Conflicts == Conflicts.Overwrite)
        {
            return null;
        }
        var after = EnvAfter(change);
        var foreign = node
            .Holders.GroupBy(holder => holder.Setting)
            .Where(held => held.All(holder => holder.Manager != Eks))
            .Select(held => held.Key);
        // With "preserve" EKS leaves what others set, which matters only where pods' addresses hang on it.
        var stuck = foreign.Where(name => change.Conflicts == Conflicts.Fail || Decisive.ContainsKey(name)).FirstOrDefault(Differs);
        return stuck is null ? null : Held(node, stuck);

        bool Differs(string name) =>
            (CniValues.Env(after, name) ?? Decisive.GetValueOrDefault(name)) is { } wanted && wanted != node.Setting(name);
    }

    private const string Eks = "eks";

    private static SwitchHold Held(SeenAwsNode node, string name)
    {
        var holders = node.Holders.Where(holder => holder.Setting == name && holder.Manager != FieldManagers.Ours);
        var managers = holders.Select(holder => holder.Manager).ToList();
        var named = string.Join(", ", managers.Select(manager => $"\"{manager}\""));
        var by = managers.Count == 0 ? "was not set by Podspace" : $"is held by {named}";
        var problem = $"{name} of aws-node is {node.Setting(name) ?? "not set"} and {by}, so it cannot be changed from here.";
        return new(problem, managers.Find(manager => !FieldManagers.IsPast(manager)) is { } other ? ChangeWith(other) : LetGo(name));
    }

    private static string ChangeWith(string manager) =>
        $"Change it with {manager}, or let go of it there. To see who holds what:\n"
        + "  kubectl -n kube-system get daemonset aws-node -o yaml --show-managed-fields";

    private static string LetGo(string name) =>
        $"To let go of it, then run the same command again:\n  kubectl set env daemonset/aws-node -n kube-system {name}-";
}
