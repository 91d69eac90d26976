using System.Text.Json.Nodes;
using Podspace.Simulation;
using Podspace.Simulation.State;

namespace Podspace.Twin.Eks;

/// <summary>State as EKS writes it: derived members are added here, times are seconds since 1970.</summary>
internal sealed class EksJson(World world)
{
    private Simulation.Aws.Eks Eks => world.Eks;

    public JsonObject Of(Cluster cluster)
    {
        var json = new JsonObject
        {
            ["name"] = cluster.Name,
            ["arn"] = Eks.ClusterArn(cluster.Name),
            ["version"] = cluster.Version,
            ["endpoint"] = IsThere(cluster) ? Eks.Endpoint.Url : null,
            ["roleArn"] = cluster.RoleArn,
            ["resourcesVpcConfig"] = Of(cluster.ResourcesVpcConfig),
            ["kubernetesNetworkConfig"] = Network(cluster),
            ["status"] = cluster.Status,
            ["certificateAuthority"] = IsThere(cluster) ? new JsonObject { ["data"] = Eks.Endpoint.AuthorityData } : null,
            ["accessConfig"] = new JsonObject { ["authenticationMode"] = cluster.AccessConfig.AuthenticationMode },
            ["health"] = new JsonObject { ["issues"] = new JsonArray() },
            ["tags"] = Map(cluster.Tags),
        };
        if (cluster.ComputeConfig is { } compute)
        {
            json["computeConfig"] = new JsonObject
            {
                ["enabled"] = compute.Enabled,
                ["nodePools"] = List(compute.NodePools),
                ["nodeRoleArn"] = compute.NodeRoleArn,
            };
            json["storageConfig"] = new JsonObject { ["blockStorage"] = Enabled(compute.Enabled) };
        }
        return json;
    }

    /// <summary>A cluster that is being made has no API server yet.</summary>
    private static bool IsThere(Cluster cluster) => cluster.Status != "CREATING";

    public JsonObject Of(Nodegroup group) =>
        new()
        {
            ["nodegroupName"] = group.NodegroupName,
            ["nodegroupArn"] =
                Eks.ClusterArn(group.ClusterName).Replace(":cluster/", ":nodegroup/", StringComparison.Ordinal) + $"/{group.NodegroupName}",
            ["clusterName"] = group.ClusterName,
            ["version"] = Eks.DescribeCluster(group.ClusterName).Version,
            ["status"] = group.Status,
            ["capacityType"] = "ON_DEMAND",
            ["scalingConfig"] = new JsonObject
            {
                ["minSize"] = group.ScalingConfig.MinSize,
                ["maxSize"] = group.ScalingConfig.MaxSize,
                ["desiredSize"] = group.ScalingConfig.DesiredSize,
            },
            ["instanceTypes"] = List(group.InstanceTypes),
            ["subnets"] = List(group.Subnets),
            ["amiType"] = group.AmiType,
            ["launchTemplate"] = group.LaunchTemplate is { } template
                ? new JsonObject
                {
                    ["id"] = template.Id,
                    ["name"] = template.Name,
                    ["version"] = template.Version,
                }
                : null,
            ["nodeRole"] = group.NodeRole,
            ["labels"] = Map(group.Labels),
            ["resources"] = new JsonObject
            {
                ["autoScalingGroups"] = new JsonArray(new JsonObject { ["name"] = $"eks-{group.NodegroupName}" }),
            },
            ["health"] = new JsonObject { ["issues"] = new JsonArray() },
            ["updateConfig"] = new JsonObject { ["maxUnavailable"] = 1 },
            ["tags"] = Map(group.Tags),
        };

    public JsonObject Of(Addon addon)
    {
        var json = new JsonObject
        {
            ["addonName"] = addon.AddonName,
            ["clusterName"] = addon.ClusterName,
            ["status"] = addon.Status,
            ["addonVersion"] = addon.AddonVersion,
            ["addonArn"] =
                Eks.ClusterArn(addon.ClusterName).Replace(":cluster/", ":addon/", StringComparison.Ordinal) + $"/{addon.AddonName}",
            ["health"] = new JsonObject
            {
                ["issues"] = new JsonArray([
                    .. Eks.Issues(addon).Select(issue => new JsonObject { ["code"] = issue.ErrorCode, ["message"] = issue.ErrorMessage }),
                ]),
            },
            ["tags"] = Map(addon.Tags),
        };
        if (addon.ConfigurationValues is { } values)
        {
            json["configurationValues"] = values;
        }
        if (addon.ServiceAccountRoleArn is { } role)
        {
            json["serviceAccountRoleArn"] = role;
        }
        return json;
    }

