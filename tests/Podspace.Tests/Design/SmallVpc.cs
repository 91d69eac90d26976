using Podspace.Addressing;
using Podspace.Design;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Spec;

namespace Podspace.Tests.Design;

/// <summary>A VPC with a cluster as the guide has it, told in a few words; every part can be changed with <c>with</c>.</summary>
internal static class SmallVpc
{
    public const string Id = "vpc-09796d57be9cec2d2";
    public const string ClusterGroup = "sg-08573594d51163fc9";

    public static readonly DateTimeOffset Now = new(2026, 9, 1, 8, 0, 0, TimeSpan.Zero);

    /// <summary>As the smallest document for it; <paramref name="lines"/> are indented under <c>spec</c>.</summary>
    public static OverlaySpec Spec(string lines = "")
    {
        var text =
            $"apiVersion: podspace.io/v1alpha1\nkind: OverlayNetwork\nmetadata: {{name: prod}}\n"
            + $"spec:\n  region: eu-west-1\n  vpc: {Id}\n  cluster: prod\n{lines}\n";
        var parsed = OverlayYaml.Parse(text, "overlay.yaml");
        Assert.True(parsed.Ok(out var spec), string.Join("\n", parsed.Findings));
        return spec;
    }

    /// <summary>Two zones of nodes, a managed node group, the add-on; the control plane and all nodes carry the cluster's group.</summary>
    public static Inventory Guide(string primary = "10.196.24.0/24", params string[] zones)
    {
        zones = zones.Length == 0 ? ["eu-west-1b", "eu-west-1c"] : zones;
        var block = Cidr.Parse(primary);
        var nodeSubnets = zones
            .Zip(block.Split(block.PrefixLength + 3), (zone, cidr) => Subnet($"subnet-node{zone[^1]}", zone, cidr.ToString()))
            .ToEquatable();
        var cloud = new CloudInventory
        {
            Account = "111122223333",
            Caller = "arn:aws:iam::111122223333:user/test",
            Region = "eu-west-1",
            ObservedAt = Now,
            Vpc = new(new(Id), block, [Block(primary)], [], "111122223333"),
            Zones = "abcdef"
                .Select(letter => new SeenZone($"eu-west-1{letter}", $"euw1-az{letter - 'a' + 1}", "availability-zone", "available"))
                .ToEquatable(),
            Subnets = nodeSubnets,
            RouteTables =
            [
                new(
                    new("rtb-main"),
                    [
                        new(block, null, "local", "active", "CreateRouteTable"),
                        new(Cidr.Parse("0.0.0.0/0"), null, "tgw-0aa36b6cfca793d8d", "active", "CreateRoute"),
                    ],
                    [new("rtbassoc-main", null, true, "associated")],
                    []
                ),
            ],
            Groups = [ClusterGroupSeen()],
            Interfaces = zones
                .SelectMany(zone =>
                    new[]
                    {
                        Interface($"eni-node{zone[^1]}", $"subnet-node{zone[^1]}", "", $"i-{zone[^1]}", ClusterGroup),
                        Interface($"eni-eks{zone[^1]}", $"subnet-node{zone[^1]}", "Amazon EKS prod", null, ClusterGroup),
                    }
                )
                .ToEquatable(),
            InstanceTypes = [new("m5.large", 3, 10, "nitro", false, 2)],
            Cluster = new(
                "prod",
                "1.33",
                "ACTIVE",
                new(Id),
                "ipv4",
                Cidr.Parse("172.20.0.0/16"),
                "https://prod.example",
                "",
                nodeSubnets.Select(subnet => subnet.Id).ToEquatable(),
                new(ClusterGroup),
                [],
                false
            ),
            Nodegroups =
            [
                new(
                    "workers",
                    "ACTIVE",
                    "AL2023_x86_64_STANDARD",
                    ["m5.large"],
                    nodeSubnets.Select(subnet => subnet.Id).ToEquatable(),
                    null,
                    2,
                    4,
                    2
                ),
            ],
            VpcCni = new("v1.23.1-eksbuild.1", "ACTIVE", "", "{\"properties\":{\"eniConfig\":{}}}", []),
        };
        var cluster = new ClusterInventory
        {
            AwsNode = new(
                "602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon-k8s-cni:v1.23.1",
                [new("AWS_VPC_K8S_CNI_EXTERNALSNAT", "false"), new("WARM_PREFIX_TARGET", "1")],
                ["eks"],
                2,
                2,
                2,
                true
            ),
            Nodes = zones
                .Select(zone => new SeenNode($"node-{zone[^1]}", zone, $"i-{zone[^1]}", "m5.large", null, 29, true, false, Now, [], []))
                .ToEquatable(),
        };
        return new(cloud, cluster);
    }

