using System.Text.Json.Nodes;
using Podspace.Cli;
using Podspace.Simulation;
using Podspace.Steps;

namespace Podspace.Tests.Applying;

/// <summary>The way of a VPC in which there is no cluster yet: its network first; then
/// others make the cluster, and later its nodes.</summary>
internal static class NewClusterJobs
{
    private const string Cluster = "next",
        Nodes = "workers",
        Role = "arn:aws:iam::111122223333:role/eks-next";

    public static Estate For(Estate estate) =>
        estate with
        {
            Jobs =
            [
                Job.All[0],
                Apply("apply to the cluster", null, MakeCluster),
                .. Job.All.Skip(1).Select(job => job.Name == "rollout start" ? job with { Before = StartNodes } : job),
            ],
            Halfway = [Job.All[0], Apply("apply --stage switch", Stage.Switch, StartNodes), .. Job.Halfway.Skip(1)],
        };

    /// <summary>As create-cluster does with the VPC's routable subnets, and create-addon for the CNI.</summary>
    public static void MakeCluster(World world)
    {
        if (world.State.Aws.Clusters.Count > 0)
        {
            return;
        }
        world.Do(() =>
            world.Eks.CreateCluster(
                new()
                {
                    Name = Cluster,
                    RoleArn = Role,
                    ResourcesVpcConfig = new() { SubnetIds = Routable(world) },
                    KubernetesNetworkConfig = new() { ServiceIpv4Cidr = null },
                },
                hasPlugins: true
            )
        );
        world.Advance(TimeSpan.FromMinutes(12));
        world.Do(() =>
            world.Eks.CreateAddon(
                new()
                {
                    ClusterName = Cluster,
                    AddonName = "vpc-cni",
                    AddonVersion = "v1.20.4-eksbuild.1",
                },
                "OVERWRITE"
            )
        );
        world.Advance(TimeSpan.FromMinutes(1));
    }

    public static void StartNodes(World world)
    {
        MakeCluster(world);
        if (world.State.Aws.Nodegroups.Count > 0)
        {
            return;
        }
        world.Do(() =>
            world.Eks.CreateNodegroup(
                new()
                {
                    ClusterName = Cluster,
                    NodegroupName = Nodes,
                    InstanceTypes = ["m5.large"],
                    Subnets = Routable(world),
                    NodeRole = $"{Role}-workers",
                    ScalingConfig = new()
                    {
                        MinSize = 3,
                        MaxSize = 6,
                        DesiredSize = 3,
                    },
                }
            )
        );
        world.Do(() => world.Objects.Create("apps/v1", "deployments", Web(), "kubectl"));
        world.Advance(TimeSpan.FromMinutes(5));
    }

    private static Job Apply(string name, Stage? stage, Action<World> before) =>
        new(
            name,
            (terminal, session, cancel) =>
                ApplyCommand.ApplyAsync(terminal, session, new([], null, null, true), new(stage, true, true), cancel)
        )
        {
            Before = before,
        };

    private static List<string> Routable(World world) =>
        [
            .. world
                .State.Aws.Subnets.Where(subnet => subnet.Tags.Exists(tag => tag.Key == "kubernetes.io/role/internal-elb"))
                .Select(subnet => subnet.SubnetId),
        ];

    private static JsonObject Web() =>
        new()
        {
            ["metadata"] = new JsonObject { ["name"] = "web", ["namespace"] = "default" },
            ["spec"] = new JsonObject
            {
                ["replicas"] = 6,
                ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = "web" } },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = "web" } },
                    ["spec"] = new JsonObject
                    {
                        ["containers"] = new JsonArray(new JsonObject { ["name"] = "web", ["image"] = "registry.shop.example/web:1" }),
                    },
                },
            },
        };
}
