using System.Diagnostics;
using Podspace.Cni;
using Podspace.Formats;
using Podspace.Model;
using Podspace.Observed;
using Podspace.Steps.Text;

namespace Podspace.Rendering.Terraform;

/// <summary>A module for any VPC, and a call of it with what this network is made of.</summary>
/// <remarks>Its files stand in the folder Module, as they are written; only the call follows from a network.</remarks>
internal sealed class TerraformModule
{
    private const string Name = "pods";

    private readonly Blueprint blueprint;
    private readonly Network network;
    private readonly TerraformPlace place;

    private TerraformModule(Blueprint blueprint)
    {
        this.blueprint = ClusterToCome.Fill(blueprint, hasNodeGroup: false);
        network = this.blueprint.Desired;
        place = TerraformPlace.Of(this.blueprint);
    }

    public static IReadOnlyList<RenderedFile> Files(Blueprint blueprint, string head)
    {
        var module = new TerraformModule(blueprint);
        HclBlock[] Calls(string source) =>
            TerraformPlace.Locals(module.blueprint) is { } locals ? [locals, module.Call(source)] : [module.Call(source)];
        var usage = $"```hcl\n{HclText.Render("", Calls("./pod-network"))}```\n";
        return
        [
            .. new[] { "versions.tf", "variables.tf", "main.tf", "outputs.tf" }.Select(file => new RenderedFile(file, Text(file))),
            new("README.md", Text("README.md").Replace("@USAGE@", usage, StringComparison.Ordinal)),
            new($"examples/{blueprint.Spec.Name}/main.tf", HclText.Render(head, [.. Calls("../.."), .. module.Imports()])),
        ];
    }

    private static string Text(string file)
    {
        using var reader = new StreamReader(typeof(TerraformModule).Assembly.GetManifestResourceStream($"module/{file}")!);
        return reader.ReadToEnd();
    }

    /// <summary>Only what differs from the module's own defaults.</summary>
    private HclBlock Call(string source)
    {
        var spec = blueprint.Spec;
        List<HclEntry> inputs = [new("source", source), new("name", spec.Name), new("region", spec.Region), new("vpc_id", spec.Vpc)];
        if (spec.Cluster is { } cluster)
        {
            inputs.Add(new("cluster_name", cluster));
        }
        Add(
            inputs,
            "blocks",
            new HclValue.List(network.Blocks.Where(block => block.IsMade).Select(block => (HclValue)$"{block.Cidr}").ToEquatable())
        );
        Add(inputs, "subnets", MapOf(Keyed(network.Subnets.Where(subnet => subnet.Ref.IsMade)), Subnet));
        Add(inputs, "existing_subnets", MapOf(Keyed(network.Subnets.Where(subnet => !subnet.Ref.IsMade)), Existing));
        AddTables(inputs);
        if (network.Subnets.FirstOrDefault(subnet => subnet.NetworkAcl is not null)?.NetworkAcl is { } acl)
        {
            inputs.Add(new("network_acl_id", acl.Text));
        }
        AddGroups(inputs);
        Add(
            inputs,
            "subnet_roles",
            new HclValue.Map(
                network
                    .SubnetRoles.Where(role => !role.Subnet.IsMade)
                    .Select(role => new HclEntry($"{role.Subnet}", role.IsOffered ? "1" : "0"))
                    .ToEquatable()
            )
        );
        Add(inputs, "node_role_arns", new HclValue.List(network.AccessEntries.Select(entry => (HclValue)entry.PrincipalArn).ToEquatable()));
        if (blueprint.Addon is { } document)
        {
            inputs.Add(new("addon", Addon(document)));
        }
        if (TerraformMaxPods.Expression(blueprint) is { } expression)
        {
            inputs.Add(new("max_pods_expression", expression, $"Output node_config. {TerraformMaxPods.Reason(blueprint)}"));
        }
        Add(
            inputs,
            "names",
            new HclValue.Map([.. Template("subnet", spec.Names.Subnet), .. Template("route_table", spec.Names.RouteTable)])
        );
        Add(inputs, "tags", new HclValue.Map(spec.Tags.Select(tag => new HclEntry(tag.Key, tag.Value)).ToEquatable()));
        return new("module", [Name], inputs.ToEquatable());
    }

    private static void Add(List<HclEntry> inputs, string name, HclValue value)
    {
        if (value is not (HclValue.Map { Entries.IsEmpty: true } or HclValue.List { Items.IsEmpty: true }))
        {
            inputs.Add(new(name, value));
        }
    }

    private static IEnumerable<HclEntry> Template(string name, string? template) => template is null ? [] : [new(name, template)];

