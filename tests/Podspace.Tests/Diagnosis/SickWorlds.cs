using Podspace.Addressing;
using Podspace.Diagnosis;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Tests.Reachability;

namespace Podspace.Tests.Diagnosis;

/// <summary>A world in which a doctor finds nothing, and for each code one that has just that wrong.</summary>
internal static class SickWorlds
{
    private static readonly Cidr Pods = Cidr.Parse("100.64.0.0/16");

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
                        """{"env": {"AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG": "true", "ENI_CONFIG_LABEL_DEF": "topology.kubernetes.io/zone"}}""",
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

    /// <summary>By code: what is wrong, and on what it is found.</summary>
    public static readonly IReadOnlyDictionary<string, (string Object, DoctorInput Patient)> All = new Dictionary<
        string,
        (string, DoctorInput)
    >
    {
        ["PS3001"] = ("sg-cluster", Of(WithoutRule("sg-cluster", "sgr-pods"))),
        ["PS3002"] = ("sg-pods", Of(WithoutRule("sg-pods", "sgr-self").WithRules("sg-pods", Rule("sgr-udp", new("tcp", 0, 65535), Pods)))),
        ["PS3003"] = ("sg-cluster", Of(WithoutRule("sg-cluster", "sgr-pods"))),
        ["PS3004"] = ("sg-pods", Of(WithoutRule("sg-pods", "sgr-all"))),
        ["PS3005"] = ("sg-pods", Of(WithoutRule("sg-pods", "sgr-all"))),
        ["PS3006"] = ("sg-pods", Of(WithoutRule("sg-pods", "sgr-self"))),
        ["PS3007"] = (
            "sg-pods",
            Of(
                WithoutRule("sg-pods", "sgr-all")
                    .With(cloud =>
                        cloud with
                        {
                            Groups =
                            [
                                .. cloud.Groups,
                                new(
                                    new("sg-lb"),
                                    "lb",
                                    "",
                                    [new("out", Direction.Egress, Traffic.All, Cidr.Parse("0.0.0.0/0"), "", [])],
                                    []
                                ),
                            ],
                            Interfaces = [.. cloud.Interfaces, Card("eni-lb", "subnet-nodes-b", "ELB app/front/1", "10.0.0.50", "sg-lb")],
                        }
                    )
            )
        ),
        ["PS3008"] = ("sg-endpoint", Of(WithoutRule("sg-endpoint", "sgr-pods"))),
        ["PS3009"] = ("sg-db", Of(WithoutRule("sg-db", "sgr-pods"))),
        ["PS3010"] = ("rtb-pods", Of(Healthy.WithEnv("AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS", "192.168.0.0/16"))),
        ["PS3011"] = ("rtb-pods", Of(Healthy.WithEnv("AWS_VPC_K8S_CNI_EXTERNALSNAT", "true"))),
        ["PS3101"] = ("eu-west-1c", Of(Healthy.WithCluster(cluster => cluster with { EniConfigs = [cluster.EniConfigs[0]] }))),
        ["PS3102"] = ("daemonset/aws-node", Of(Healthy.WithEnv("ENI_CONFIG_LABEL_DEF", "k8s.amazonaws.com/eniConfig"))),
        ["PS3103"] = ("eniconfig/eu-west-1c", Of(WithEniConfig(config => config with { Subnet = "subnet-pods-b" }))),
        ["PS3104"] = ("eniconfig/eu-west-1c", Of(WithEniConfig(config => config with { Subnet = "subnet-gone" }))),
        ["PS3105"] = ("eniconfig/eu-west-1c", Of(WithEniConfig(config => config with { Groups = ["sg-gone"] }))),
        ["PS3106"] = (
            "eniconfig/eu-west-1c",
            Of(WithEniConfig(config => config with { Groups = ["sg-1", "sg-2", "sg-3", "sg-4", "sg-5", "sg-6"] }))
        ),
        ["PS3107"] = ("eniconfig/eu-west-1c", Of(WithEniConfig(config => config with { Groups = [] }).WithEnv("ENABLE_POD_ENI", "true"))),
        ["PS3108"] = ("eniconfig/eu-west-1c", Of(WithEniConfig(config => config with { Managers = ["argocd", "eks"] }))),
        ["PS3109"] = (
            "env/AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG",
            Of(Healthy.With(cloud => cloud with { VpcCni = cloud.VpcCni! with { Values = "{}" } }))
        ),
        ["PS3110"] = ("env/WARM_IP_TARGET", Of(Healthy.WithEnv("WARM_IP_TARGET", "2"))),
        ["PS3111"] = ("env/MINIMUM_IP_TARGET", Of(Healthy.WithEnv("MINIMUM_IP_TARGET", "10"))),
        ["PS3112"] = (
            "tgw-0",
            Of(
                Healthy
                    .WithEnv("AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS", "192.168.0.0/16")
                    .With(cloud => cloud.WithRoute("rtb-pods", "192.168.0.0/16", "tgw-0"))
            )
        ),
        ["PS3113"] = ("subnet-pods-b", Of(Healthy.WithEnv("ENABLE_POD_ENI", "true"))),
        ["PS3114"] = ("env/IP_COOLDOWN_PERIOD", Of(Healthy.WithEnv("IP_COOLDOWN_PERIOD", "300"))),
        ["PS3115"] = (
            "env/AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS",
            Of(
                Healthy
                    .WithEnv("AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS", "192.168.0.0/16")
                    .WithAwsNode(node => node with { Image = "amazon-k8s-cni:v1.9.1" })
            )
        ),
        ["PS3116"] = (
            "node-b",
            Of(
                Healthy.WithCluster(cluster =>
                    cluster with
                    {
                        Nodes =
                        [
                            cluster.Nodes[0] with
                            {
                                OsImage = "Amazon Linux 2",
                            },
                            cluster.Nodes[1] with
                            {
                                OsImage = "Amazon Linux 2023.6",
                            },
                        ],
                    }
                )
            )
        ),
        ["PS3117"] = (
            "daemonset/aws-node",
            Of(Healthy.WithAwsNode(node => node with { AgentImage = "amazon/aws-network-policy-agent:v1.3.0" }))
        ),
        ["PS3118"] = (
            "daemonset/aws-node",
            Of(
                Healthy.WithCluster(cluster =>
                    cluster with
                    {
                        Events =
                        [
                            new(
                                "MissingIAMPermissions",
                                "aws-node-x7x2k",
                                "Unauthorized operation: failed to call ec2:CreateNetworkInterface due to missing permissions."
                            ),
                        ],
                    }
                )
            )
        ),
        ["PS3119"] = ("node-b", Of(WithNode(node => node with { Annotations = [new("k8s.amazonaws.com/eniConfig", "old")] }))),
        ["PS3121"] = ("node-b", Of(WithNode(node => node with { MaxPods = 29 }))),
        ["PS3122"] = (
            "node-b",
            Of(
                Healthy.With(cloud =>
                    cloud with
                    {
                        Interfaces =
                        [
                            .. cloud.Interfaces,
                            Card("eni-old", "subnet-nodes-b", "aws-K8S-i-b", "10.0.0.60", "sg-cluster") with
                            {
                                Instance = "i-b",
                                DeviceIndex = 2,
                            },
                        ],
                    }
                )
            )
        ),
        ["PS3123"] = ("eniconfig/eu-west-1c", Of(WithEniConfig(config => config with { Groups = ["sg-cluster"] }))),
        ["PS3124"] = ("node-b", Of(WithNode(node => node with { IsReady = false }).With(WithoutPodCard))),
        ["PS3125"] = ("node-b", Of(WithNode(node => node with { IsCordoned = true }).With(WithoutPodCard))),
        ["PS3126"] = ("node-b", Of(WithCard("eni-node-b", card => card with { Subnet = new("subnet-pods-b") }))),
        ["PS3127"] = ("sg-db,sg-pods", Of(WithCard("eni-pods-b", card => card with { Groups = [new("sg-db"), new("sg-pods")] }))),
        ["PS3128"] = (
            "pdb/shop/web",
            Of(Healthy.WithCluster(cluster => cluster with { Budgets = [cluster.Budgets[0] with { DisruptionsAllowed = 0 }] }))
        ),
        ["PS3129"] = (
            "node-b",
            Of(
                Healthy.WithCluster(cluster =>
                    cluster with
                    {
                        Pods = cluster.Pods.Select(pod => pod with { Node = "node-b" }).ToEquatable(),
                    }
                )
            )
        ),
        ["PS3130"] = (
            "vpce-sts",
            Of(
                Healthy.With(cloud =>
                    cloud with
                    {
                        Groups = cloud
                            .Groups.Select(group => group.Id.Text == "sg-endpoint" ? group with { Rules = [] } : group)
                            .ToEquatable(),
                    }
                )
            )
        ),
        ["PS3131"] = (
            "nodegroup/workers",
            Of(
                WithNode(node => node with { MaxPods = 29, Labels = [.. node.Labels, new("eks.amazonaws.com/nodegroup", "workers")] })
                    .With(cloud =>
                        cloud with
                        {
                            Nodegroups = [new("workers", "ACTIVE", "AL2023_x86_64_STANDARD", [], [new("subnet-nodes-b")], "lt-1", 1, 3, 2)],
                        }
                    )
            )
        ),
        ["PS3132"] = (
            "node-b",
            Of(WithNode(node => node with { MaxPods = 29, Labels = [.. node.Labels, new(SeenNode.PoolLabel, "default")] }))
        ),
        ["PS3133"] = (
            "node group batch",
            Of(
                Healthy.With(cloud =>
                    cloud with
                    {
                        Nodegroups =
                        [
                            new("batch", "ACTIVE", "CUSTOM", ["m5.large"], [new("subnet-nodes-b")], "lt-1", 0, 3, 0)
                            {
                                TemplateVersion = "4",
                            },
                        ],
                        LaunchTemplates = [new("lt-1", "batch", "4", 4, true, "", new ToldPods.Number(29, MaxPodsPlace.Bottlerocket))],
                    }
                )
            )
        ),
        ["PS3134"] = (
            "nodegroup/workers",
            Of(
                Healthy.With(cloud =>
                    cloud with
                    {
                        Nodegroups =
                        [
                            new("workers", "DEGRADED", "CUSTOM", [], [new("subnet-nodes-b")], null, 1, 3, 2)
                            {
                                Issues = ["NodeCreationFailure: Instances failed to join the kubernetes cluster."],
                            },
                        ],
                    }
                )
            )
        ),
        ["PS3135"] = (
            "node-b",
            Of(WithNode(node => node with { IsCordoned = true, Annotations = [new(Tags.Rollout("prod"), "to-overlay")] }))
        ),
        ["PS3136"] = (
            "node-b",
            Of(
                Healthy.With(cloud =>
                    cloud with
                    {
                        Interfaces = cloud
                            .Interfaces.Where(card => card.Instance != "i-b" || card.DeviceIndex == 0)
                            .Select(card =>
                                card.Instance == "i-b" ? card with { Prefixes = [Podspace.Addressing.Cidr.Parse("10.0.0.32/28")] } : card
                            )
                            .ToEquatable(),
                    }
                )
            )
        ),
        ["PS3141"] = (
            "100.80.0.0/16",
            Of(
                Healthy.With(cloud =>
                    cloud with
                    {
                        Vpc = cloud.Vpc! with { Blocks = [.. cloud.Vpc!.Blocks, new(Cidr.Parse("100.80.0.0/16"), "a", "failed", "no")] },
                    }
                )
            )
        ),
        ["PS3142"] = ("subnet-nodes-b", Of(WithSubnet("subnet-nodes-b", subnet => subnet with { Free = 3 }))),
        ["PS3143"] = (
            "eni-left",
            Of(
                Healthy.With(cloud =>
                    cloud with
                    {
                        Interfaces =
                        [
                            .. cloud.Interfaces,
                            Card("eni-left", "subnet-pods-b", "aws-K8S-i-gone", "100.64.0.90", "sg-pods") with
                            {
                                Status = "available",
                                Instance = null,
                                DeviceIndex = null,
                                Tags = [new("node.k8s.amazonaws.com/instance_id", "i-gone")],
                            },
                        ],
                    }
                )
            )
        ),
        ["PS3144"] = ("subnet-pods-b", Of(WithSubnet("subnet-pods-b", subnet => subnet with { Tags = [new(Tags.InternalElbRole, "1")] }))),
        ["PS3145"] = (
            "vpc-0",
            Of(Healthy.With(cloud => cloud with { Subnets = cloud.Subnets.Select(subnet => subnet with { Tags = [] }).ToEquatable() }))
        ),
        ["PS3146"] = ("subnet-pods-b", Of(WithSubnet("subnet-pods-b", subnet => subnet with { Tags = [new(Tags.CniRole, "0")] }))),
        ["PS3147"] = ("subnet-pods-b", Of(Healthy.WithEnv("ENABLE_PREFIX_DELEGATION", "true"))),
        ["PS3148"] = (
            "vpce-s3",
            Of(
                Healthy.With(cloud =>
                    cloud with
                    {
                        Endpoints = cloud.Endpoints.Select(endpoint => endpoint with { RouteTables = [] }).ToEquatable(),
                    }
                )
            )
        ),
        ["PS3149"] = (
            "eu-west-1",
            Of(
                Healthy.With(cloud =>
                    cloud with
                    {
                        Interfaces =
                        [
                            .. cloud.Interfaces,
                            .. Enumerable.Range(0, 4600).Select(i => Card($"eni-{i}", "subnet-nat", "", "", "sg-db")),
                        ],
                    }
                )
            )
        ),
        ["PS3150"] = (
            "172.17.0.0/16",
            Of(Healthy.With(cloud => cloud with { Cluster = cloud.Cluster! with { ServiceCidr = Cidr.Parse("172.17.0.0/16") } }))
        ),
        ["PS3151"] = (
            "podspace.io/block.100.64.0.0_16",
            Of(
                Healthy.With(cloud =>
                    cloud with
                    {
                        Vpc = cloud.Vpc! with { Tags = [new(Tags.Block(Pods), Tags.BlockValue("prod", cloud.ObservedAt))] },
                    }
                )
            )
        ),
        ["PS3152"] = (
            "subnet-pods-b",
            Of(
                Healthy.With(cloud =>
                    cloud with
                    {
                        RouteTables = cloud.RouteTables.Where(table => table.Id.Text != "rtb-pods").ToEquatable(),
                    }
                )
            )
        ),
        ["PS3153"] = (
            "podspace.io/block.100.64.0.0_16",
            Of(
                Healthy
                    .With(cloud =>
                        cloud with
                        {
                            Vpc = cloud.Vpc! with { Tags = [new(Tags.Block(Pods), Tags.BlockValue("prod", cloud.ObservedAt))] },
                        }
                    )
                    .WithCluster(cluster =>
                        cluster with
                        {
                            Pods =
                            [
                                .. cluster.Pods,
                                cluster.Pods[0] with
                                {
                                    Namespace = "kube-system",
                                    Name = "lbc-1",
                                    Labels = [new("app.kubernetes.io/name", "aws-load-balancer-controller")],
                                },
                            ],
                        }
                    )
            )
        ),
        ["PS3154"] = (
            "nat-0",
            Of(
                Healthy
                    .WithEnv("AWS_VPC_K8S_CNI_EXTERNALSNAT", "true")
                    .With(cloud => cloud.WithRoute("rtb-pods", "0.0.0.0/0", "nat-0"))
                    .WithCluster(cluster =>
                        cluster with
                        {
                            Pods = [.. cluster.Pods, .. Enumerable.Range(0, 600).Select(i => cluster.Pods[0] with { Name = $"many-{i}" })],
                        }
                    )
            )
        ),
        ["PS3155"] = (
            "subnet-pods-b",
            Of(
                Healthy.With(cloud =>
                    cloud with
                    {
                        Participant = new(
                            "444455556666",
                            cloud.Subnets.Select(subnet => subnet.Id).Where(id => id.Text != "subnet-pods-b").ToEquatable(),
                            []
                        ),
                    }
                )
            )
        ),
        ["PS3161"] = ("nodeclass/pods", Of(WithNodeClass("subnet-pods-b"))),
        ["PS3162"] = ("nodeclass/pods", Of(WithNodeClass("subnet-pods-b", "subnet-pods-c"))),
        ["PS3201"] = (
            "aws_subnet.pods",
            Of(Healthy, Terraform("aws_subnet", "aws_subnet.pods", "\"delete\", \"create\"", "{\"id\": \"subnet-pods-b\"}", "{}"))
        ),
        ["PS3202"] = (
            "aws_eks_addon.cni",
            Of(
                Healthy,
                Terraform(
                    "aws_eks_addon",
                    "aws_eks_addon.cni",
                    "\"update\"",
                    "{\"id\": \"prod:vpc-cni\"}",
                    "{\"addon_name\": \"vpc-cni\", \"resolve_conflicts_on_update\": \"OVERWRITE\"}"
                )
            )
        ),
        ["PS3203"] = (
            "aws_security_group.pods",
            Of(
                Healthy,
                Terraform("aws_security_group", "aws_security_group.pods", "\"create\"", "null", "{\"name\": \"pods\", \"egress\": []}")
            )
        ),
    };

