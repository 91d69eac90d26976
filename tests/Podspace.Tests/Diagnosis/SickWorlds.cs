using Podspace.Addressing;
using Podspace.Diagnosis;
using Podspace.Naming;
using Podspace.Tests.Reachability;
using static Podspace.Tests.Diagnosis.HealthyWorld;

namespace Podspace.Tests.Diagnosis;

/// <summary>For each code a world that has just that wrong.</summary>
internal static class SickWorlds
{
    /// <summary>By code: what is wrong, and on what it is found.</summary>
    public static readonly IReadOnlyDictionary<string, (string Object, DoctorInput Patient)> All = SickFlows
        .All.Concat(SickSettings.All)
        .Concat(SickNodes.All)
        .Concat(SickVpcs.All)
        .Concat(SickTerraform.All)
        .ToDictionary();

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
}
