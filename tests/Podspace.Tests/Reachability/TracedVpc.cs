using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Reachability;

namespace Podspace.Tests.Reachability;

/// <summary>Two zones, a node in each; pods on interfaces of their own in 100.64.0.0/16, as custom
/// networking makes them. A database, an endpoint, ways out.</summary>
internal static class TracedVpc
{
    public const string Node = "10.0.0.10";
    public const string Pod = "100.64.0.20";
    public const string OtherPod = "100.64.128.20";
    public const string Api = "10.0.0.5";
    public const string Database = "10.0.16.30";
    public const string Endpoint = "10.0.0.40";

    private static readonly Cidr Everywhere = Cidr.Parse("0.0.0.0/0");

    public static Inventory Inventory(params (string Name, string Value)[] env)
    {
        var cloud = new CloudInventory
        {
            Account = "111122223333",
            Caller = "arn:aws:iam::111122223333:user/test",
            Region = "eu-west-1",
            ObservedAt = default,
            Vpc = new(new("vpc-0"), Cidr.Parse("10.0.0.0/16"), [Block("10.0.0.0/16"), Block("100.64.0.0/16")], [], "111122223333"),
            Subnets =
            [
                Subnet("subnet-nodes-b", "b", "10.0.0.0/20"),
                Subnet("subnet-nodes-c", "c", "10.0.16.0/20"),
                Subnet("subnet-nat", "b", "10.0.32.0/20"),
                Subnet("subnet-pods-b", "b", "100.64.0.0/17"),
                Subnet("subnet-pods-c", "c", "100.64.128.0/17"),
            ],
            RouteTables =
            [
                Table("rtb-nodes", true, [], ("0.0.0.0/0", "nat-0"), ("172.31.0.0/16", "pcx-0"), ("192.168.0.0/16", "tgw-0")),
                Table("rtb-nat", false, ["subnet-nat"], ("0.0.0.0/0", "igw-0")),
                Table("rtb-pods", false, ["subnet-pods-b", "subnet-pods-c"]),
            ],
            Groups =
            [
                Group("sg-cluster", In("self", Traffic.All, Ref.Used("sg-cluster")), In("pods", Traffic.All, Ref.Used("sg-pods"))),
                Group("sg-pods", In("all", Traffic.All, Cidr.Parse("10.0.0.0/16")), In("self", Traffic.All, Ref.Used("sg-pods"))),
                Group("sg-db", In("nodes", Traffic.Tcp(5432), Ref.Used("sg-cluster"))),
                Group("sg-endpoint", In("vpc", Traffic.Tcp(443), Cidr.Parse("10.0.0.0/16"))),
            ],
            NetworkAcls =
            [
                new(
                    new("acl-0"),
                    true,
                    [
                        new(100, Direction.Ingress, "-1", -1, -1, Everywhere, true),
                        new(100, Direction.Egress, "-1", -1, -1, Everywhere, true),
                    ],
                    []
                ),
            ],
            Interfaces =
            [
                Eni("eni-api", "subnet-nodes-b", "Amazon EKS prod", null, "sg-cluster", Api),
                Eni("eni-node-b", "subnet-nodes-b", "", ("i-b", 0), "sg-cluster", Node),
                Eni("eni-pods-b", "subnet-pods-b", "aws-K8S-i-b", ("i-b", 1), "sg-pods", "100.64.0.19", Pod, "100.64.0.21"),
                Eni("eni-node-c", "subnet-nodes-c", "", ("i-c", 0), "sg-cluster", "10.0.16.10"),
                Eni("eni-pods-c", "subnet-pods-c", "aws-K8S-i-c", ("i-c", 1), "sg-pods", "100.64.128.19", OtherPod),
                Eni("eni-db", "subnet-nodes-c", "RDSNetworkInterface", null, "sg-db", Database),
                Eni("eni-sts", "subnet-nodes-b", "VPC Endpoint Interface vpce-sts", null, "sg-endpoint", Endpoint),
                Eni("eni-nat", "subnet-nat", "Interface for NAT Gateway nat-0", null, "", "10.0.32.7") with
                {
                    Type = "nat_gateway",
                    Groups = [],
                },
            ],
            Endpoints =
            [
                new(
                    new("vpce-sts"),
                    "com.amazonaws.eu-west-1.sts",
                    "Interface",
                    "available",
                    [new("subnet-nodes-b")],
                    [],
                    [new("sg-endpoint")],
                    [new("eni-sts")]
                ),
            ],
            NatGateways = [new(new("nat-0"), new("subnet-nat"), "available", "public")],
            Peerings = [new(new("pcx-0"), "active", true, "vpc-1", [Cidr.Parse("172.31.0.0/16")])],
            TransitGatewayAttachments = [new(new("tgw-attach-0"), "tgw-0", "available", [new("subnet-nodes-b"), new("subnet-nodes-c")])],
            Cluster = new(
                "prod",
                "1.33",
                "ACTIVE",
                new("vpc-0"),
                "ipv4",
                Cidr.Parse("172.20.0.0/16"),
                "https://prod.example",
                "",
                [],
                new("sg-cluster"),
                [],
                false
            ),
        };
        return new(
            cloud,
            new()
            {
                AwsNode = new(
                    "amazon-k8s-cni:v1.23.1",
                    [
                        .. env.Select(one => new EnvSetting(one.Name, one.Value)),
                        new("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "true"),
                        new("ENI_CONFIG_LABEL_DEF", "topology.kubernetes.io/zone"),
                    ],
                    ["eks"],
                    2,
                    2,
                    2,
                    true
                ),
                EniConfigs =
                [
                    new("eu-west-1b", "subnet-pods-b", ["sg-pods"], null, ["eks"]),
                    new("eu-west-1c", "subnet-pods-c", ["sg-pods"], null, ["eks"]),
                ],
                Nodes = [KubeNode("node-b", "b", Node), KubeNode("node-c", "c", "10.0.16.10")],
                Pods = [KubePod("web-1", "node-b", Pod), KubePod("web-2", "node-c", OtherPod)],
                ClusterIps = [new("shop", "web", Address.Parse("172.20.7.7"), [new("app", "web")], [new("TCP", 80, 8080, 0)])],
            }
        );
    }

    public static Trace Trace(Inventory inventory, string from, string to, int port = 443) =>
        Tracer.Of(inventory).Explain(Flow.Tcp(Address.Parse(from), Address.Parse(to), port));

    public static Inventory With(this Inventory inventory, Func<CloudInventory, CloudInventory> cloud) =>
        inventory with
        {
            Cloud = cloud(inventory.Cloud),
        };

    public static CloudInventory WithRoute(this CloudInventory cloud, string table, string to, string via) =>
        cloud with
        {
            RouteTables = cloud
                .RouteTables.Select(one =>
                    one.Id.Text != table
                        ? one
                        : one with
                        {
                            Routes = [.. one.Routes, new(Cidr.Parse(to), null, via, "active", "CreateRoute")],
                        }
                )
                .ToEquatable(),
        };

    public static CloudInventory WithAcl(this CloudInventory cloud, string subnet, params SeenAclEntry[] entries) =>
        cloud with
        {
            NetworkAcls = [.. cloud.NetworkAcls, new(new("acl-own"), false, entries.ToEquatable(), [new(subnet)])],
        };

    private static SeenBlock Block(string cidr) => new(Cidr.Parse(cidr), cidr, "associated", null);

    private static SeenSubnet Subnet(string id, string zone, string cidr) =>
        new(new(id), $"eu-west-1{zone}", "az", Cidr.Parse(cidr), "available", 100, "111122223333", [], []);

    private static SeenRouteTable Table(string id, bool isMain, string[] subnets, params (string To, string Via)[] routes) =>
        new(
            new(id),
            routes.Select(route => new SeenRoute(Cidr.Parse(route.To), null, route.Via, "active", "CreateRoute")).ToEquatable(),
            [
                .. isMain ? [new SeenAssociation("main", null, true, "associated")] : Array.Empty<SeenAssociation>(),
                .. subnets.Select(subnet => new SeenAssociation(subnet, new(subnet), false, "associated")),
            ],
            []
        );

    private static SeenGroup Group(string id, params SeenRule[] rules) =>
        new(new(id), id[3..], "", [.. rules, new("out", Direction.Egress, Traffic.All, Everywhere, "", [])], []);

    private static SeenRule In(string id, Traffic traffic, Peer peer) => new($"sgr-{id}", Direction.Ingress, traffic, peer, "", []);

    private static SeenInterface Eni(
        string id,
        string subnet,
        string description,
        (string Instance, int Index)? on,
        string group,
        params string[] addresses
    ) =>
        new(
            new(id),
            new(subnet),
            "interface",
            "in-use",
            description,
            false,
            on?.Instance,
            on?.Index,
            addresses.Select(Address.Parse).ToEquatable(),
            [],
            [new(group)],
            []
        );

    private static SeenNode KubeNode(string name, string zone, string address) =>
        new(
            name,
            $"eu-west-1{zone}",
            $"i-{zone}",
            "m5.large",
            Address.Parse(address),
            20,
            true,
            false,
            default,
            [new("topology.kubernetes.io/zone", $"eu-west-1{zone}")],
            []
        );

    private static SeenPod KubePod(string name, string node, string address) =>
        new("shop", name, node, Address.Parse(address), false, "Running", true, "ReplicaSet", false, false, [new("app", "web")]);
}
