using System.Text.Json.Nodes;
using Podspace.Simulation;
using Podspace.Simulation.Kubernetes;
using Podspace.Simulation.State;

namespace Podspace.Tests.Applying;

/// <summary>Changes of the guide's world by which its new nodes are told otherwise how many pods they may take.</summary>
internal static class LaunchPathWorlds
{
    public static void OwnAmi(World world) => world.State.Aws.Nodegroups.ForEach(group => group.AmiType = "CUSTOM");

    /// <summary>Takes every node out of its group and puts labels on it instead.</summary>
    public static void Label(World world, params (string Key, string Value)[] labels)
    {
        foreach (var node in world.Objects.List("v1", "nodes").Select(node => node.Clone()).ToList())
        {
            var all = (JsonObject)node["metadata"]!["labels"]!;
            all.Remove("eks.amazonaws.com/nodegroup");
            foreach (var (key, value) in labels)
            {
                all[key] = value;
            }
            world.Objects.Update("v1", "nodes", node, "test");
        }
    }

    /// <summary>A node group with a launch template that names an AMI, and without a node.</summary>
    public static void Spare(World world, string userData)
    {
        world.State.Aws.Nodegroups.Add(
            new()
            {
                NodegroupName = "spare",
                AmiType = "CUSTOM",
                ClusterName = "prod",
                Subnets = world.State.Aws.Nodegroups[0].Subnets,
                InstanceTypes = ["m5.large"],
                ScalingConfig = new() { MaxSize = 3 },
                LaunchTemplate = new() { Id = "lt-0spare", Version = "2" },
            }
        );
        world.State.Aws.LaunchTemplateVersions.AddRange([
            Version("lt-0spare", 1, "[settings.kubernetes]\nmax-pods = 20\n", "spare"),
            Version("lt-0spare", 2, userData, "spare"),
        ]);
    }

    public static LaunchTemplateVersion Version(string id, int number, string userData, string name = "") =>
        new()
        {
            LaunchTemplateId = id,
            LaunchTemplateName = name,
            VersionNumber = number,
            DefaultVersion = number == 1,
            LaunchTemplateData = new()
            {
                ImageId = "ami-0a",
                UserData = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(userData)),
            },
        };

    public static AutoScalingGroup Scaling(string name, string cluster, string type, int most = 5, string version = "$Latest") =>
        new()
        {
            AutoScalingGroupName = name,
            MaxSize = most,
            Tags = [new() { Key = $"kubernetes.io/cluster/{cluster}", Value = "owned" }],
            MixedInstancesPolicy = new()
            {
                LaunchTemplate = new()
                {
                    LaunchTemplateSpecification = new() { LaunchTemplateId = "lt-0batch", Version = version },
                    Overrides = [new() { InstanceType = "m5.xlarge" }, new() { InstanceType = type }],
                },
            },
        };

    /// <summary>Karpenter, a node class and a pool of m5 by it, and no node.</summary>
    public static void Karpenter(World world, string reserved, string maxPods)
    {
        Add(
            "apps/v1",
            "deployments",
            "Deployment",
            "karpenter",
            "kube-system",
            """
            {
              "replicas": 0,
              "selector": {"matchLabels": {"app.kubernetes.io/name": "karpenter"}},
              "template": {
                "metadata": {"labels": {"app.kubernetes.io/name": "karpenter"}},
                "spec": {
                  "containers": [
                    {
                      "name": "controller",
                      "image": "karpenter",
                      "env": [{"name": "RESERVED_ENIS", "value": "NUMBER"}]
                    }
                  ]
                }
              }
            }
            """.Replace("NUMBER", reserved, StringComparison.Ordinal)
        );
        Add(
            "karpenter.k8s.aws/v1",
            "ec2nodeclasses",
            "EC2NodeClass",
            "general",
            null,
            maxPods.Length == 0
                ? """{"role": "nodes"}"""
                : """{"role": "nodes", "kubelet": {"maxPods": NUMBER}}""".Replace("NUMBER", maxPods, StringComparison.Ordinal)
        );
        Add(
            "karpenter.sh/v1",
            "nodepools",
            "NodePool",
            "general",
            null,
            """
            {
              "template": {
                "spec": {
                  "nodeClassRef": {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "general"},
                  "requirements": [
                    {"key": "karpenter.k8s.aws/instance-family", "operator": "In", "values": ["m5"]},
                    {"key": "karpenter.k8s.aws/instance-size", "operator": "In", "values": ["large", "xlarge"]}
                  ]
                }
              }
            }
            """
        );

        void Add(string api, string plural, string kind, string name, string? ns, string spec)
        {
            var metadata = new JsonObject
            {
                ["name"] = name,
                ["labels"] = new JsonObject { ["app.kubernetes.io/name"] = "karpenter" },
            };
            if (ns is not null)
            {
                metadata["namespace"] = ns;
            }
            world.Objects.Create(
                api,
                plural,
                new JsonObject
                {
                    ["apiVersion"] = api,
                    ["kind"] = kind,
                    ["metadata"] = metadata,
                    ["spec"] = JsonNode.Parse(spec),
                },
                "test"
            );
        }
    }
}
