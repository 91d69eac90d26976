using System.Text.Json.Nodes;
using Podspace.Formats.Yaml;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

/// <summary>What stands in a cluster when EKS hands it over.</summary>
/// <remarks>Source: EKS User Guide, "Amazon EKS add-ons" and CreateCluster's bootstrapSelfManagedAddons. Which versions come with
/// which Kubernetes is derived, not confirmed; nor is who holds their fields: here nobody.</remarks>
internal static class NewCluster
{
    private const string CniVersion = "v1.20.4-eksbuild.1",
        ProxyVersion = "v1.33.3-eksbuild.4",
        DnsVersion = "v1.12.1-eksbuild.2";

    /// <summary>Where EKS keeps its images in most Regions. Source: EKS User Guide, "View Amazon container image registries".</summary>
    private const string Registry = "602401143452.dkr.ecr";

    private static readonly string[] Namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

    public static void Fill(World world, Cluster cluster, bool hasPlugins)
    {
        foreach (var name in Namespaces)
        {
            Put(
                world,
                "v1",
                "namespaces",
                $"{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}, labels: {{kubernetes.io/metadata.name: "
                    + $"{name}}}}}, spec: {{finalizers: [kubernetes]}}, status: {{phase: Active}}}}",
                ""
            );
        }
        if (!hasPlugins)
        {
            return;
        }
        PutCni(world, cluster, CniVersion, "");
        Put(world, "apps/v1", "daemonsets", Proxy(world.State.Aws.Region), "");
        Put(world, "apps/v1", "deployments", Dns(world.State.Aws.Region), "");
    }

    /// <param name="manager">Whose fields they are; empty: nobody's.</param>
    public static void PutCni(World world, Cluster cluster, string version, string manager)
    {
        if (world.Objects.Find("apiextensions.k8s.io/v1", "customresourcedefinitions", null, "eniconfigs.crd.k8s.amazonaws.com") is null)
        {
            Put(world, "apiextensions.k8s.io/v1", "customresourcedefinitions", EniConfigs, manager);
        }
        var node = Parsed(Cni(world.State.Aws.Region, version));
        var pod = node["spec"]!["template"]!["spec"]!;
        pod["initContainers"]![0]!["env"] = Env(VpcCniSchema.InitDefaults());
        var env = Env(VpcCniSchema.Defaults(version, cluster.Name, cluster.ResourcesVpcConfig.VpcId));
        env.Add(FromField("MY_NODE_NAME", "spec.nodeName"));
        env.Add(FromField("MY_POD_NAME", "metadata.name"));
        pod["containers"]![0]!["env"] = env;
        world.Objects.Create("apps/v1", "daemonsets", node, manager);
    }

    private static void Put(World world, string api, string plural, string yaml, string manager) =>
        world.Objects.Create(api, plural, Parsed(yaml), manager);

    private static JsonObject Parsed(string yaml) => YamlJson.Read(yaml)!.AsObject();

    private static JsonArray Env(IEnumerable<(string Name, string Value)> values) =>
        new([.. values.Select(pair => new JsonObject { ["name"] = pair.Name, ["value"] = pair.Value })]);

    private static JsonNode FromField(string name, string path) =>
        new JsonObject
        {
            ["name"] = name,
            ["valueFrom"] = new JsonObject
            {
                ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = path },
            },
        };

    // Source: EKS User Guide, "Amazon EKS add-ons", considerations for Auto Mode: add-ons keep off its nodes by anti-affinity.
    private const string NotOnAutoNodes =
        "{nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: "
        + "[{key: eks.amazonaws.com/compute-type, operator: NotIn, values: [fargate, hybrid, auto]}]}]}}}";

    private const string EniConfigs = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: eniconfigs.crd.k8s.amazonaws.com}
        spec:
          group: crd.k8s.amazonaws.com
          scope: Cluster
          names: {kind: ENIConfig, listKind: ENIConfigList, plural: eniconfigs, singular: eniconfig}
          versions:
          - name: v1alpha1
            served: true
            storage: true
            schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
        """;

    private static string Cni(string region, string version) =>
        $$$"""
            apiVersion: apps/v1
            kind: DaemonSet
            metadata: {name: aws-node, namespace: kube-system, labels: {app.kubernetes.io/name: aws-node, k8s-app: aws-node}}
            spec:
              selector: {matchLabels: {k8s-app: aws-node}}
              updateStrategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 10%, maxSurge: 0}}
              template:
                metadata: {labels: {k8s-app: aws-node}}
                spec:
                  hostNetwork: true
                  priorityClassName: system-node-critical
                  serviceAccountName: aws-node
                  tolerations: [{operator: Exists}]
                  affinity: {{{NotOnAutoNodes}}}
                  initContainers:
                  - {name: aws-vpc-cni-init, image: "{{{Registry}}}.{{{region}}}.amazonaws.com/amazon-k8s-cni-init:{{{version}}}"}
                  containers: [{name: aws-node, image: "{{{Registry}}}.{{{region}}}.amazonaws.com/amazon-k8s-cni:{{{version}}}"}]
            """;

    private static string Proxy(string region) =>
        $$$"""
            apiVersion: apps/v1
            kind: DaemonSet
            metadata: {name: kube-proxy, namespace: kube-system, labels: {eks.amazonaws.com/component: kube-proxy, k8s-app: kube-proxy}}
            spec:
              selector: {matchLabels: {k8s-app: kube-proxy}}
              updateStrategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 10%, maxSurge: 0}}
              template:
                metadata: {labels: {k8s-app: kube-proxy}}
                spec:
                  hostNetwork: true
                  priorityClassName: system-node-critical
                  serviceAccountName: kube-proxy
                  tolerations: [{operator: Exists}]
                  affinity: {{{NotOnAutoNodes}}}
                  containers: [{name: kube-proxy, image: "{{{Registry}}}.{{{region}}}.amazonaws.com/eks/kube-proxy:{{{ProxyVersion}}}"}]
            """;

    private static string Dns(string region) =>
        $$$"""
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: coredns, namespace: kube-system, labels: {k8s-app: kube-dns}}
            spec:
              replicas: 2
              selector: {matchLabels: {k8s-app: kube-dns}}
              strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 25%}}
              template:
                metadata: {labels: {k8s-app: kube-dns}}
                spec:
                  containers:
                  - name: coredns
                    image: "{{{Registry}}}.{{{region}}}.amazonaws.com/eks/coredns:{{{DnsVersion}}}"
                    ports: [{containerPort: 53}]
            """;
}
