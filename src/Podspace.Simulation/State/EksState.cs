using System.Text.Json.Serialization;

namespace Podspace.Simulation.State;

/// <summary>As DescribeCluster answers. Its Kubernetes objects are in <see cref="WorldState.Kubernetes"/>.</summary>
public sealed class Cluster
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("version")]
    public string Version { get; set; } = "1.33";

    [JsonPropertyName("status")]
    public string Status { get; set; } = "ACTIVE";

    [JsonPropertyName("roleArn")]
    public string RoleArn { get; set; } = "";

    [JsonPropertyName("resourcesVpcConfig")]
    public ClusterVpcConfig ResourcesVpcConfig { get; set; } = new();

    [JsonPropertyName("kubernetesNetworkConfig")]
    public ClusterNetworkConfig KubernetesNetworkConfig { get; set; } = new();

    [JsonPropertyName("accessConfig")]
    public ClusterAccessConfig AccessConfig { get; set; } = new();

    [JsonPropertyName("computeConfig")]
    public ClusterComputeConfig? ComputeConfig { get; set; }

    [JsonPropertyName("tags")]
    public Dictionary<string, string> Tags { get; set; } = [];
}

public sealed class ClusterVpcConfig
{
    [JsonPropertyName("vpcId")]
    public string VpcId { get; set; } = "";

    [JsonPropertyName("subnetIds")]
    public List<string> SubnetIds { get; set; } = [];

    [JsonPropertyName("securityGroupIds")]
    public List<string> SecurityGroupIds { get; set; } = [];

    [JsonPropertyName("clusterSecurityGroupId")]
    public string ClusterSecurityGroupId { get; set; } = "";

    [JsonPropertyName("endpointPublicAccess")]
    public bool EndpointPublicAccess { get; set; }

    [JsonPropertyName("endpointPrivateAccess")]
    public bool EndpointPrivateAccess { get; set; } = true;
}

public sealed class ClusterNetworkConfig
{
    [JsonPropertyName("ipFamily")]
    public string IpFamily { get; set; } = "ipv4";

    [JsonPropertyName("serviceIpv4Cidr")]
    public string? ServiceIpv4Cidr { get; set; } = "172.20.0.0/16";
}

public sealed class ClusterAccessConfig
{
    [JsonPropertyName("authenticationMode")]
    public string AuthenticationMode { get; set; } = "API_AND_CONFIG_MAP";
}

/// <summary>Auto Mode; load balancing and block storage go with it.</summary>
public sealed class ClusterComputeConfig
{
    [JsonPropertyName("enabled")]
    public bool Enabled { get; set; }

    [JsonPropertyName("nodePools")]
    public List<string> NodePools { get; set; } = [];

    [JsonPropertyName("nodeRoleArn")]
    public string? NodeRoleArn { get; set; }
}

public sealed class Nodegroup
{
    [JsonPropertyName("nodegroupName")]
    public string NodegroupName { get; set; } = "";

    [JsonPropertyName("clusterName")]
    public string ClusterName { get; set; } = "";

    [JsonPropertyName("status")]
    public string Status { get; set; } = "ACTIVE";

    [JsonPropertyName("amiType")]
    public string AmiType { get; set; } = "AL2023_x86_64_STANDARD";

    [JsonPropertyName("instanceTypes")]
    public List<string> InstanceTypes { get; set; } = [];

    [JsonPropertyName("subnets")]
    public List<string> Subnets { get; set; } = [];

    [JsonPropertyName("launchTemplate")]
    public NodegroupTemplate? LaunchTemplate { get; set; }

    [JsonPropertyName("scalingConfig")]
    public NodegroupScaling ScalingConfig { get; set; } = new();

    [JsonPropertyName("labels")]
    public Dictionary<string, string> Labels { get; set; } = [];

    [JsonPropertyName("nodeRole")]
    public string NodeRole { get; set; } = "";

    [JsonPropertyName("tags")]
    public Dictionary<string, string> Tags { get; set; } = [];
}

