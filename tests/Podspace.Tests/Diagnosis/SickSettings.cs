using Podspace.Diagnosis;
using Podspace.Tests.Reachability;
using static Podspace.Tests.Diagnosis.HealthyWorld;

namespace Podspace.Tests.Diagnosis;

/// <summary>Settings of the CNI and ENIConfigs that are wrong: PS310x and PS311x.</summary>
internal static class SickSettings
{
    public static readonly Dictionary<string, (string Object, DoctorInput Patient)> All = new()
    {
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
    };
}
