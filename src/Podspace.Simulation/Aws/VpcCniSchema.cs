using System.Text.Json.Nodes;

namespace Podspace.Simulation.Aws;

/// <summary>What the managed add-on vpc-cni takes as configuration values, and what it sets where they say nothing.</summary>
/// <remarks>
/// Source: the schema of v1.15.1-eksbuild.1 as the AWS CLI documentation prints it; names, defaults and first versions of variables from
/// amazon-vpc-cni-k8s README.md and charts/aws-vpc-cni/values.yaml. That later versions of the
/// schema grow with the variables is derived, not confirmed.
/// </remarks>
internal static class VpcCniSchema
{
    /// <summary>Versions that the simulated EKS offers, newest first. Source: tags of amazon-vpc-cni-k8s.</summary>
    public static readonly string[] Versions =
    [
        "v1.23.1-eksbuild.1",
        "v1.22.4-eksbuild.1",
        "v1.22.1-eksbuild.1",
        "v1.21.1-eksbuild.1",
        "v1.20.5-eksbuild.1",
        "v1.20.4-eksbuild.1",
        "v1.19.6-eksbuild.1",
        "v1.18.3-eksbuild.1",
    ];

    /// <summary>Variables of container aws-node: value in the add-on's manifest (null: not set
    /// there) and the minor version that brought it.</summary>
    private static readonly (string Name, string? Value, int Since)[] Variables =
    [
        ("ADDITIONAL_ENI_TAGS", "{}", 0),
        ("ANNOTATE_POD_IP", "false", 0),
        ("AWS_EC2_ENDPOINT", null, 0),
        ("AWS_EXTERNAL_SERVICE_CIDRS", null, 0),
        ("AWS_MANAGE_ENIS_NON_SCHEDULABLE", null, 0),
        ("AWS_VPC_CNI_NODE_PORT_SUPPORT", "true", 0),
        ("AWS_VPC_ENI_MTU", "9001", 0),
        ("AWS_VPC_K8S_CNI_CONNMARK", null, 0),
        ("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "false", 0),
        ("AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS", null, 0),
        ("AWS_VPC_K8S_CNI_EXTERNALSNAT", "false", 0),
        ("AWS_VPC_K8S_CNI_LOGLEVEL", "DEBUG", 0),
        ("AWS_VPC_K8S_CNI_LOG_FILE", "/host/var/log/aws-routed-eni/ipamd.log", 0),
        ("AWS_VPC_K8S_CNI_RANDOMIZESNAT", "prng", 0),
        ("AWS_VPC_K8S_CNI_VETHPREFIX", "eni", 0),
        ("AWS_VPC_K8S_PLUGIN_LOG_FILE", "/var/log/aws-routed-eni/plugin.log", 0),
        ("AWS_VPC_K8S_PLUGIN_LOG_LEVEL", "DEBUG", 0),
        ("CLUSTER_ENDPOINT", null, 0),
        ("CLUSTER_NAME", "", 0),
        ("DISABLE_INTROSPECTION", "false", 0),
        ("DISABLE_LEAKED_ENI_CLEANUP", null, 0),
        ("DISABLE_METRICS", "false", 0),
        ("DISABLE_NETWORK_RESOURCE_PROVISIONING", "false", 0),
        ("DISABLE_POD_V6", null, 0),
        ("ENABLE_BANDWIDTH_PLUGIN", null, 0),
        ("ENABLE_IMDS_ONLY_MODE", "false", 20),
        ("ENABLE_IPv4", "true", 0),
        ("ENABLE_IPv6", "false", 0),
        ("ENABLE_MULTI_NIC", "false", 20),
        ("ENABLE_NFTABLES", null, 0),
        ("ENABLE_POD_ENI", "false", 0),
        ("ENABLE_PREFIX_DELEGATION", "false", 0),
        ("ENABLE_SUBNET_DISCOVERY", "true", 18),
        ("ENABLE_V4_EGRESS", null, 0),
        ("ENI_CONFIG_ANNOTATION_DEF", null, 0),
        ("ENI_CONFIG_LABEL_DEF", null, 0),
        ("INTROSPECTION_BIND_ADDRESS", null, 0),
        ("IP_COOLDOWN_PERIOD", null, 0),
        ("MANAGE_UNTAGGED_ENI", null, 0),
        ("MAX_ENI", null, 0),
        ("MINIMUM_IP_TARGET", null, 0),
        ("NETWORK_POLICY_ENFORCING_MODE", "standard", 18),
        ("POD_MTU", null, 0),
        ("POD_SECURITY_GROUP_ENFORCING_MODE", null, 0),
        ("VPC_CNI_VERSION", "", 0),
        ("VPC_ID", "", 0),
        ("WARM_ENI_TARGET", "1", 0),
        ("WARM_IP_TARGET", null, 0),
        ("WARM_PREFIX_TARGET", "1", 0),
    ];

    /// <summary>Of init container aws-vpc-cni-init.</summary>
    private static readonly (string Name, string? Value)[] InitVariables =
    [
        ("DISABLE_TCP_EARLY_DEMUX", "false"),
        ("ENABLE_IPv6", "false"),
        ("ENABLE_V6_EGRESS", null),
    ];

    /// <summary>What the add-on's manifest sets by itself on container aws-node.</summary>
    public static IEnumerable<(string Name, string Value)> Defaults(string version, string cluster, string vpc) =>
        from variable in Variables
        where variable.Value is not null && variable.Since <= Minor(version)
        select (
            variable.Name,
            variable.Name switch
            {
                "CLUSTER_NAME" => cluster,
                "VPC_ID" => vpc,
                "VPC_CNI_VERSION" => version[..version.IndexOf('-', StringComparison.Ordinal)],
                _ => variable.Value!,
            }
        );

    public static IEnumerable<(string Name, string Value)> InitDefaults() =>
        InitVariables.Where(variable => variable.Value is not null).Select(variable => (variable.Name, variable.Value!));

    /// <summary>As DescribeAddonConfiguration answers it, before it is made a string.</summary>
    public static JsonObject Of(string version)
    {
        var definitions = (JsonObject)JsonNode.Parse(Definitions)!;
        definitions["Env"] = Closed(Variables.Where(variable => variable.Since <= Minor(version)).Select(variable => variable.Name));
        definitions["InitEnv"] = Closed(InitVariables.Select(variable => variable.Name));
        return new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-06/schema#",
            ["$ref"] = "#/definitions/VpcCni",
            ["definitions"] = definitions,
        };
    }