/// <summary>Names the instance types and the image where the node group does not.</summary>
public sealed class NodegroupTemplate
{
    [JsonPropertyName("id")]
    public string? Id { get; set; }

    [JsonPropertyName("name")]
    public string? Name { get; set; }

    [JsonPropertyName("version")]
    public string? Version { get; set; }
}

public sealed class NodegroupScaling
{
    [JsonPropertyName("minSize")]
    public int MinSize { get; set; }

    [JsonPropertyName("maxSize")]
    public int MaxSize { get; set; }

    [JsonPropertyName("desiredSize")]
    public int DesiredSize { get; set; }
}

public sealed class Addon
{
    [JsonPropertyName("addonName")]
    public string AddonName { get; set; } = "";

    [JsonPropertyName("clusterName")]
    public string ClusterName { get; set; } = "";

    [JsonPropertyName("addonVersion")]
    public string AddonVersion { get; set; } = "";

    [JsonPropertyName("status")]
    public string Status { get; set; } = "ACTIVE";

    [JsonPropertyName("configurationValues")]
    public string? ConfigurationValues { get; set; }

    [JsonPropertyName("serviceAccountRoleArn")]
    public string? ServiceAccountRoleArn { get; set; }

    [JsonPropertyName("tags")]
    public Dictionary<string, string> Tags { get; set; } = [];
}

/// <summary>An update of an add-on, or of a node group's configuration.</summary>
public sealed class AddonUpdate
{
    [JsonPropertyName("id")]
    public string Id { get; set; } = "";

    [JsonPropertyName("clusterName")]
    public string ClusterName { get; set; } = "";

    [JsonPropertyName("type")]
    public string Type { get; set; } = "AddonUpdate";

    [JsonPropertyName("addonName")]
    public string AddonName { get; set; } = "";

    [JsonPropertyName("nodegroupName")]
    public string NodegroupName { get; set; } = "";

    [JsonPropertyName("status")]
    public string Status { get; set; } = "InProgress";

    [JsonPropertyName("createdAt")]
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Null: the add-on stays at its version.</summary>
    [JsonPropertyName("addonVersion")]
    public string? AddonVersion { get; set; }

    [JsonPropertyName("clientRequestToken")]
    public string? ClientRequestToken { get; set; }

    /// <summary>What the add-on will hold when the update is through.</summary>
    [JsonPropertyName("configurationValues")]
    public string? ConfigurationValues { get; set; }

    [JsonPropertyName("resolveConflicts")]
    public string ResolveConflicts { get; set; } = "NONE";

    [JsonPropertyName("errors")]
    public List<UpdateError> Errors { get; set; } = [];
}

public sealed class UpdateError
{
    [JsonPropertyName("errorCode")]
    public string ErrorCode { get; set; } = "";

    [JsonPropertyName("errorMessage")]
    public string ErrorMessage { get; set; } = "";
}

public sealed class AccessEntry
{
    [JsonPropertyName("clusterName")]
    public string ClusterName { get; set; } = "";

    [JsonPropertyName("principalArn")]
    public string PrincipalArn { get; set; } = "";

    [JsonPropertyName("type")]
    public string Type { get; set; } = "STANDARD";

    /// <summary>As <c>aws eks list-associated-access-policies</c> prints them.</summary>
    [JsonPropertyName("associatedAccessPolicies")]
    public List<AssociatedPolicy> AssociatedAccessPolicies { get; set; } = [];

    [JsonPropertyName("tags")]
    public Dictionary<string, string> Tags { get; set; } = [];
}

public sealed class AssociatedPolicy
{
    [JsonPropertyName("policyArn")]
    public string PolicyArn { get; set; } = "";

    [JsonPropertyName("accessScope")]
    public AccessScope AccessScope { get; set; } = new();
}

public sealed class AccessScope
{
    [JsonPropertyName("type")]
    public string Type { get; set; } = "cluster";

    [JsonPropertyName("namespaces")]
    public List<string> Namespaces { get; set; } = [];
}
