using System.Security.Cryptography;
using System.Text;
using Podspace.Formats.Yaml;

namespace Podspace.Simulation.WorldFile;

/// <summary>Turns what <c>aws … describe-*</c> and <c>kubectl get -o json</c> print into the keys
/// of a world file, and drops what the world derives.</summary>
internal static class PastedForms
{
    public static void Rewrite(YamlNode.Mapping root)
    {
        if (root.Find("aws") is YamlNode.Mapping aws)
        {
            foreach (var (place, keys) in UnusedKeys.ByPlace)
            {
                Drop(aws, place.Split('.'), keys);
            }
            Permissions(aws);
            Each(aws, "Subnets", subnet => Zone(aws, subnet));
            Each(aws, "SecurityGroups", group => OwnGroup(aws, group));
            Each(aws, "RouteTables", table => (table.Find("Routes") as YamlNode.Sequence)?.Items.RemoveAll(IsLocal));
            Each(aws, "Instances", instance => Unwrap(instance, "State", "Name"));
            Each(aws, "InternetGateways", gateway => Attached(gateway, "Attachments"));
            Each(aws, "VpnGateways", gateway => Attached(gateway, "VpcAttachments"));
            Each(aws, "NetworkInterfaces", Interface);
            Each(aws, "InstanceTypes", InstanceType);
        }
        if (root.Find("kubernetes") is YamlNode.Sequence objects)
        {
            Lists(objects);
        }
    }

    private static void Drop(YamlNode node, ReadOnlySpan<string> place, string[] keys)
    {
        if (node is YamlNode.Sequence list)
        {
            foreach (var item in list.Items)
            {
                Drop(item, place, keys);
            }
        }
        else if (node is YamlNode.Mapping map && place.Length > 0)
        {
            if (map.Find(place[0]) is { } inner)
            {
                Drop(inner, place[1..], keys);
            }
        }
        else if (node is YamlNode.Mapping at)
        {
            at.Entries.RemoveAll(entry => keys.Contains(entry.Key.Text));
        }
    }

    private static void Each(YamlNode.Mapping aws, string list, Action<YamlNode.Mapping> change)
    {
        foreach (var item in (aws.Find(list) as YamlNode.Sequence)?.Items ?? [])
        {
            if (item is YamlNode.Mapping map)
            {
                change(map);
            }
        }
    }

    /// <summary>Another account prints its own name of a zone: the id says which it is in the world's.</summary>
    private static void Zone(YamlNode.Mapping aws, YamlNode.Mapping subnet)
    {
        if (
            subnet.Find("AvailabilityZoneId") is YamlNode.Scalar { Text: var id } at
            && Text(subnet, "OwnerId") is { Length: > 0 } owner
            && owner != Text(aws, "Account")
        )
        {
            var own = (aws.Find("AvailabilityZones") as YamlNode.Sequence)?.Items.Find(zone => Text(zone, "ZoneId") == id);
            if (own is not null)
            {
                subnet.Set("AvailabilityZone", Word(at, Text(own, "ZoneName")));
            }
        }
        subnet.Remove("AvailabilityZoneId");
    }

    /// <summary>Only the owner of another account's group is kept: a group without one is of the world's own.</summary>
    private static void OwnGroup(YamlNode.Mapping aws, YamlNode.Mapping group)
    {
        if (Text(aws, "Account") is var own && (own.Length == 0 || Text(group, "OwnerId") == own))
        {
            group.Remove("OwnerId");
        }
    }

    private static bool IsLocal(YamlNode route) =>
        route is YamlNode.Mapping map && map.Find("GatewayId") is YamlNode.Scalar { Text: "local" };

    /// <summary><c>State: {Code: 16, Name: running}</c> becomes <c>State: running</c>.</summary>
    private static void Unwrap(YamlNode.Mapping map, string key, string inner)
    {
        if (map.Find(key) is YamlNode.Mapping wrapped && wrapped.Find(inner) is { } value)
        {
            map.Set(key, value);
        }
    }

    /// <summary><c>Attachments: [{State: available, VpcId: vpc-…}]</c> becomes <c>VpcId: vpc-…</c>.</summary>
    private static void Attached(YamlNode.Mapping map, string key)
    {
        if (map.Find(key) is YamlNode.Sequence { Items: [YamlNode.Mapping first, ..] } && first.Find("VpcId") is { } vpc)
        {
            map.Set("VpcId", vpc);
        }
        map.Remove(key);
    }

    private static void Interface(YamlNode.Mapping map)
    {
        if (map.Find("PrivateIpAddresses") is YamlNode.Sequence addresses)
        {
            // The interface's own comes first, wherever AWS printed it.
            var own = addresses.Items.FindIndex(item =>
                item is YamlNode.Mapping address && address.Find("Primary") is YamlNode.Scalar { Text: "true" }
            );
            if (own > 0)
            {
                addresses.Items.Insert(0, addresses.Items[own]);
                addresses.Items.RemoveAt(own + 1);
            }
            UnwrapItems(addresses, "PrivateIpAddress");
        }
        UnwrapItems(map.Find("Groups") as YamlNode.Sequence, "GroupId");
        UnwrapItems(map.Find("Ipv4Prefixes") as YamlNode.Sequence, "Ipv4Prefix");
    }

    private static void UnwrapItems(YamlNode.Sequence? list, string inner)
    {
        for (var i = 0; i < list?.Items.Count; i++)
        {
            if (list.Items[i] is YamlNode.Mapping item && item.Find(inner) is { } value)
            {
                list.Items[i] = value;
            }
        }
    }