    /// <summary>Blocks 10.N.0.0/16, subnets of /24 dealt to them in turn, at every other place.</summary>
    public static Inventory Crowd(int blocks, int subnets)
    {
        var guide = Guide();
        return guide with
        {
            Cloud = guide.Cloud with
            {
                Vpc = guide.Cloud.Vpc! with
                {
                    Primary = Cidr.Parse("10.0.0.0/16"),
                    Blocks = Enumerable.Range(0, blocks).Select(i => Block($"10.{i}.0.0/16")).ToEquatable(),
                },
                Subnets = Enumerable
                    .Range(0, subnets)
                    .Select(i => Subnet($"subnet-{i}", "ap-southeast-1a", $"10.{i % blocks}.{i / blocks * 2}.0/24"))
                    .ToEquatable(),
            },
        };
    }

    public static SeenBlock Block(string cidr, string state = "associated") => new(Cidr.Parse(cidr), $"vpc-cidr-assoc-{cidr}", state, null);

    public static SeenSubnet Subnet(string id, string zone, string cidr, params SeenTag[] tags) =>
        new(new(id), zone, "az", Cidr.Parse(cidr), "available", 100, "111122223333", [], tags.ToEquatable());

    public static SeenInterface Interface(string id, string subnet, string description, string? instance, params string[] groups) =>
        new(
            new(id),
            new(subnet),
            "interface",
            "in-use",
            description,
            false,
            instance,
            instance is null ? null : 0,
            [],
            [],
            groups.Select(group => new AwsId(group)).ToEquatable(),
            []
        );

    public static SeenRule Rule(string id, string protocol, int from, int to, Peer peer, Direction direction = Direction.Ingress) =>
        new(id, direction, new(protocol, from, to), peer, "", []);

    public static SeenGroup ClusterGroupSeen(params SeenRule[] more) =>
        new(
            new(ClusterGroup),
            "eks-cluster-sg-prod",
            "EKS",
            [Rule("sgr-self", "-1", -1, -1, Ref.Used(ClusterGroup)), .. more],
            [new("kubernetes.io/cluster/prod", "owned")]
        );

    public static Inventory With(this Inventory inventory, Func<CloudInventory, CloudInventory> cloud) =>
        inventory with
        {
            Cloud = cloud(inventory.Cloud),
        };

    public static Inventory WithCluster(this Inventory inventory, Func<ClusterInventory, ClusterInventory> cluster) =>
        inventory with
        {
            Cluster = cluster(inventory.Cluster!),
        };

    public static Inventory WithBlock(this Inventory inventory, string cidr, params SeenSubnet[] subnets) =>
        inventory.With(cloud =>
            cloud with
            {
                Vpc = cloud.Vpc! with { Blocks = [.. cloud.Vpc!.Blocks, Block(cidr)] },
                Subnets = [.. cloud.Subnets, .. subnets],
            }
        );

    public static Inventory WithRoute(this Inventory inventory, string to, string via = "tgw-0aa36b6cfca793d8d") =>
        inventory.With(cloud =>
            cloud with
            {
                RouteTables =
                [
                    cloud.RouteTables[0] with
                    {
                        Routes = [.. cloud.RouteTables[0].Routes, new(Cidr.Parse(to), null, via, "active", "CreateRoute")],
                    },
                    .. cloud.RouteTables.Skip(1),
                ],
            }
        );

    public static Network Design(OverlaySpec spec, Inventory inventory)
    {
        var design = NetworkDesign.From(spec, inventory);
        Assert.True(design.Ok(out var network), string.Join("\n", design.Findings));
        return network;
    }

    public static string Say(OverlaySpec spec, Inventory inventory) => string.Join("\n", NetworkDesign.From(spec, inventory).Findings);
}
