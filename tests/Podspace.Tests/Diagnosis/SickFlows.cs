using Podspace.Addressing;
using Podspace.Diagnosis;
using Podspace.Model;
using Podspace.Tests.Reachability;
using static Podspace.Tests.Diagnosis.HealthyWorld;

namespace Podspace.Tests.Diagnosis;

/// <summary>Flows that are needed and blocked: PS30xx.</summary>
internal static class SickFlows
{
    public static readonly Dictionary<string, (string Object, DoctorInput Patient)> All = new()
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
    };
}
