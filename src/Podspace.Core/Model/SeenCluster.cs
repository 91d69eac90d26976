using Podspace.Addressing;
using Podspace.Naming;

namespace Podspace.Model;

/// <param name="AuthorityData">Base64 PEM of the cluster's certificate authority.</param>
/// <param name="SubnetIds">Where the control plane's interfaces stand.</param>
/// <param name="IsAutoMode">computeConfig, load balancing and block storage are all enabled.</param>
public sealed record SeenCluster(
    string Name,
    string Version,
    string Status,
    AwsId Vpc,
    string IpFamily,
    Cidr? ServiceCidr,
    string Endpoint,
    string AuthorityData,
    EquatableArray<AwsId> SubnetIds,
    AwsId ClusterGroup,
    EquatableArray<AwsId> ExtraGroups,
    bool IsAutoMode
)
{
    /// <summary>API, API_AND_CONFIG_MAP or CONFIG_MAP; empty when EKS does not say.</summary>
    public string AuthenticationMode { get; init; } = "";

    /// <summary>Of Auto Mode's built-in NodeClass; empty without one.</summary>
    public string NodeRoleArn { get; init; } = "";

    /// <summary>Auto Mode's built-in NodePools that are on: general-purpose, system.</summary>
    public EquatableArray<string> BuiltInPools { get; init; }
}

/// <param name="Type">STANDARD, EC2, EC2_LINUX…</param>
/// <param name="Policies">ARNs of access policies whose scope is the cluster.</param>
public sealed record SeenAccessEntry(string PrincipalArn, string Type, EquatableArray<string> Policies, EquatableArray<SeenTag> Tags);

/// <param name="AmiType">AL2023_x86_64_STANDARD, CUSTOM…; CUSTOM means that EKS sets no max-pods.</param>
/// <param name="InstanceTypes">Empty when the launch template names them.</param>
public sealed record SeenNodegroup(
    string Name,
    string Status,
    string AmiType,
    EquatableArray<string> InstanceTypes,
    EquatableArray<AwsId> Subnets,
    string? LaunchTemplate,
    int MinSize,
    int MaxSize,
    int DesiredSize
)
{
    /// <summary>Of the launch template, as the group names it; empty without one.</summary>
    public string TemplateVersion { get; init; } = "";

    /// <summary>What EKS says is wrong with it: code, and message.</summary>
    public EquatableArray<string> Issues { get; init; }
}

/// <summary>One version of a launch template, as far as it decides about pods.</summary>
/// <param name="Asked">The version as whoever starts nodes by it names it: a number, <c>$Latest</c> or <c>$Default</c>.</param>
/// <param name="HasImage">Names an AMI, so that EKS leaves the user data alone.</param>
/// <param name="InstanceType">Empty when it names none.</param>
public sealed record SeenLaunchTemplate(
    string Id,
    string Name,
    string Asked,
    long Version,
    bool HasImage,
    string InstanceType,
    ToldPods Told
)
{
    public bool Is(LaunchBy by) => (by.Template == Id || by.Template == Name) && by.Version == Asked;
}

/// <summary>By what a group starts nodes.</summary>
/// <param name="Template">Id or name of the launch template.</param>
public readonly record struct LaunchBy(string Template, string Version);

/// <summary>An Auto Scaling group whose instances join the cluster.</summary>
/// <param name="Launches">Empty: it has a launch configuration, which is not read.</param>
/// <param name="InstanceTypes">Of its overrides; empty when the template names the type.</param>
/// <param name="TakesAnyType">Types are chosen by requirements, so nobody knows beforehand which.</param>
public sealed record SeenScalingGroup(
    string Name,
    int MaxSize,
    EquatableArray<LaunchBy> Launches,
    EquatableArray<string> InstanceTypes,
    bool TakesAnyType,
    EquatableArray<AwsId> Subnets,
    EquatableArray<SeenTag> Tags
);

/// <param name="Values">The configuration document exactly as last sent; empty when none was.</param>
/// <param name="Schema">JSON Schema of that version's values; empty when it could not be read (a gap says so).</param>
public sealed record SeenAddon(string Version, string Status, string Values, string Schema, EquatableArray<string> Issues);
