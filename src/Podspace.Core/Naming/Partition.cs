namespace Podspace.Naming;

/// <summary>The second part of every ARN. Source: AWS General Reference, "Amazon Resource Names".</summary>
public static class Partition
{
    public static string Of(string region) =>
        region.Split('-') switch
        {
            ["cn", ..] => "aws-cn",
            ["us", "gov", ..] => "aws-us-gov",
            _ => "aws",
        };
}
