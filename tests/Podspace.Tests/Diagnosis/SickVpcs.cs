using Podspace.Addressing;
using Podspace.Diagnosis;
using Podspace.Naming;
using Podspace.Tests.Reachability;
using static Podspace.Tests.Diagnosis.HealthyWorld;

namespace Podspace.Tests.Diagnosis;

/// <summary>What else is wrong in the VPC: PS314x to PS316x.</summary>
internal static class SickVpcs
{
    public static readonly Dictionary<string, (string Object, DoctorInput Patient)> All = new()
    {
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
    };
}
