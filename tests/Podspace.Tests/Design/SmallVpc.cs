using System.Text.Json.Nodes;
using Podspace.Addressing;
using Podspace.Design;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
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

/// <summary>What a run leaves of a network: all of it, or what it came to before it was cut.</summary>
/// <param name="keeps">Says of each part, by a word such as <c>subnet pods-eu-west-1b-0</c>, whether the
/// run came to it. What stands on a missing part is missing too.</param>
internal sealed class PartlyApplied(OverlaySpec spec, Network network, Func<string, bool> keeps)
{
    private readonly HashSet<Ref> there = [];

    public Inventory To(Inventory before)
    {
        var cloud = WithBlocks(before.Cloud);
        cloud = WithSubnets(cloud);
        cloud = WithTables(cloud);
        cloud = WithGroups(cloud);
        cloud = WithRules(cloud);
        return WithCni(before with { Cloud = cloud });
    }

    public static string IdOf(Ref reference, string kind) => reference.IsMade ? $"{kind}-of-{reference}" : reference.ToString();

    private CloudInventory WithBlocks(CloudInventory cloud)
    {
        var made = network.Blocks.Where(block => block.IsMade && keeps($"tag {block.Cidr}")).ToList();
        var vpc = cloud.Vpc!;
        var live = made.Where(block => keeps($"block {block.Cidr}") && !vpc.LiveBlocks.Any(seen => seen.Cidr == block.Cidr));
        return cloud with
        {
            Vpc = vpc with
            {
                Tags =
                [
                    .. vpc.Tags,
                    .. made.Select(block => new SeenTag(Tags.Block(block.Cidr), Tags.BlockValue(spec.Name, SmallVpc.Now))),
                ],
                Blocks = [.. vpc.Blocks, .. live.Select(block => SmallVpc.Block(block.Cidr.ToString()))],
            },
        };
    }

    private CloudInventory WithSubnets(CloudInventory cloud)
    {
        var made = network
            .Subnets.Where(subnet =>
                subnet.Ref.IsMade && cloud.Vpc!.LiveBlocks.Any(block => block.Cidr.Contains(subnet.Cidr)) && keeps($"subnet {subnet.Ref}")
            )
            .ToList();
        there.UnionWith(made.Select(subnet => subnet.Ref));
        return cloud with
        {
            Subnets =
            [
                .. cloud.Subnets,
                .. made.Select(subnet => new SeenSubnet(
                    new(IdOf(subnet.Ref, "subnet")),
                    subnet.Zone,
                    "az",
                    subnet.Cidr,
                    "available",
                    100,
                    "111122223333",
                    subnet
                        .Reserved.Where(block => keeps($"reservation {block}"))
                        .Select(block => new SeenReservation(
                            new($"scr-{block}"),
                            block,
                            "prefix",
                            ResourceNames.TagsFor(spec, new("reservation"), null)
                        ))
                        .ToEquatable(),
                    ResourceNames.TagsFor(spec, subnet)
                )),
            ],
        };
    }

    private CloudInventory WithTables(CloudInventory cloud)
    {
        var made = network.RouteTables.Where(table => keeps($"table {table.Ref}"));
        return cloud with
        {
            RouteTables =
            [
                .. cloud.RouteTables,
                .. made.Select(table => new SeenRouteTable(
                    new(IdOf(table.Ref, "rtb")),
                    table
                        .Routes.Where(route => keeps($"route {route.To}"))
                        .Select(route => new SeenRoute(route.To, null, route.Via, "active", "CreateRoute"))
                        .ToEquatable(),
                    network
                        .Subnets.Where(subnet =>
                            subnet.RouteTable == table.Ref && there.Contains(subnet.Ref) && keeps($"association {subnet.Ref}")
                        )
                        .Select(subnet => new SeenAssociation(
                            $"rtbassoc-{subnet.Ref}",
                            new(IdOf(subnet.Ref, "subnet")),
                            false,
                            "associated"
                        ))
                        .ToEquatable(),
                    ResourceNames.TagsFor(
                        spec,
                        table.Ref.Name,
                        network.RouteTables.Count > 1 ? table.Ref.Name.Text["pods-".Length..] : null
                    )
                )),
            ],
        };
    }