    /// <summary>By zone; a further subnet of a zone by its name.</summary>
    private static Dictionary<string, PodSubnet> Keyed(IEnumerable<PodSubnet> subnets)
    {
        var keyed = new Dictionary<string, PodSubnet>();
        foreach (var subnet in subnets)
        {
            keyed[keyed.ContainsKey(subnet.Zone) ? $"{subnet.Ref}" : subnet.Zone] = subnet;
        }
        return keyed;
    }

    private static HclValue.Map MapOf(Dictionary<string, PodSubnet> subnets, Func<string, PodSubnet, HclValue> value) =>
        new(subnets.Select(pair => new HclEntry(pair.Key, value(pair.Key, pair.Value))).ToEquatable());

    private HclValue.Map Subnet(string key, PodSubnet subnet)
    {
        var fields = new List<HclEntry> { new("cidr_block", $"{subnet.Cidr}") };
        if (key != subnet.Zone)
        {
            fields.Add(new("zone", subnet.Zone));
        }
        if ($"{subnet.Ref}" != ResourceNames.Subnet(subnet.Zone, ResourceNames.NumberOf(subnet.Cidr)))
        {
            fields.Add(new("name", $"{subnet.Ref}"));
        }
        if (subnet.RouteTable?.ToString() != ResourceNames.Pods)
        {
            fields.Add(new("route_table", subnet.RouteTable is { } table ? $"{table}" : new HclValue.Literal("null")));
        }
        Add(fields, "reserved", new HclValue.List(subnet.Reserved.Select(reserved => (HclValue)$"{reserved}").ToEquatable()));
        var role = network.SubnetRoles.FirstOrDefault(role => role.Subnet == subnet.Ref);
        Add(
            fields,
            "tags",
            new HclValue.Map((role?.Tags(blueprint.Spec.Cluster) ?? []).Select(tag => new HclEntry(tag.Key, tag.Value)).ToEquatable())
        );
        return new(fields.ToEquatable());
    }

    private static HclValue.Map Existing(string key, PodSubnet subnet) =>
        new([new("id", $"{subnet.Ref}"), .. subnet.RouteTable is { } table ? new HclEntry[] { new("route_table", $"{table}") } : []]);

    private void AddTables(List<HclEntry> inputs)
    {
        var tables = network.RouteTables.Where(table => table.Ref.IsMade).ToList();
        if (tables is [{ Routes.IsEmpty: true, Ref.Name.Text: ResourceNames.Pods }])
        {
            return;
        }
        inputs.Add(
            new(
                "route_tables",
                new HclValue.Map(
                    tables
                        .Select(table =>
                        {
                            var fields = new List<HclEntry>();
                            if (ResourceNames.ZoneOfTable(table.Ref.Name) is { } zone)
                            {
                                fields.Add(new("zone", zone));
                            }
                            Add(
                                fields,
                                "routes",
                                new HclValue.Map(table.Routes.Select(route => new HclEntry($"{route.To}", route.Via)).ToEquatable())
                            );
                            return new HclEntry($"{table.Ref}", new HclValue.Map(fields.ToEquatable()));
                        })
                        .ToEquatable()
                )
            )
        );
    }

    private void AddGroups(List<HclEntry> inputs)
    {
        if (network.Groups is [var own])
        {
            var admitted = network.Rules.Where(rule =>
                rule.Group == own.Ref && rule.Direction == Direction.Ingress && rule.Peer.Cidr is not null
            );
            inputs.Add(
                new(
                    "security_group",
                    new HclValue.Map([
                        new("name", own.GroupName),
                        new("description", own.Description),
                        new("admit", new HclValue.List(admitted.Select(rule => (HclValue)$"{rule.Peer.Cidr}").ToEquatable())),
                    ])
                )
            );
        }
        else
        {
            Add(
                inputs,
                "security_group_ids",
                new HclValue.List((network.EniConfigs is [var first, ..] ? first.Groups : []).Select(place.Group).ToEquatable())
            );
        }
        Add(
            inputs,
            "admitting_rules",
            new HclValue.Map(
                network
                    .Rules.Where(rule => !rule.Group.IsMade)
                    .Select(rule => new HclEntry($"{rule.Group}_{rule.Traffic}", Rule(rule)))
                    .ToEquatable()
            )
        );
    }

    private HclValue.Map Rule(GroupRule rule)
    {
        if (rule.Direction != Direction.Ingress || rule.Peer.Group is null)
        {
            throw new UnreachableException($"{rule} is no rule by which a group admits pods.");
        }
        var ports =
            rule.Traffic.Protocol == "-1"
                ? []
                : new HclEntry[]
                {
                    new("ip_protocol", rule.Traffic.Protocol),
                    new("from_port", rule.Traffic.From),
                    new("to_port", rule.Traffic.To),
                };
        return new([new("security_group_id", place.Group(rule.Group)), .. ports, new("description", rule.Why)]);
    }