    private static JsonObject Closed(IEnumerable<string> names) =>
        new()
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject(
                names.Select(name => KeyValuePair.Create<string, JsonNode?>(name, new JsonObject { ["type"] = "string" }))
            ),
        };

    private static int Minor(string version) => int.Parse(version.Split('.')[1], System.Globalization.CultureInfo.InvariantCulture);

    private const string Definitions = """
        {
          "VpcCni": {
            "type": "object",
            "additionalProperties": false,
            "title": "VpcCni",
            "properties": {
              "affinity": { "type": ["object", "null"] },
              "enableNetworkPolicy": { "type": "string", "format": "boolean" },
              "enableWindowsIpam": { "type": "string", "format": "boolean" },
              "eniConfig": { "$ref": "#/definitions/EniConfig" },
              "env": { "$ref": "#/definitions/Env" },
              "init": { "$ref": "#/definitions/Init" },
              "livenessProbeTimeoutSeconds": { "type": "integer" },
              "nodeAgent": { "$ref": "#/definitions/NodeAgent" },
              "podAnnotations": { "type": ["object", "null"] },
              "podLabels": { "type": ["object", "null"] },
              "readinessProbeTimeoutSeconds": { "type": "integer" },
              "resources": { "$ref": "#/definitions/Resources" },
              "tolerations": { "type": "array", "items": { "type": "object" } }
            }
          },
          "Init": {
            "type": "object",
            "additionalProperties": false,
            "properties": { "env": { "$ref": "#/definitions/InitEnv" } }
          },
          "EniConfig": {
            "type": "object",
            "additionalProperties": false,
            "required": ["create", "region", "subnets"],
            "properties": {
              "create": { "type": "boolean" },
              "region": { "type": "string" },
              "subnets": { "type": "object", "minProperties": 1, "additionalProperties": { "$ref": "#/definitions/EniConfigSubnet" } }
            }
          },
          "EniConfigSubnet": {
            "type": "object",
            "additionalProperties": false,
            "required": ["id"],
            "properties": {
              "id": { "type": "string" },
              "securityGroups": { "type": "array", "items": { "type": "string" } }
            }
          },
          "NodeAgent": {
            "type": "object",
            "additionalProperties": false,
            "properties": {
              "enableCloudWatchLogs": { "type": "string", "format": "boolean" },
              "enablePolicyEventLogs": { "type": "string", "format": "boolean" },
              "healthProbeBindAddr": { "type": "string" },
              "metricsBindAddr": { "type": "string" }
            }
          },
          "Resources": {
            "type": "object",
            "additionalProperties": false,
            "properties": { "limits": { "$ref": "#/definitions/Amounts" }, "requests": { "$ref": "#/definitions/Amounts" } }
          },
          "Amounts": {
            "type": "object",
            "additionalProperties": false,
            "properties": { "cpu": { "type": "string" }, "memory": { "type": "string" } }
          }
        }
        """;
}
