using Podspace.Diagnosis;
using static Podspace.Tests.Diagnosis.HealthyWorld;

namespace Podspace.Tests.Diagnosis;

/// <summary>Plans of Terraform that would undo it: PS32xx.</summary>
internal static class SickTerraform
{
    public static readonly Dictionary<string, (string Object, DoctorInput Patient)> All = new()
    {
        ["PS3201"] = (
            "aws_subnet.pods",
            Of(Healthy, Terraform("aws_subnet", "aws_subnet.pods", "\"delete\", \"create\"", "{\"id\": \"subnet-pods-b\"}", "{}"))
        ),
        ["PS3202"] = (
            "aws_eks_addon.cni",
            Of(
                Healthy,
                Terraform(
                    "aws_eks_addon",
                    "aws_eks_addon.cni",
                    "\"update\"",
                    "{\"id\": \"prod:vpc-cni\"}",
                    "{\"addon_name\": \"vpc-cni\", \"resolve_conflicts_on_update\": \"OVERWRITE\"}"
                )
            )
        ),
        ["PS3203"] = (
            "aws_security_group.pods",
            Of(
                Healthy,
                Terraform("aws_security_group", "aws_security_group.pods", "\"create\"", "null", "{\"name\": \"pods\", \"egress\": []}")
            )
        ),
    };
}
