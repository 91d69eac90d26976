using System.Text.Json.Nodes;
using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Spec;

namespace Podspace.Tests.Design;

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
