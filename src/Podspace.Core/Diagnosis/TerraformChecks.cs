using Podspace.Cni;
using Podspace.Findings;

namespace Podspace.Diagnosis;

/// <summary>What a Terraform plan would do to the pod network.</summary>
internal static class TerraformChecks
{
    public static readonly EquatableArray<Check> All =
    [
        new(DoctorCodes.TerraformTakesAway, "Terraform would take away what pods stand on", Severity.Error, [], TakesAway),
        new(DoctorCodes.TerraformOverwrites, "Terraform would switch custom networking off", Severity.Error, [], Overwrites),
        new(DoctorCodes.TerraformNoEgress, "Terraform makes a group that lets nothing out", Severity.Warning, [], NoEgress),
    ];

    private static IEnumerable<Symptom> TakesAway(DoctorInput input)
    {
        var used = input.Cluster.EniConfigs.SelectMany(config => config.Groups.Append(config.Subnet)).ToHashSet();
        var blocks =
            input
                .Cloud.Vpc?.LiveBlocks.Where(block => input.PodSubnets.Any(pair => block.Cidr.Contains(pair.Subnet.Cidr)))
                .Select(block => block.AssociationId)
                .ToHashSet()
            ?? [];
        return from change in input.Terraform?.Changes ?? []
            where change.Destroys && change.Id is { } id && (used.Contains(id) || blocks.Contains(id))
            select new Symptom(
                change.Address,
                $"Terraform would {(change.Actions.Contains("create") ? "replace" : "delete")} {change.Address} "
                    + $"({change.Id}), which ENIConfigs name or pod subnets lie in: nodes could give pods no address any more.",
                change.Actions.Contains("create")
                    ? "See what forces the replacement:\n  terraform plan"
                    : $"Take it out of Terraform's hands instead:\n  terraform state rm '{change.Address}'"
            );
    }

    // Source: amazon-vpc-cni-k8s #2607; terraform-aws-eks sets resolve_conflicts_on_update to OVERWRITE.
    private static IEnumerable<Symptom> Overwrites(DoctorInput input)
    {
        foreach (var change in input.Terraform?.Changes ?? [])
        {
            if (
                change.Type != "aws_eks_addon"
                || change.Text("addon_name") != "vpc-cni"
                || change.Actions.Contains("no-op")
                || change.After is null
                || !input.UsesEniConfigs
            )
            {
                continue;
            }
            var values = AddonValues.Parse(change.Text("configuration_values") ?? "");
            var conflicts = change.Text("resolve_conflicts_on_update");
            if (!CniEnv.IsTrue(values.Setting(CniEnv.CustomNetworking)) && conflicts != "PRESERVE")
            {
                var how = conflicts is null ? "" : $" (resolve_conflicts_on_update = {conflicts})";
                yield return new(
                    change.Address,
                    $"Terraform would write add-on vpc-cni without {CniEnv.CustomNetworking}, "
                        + $"which is true today{how}: "
                        + $"new nodes would give pods addresses of their own subnet again.",
                    "Put the values into its configuration_values:\n  podspace render addon"
                );
            }
        }
    }

    // Terraform takes AWS's default rule away. Source: AWS provider, aws_security_group, "NOTE on Egress rules".
    private static IEnumerable<Symptom> NoEgress(DoctorInput input)
    {
        var changes = input.Terraform?.Changes ?? [];
        var hasRules = changes.Any(change =>
            change.Type is "aws_vpc_security_group_egress_rule"
            || (change.Type == "aws_security_group_rule" && change.Text("type") == "egress")
        );
        return from change in changes
            where
                change.Type == "aws_security_group"
                && change.Actions.Contains("create")
                && change.After is { } after
                && !hasRules
                && (after["egress"] is null || after["egress"] is System.Text.Json.Nodes.JsonArray { Count: 0 })
            select new Symptom(
                change.Address,
                $"Terraform would make {change.Address} without an egress rule, and takes AWS's own "
                    + $"away: what carries only this group reaches nobody.",
                "Add a rule:\n  resource \"aws_vpc_security_group_egress_rule\" \"all\" { ip_protocol = \"-1\", "
                    + "cidr_ipv4 = \"0.0.0.0/0\", … }"
            );
    }
}