    private static void InstanceType(YamlNode.Mapping map)
    {
        string[] limits = ["MaximumNetworkInterfaces", "Ipv4AddressesPerInterface"];
        if (map.Find("NetworkInfo") is YamlNode.Mapping network)
        {
            network.Entries.FindAll(entry => limits.Contains(entry.Key.Text)).ForEach(entry => map.Set(entry.Key.Text, entry.Value));
            if ((map.Find("VCpuInfo") as YamlNode.Mapping)?.Find("DefaultVCpus") is { } cpus)
            {
                map.Set("DefaultVCpus", cpus);
            }
            // Only a pasted type has NetworkInfo, and all that it has besides what the world knows is of no use here.
            string[] kept = ["InstanceType", "Hypervisor", "BareMetal", "DefaultVCpus", .. limits];
            map.Entries.RemoveAll(entry => !kept.Contains(entry.Key.Text));
        }
    }

    /// <summary><c>kind: List</c> becomes its items.</summary>
    private static void Lists(YamlNode.Sequence objects)
    {
        for (var i = objects.Items.Count - 1; i >= 0; i--)
        {
            if (
                objects.Items[i] is YamlNode.Mapping list
                && list.Find("kind") is YamlNode.Scalar { Text: "List" }
                && list.Find("items") is YamlNode.Sequence items
            )
            {
                objects.Items.RemoveAt(i);
                objects.Items.InsertRange(i, items.Items);
            }
        }
    }

    /// <summary>IpPermissions of a group become rules, unless its rules are there already: then both were pasted.</summary>
    private static void Permissions(YamlNode.Mapping aws)
    {
        var rules = aws.Find("SecurityGroupRules") as YamlNode.Sequence;
        var listed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var rule in rules?.Items ?? [])
        {
            listed.Add(Text(rule, "GroupId"));
        }
        Each(
            aws,
            "SecurityGroups",
            group =>
            {
                foreach (var (key, isEgress) in new[] { ("IpPermissions", false), ("IpPermissionsEgress", true) })
                {
                    if (group.Find(key) is YamlNode.Sequence permissions && !listed.Contains(Text(group, "GroupId")))
                    {
                        rules ??= AddRules(aws, permissions);
                        rules.Items.AddRange(
                            permissions.Items.OfType<YamlNode.Mapping>().SelectMany(permission => Rules(group, permission, isEgress))
                        );
                    }
                    group.Remove(key);
                }
            }
        );
    }

    private static YamlNode.Sequence AddRules(YamlNode.Mapping aws, YamlNode at)
    {
        var rules = new YamlNode.Sequence(at.Line, at.Column);
        aws.Set("SecurityGroupRules", rules);
        return rules;
    }

    private static IEnumerable<YamlNode.Mapping> Rules(YamlNode.Mapping group, YamlNode.Mapping permission, bool isEgress)
    {
        (string List, string Key, string RuleKey)[] peers =
        [
            ("IpRanges", "CidrIp", "CidrIpv4"),
            ("Ipv6Ranges", "CidrIpv6", "CidrIpv6"),
            ("PrefixListIds", "PrefixListId", "PrefixListId"),
            ("UserIdGroupPairs", "GroupId", "ReferencedGroupInfo"),
        ];
        foreach (var (list, key, ruleKey) in peers)
        {
            foreach (var peer in (permission.Find(list) as YamlNode.Sequence)?.Items.OfType<YamlNode.Mapping>() ?? [])
            {
                var rule = new YamlNode.Mapping(peer.Line, peer.Column);
                rule.Set("SecurityGroupRuleId", Word(peer, RuleId(Text(group, "GroupId"), isEgress, permission, Text(peer, key))));
                rule.Set("GroupId", Word(peer, Text(group, "GroupId")));
                rule.Set("IsEgress", Word(peer, isEgress ? "true" : "false"));
                Copy(permission, rule, "IpProtocol", "FromPort", "ToPort");
                rule.Set(ruleKey, key == "GroupId" ? Reference(peer) : Word(peer, Text(peer, key)));
                Copy(peer, rule, "Description");
                yield return rule;
            }
        }
    }

    private static YamlNode.Mapping Reference(YamlNode.Mapping peer)
    {
        var reference = new YamlNode.Mapping(peer.Line, peer.Column);
        reference.Set("GroupId", Word(peer, Text(peer, "GroupId")));
        return reference;
    }

    private static void Copy(YamlNode.Mapping from, YamlNode.Mapping to, params string[] keys)
    {
        foreach (var key in keys)
        {
            if (from.Find(key) is { } value)
            {
                to.Set(key, value);
            }
        }
    }

    private static YamlNode.Scalar Word(YamlNode at, string text) => new(text, true, at.Line, at.Column);

    private static string Text(YamlNode node, string key) => ((node as YamlNode.Mapping)?.Find(key) as YamlNode.Scalar)?.Text ?? "";

    // IpPermissions carry no rule ids. They follow from what the rule says, so that reading twice gives the same.
    private static string RuleId(string group, bool isEgress, YamlNode.Mapping permission, string peer)
    {
        var says =
            $"{group}|{isEgress}|{Text(permission, "IpProtocol")}|{Text(permission, "FromPort")}|{Text(permission, "ToPort")}|{peer}";
        return $"sgr-0{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(says)))[..16]}";
    }
}
