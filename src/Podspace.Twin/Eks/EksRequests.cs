using System.Text.Json;
using System.Text.Json.Nodes;
using Podspace.Simulation;
using Podspace.Simulation.State;

namespace Podspace.Twin.Eks;

/// <summary>Bodies of the calls that make something. A member that changes what would be made and is
/// not simulated is refused; others are passed over.</summary>
internal static class EksRequests
{
    private static readonly string[] NotSimulated =
    [
        "computeConfig",
        "storageConfig",
        "outpostConfig",
        "remoteNetworkConfig",
        "encryptionConfig",
    ];

    public static Cluster Cluster(EksCall call)
    {
        if (NotSimulated.FirstOrDefault(call.Body.ContainsKey) is { } other)
        {
            throw new WorldRefusal(Simulation.Aws.Eks.BadParameter, $"{other} is not simulated.");
        }
        var (network, access) = (Part(call, "resourcesVpcConfig"), Part(call, "accessConfig"));
        var cluster = new Cluster
        {
            Name = call.Required("name"),
            RoleArn = call.Required("roleArn"),
            ResourcesVpcConfig = new()
            {
                SubnetIds = Texts(network["subnetIds"]),
                SecurityGroupIds = Texts(network["securityGroupIds"]),
                EndpointPublicAccess = network["endpointPublicAccess"] is not { } isPublic || Flag(isPublic),
                EndpointPrivateAccess = network["endpointPrivateAccess"] is { } isPrivate && Flag(isPrivate),
            },
            KubernetesNetworkConfig = new() { ServiceIpv4Cidr = Part(call, "kubernetesNetworkConfig")["serviceIpv4Cidr"]?.ToString() },
            Tags = new(call.Map("tags")),
        };
        cluster.Version = call.Text("version") ?? cluster.Version;
        cluster.AccessConfig.AuthenticationMode = access["authenticationMode"]?.ToString() ?? cluster.AccessConfig.AuthenticationMode;
        return cluster;
    }

    /// <summary>True when nobody says otherwise. Source: EKS API reference, CreateCluster.</summary>
    public static bool HasPlugins(EksCall call) => call.Body["bootstrapSelfManagedAddons"] is not { } asked || Flag(asked);

    public static Nodegroup Nodegroup(EksCall call, string cluster)
    {
        var (scaling, template) = (Part(call, "scalingConfig"), call.Body["launchTemplate"] as JsonObject);
        return new()
        {
            NodegroupName = call.Required("nodegroupName"),
            ClusterName = cluster,
            AmiType = call.Text("amiType") ?? new Nodegroup().AmiType,
            InstanceTypes = Texts(call.Body["instanceTypes"]),
            Subnets = Texts(call.Body["subnets"]),
            LaunchTemplate = template is null
                ? null
                : new()
                {
                    Id = template["id"]?.ToString(),
                    Name = template["name"]?.ToString(),
                    Version = template["version"]?.ToString(),
                },
            // Source: EKS API reference, NodegroupScalingConfig.
            ScalingConfig = new()
            {
                MinSize = Number(scaling, "minSize", 1),
                MaxSize = Number(scaling, "maxSize", 2),
                DesiredSize = Number(scaling, "desiredSize", 2),
            },
            Labels = new(call.Map("labels")),
            NodeRole = call.Required("nodeRole"),
            Tags = new(call.Map("tags")),
        };
    }

    public static Addon Addon(EksCall call, string cluster) =>
        new()
        {
            AddonName = call.Required("addonName"),
            ClusterName = cluster,
            AddonVersion = call.Text("addonVersion") ?? "",
            ConfigurationValues = call.Text("configurationValues"),
            ServiceAccountRoleArn = call.Text("serviceAccountRoleArn"),
            Tags = new(call.Map("tags")),
        };

    private static JsonObject Part(EksCall call, string name) => call.Body[name] as JsonObject ?? [];

    private static List<string> Texts(JsonNode? list) => [.. (list as JsonArray ?? []).Select(item => item?.ToString() ?? "")];

    private static bool Flag(JsonNode value) =>
        value.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw new WorldRefusal("SerializationException", $"{value} must be true or false"),
        };

    private static int Number(JsonObject map, string name, int usual) =>
        map[name] switch
        {
            null => usual,
            JsonValue value when value.TryGetValue<int>(out var whole) => whole,
            _ => throw new WorldRefusal("SerializationException", $"{name} must be a whole number"),
        };
}
