using System.Text.Json.Nodes;
using Podspace.Formats.Yaml;
using Podspace.Simulation.Kubernetes;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

/// <summary>What an update of vpc-cni does in the cluster: variables of DaemonSet
/// kube-system/aws-node, and ENIConfigs where the values ask for them.</summary>
internal sealed class VpcCniRollout(World world, Addon addon, AddonUpdate update)
{
    private const string EniConfigApi = "crd.k8s.amazonaws.com/v1alpha1";
    private const string EniConfigs = "eniconfigs";

    private readonly JsonObject old = Document(addon.ConfigurationValues);
    private readonly JsonObject wanted = Document(update.ConfigurationValues);
    private readonly List<string> conflicts = [];

    /// <summary>Makes the changes; with conflicts that must not be resolved, makes none and answers with them.</summary>
    public IReadOnlyList<UpdateError> Run()
    {
        if (world.Objects.Find("apps/v1", "daemonsets", "kube-system", "aws-node") is not { } live)
        {
            return
            [
                new()
                {
                    ErrorCode = "K8sResourceNotFound",
                    ErrorMessage = "DaemonSet.apps aws-node was not found in namespace kube-system",
                },
            ];
        }
        var changed = live.Clone();
        Variables(live, changed, "containers", "aws-node", Wanted(), Before());
        Variables(
            live,
            changed,
            "initContainers",
            "aws-vpc-cni-init",
            WantedAtStart(),
            Texts(old["init"]?["env"]).Select(pair => pair.Name)
        );
        Images(changed);
        var configs = WantedConfigs().ToList();
        if (conflicts.Count > 0 && update.ResolveConflicts == "NONE")
        {
            // EKS's own words, as issue reports quote them.
            var message =
                $"Conflicts found when trying to apply. Will not continue due to resolve conflicts mode. "
                + $"Conflicts:\n{string.Join('\n', conflicts)}";
            return [new() { ErrorCode = "ConfigurationConflict", ErrorMessage = message }];
        }
        world.Objects.Update("apps/v1", "daemonsets", changed, Managers.Eks);
        Write(configs);
        return [];
    }

    private static JsonObject Document(string? values) =>
        string.IsNullOrWhiteSpace(values) ? [] : YamlJson.Read(values) as JsonObject ?? [];

    private static IEnumerable<(string Name, string Value)> Texts(JsonNode? map) =>
        (map as JsonObject ?? []).Select(entry => (entry.Key, entry.Value!.ToString()));

    private string Version => update.AddonVersion ?? addon.AddonVersion;

    /// <summary>The add-on's own values, overlaid with those of the document.</summary>
    private Dictionary<string, string> Wanted()
    {
        var cluster = world.Eks.DescribeCluster(addon.ClusterName);
        return Overlaid(VpcCniSchema.Defaults(Version, cluster.Name, cluster.ResourcesVpcConfig.VpcId), Texts(wanted["env"]));
    }

    private Dictionary<string, string> WantedAtStart() => Overlaid(VpcCniSchema.InitDefaults(), Texts(wanted["init"]?["env"]));

    private static Dictionary<string, string> Overlaid(
        IEnumerable<(string Name, string Value)> below,
        IEnumerable<(string Name, string Value)> above
    )
    {
        var all = below.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
        foreach (var (name, value) in above)
        {
            all[name] = value;
        }
        return all;
    }

    /// <summary>What the add-on had set by its document or its version and may have to take away.</summary>
    private IEnumerable<string> Before() =>
        VpcCniSchema.Defaults(addon.AddonVersion, "", "").Select(pair => pair.Name).Concat(Texts(old["env"]).Select(pair => pair.Name));

    private void Variables(
        JsonObject live,
        JsonObject changed,
        string list,
        string container,
        Dictionary<string, string> values,
        IEnumerable<string> before
    )
    {
        if (changed.Items("spec", "template", "spec", list).FirstOrDefault(item => item.Text("name") == container) is not { } target)
        {
            return;
        }
        if (target["env"] is not JsonArray env)
        {
            target["env"] = env = [];
        }
        string Field(string name) =>
            $"f:spec\nf:template\nf:spec\nf:{list}\nk:{{\"name\":\"{container}\"}}\nf:env\nk:{{\"name\":\"{name}\"}}\nf:value";
        string Path(string name) =>
            $"DaemonSet.apps aws-node - .spec.template.spec.{list}[name=\"{container}\"].env[name=\"{name}\"].value";
        foreach (var (name, value) in values.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var item = env.OfType<JsonObject>().FirstOrDefault(item => item.Text("name") == name);
            if (item?.Text("value") == value || !MayWrite(live, Field(name), Path(name)))
            {
                continue;
            }
            Set(env, item, name, value);
        }
        foreach (var name in before.Where(name => !values.ContainsKey(name)).Distinct())
        {
            var item = env.OfType<JsonObject>().FirstOrDefault(item => item.Text("name") == name);
            if (item is not null && !IsForeign(live, Field(name)))
            {
                env.Remove(item);
            }
        }
    }

