using Podspace.Addressing;
using Podspace.Diagnosis;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Tests.Reachability;

namespace Podspace.Tests.Diagnosis;

/// <summary>A world in which a doctor finds nothing, and ways to make it sick.</summary>
internal static class HealthyWorld
{
    public static readonly Cidr Pods = Cidr.Parse("100.64.0.0/16");

    public static Inventory Healthy =>
        TracedVpc
            .Inventory()
            .With(cloud =>
                cloud with
                {
                    Groups = cloud
                        .Groups.Select(group =>
                            group.Id.Text switch
                            {
                                "sg-cluster" => group with { Tags = [new("kubernetes.io/cluster/prod", "owned")] },
                                "sg-db" => group with { Rules = [.. group.Rules, Rule("sgr-pods", Traffic.Tcp(5432), Pods)] },
                                "sg-endpoint" => group with { Rules = [.. group.Rules, Rule("sgr-pods", Traffic.Tcp(443), Pods)] },
                                _ => group,
                            }
                        )
                        .ToEquatable(),
                    Subnets = cloud
                        .Subnets.Select(subnet =>
                            subnet with
                            {
                                Free = (int)subnet.Cidr.UsableInSubnet / 2,
                                Tags = subnet.Id.Text.StartsWith("subnet-nodes", StringComparison.Ordinal)
                                    ? [new(Tags.InternalElbRole, "1")]
                                    : [],
                            }
                        )
                        .ToEquatable(),
                    Zones =
                    [
                        new("eu-west-1b", "euw1-az2", "availability-zone", "available"),
                        new("eu-west-1c", "euw1-az3", "availability-zone", "available"),
                    ],
                    InstanceTypes = [new("m5.large", 3, 10, "nitro", false, 2)],
                    Endpoints =
                    [
                        .. cloud.Endpoints,
                        new(new("vpce-s3"), "com.amazonaws.eu-west-1.s3", "Gateway", "available", [], [new("rtb-nodes")], [], []),
                    ],
                    VpcCni = new(
                        "v1.23.1-eksbuild.1",
                        "ACTIVE",
                        """
                        {
                          "env": {
                            "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG": "true",
                            "ENI_CONFIG_LABEL_DEF": "topology.kubernetes.io/zone"
                          }
                        }
                        """,
                        "",
                        []
                    ),
                }
            )
            .WithCluster(cluster =>
                cluster with
                {
                    Nodes = cluster.Nodes.Select(node => node with { MaxPods = 20 }).ToEquatable(),
                    Pods = [.. cluster.Pods, Dns("coredns-1", "node-b", "100.64.0.21"), Dns("coredns-2", "node-c", "100.64.128.19")],
                    Budgets = [new("shop", "web", 1, 2, 2, 1, [new("app", "web")])],
                }
            );

    public static DoctorInput Of(Inventory inventory, string? terraform = null) =>
        new(inventory, [], terraform is null ? null : TerraformChanges.Parse(terraform));

    public static Inventory WithCluster(this Inventory inventory, Func<ClusterInventory, ClusterInventory> cluster) =>
        inventory with
        {
            Cluster = cluster(inventory.Cluster!),
        };

    public static Inventory WithAwsNode(this Inventory inventory, Func<SeenAwsNode, SeenAwsNode> change) =>
        inventory.WithCluster(cluster => cluster with { AwsNode = change(cluster.AwsNode!) });

    public static Inventory WithEnv(this Inventory inventory, string name, string value) =>
        inventory.WithCluster(cluster =>
            cluster with
            {
                AwsNode = cluster.AwsNode! with
                {
                    Env = [.. cluster.AwsNode!.Env.Where(setting => setting.Name != name), new(name, value)],
                },
            }
        );

    public static Inventory WithRules(this Inventory inventory, string id, params SeenRule[] rules) =>
        inventory.With(cloud =>
            cloud with
            {
                Groups = cloud
                    .Groups.Select(group => group.Id.Text == id ? group with { Rules = [.. group.Rules, .. rules] } : group)
                    .ToEquatable(),
            }
        );

    public static Inventory WithoutRule(string id, string rule) =>
        Healthy.With(cloud =>
            cloud with
            {
                Groups = cloud
                    .Groups.Select(group =>
                        group.Id.Text == id ? group with { Rules = group.Rules.Where(one => one.Id != rule).ToEquatable() } : group
                    )
                    .ToEquatable(),
            }
        );

    public static Inventory WithEniConfig(Func<SeenEniConfig, SeenEniConfig> change) =>
        Healthy.WithCluster(cluster => cluster with { EniConfigs = [cluster.EniConfigs[0], change(cluster.EniConfigs[1])] });

    public static Inventory WithNode(Func<SeenNode, SeenNode> change) =>
        Healthy.WithCluster(cluster => cluster with { Nodes = [change(cluster.Nodes[0]), .. cluster.Nodes.Skip(1)] });

    public static Inventory WithCard(string id, Func<SeenInterface, SeenInterface> change) =>
        Healthy.With(cloud =>
            cloud with
            {
                Interfaces = cloud.Interfaces.Select(card => card.Id.Text == id ? change(card) : card).ToEquatable(),
            }
        );

    public static Inventory WithSubnet(string id, Func<SeenSubnet, SeenSubnet> change) =>
        Healthy.With(cloud =>
            cloud with
            {
                Subnets = cloud.Subnets.Select(subnet => subnet.Id.Text == id ? change(subnet) : subnet).ToEquatable(),
            }
        );

    public static CloudInventory WithoutPodCard(CloudInventory cloud) =>
        cloud with
        {
            Interfaces = cloud.Interfaces.Where(card => card.Id.Text != "eni-pods-b").ToEquatable(),
        };

    public static Inventory WithNodeClass(params string[] podSubnets) =>
        Healthy.WithCluster(cluster =>
            cluster with
            {
                NodeClasses =
                [
                    new(
                        "pods",
                        "prod-pods",
                        ["subnet-nodes-b", "subnet-nodes-c"],
                        ["sg-cluster"],
                        ["subnet-nodes-b", "subnet-nodes-c"],
                        ["sg-cluster"],
                        podSubnets.ToEquatable(),
                        ["sg-pods"],
                        false,
                        "Random",
                        "Auto",
                        true,
                        null,
                        []
                    ),
                ],
            }
        );

    public static SeenRule Rule(string id, Traffic traffic, Peer peer) => new(id, Direction.Ingress, traffic, peer, "", []);

    public static SeenInterface Card(string id, string subnet, string description, string address, string group) =>
        new(
            new(id),
            new(subnet),
            "interface",
            "in-use",
            description,
            false,
            null,
            null,
            address.Length == 0 ? [] : [Address.Parse(address)],
            [],
            [new(group)],
            []
        );

    public static SeenPod Dns(string name, string node, string address) =>
        new(
            "kube-system",
            name,
            node,
            Address.Parse(address),
            false,
            "Running",
            true,
            "ReplicaSet",
            false,
            false,
            [new("k8s-app", "kube-dns")]
        );

    public static string Terraform(string type, string address, string actions, string before, string after) =>
        $$$"""
            {
              "format_version": "1.2",
              "resource_changes": [
                {
                  "address": "{{{address}}}",
                  "type": "{{{type}}}",
                  "change": {"actions": [{{{actions}}}], "before": {{{before}}}, "after": {{{after}}}}
                }
              ]
            }
            """;
}
