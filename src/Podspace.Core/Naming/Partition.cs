namespace Podspace.Naming;

/// <summary>The second part of every ARN. Source: AWS General Reference, "Amazon Resource Names".</summary>
public static class Partition
{
    public static string Of(string region) =>
        region.StartsWith("cn-", StringComparison.Ordinal) ? "aws-cn"
        : region.StartsWith("us-gov-", StringComparison.Ordinal) ? "aws-us-gov"
        : "aws";
}
