using Podspace.Diagnosis;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Tests.Reachability;
using static Podspace.Tests.Diagnosis.HealthyWorld;

namespace Podspace.Tests.Diagnosis;

/// <summary>Nodes, and what starts them: PS312x and PS313x.</summary>
internal static class SickNodes
{
    public static readonly Dictionary<string, (string Object, DoctorInput Patient)> All = new()
    {
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
    };
}