    private HclValue.Map Addon(AddonDocument document)
    {
        var fields = new List<HclEntry>();
        if (ClusterToCome.IsAwaited(blueprint))
        {
            fields.Add(new("cluster_name", place.Cluster));
        }
        if (CniValues.Parse(document.Before) is { Count: > 0 } before)
        {
            fields.Add(new("values", new HclValue.Json(HclValue.MapFrom(before))));
        }
        Add(fields, "env", new HclValue.Map(document.Env.Select(setting => new HclEntry(setting.Name, setting.Value)).ToEquatable()));
        if (document.EniConfigs is null)
        {
            fields.Add(new("eni_configs", false));
        }
        fields.AddRange(TerraformAddon.Conflicts(blueprint));
        return new(fields.ToEquatable());
    }

    private IEnumerable<HclBlock> Imports()
    {
        var subnets = Keyed(network.Subnets.Where(subnet => subnet.Ref.IsMade))
            .ToDictionary(pair => TerraformNames.Of(pair.Value.Ref), pair => pair.Key);
        var existing = Keyed(network.Subnets.Where(subnet => !subnet.Ref.IsMade))
            .ToDictionary(pair => TerraformNames.Of(pair.Value.Ref), pair => pair.Key);
        var addresses = new Dictionary<string, string>();
        void Know(string type, string name, string address) => addresses[$"{type}.{name}"] = $"module.{Name}.{type}.{address}";
        foreach (var block in network.Blocks)
        {
            Know(TerraformNames.Block, TerraformNames.Of(block.Cidr), $"pods[\"{block.Cidr}\"]");
        }
        foreach (var subnet in network.Subnets)
        {
            var name = TerraformNames.Of(subnet.Ref);
            var key = subnets.TryGetValue(name, out var made) ? made : existing[name];
            Know(TerraformNames.Subnet, name, $"pods[\"{key}\"]");
            Know(TerraformNames.AclAssociation, name, $"pods[\"{key}\"]");
            Know(TerraformNames.Association, name, $"{(subnet.Ref.IsMade ? "pods" : "existing")}[\"{key}\"]");
            foreach (var reserved in subnet.Reserved)
            {
                Know(TerraformNames.Reservation, TerraformNames.Of(subnet.Ref, reserved), $"prefixes[\"{key} {reserved}\"]");
            }
        }
        foreach (var table in network.RouteTables.Where(table => table.Ref.IsMade))
        {
            Know(TerraformNames.Table, TerraformNames.Of(table.Ref), $"pods[\"{table.Ref}\"]");
            foreach (var route in table.Routes)
            {
                Know(TerraformNames.Route, TerraformNames.Of(table.Ref, route), $"pods[\"{table.Ref} {route.To}\"]");
            }
        }
        foreach (var group in network.Groups)
        {
            Know(TerraformNames.Group, TerraformNames.Of(group.Ref), $"pods[\"{group.Ref}\"]");
        }
        foreach (var rule in network.Rules)
        {
            Know(
                TerraformNames.TypeOf(rule),
                TerraformNames.Of(rule),
                rule switch
                {
                    { Group.IsMade: false } => $"admitting[\"{rule.Group}_{rule.Traffic}\"]",
                    { Direction: Direction.Ingress, Peer.Cidr: { } cidr } => $"blocks[\"{cidr}\"]",
                    _ => $"pods[\"{rule.Group}\"]",
                }
            );
        }
        foreach (var role in network.SubnetRoles.Where(role => !role.Subnet.IsMade))
        {
            Know(TerraformNames.Tag, TerraformNames.OfRole(role.Subnet), $"cni[\"{role.Subnet}\"]");
        }
        foreach (var entry in network.AccessEntries)
        {
            Know(TerraformNames.AccessEntry, TerraformNames.Of(entry), $"nodes[\"{entry.PrincipalArn}\"]");
            Know(TerraformNames.AccessPolicy, TerraformNames.Of(entry), $"nodes[\"{entry.PrincipalArn}\"]");
        }
        Know(TerraformNames.Addon, TerraformNames.VpcCni, $"{TerraformNames.VpcCni}[\"{TerraformNames.VpcCni}\"]");
        // Objects of the cluster are no part of the module.
        return TerraformImports.Of(
            blueprint,
            place,
            address => address.StartsWith("kubernetes_", StringComparison.Ordinal) ? null : addresses[address]
        );
    }
}