    public JsonObject Of(string addon, IReadOnlyList<string> versions)
    {
        var kubernetes = world.State.Aws.Clusters.Select(cluster => cluster.Version).FirstOrDefault("1.33");
        return new()
        {
            ["addonName"] = addon,
            ["publisher"] = "eks",
            ["owner"] = "aws",
            ["addonVersions"] = new JsonArray([
                .. versions.Select(
                    (version, place) =>
                        new JsonObject
                        {
                            ["addonVersion"] = version,
                            ["architecture"] = new JsonArray("amd64", "arm64"),
                            ["compatibilities"] = new JsonArray(
                                new JsonObject
                                {
                                    ["clusterVersion"] = kubernetes,
                                    ["platformVersions"] = new JsonArray("*"),
                                    ["defaultVersion"] = place == 0,
                                }
                            ),
                            ["requiresConfiguration"] = false,
                        }
                ),
            ]),
        };
    }

    public JsonObject Of(AccessEntry entry) =>
        new()
        {
            ["clusterName"] = entry.ClusterName,
            ["principalArn"] = entry.PrincipalArn,
            ["kubernetesGroups"] = new JsonArray([.. entry.Type is "STANDARD" ? [] : (IEnumerable<JsonNode>)["system:nodes"]]),
            ["accessEntryArn"] = Eks.ClusterArn(entry.ClusterName).Replace(":cluster/", ":access-entry/", StringComparison.Ordinal),
            ["type"] = entry.Type,
            ["tags"] = Map(entry.Tags),
        };

    public static JsonObject Of(AssociatedPolicy policy) =>
        new()
        {
            ["policyArn"] = policy.PolicyArn,
            ["accessScope"] = new JsonObject { ["type"] = policy.AccessScope.Type, ["namespaces"] = List(policy.AccessScope.Namespaces) },
        };

    public static JsonObject Of(AddonUpdate update)
    {
        var parameters = new JsonArray();
        if (update.AddonName.Length > 0)
        {
            parameters.Add((JsonNode)new JsonObject { ["type"] = "ResolveConflicts", ["value"] = update.ResolveConflicts });
            if (update.ConfigurationValues is { } values)
            {
                parameters.Add((JsonNode)new JsonObject { ["type"] = "ConfigurationValues", ["value"] = values });
            }
        }
        return new()
        {
            ["id"] = update.Id,
            ["status"] = update.Status,
            ["type"] = update.Type,
            ["params"] = parameters,
            ["createdAt"] = update.CreatedAt.ToUnixTimeMilliseconds() / 1000.0,
            ["errors"] = new JsonArray([
                .. update.Errors.Select(error => new JsonObject
                {
                    ["errorCode"] = error.ErrorCode,
                    ["errorMessage"] = error.ErrorMessage,
                    ["resourceIds"] = new JsonArray(),
                }),
            ]),
        };
    }

    private static JsonObject Of(ClusterVpcConfig network) =>
        new()
        {
            ["vpcId"] = network.VpcId,
            ["subnetIds"] = List(network.SubnetIds),
            ["securityGroupIds"] = List(network.SecurityGroupIds),
            ["clusterSecurityGroupId"] = network.ClusterSecurityGroupId,
            ["endpointPublicAccess"] = network.EndpointPublicAccess,
            ["endpointPrivateAccess"] = network.EndpointPrivateAccess,
            ["publicAccessCidrs"] = new JsonArray([.. network.EndpointPublicAccess ? (IEnumerable<JsonNode>)["0.0.0.0/0"] : []]),
        };

    private static JsonObject Network(Cluster cluster)
    {
        var json = new JsonObject
        {
            ["ipFamily"] = cluster.KubernetesNetworkConfig.IpFamily,
            // Auto Mode is on when compute, load balancing and block storage are: the three go
            // together. Source: EKS API reference, CreateCluster.
            ["elasticLoadBalancing"] = Enabled(cluster.ComputeConfig is { Enabled: true }),
        };
        if (cluster.KubernetesNetworkConfig.ServiceIpv4Cidr is { } services)
        {
            json["serviceIpv4Cidr"] = services;
        }
        return json;
    }

    private static JsonObject Enabled(bool on) => new() { ["enabled"] = on };

    private static JsonArray List(List<string> items) => new([.. items.Select(item => (JsonNode)item)]);

    private static JsonObject Map(Dictionary<string, string> map) =>
        new(
            map.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))
        );
}
