namespace Podspace.Model;

/// <summary>How long EKS may take until its control plane reaches pods in a block that has just joined the VPC.</summary>
/// <remarks>
/// Sources: EKS User Guide, "Amazon EKS networking requirements for VPC and subnets":
/// the newest edition says up to one hour, older ones say up to five.
/// </remarks>
public static class ControlPlaneClock
{
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public static readonly TimeSpan LongestOfOlderPages = TimeSpan.FromHours(5);

    /// <summary>The two, as they are said everywhere.</summary>
    public const string InWords = "up to one hour (older AWS pages: five)";
}
