using System.Text.Json.Nodes;

namespace Podspace.Simulation.Kubernetes;

/// <summary>What the schemas of EKS Auto Mode's NodeClass and of Karpenter's NodePool fill in and refuse.</summary>
/// <remarks>Sources: the CRDs nodeclasses.eks.amazonaws.com (2025) and karpenter.sh_nodepools (v1); EKS User Guide, "Create a Node
/// Class". Words of messages are as such schemas say them, not copied: UNCONFIRMED.</remarks>
internal static class AutoModeAdmission
{
    private const int MostTerms = 30;
    private const int MostRoleLetters = 64;
    private const int MostWeight = 100;

    public static void Default(JsonObject manifest)
    {
        if (manifest.Kind() is "NodeClass")
        {
            ApiRules.Missing(manifest, "Random", "spec", "snatPolicy");
            ApiRules.Missing(manifest, "DefaultAllow", "spec", "networkPolicy");
            ApiRules.Missing(manifest, "Disabled", "spec", "networkPolicyEventLogs");
            ApiRules.Missing(
                manifest,
                new JsonObject
                {
                    ["size"] = "80Gi",
                    ["iops"] = 3000,
                    ["throughput"] = 125,
                },
                "spec",
                "ephemeralStorage"
            );
            return;
        }
        ApiRules.Missing(manifest, "WhenEmptyOrUnderutilized", "spec", "disruption", "consolidationPolicy");
        ApiRules.Missing(manifest, "0s", "spec", "disruption", "consolidateAfter");
        ApiRules.Missing(manifest, new JsonArray(new JsonObject { ["nodes"] = "10%" }), "spec", "disruption", "budgets");
        ApiRules.Missing(manifest, "720h", "spec", "template", "spec", "expireAfter");
    }

    public static void Validate(JsonObject? live, JsonObject next, List<RefusalCause> faults)
    {
        switch (next.Kind())
        {
            case "NodeClass":
                ValidateClass(live, next, faults);
                break;
            case "NodePool":
                ValidatePool(next, faults);
                break;
        }
    }

    private static void ValidateClass(JsonObject? live, JsonObject next, List<RefusalCause> faults)
    {
        var (role, profile) = (next.Text("spec", "role") ?? "", next.Text("spec", "instanceProfile") ?? "");
        if ((role.Length == 0) == (profile.Length == 0))
        {
            faults.Add(Invalid("must specify exactly one of ['role', 'instanceProfile']", "spec"));
        }
        if (role.Length > MostRoleLetters)
        {
            faults.Add(new("FieldValueTooLong", $"Too long: may not be more than {MostRoleLetters} bytes", "spec.role"));
        }
        if (live?.Text("spec", "role") is { } before && before != role)
        {
            faults.Add(Invalid("role is immutable", "spec.role"));
        }
        Terms(next, "subnetSelectorTerms", isNeeded: true, faults);
        Terms(next, "securityGroupSelectorTerms", isNeeded: true, faults);
        Terms(next, "podSubnetSelectorTerms", isNeeded: false, faults);
        Terms(next, "podSecurityGroupSelectorTerms", isNeeded: false, faults);
        if ((next.At("spec", "podSubnetSelectorTerms") is null) != (next.At("spec", "podSecurityGroupSelectorTerms") is null))
        {
            faults.Add(Invalid("podSubnetSelectorTerms and podSecurityGroupSelectorTerms must be specified together", "spec"));
        }
        OneOf(next, ["Random", "Disabled"], faults, "snatPolicy");
        OneOf(next, ["DefaultAllow", "DefaultDeny"], faults, "networkPolicy");
        OneOf(next, ["Auto", "32"], faults, "advancedNetworking", "ipv4PrefixSize");
    }

    private static void Terms(JsonObject next, string name, bool isNeeded, List<RefusalCause> faults)
    {
        if (next.At("spec", name) is not JsonArray terms)
        {
            if (isNeeded)
            {
                faults.Add(new("FieldValueRequired", "Required value", $"spec.{name}"));
            }
            return;
        }
        if (terms.Count is 0 or > MostTerms)
        {
            faults.Add(Invalid($"must have 1 to {MostTerms} items", $"spec.{name}"));
        }
        for (var i = 0; i < terms.Count; i++)
        {
            var keys = (terms[i] as JsonObject)?.Select(entry => entry.Key).ToList() ?? [];
            if (keys.Count == 0)
            {
                faults.Add(Invalid("expected at least one of ['tags', 'id', 'name']", $"spec.{name}[{i}]"));
            }
            else if (keys.Count > 1 && (keys.Contains("id") || keys.Contains("name")))
            {
                faults.Add(Invalid("'id' and 'name' are mutually exclusive with other fields", $"spec.{name}[{i}]"));
            }
        }
    }

    private static void OneOf(JsonObject next, string[] values, List<RefusalCause> faults, params string[] path)
    {
        if (next.At("spec").Text(path) is { } value && !values.Contains(value))
        {
            faults.Add(
                new(
                    "FieldValueNotSupported",
                    $"Unsupported value: \"{value}\": supported values: {string.Join(", ", values.Select(one => $"\"{one}\""))}",
                    $"spec.{string.Join('.', path)}"
                )
            );
        }
    }

    private static void ValidatePool(JsonObject next, List<RefusalCause> faults)
    {
        var reference = next.At("spec", "template", "spec", "nodeClassRef");
        foreach (var key in (string[])["group", "kind", "name"])
        {
            if (string.IsNullOrEmpty(reference.Text(key)))
            {
                faults.Add(new("FieldValueRequired", "Required value", $"spec.template.spec.nodeClassRef.{key}"));
            }
        }
        if (next.At("spec", "template", "spec", "requirements") is not JsonArray)
        {
            faults.Add(new("FieldValueRequired", "Required value", "spec.template.spec.requirements"));
        }
        if (next.At("spec", "weight") is not null && next.Number("spec", "weight") is not (>= 1 and <= MostWeight))
        {
            faults.Add(Invalid($"spec.weight in body should be between 1 and {MostWeight}", "spec.weight"));
        }
    }

    private static RefusalCause Invalid(string message, string field) => new("FieldValueInvalid", $"Invalid value: {message}", field);
}