    private CloudInventory WithGroups(CloudInventory cloud)
    {
        var made = network.Groups.Where(group => keeps($"group {group.Ref}")).ToList();
        there.UnionWith(made.Select(group => group.Ref));
        return cloud with
        {
            Groups =
            [
                .. cloud.Groups,
                .. made.Select(group => new SeenGroup(
                    new(IdOf(group.Ref, "sg")),
                    group.GroupName,
                    group.Description,
                    [
                        new(
                            "sgr-default",
                            Direction.Egress,
                            Traffic.All,
                            Cidr.Parse("0.0.0.0/0"),
                            "",
                            keeps("tags of the egress rule") ? ResourceNames.TagsFor(spec, new("rule"), null) : []
                        ),
                    ],
                    ResourceNames.TagsForGroup(spec)
                )),
            ],
        };
    }

    private CloudInventory WithRules(CloudInventory cloud)
    {
        var made = network
            .Rules.Where(rule =>
                rule.Direction == Direction.Ingress
                && IsThere(rule.Group)
                && (rule.Peer.Group is not { } peer || IsThere(peer))
                && keeps($"rule {rule}")
            )
            .ToList();
        return cloud with
        {
            Groups = cloud
                .Groups.Select(group =>
                    group with
                    {
                        Rules =
                        [
                            .. group.Rules,
                            .. made.Where(rule => IdOf(rule.Group, "sg") == group.Id.Text)
                                .Select(rule => new SeenRule(
                                    $"sgr-{rule}",
                                    rule.Direction,
                                    rule.Traffic,
                                    rule.Peer.Group is { } peer ? Ref.Used(IdOf(peer, "sg")) : rule.Peer,
                                    rule.Why,
                                    ResourceNames.TagsFor(spec, new("rule"), null)
                                )),
                        ],
                    }
                )
                .ToEquatable(),
        };
    }

    private Inventory WithCni(Inventory inventory)
    {
        if (network.Cni is not { } cni)
        {
            return inventory;
        }
        var configs = network.EniConfigs.Where(config => IsThere(config.Subnet) && config.Groups.All(IsThere)).ToList();
        var values = new JsonObject();
        if (keeps("env"))
        {
            values["env"] = new JsonObject(cni.Env.Select(setting => KeyValuePair.Create(setting.Name, (JsonNode?)setting.Value)));
            inventory = inventory.WithCluster(cluster =>
                cluster with
                {
                    AwsNode = cluster.AwsNode! with
                    {
                        Env = [.. cluster.AwsNode!.Env.Where(setting => !cni.Env.Any(ours => ours.Name == setting.Name)), .. cni.Env],
                    },
                }
            );
        }
        var seen = configs.ConvertAll(config => new SeenEniConfig(
            config.Zone,
            IdOf(config.Subnet, "subnet"),
            config.Groups.Select(group => IdOf(group, "sg")).ToEquatable(),
            cni.Writer == EniConfigWriter.Objects ? spec.Name : null,
            [cni.Writer == EniConfigWriter.Objects ? "podspace" : "eks"]
        ));
        seen.RemoveAll(config => !keeps(cni.Writer == EniConfigWriter.Objects ? $"eniconfig {config.Name}" : "eniconfigs"));
        seen.RemoveAll(config => inventory.Cluster!.EniConfigs.Any(other => other.Name == config.Name));
        if (cni.Writer == EniConfigWriter.Addon && seen.Count > 0)
        {
            values["eniConfig"] = new JsonObject
            {
                ["create"] = true,
                ["region"] = spec.Region,
                ["subnets"] = new JsonObject(
                    seen.Select(config =>
                        KeyValuePair.Create(
                            config.Name,
                            (JsonNode?)
                                new JsonObject
                                {
                                    ["id"] = config.Subnet,
                                    ["securityGroups"] = new JsonArray([.. config.Groups.Select(group => (JsonNode?)group)]),
                                }
                        )
                    )
                ),
            };
        }
        inventory = inventory.WithCluster(cluster =>
            cluster with
            {
                EniConfigs = [.. cluster.EniConfigs, .. seen],
                Record = cni.IsAddon ? new("", values.ToJsonString(), []) : null,
            }
        );
        return cni.IsAddon
            ? inventory.With(cloud => cloud with { VpcCni = cloud.VpcCni! with { Values = values.ToJsonString() } })
            : inventory;
    }

    private bool IsThere(Ref reference) => !reference.IsMade || there.Contains(reference);
}