    private static void Set(JsonArray env, JsonObject? item, string name, string value)
    {
        if (item is not null)
        {
            item["value"] = value;
            item.Remove("valueFrom");
            return;
        }
        // In the manifest's order, which is by name; variables from fields stand behind.
        var index = 0;
        while (
            index < env.Count
            && env[index] is JsonObject other
            && other["value"] is not null
            && string.CompareOrdinal(other.Text("name"), name) < 0
        )
        {
            index++;
        }
        env.Insert(index, new JsonObject { ["name"] = name, ["value"] = value });
    }

    private void Images(JsonObject changed)
    {
        if (update.AddonVersion is null || update.AddonVersion == addon.AddonVersion)
        {
            return;
        }
        foreach (var list in (string[])["containers", "initContainers"])
        {
            foreach (var container in changed.Items("spec", "template", "spec", list))
            {
                if (container.Text("image") is { } image && image.EndsWith(':' + addon.AddonVersion, StringComparison.Ordinal))
                {
                    container["image"] = image[..^addon.AddonVersion.Length] + update.AddonVersion;
                }
            }
        }
    }

    /// <summary>Reports whether the add-on may write over what somebody else holds, by the update's way with conflicts.</summary>
    private bool MayWrite(JsonObject live, string field, string path)
    {
        if (!IsForeign(live, field))
        {
            return true;
        }
        conflicts.Add(path);
        return update.ResolveConflicts == "OVERWRITE";
    }

    private static bool IsForeign(JsonObject live, string field)
    {
        var owners = ManagedFields.Read(live).Where(owner => owner.Fields.Contains(field)).Select(owner => owner.Manager).ToList();
        return owners.Count > 0 && !owners.Contains(Managers.Eks);
    }

    private static IEnumerable<(string Zone, JsonObject Subnet)> Configs(JsonObject document) =>
        document["eniConfig"] is JsonObject config && config.Is("create")
            ? (config["subnets"] as JsonObject ?? []).Select(entry => (entry.Key, (JsonObject)entry.Value!))
            : [];

    private IEnumerable<JsonObject> WantedConfigs()
    {
        foreach (var (zone, subnet) in Configs(wanted))
        {
            var spec = new JsonObject { ["subnet"] = subnet["id"]!.DeepClone() };
            if (subnet["securityGroups"] is { } groups)
            {
                spec["securityGroups"] = groups.DeepClone();
            }
            var live = world.Objects.Find(EniConfigApi, EniConfigs, null, zone);
            if (
                live is null
                || (
                    !JsonNode.DeepEquals(live["spec"], spec)
                    && MayWrite(live, "f:spec\nf:subnet", $"ENIConfig.crd.k8s.amazonaws.com {zone} - .spec.subnet")
                )
            )
            {
                var config =
                    live?.Clone()
                    ?? new JsonObject
                    {
                        ["apiVersion"] = EniConfigApi,
                        ["kind"] = "ENIConfig",
                        ["metadata"] = new JsonObject { ["name"] = zone },
                    };
                config["spec"] = spec;
                yield return config;
            }
        }
    }

    private void Write(List<JsonObject> configs)
    {
        foreach (var config in configs)
        {
            if (world.Objects.Find(EniConfigApi, EniConfigs, null, config.Name()) is null)
            {
                world.Objects.Create(EniConfigApi, EniConfigs, config, Managers.Eks);
            }
            else
            {
                world.Objects.Update(EniConfigApi, EniConfigs, config, Managers.Eks);
            }
        }
        foreach (var (zone, _) in Configs(old).Where(before => Configs(wanted).All(now => now.Zone != before.Zone)))
        {
            if (world.Objects.Find(EniConfigApi, EniConfigs, null, zone) is { } live && !IsForeign(live, "f:spec\nf:subnet"))
            {
                world.Objects.Delete(EniConfigApi, EniConfigs, null, zone);
            }
        }
    }
}