    /// <summary>Further ways to be sick of the same.</summary>
    public static readonly IReadOnlyList<(string Code, string Object, DoctorInput Patient)> Others =
    [
        // One "default" for all zones.
        (
            "PS3103",
            "eniconfig/default",
            Of(
                Healthy
                    .WithEnv("ENI_CONFIG_LABEL_DEF", "k8s.amazonaws.com/eniConfig")
                    .WithCluster(cluster => cluster with { EniConfigs = [cluster.EniConfigs[0] with { Name = "default" }] })
            )
        ),
        // A pod subnet is one whoever says so: a NodeClass, or the tag that offers it to discovery.
        (
            "PS3144",
            "subnet-pods-b",
            Of(
                WithSubnet("subnet-pods-b", subnet => subnet with { Tags = [new(Tags.InternalElbRole, "1")] })
                    .WithCluster(cluster =>
                        cluster with
                        {
                            EniConfigs = [],
                            NodeClasses =
                            [
                                new("pods", "role", [], [], [], [], ["subnet-pods-b"], ["sg-pods"], false, "", "", true, null, []),
                            ],
                        }
                    )
            )
        ),
        (
            "PS3144",
            "subnet-pods-b",
            Of(
                WithSubnet("subnet-pods-b", subnet => subnet with { Tags = [new(Tags.CniRole, "1"), new(Tags.InternalElbRole, "1")] })
                    .WithEnv("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "false")
                    .WithCluster(cluster => cluster with { EniConfigs = [] })
            )
        ),
        // A label of the cluster's own making, and a value that names nothing.
        (
            "PS3119",
            "node-c",
            Of(
                Healthy
                    .WithEnv("ENI_CONFIG_LABEL_DEF", "example.com/pods")
                    .WithCluster(cluster =>
                        cluster with
                        {
                            Nodes =
                            [
                                cluster.Nodes[0] with
                                {
                                    Labels = [new("example.com/pods", "eu-west-1b")],
                                },
                                cluster.Nodes[1] with
                                {
                                    Labels = [new("example.com/pods", "nowhere")],
                                },
                            ],
                        }
                    )
            )
        ),
        (
            "PS3119",
            "node-b",
            Of(WithNode(node => node with { Labels = [.. node.Labels, new("vpc.amazonaws.com/externalEniConfig", "elsewhere")] }))
        ),
        // What an ENIConfig without groups has left behind.
        (
            "PS3107",
            "eni-trunk",
            Of(
                Healthy.With(cloud =>
                    cloud with
                    {
                        Groups = [.. cloud.Groups, new(new("sg-default"), "default", "", [], [])],
                        Interfaces =
                        [
                            .. cloud.Interfaces,
                            Card("eni-trunk", "subnet-pods-b", "aws-k8s-trunk-eni", "100.64.0.99", "sg-default") with
                            {
                                Type = "trunk",
                            },
                        ],
                    }
                )
            )
        ),
        (
            "PS3146",
            "subnet-pods-b",
            Of(WithSubnet("subnet-pods-b", subnet => subnet with { Tags = [new("cni.networking.k8s.aws/cluster/other", "shared")] }))
        ),
        ("PS3150", "172.17.8.0/24", Of(Healthy.With(cloud => cloud.WithRoute("rtb-nodes", "172.17.8.0/24", "tgw-0")))),
        (
            "PS3150",
            "172.17.0.0/16",
            Of(
                Healthy.With(cloud =>
                    cloud with
                    {
                        Peerings = [.. cloud.Peerings, new(new("pcx-1"), "active", true, "vpc-9", [Cidr.Parse("172.17.0.0/16")])],
                    }
                )
            )
        ),
    ];

    public static DoctorInput Of(Inventory inventory, string? terraform = null) =>
        new(inventory, [], terraform is null ? null : TerraformChanges.Parse(terraform));

    private static Inventory WithCluster(this Inventory inventory, Func<ClusterInventory, ClusterInventory> cluster) =>
        inventory with
        {
            Cluster = cluster(inventory.Cluster!),
        };

    private static Inventory WithAwsNode(this Inventory inventory, Func<SeenAwsNode, SeenAwsNode> change) =>
        inventory.WithCluster(cluster => cluster with { AwsNode = change(cluster.AwsNode!) });

    internal static Inventory WithEnv(this Inventory inventory, string name, string value) =>
        inventory.WithCluster(cluster =>
            cluster with
            {
                AwsNode = cluster.AwsNode! with
                {
                    Env = [.. cluster.AwsNode!.Env.Where(setting => setting.Name != name), new(name, value)],
                },
            }
        );

    private static Inventory WithRules(this Inventory inventory, string id, params SeenRule[] rules) =>
        inventory.With(cloud =>
            cloud with
            {
                Groups = cloud
                    .Groups.Select(group => group.Id.Text == id ? group with { Rules = [.. group.Rules, .. rules] } : group)
                    .ToEquatable(),
            }
        );

    private static Inventory WithoutRule(string id, string rule) =>
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

    private static Inventory WithEniConfig(Func<SeenEniConfig, SeenEniConfig> change) =>
        Healthy.WithCluster(cluster => cluster with { EniConfigs = [cluster.EniConfigs[0], change(cluster.EniConfigs[1])] });

    private static Inventory WithNode(Func<SeenNode, SeenNode> change) =>
        Healthy.WithCluster(cluster => cluster with { Nodes = [change(cluster.Nodes[0]), .. cluster.Nodes.Skip(1)] });

    private static Inventory WithCard(string id, Func<SeenInterface, SeenInterface> change) =>
        Healthy.With(cloud =>
            cloud with
            {
                Interfaces = cloud.Interfaces.Select(card => card.Id.Text == id ? change(card) : card).ToEquatable(),
            }
        );

    private static Inventory WithSubnet(string id, Func<SeenSubnet, SeenSubnet> change) =>
        Healthy.With(cloud =>
            cloud with
            {
                Subnets = cloud.Subnets.Select(subnet => subnet.Id.Text == id ? change(subnet) : subnet).ToEquatable(),
            }
        );

    private static CloudInventory WithoutPodCard(CloudInventory cloud) =>
        cloud with
        {
            Interfaces = cloud.Interfaces.Where(card => card.Id.Text != "eni-pods-b").ToEquatable(),
        };

    private static Inventory WithNodeClass(params string[] podSubnets) =>
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

    private static SeenRule Rule(string id, Traffic traffic, Peer peer) => new(id, Direction.Ingress, traffic, peer, "", []);

    private static SeenInterface Card(string id, string subnet, string description, string address, string group) =>
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

    private static SeenPod Dns(string name, string node, string address) =>
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

    private static string Terraform(string type, string address, string actions, string before, string after) =>
        $$$"""{"format_version": "1.2", "resource_changes": [{"address": "{{{address}}}", "type": "{{{type}}}", "change": {"actions": [{{{actions}}}], "before": {{{before}}}, "after": {{{after}}}}}]}""";
}
