using System.Text.Json.Nodes;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Rendering;
using Podspace.Steps.Calls;
using Conflict = Podspace.Spec.Conflicts;
using EniConfigWriter = Podspace.Spec.EniConfigWriter;

namespace Podspace.Tests.Rendering;

/// <summary>A network as lines that can be compared, one for each thing that Terraform would make. What a plan
/// wants is told from the network itself, without any rendering.</summary>
internal static class NetworkFacts
{
    /// <param name="tagsForeignRules">False: rules in groups that are used carry no tags, because a module makes them.</param>
    public static SortedSet<string> Of(Blueprint blueprint, bool tagsForeignRules = true)
    {
        var (spec, network) = (blueprint.Spec, blueprint.Desired);
        var facts = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var block in network.Blocks.Where(block => block.IsMade))
        {
            facts.Add(Block(network.Vpc.Text, $"{block.Cidr}"));
        }
        foreach (var subnet in network.Subnets)
        {
            if (subnet.Ref.IsMade)
            {
                facts.Add(
                    Subnet(
                        network.Vpc.Text,
                        $"{subnet.Ref}",
                        blueprint.Inventory.Cloud.ZoneFor(subnet.Zone),
                        $"{subnet.Cidr}",
                        Tags(
                            ResourceNames.TagsForSubnet(spec, subnet, network.SubnetRoles.FirstOrDefault(role => role.Subnet == subnet.Ref))
                        )
                    )
                );
            }
            facts.UnionWith(subnet.Reserved.Select(reserved => Reserved($"{subnet.Ref}", $"{reserved}")));
            if (subnet.RouteTable is { } table)
            {
                facts.Add(Association($"{subnet.Ref}", $"{table}"));
            }
            if (subnet.NetworkAcl is { } acl)
            {
                facts.Add(Acl($"{subnet.Ref}", $"{acl}"));
            }
        }
        foreach (var table in network.RouteTables.Where(table => table.Ref.IsMade))
        {
            facts.Add(Table(network.Vpc.Text, $"{table.Ref}", Tags(ResourceNames.TagsForTable(spec, table.Ref.Name))));
            facts.UnionWith(table.Routes.Select(route => Route($"{table.Ref}", $"{route.To}", route.Via)));
        }
        foreach (var share in network.Shares)
        {
            facts.Add(Share($"{share.Ref}", share.ShareName, Tags(ResourceNames.TagsForShare(spec))));
            facts.Add(SharedWith($"{share.Ref}", share.Account));
            facts.UnionWith(share.Subnets.Select(subnet => Shared($"{share.Ref}", $"{subnet}")));
        }
        foreach (var group in network.Groups)
        {
            facts.Add(Group(network.Vpc.Text, $"{group.Ref}", group.GroupName, group.Description, Tags(ResourceNames.TagsForGroup(spec))));
        }
        foreach (var rule in network.Rules)
        {
            facts.Add(
                Rule(
                    $"{rule}",
                    rule.Why,
                    !rule.Group.IsMade && !tagsForeignRules ? "{}" : Tags(ResourceNames.TagsFor(spec, ResourceNames.Of(rule), null))
                )
            );
        }
        foreach (var role in network.SubnetRoles.Where(role => !role.Subnet.IsMade))
        {
            facts.Add($"{role.Subnet} has tag kubernetes.io/role/cni={(role.IsOffered ? 1 : 0)}");
        }
        foreach (var entry in network.AccessEntries)
        {
            facts.Add($"{entry.PrincipalArn} is admitted to {spec.Cluster} as EC2");
            facts.Add($"{entry.PrincipalArn} has {AccessEntry.Policy} in {spec.Cluster}, cluster-wide");
        }
        if (network.Cni is { IsAddon: true } cni)
        {
            AddCni(facts, blueprint, cni);
        }
        AddObjects(facts, blueprint);
        return facts;
    }

    /// <summary>What no add-on writes, as it would be applied but for the ids.</summary>
    private static void AddObjects(SortedSet<string> facts, Blueprint blueprint)
    {
        var (spec, network) = (blueprint.Spec, blueprint.Desired);
        string Name(Ref reference) => reference.ToString();
        facts.UnionWith(
            network.Cni is { Writer: EniConfigWriter.Objects }
                ? network.EniConfigs.Select(config => Object(EniConfigManifest.Of(spec, config, Name)))
                : []
        );
        facts.UnionWith(network.NodeClasses.Select(nodeClass => Object(AutoModeManifest.Of(spec, nodeClass, Name))));
        facts.UnionWith(network.NodePools.Select(pool => Object(AutoModeManifest.Of(spec, pool))));
        if (network.Cni is { IsAddon: false } cni)
        {
            facts.Add(Settings(cni.Env.Select(setting => (setting.Name, setting.Value))));
        }
    }

    public static string Object(JsonObject manifest) => $"the cluster has {Sorted(manifest)}";

    public static string Settings(IEnumerable<(string Name, string Value)> settings) =>
        $"aws-node has {string.Join(", ", settings.Select(setting => $"{setting.Name}={setting.Value}"))}";

    public static string Block(string vpc, string cidr) => $"{vpc} has block {cidr}";

    public static string Subnet(string vpc, string name, string zone, string cidr, string tags) =>
        $"{vpc} has subnet {name} in {zone}: {cidr} {tags}";

    public static string Reserved(string subnet, string cidr) => $"{subnet} keeps {cidr} for prefixes";

    public static string Acl(string subnet, string acl) => $"{subnet} has network ACL {acl}";

    public static string Association(string subnet, string table) => $"{subnet} has route table {table}";

    public static string Table(string vpc, string name, string tags) => $"{vpc} has route table {name} {tags}";

    public static string Route(string table, string to, string via) => $"{table} leads to {to} via {via}";

    public static string Share(string name, string shareName, string tags) => $"there is share {name}: {shareName} {tags}";

    public static string SharedWith(string share, string account) => $"share {share} is for {account}";

    public static string Shared(string share, string subnet) => $"share {share} holds {subnet}";

    public static string Group(string vpc, string name, string groupName, string description, string tags) =>
        $"{vpc} has group {name}: {groupName} ({description}) {tags}";

    public static string Rule(string rule, string why, string tags) => $"{rule} ({why}) {tags}";

    public static string Conflicts(string word) => $"vpc-cni meets conflicts with {word}";

    public static string Values(JsonNode? values) => $"vpc-cni has values {Sorted(values)}";

    public static string Tags(JsonNode? tags) => $"{Sorted(tags)}";

    private static string Tags(IEnumerable<SeenTag> tags) =>
        Tags(new JsonObject(tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value))));

    private static void AddCni(SortedSet<string> facts, Blueprint blueprint, CniSettings cni)
    {
        facts.Add(
            Conflicts(
                blueprint.Spec.Cni.Conflicts switch
                {
                    Conflict.Overwrite => "OVERWRITE",
                    Conflict.Preserve => "PRESERVE",
                    Conflict.Fail => "NONE",
                }
            )
        );
        var values = JsonNode.Parse(blueprint.Addon!.Before)!.AsObject();
        foreach (var setting in cni.Env)
        {
            ((JsonObject)(values["env"] ??= new JsonObject()))[setting.Name] = setting.Value;
        }
        if (cni.Writer == EniConfigWriter.Addon && !blueprint.Desired.EniConfigs.IsEmpty)
        {
            values["eniConfig"] = new JsonObject
            {
                ["create"] = true,
                ["region"] = blueprint.Spec.Region,
                ["subnets"] = new JsonObject(
                    blueprint.Desired.EniConfigs.Select(config =>
                        KeyValuePair.Create(
                            config.Zone,
                            (JsonNode?)
                                new JsonObject
                                {
                                    ["id"] = $"{config.Subnet}",
                                    ["securityGroups"] = new JsonArray([.. config.Groups.Select(group => (JsonNode?)$"{group}")]),
                                }
                        )
                    )
                ),
            };
        }
        facts.Add(Values(values));
    }

    private static string Sorted(JsonNode? node) =>
        node switch
        {
            JsonObject map => $"{{{string.Join(", ", map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(Line))}}}",
            JsonArray list => $"[{string.Join(", ", list.Select(Sorted))}]",
            _ => node?.ToJsonString() ?? "null",
        };

    private static string Line(KeyValuePair<string, JsonNode?> pair) => $"{pair.Key}: {Sorted(pair.Value)}";
}
