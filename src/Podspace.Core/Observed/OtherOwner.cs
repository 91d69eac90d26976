using Podspace.Model;
using Podspace.Spec;

namespace Podspace.Observed;

/// <summary>Signs that somebody else keeps a thing and would miss it: Terraform's state,
/// and tags that tools leave on what they make.</summary>
internal static class OtherOwner
{
    /// <summary>Keys whose value names whoever keeps it, written as people write them: ManagedBy, managed-by, managed_by.</summary>
    private static readonly string[] KeeperKeys =
    [
        "managedby",
        "provisionedby",
        "createdby",
        "provisioner",
        "iac",
        "appkubernetesiomanagedby",
    ];

    private static readonly string[] Keepers =
    [
        "terraform",
        "opentofu",
        "terragrunt",
        "pulumi",
        "cloudformation",
        "cdk",
        "crossplane",
        "ansible",
        "eksctl",
        "kops",
        "ack",
    ];

    /// <summary>Sources: CloudFormation and CDK (reserved tags), eksctl, kOps, Cluster API for AWS, Crossplane, Pulumi.</summary>
    private static readonly string[] ToolPrefixes =
    [
        "aws:cloudformation:",
        "aws:servicecatalog:",
        "aws:eks:",
        "alpha.eksctl.io/",
        "eksctl.cluster.k8s.io/",
        "kops.k8s.io/",
        "sigs.k8s.io/cluster-api-provider-aws/",
        "crossplane-",
        "pulumi:",
    ];

    /// <summary>In words that follow the thing's id; null when there is no such sign.</summary>
    /// <remarks>Tags that the spec itself asks for say nothing: ours have them too.</remarks>
    public static string? Of(OverlaySpec spec, TerraformState terraform, string id, EquatableArray<SeenTag> tags)
    {
        if (terraform.AddressOf(id) is { } address)
        {
            return $"is kept by Terraform as {address}";
        }
        var sign = tags.Where(tag => !spec.Tags.Any(own => own.Key == tag.Key && own.Value == tag.Value)).FirstOrDefault(IsSign);
        return sign.Key is null ? null : $"carries tag {sign.Key}={sign.Value}";
    }

    private static bool IsSign(SeenTag tag)
    {
        if (ToolPrefixes.Any(prefix => tag.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
        {
            return true;
        }
        var key = string.Concat(tag.Key.Where(char.IsLetterOrDigit)).ToLowerInvariant();
        return key is "terraform" or "opentofu"
            ? !tag.Value.Equals("false", StringComparison.OrdinalIgnoreCase)
            : KeeperKeys.Contains(key) && Keepers.Any(keeper => tag.Value.Contains(keeper, StringComparison.OrdinalIgnoreCase));
    }
}
