namespace Podspace.ServerTests;

/// <summary>EKS Auto Mode's kinds as a real kube-apiserver can judge them. EKS keeps its definitions to itself, so these are ours, from
/// what is known of the fields: limits, patterns and enumerations, but no defaults, and nothing that takes CEL.</summary>
/// <remarks>
/// Sources: EKS User Guide, "Create a Node Class for Amazon EKS", with its changes of 2025-06-13 (pod selectors, which go
/// together), 2025-09-30 (instanceProfile), 2025-12-19 (ipv4PrefixSize), 2026-02-02 (enableV4Egress);
/// the schema of nodeclasses.eks.amazonaws.com as captured in 2025-02 (lengths and numbers of terms); Karpenter documentation v1,
/// "NodePools". A field that is in neither is pruned, as everywhere: what comes back is compared.
/// </remarks>
internal static class AutoModeKinds
{
    public static readonly (string Name, string Definition)[] All =
    [
        ("nodeclasses.eks.amazonaws.com", Definition("eks.amazonaws.com", "nodeclasses", "NodeClass", NodeClass)),
        ("nodepools.karpenter.sh", Definition("karpenter.sh", "nodepools", "NodePool", NodePool)),
    ];

    private const string NodeClass = """
        type: object
        required: [subnetSelectorTerms, securityGroupSelectorTerms]
        anyOf:
          - {required: [podSubnetSelectorTerms, podSecurityGroupSelectorTerms]}
          - {not: {anyOf: [{required: [podSubnetSelectorTerms]}, {required: [podSecurityGroupSelectorTerms]}]}}
        properties:
          role: {type: string, minLength: 1, maxLength: 64}
          instanceProfile: {type: string, minLength: 1}
          subnetSelectorTerms: SUBNETS
          podSubnetSelectorTerms: SUBNETS
          securityGroupSelectorTerms: GROUPS
          podSecurityGroupSelectorTerms: GROUPS
          snatPolicy: {type: string, enum: [Random, Disabled]}
          networkPolicy: {type: string, enum: [DefaultAllow, DefaultDeny]}
          networkPolicyEventLogs: {type: string, enum: [Enabled, Disabled]}
          ephemeralStorage:
            type: object
            properties:
              size: {type: string}
              iops: {type: integer, minimum: 3000, maximum: 16000}
              throughput: {type: integer, minimum: 125, maximum: 1000}
              kmsKeyID: {type: string}
          advancedNetworking:
            type: object
            properties:
              ipv4PrefixSize: {type: string, enum: [Auto, "32"]}
              associatePublicIPAddress: {type: boolean}
              enableV4Egress: {type: boolean}
              httpsProxy: {type: string}
              noProxy: STRINGS
          tags: MAP
        """;

    private const string NodePool = """
        type: object
        required: [template]
        properties:
          template:
            type: object
            required: [spec]
            properties:
              metadata: {type: object, properties: {labels: MAP, annotations: MAP}}
              spec:
                type: object
                required: [nodeClassRef, requirements]
                properties:
                  nodeClassRef:
                    type: object
                    required: [group, kind, name]
                    properties: {group: {type: string}, kind: {type: string}, name: {type: string}}
                  requirements:
                    type: array
                    maxItems: 100
                    items:
                      type: object
                      required: [key, operator]
                      properties:
                        key: {type: string}
                        operator: {type: string, enum: [In, NotIn, Exists, DoesNotExist, Gt, Lt]}
                        values: STRINGS
                        minValues: {type: integer}
                  taints: TAINTS
                  startupTaints: TAINTS
                  expireAfter: {type: string, pattern: '^(([0-9]+(s|m|h))+|Never)$'}
                  terminationGracePeriod: {type: string, pattern: '^([0-9]+(s|m|h))+$'}
          disruption:
            type: object
            properties:
              consolidateAfter: {type: string, pattern: '^(([0-9]+(s|m|h))+|Never)$'}
              consolidationPolicy: {type: string, enum: [WhenEmpty, WhenEmptyOrUnderutilized]}
              budgets:
                type: array
                items:
                  type: object
                  required: [nodes]
                  properties:
                    nodes: {type: string, pattern: '^((100|[0-9]{1,2})%|[0-9]+)$'}
                    schedule: {type: string}
                    duration: {type: string}
                    reasons: STRINGS
          limits: {type: object, additionalProperties: {x-kubernetes-int-or-string: true}}
          weight: {type: integer, minimum: 1, maximum: 100}
        """;

    private static string Definition(string group, string plural, string kind, string spec) =>
        $$"""
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: {{plural}}.{{group}}}
            spec:
              scope: Cluster
              group: {{group}}
              names: {plural: {{plural}}, singular: {{kind.ToLowerInvariant()}}, kind: {{kind}}}
              versions:
                - name: v1
                  served: true
                  storage: true
                  schema:
                    openAPIV3Schema:
                      type: object
                      properties:
                        spec:
            {{Filled(spec)}}
            """;

    // One word each for what stands in several places.
    private static string Filled(string spec) =>
        string.Join(
            '\n',
            spec.Replace("SUBNETS", Terms("subnet", ""), StringComparison.Ordinal)
                .Replace("GROUPS", Terms("sg", ", name: {type: string}"), StringComparison.Ordinal)
                .Replace(
                    "TAINTS",
                    "{type: array, items: {type: object, required: [key, effect], properties: {key: {type: string}, value: "
                        + "{type: string}, effect: {type: string, enum: [NoSchedule, PreferNoSchedule, NoExecute]}}}}",
                    StringComparison.Ordinal
                )
                .Replace("STRINGS", "{type: array, items: {type: string}}", StringComparison.Ordinal)
                .Replace("MAP", "{type: object, additionalProperties: {type: string}}", StringComparison.Ordinal)
                .Split('\n')
                .Select(line => $"{new string(' ', 14)}{line}")
        );

    private static string Terms(string prefix, string more) =>
        $"{{type: array, minItems: 1, maxItems: 30, items: {{type: object, properties: {{id: "
        + $"{{type: string, pattern: '^{prefix}-[0-9a-z]+$'}}, tags: {{type: object, maxProperties: "
        + $"20, additionalProperties: {{type: string}}}}{more}}}}}}}";
}
