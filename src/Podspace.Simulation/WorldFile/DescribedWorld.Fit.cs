using System.Text.Json.Nodes;
using Podspace.Nodes.Launching;

namespace Podspace.Simulation.WorldFile;

/// <summary>One VPC out of an account's answers, and what the world says in other words than AWS.</summary>
public sealed partial class DescribedWorld
{
    /// <summary>Leaves out what belongs to other VPCs.</summary>
    private void Keep(string vpc)
    {
        foreach (
            var list in (string[])
                [
                    "Vpcs",
                    "Subnets",
                    "RouteTables",
                    "SecurityGroups",
                    "NetworkAcls",
                    "NetworkInterfaces",
                    "Instances",
                    "NatGateways",
                    "VpcEndpoints",
                    "TransitGatewayVpcAttachments",
                ]
        )
        {
            Filter(list, one => $"{one["VpcId"]}" == vpc);
        }
        Filter(
            "VpcPeeringConnections",
            one => $"{one["RequesterVpcInfo"]?["VpcId"]}" == vpc || $"{one["AccepterVpcInfo"]?["VpcId"]}" == vpc
        );
        Filter(
            "VpnGateways",
            one => Objects(one["VpcAttachments"]).Any(at => $"{at["VpcId"]}" == vpc && $"{at["State"]}" is not ("detached" or "detaching"))
        );
        Filter("InternetGateways", one => Objects(one["Attachments"]).Any(at => $"{at["VpcId"]}" == vpc));
        Filter("Instances", one => $"{one["State"]?["Name"]}" is not ("terminated" or "shutting-down"));
        var groups = Items("SecurityGroups").Select(one => $"{one["GroupId"]}").ToHashSet();
        Filter("SecurityGroupRules", one => groups.Contains($"{one["GroupId"]}"));
        var clusters = Items("Clusters")
            .Where(one => $"{one["resourcesVpcConfig"]?["vpcId"]}" == vpc)
            .Select(one => $"{one["name"]}")
            .Take(1)
            .ToHashSet();
        Filter("Clusters", one => clusters.Contains($"{one["name"]}"));
        foreach (var list in (string[])["Nodegroups", "Addons", "AccessEntries"])
        {
            Filter(list, one => clusters.Contains($"{one["clusterName"]}"));
        }
        Filter(
            "AutoScalingGroups",
            one => Objects(one["Tags"]).Any(tag => clusters.Any(cluster => $"{tag["Key"]}" == $"kubernetes.io/cluster/{cluster}"))
        );
        KeepTemplates();
        // The world tells of no IPv6.
        foreach (var table in Items("RouteTables"))
        {
            (table["Routes"] as JsonArray)?.RemoveAll(route => route?["DestinationIpv6CidrBlock"] is not null);
        }
        foreach (var acl in Items("NetworkAcls"))
        {
            (acl["Entries"] as JsonArray)?.RemoveAll(entry => entry?["Ipv6CidrBlock"] is not null);
        }
    }

    /// <summary>Those that a group here starts nodes by; and of their user data what it says of
    /// max-pods, for the rest may hold secrets.</summary>
    private void KeepTemplates()
    {
        var named = Items("Nodegroups")
            .SelectMany(group => (string[])[$"{group["launchTemplate"]?["id"]}", $"{group["launchTemplate"]?["name"]}"])
            .Concat(
                Items("AutoScalingGroups")
                    .SelectMany(Specifications)
                    .SelectMany(one => (string[])[$"{one["LaunchTemplateId"]}", $"{one["LaunchTemplateName"]}"])
            )
            .Where(name => name.Length > 0)
            .ToHashSet(StringComparer.Ordinal);
        Filter(
            "LaunchTemplateVersions",
            one => named.Contains($"{one["LaunchTemplateId"]}") || named.Contains($"{one["LaunchTemplateName"]}")
        );
        foreach (var data in Items("LaunchTemplateVersions").Select(one => one["LaunchTemplateData"]).OfType<JsonObject>())
        {
            data["UserData"] = LeastUserData.Of(UserData.Read((string?)data["UserData"]));
        }
    }

    private static IEnumerable<JsonObject> Specifications(JsonObject group)
    {
        var mixed = group["MixedInstancesPolicy"]?["LaunchTemplate"];
        return new[] { group["LaunchTemplate"], mixed?["LaunchTemplateSpecification"] }
            .OfType<JsonObject>()
            .Concat(Objects(mixed?["Overrides"]).Select(one => one["LaunchTemplateSpecification"]).OfType<JsonObject>());
    }

    /// <summary>What AWS says at another place: the account, the Region, the zones, entries
    /// of prefix lists, rarer targets of routes.</summary>
    private void Gather(string vpc)
    {
        aws["Account"] ??= $"{Items("Vpcs").First()["OwnerId"] ?? Redaction.Account}";
        var zones = Items("Subnets")
            .Select(one => (Name: $"{one["AvailabilityZone"]}", Id: $"{one["AvailabilityZoneId"]}"))
            .Distinct()
            .ToList();
        aws["Region"] = (string?)Items("AvailabilityZones").FirstOrDefault()?["RegionName"] ?? zones[0].Name.TrimEnd([.. "abcdefgh"]);
        foreach (var (name, id) in zones.Where(zone => Items("AvailabilityZones").All(one => $"{one["ZoneName"]}" != zone.Name)))
        {
            if (aws["AvailabilityZones"] is null)
            {
                notes.Add($"zones are known by {vpc}'s subnets alone");
            }
            Add("AvailabilityZones", [new JsonObject { ["ZoneName"] = name, ["ZoneId"] = id }]);
        }
        if (aws["entries"] is JsonObject entries)
        {
            foreach (var list in Items("PrefixLists").Where(list => entries.ContainsKey($"{list["PrefixListId"]}")))
            {
                list["Entries"] = entries[$"{list["PrefixListId"]}"]?.DeepClone();
            }
            aws.Remove("entries");
        }
        foreach (var route in Items("RouteTables").SelectMany(table => Objects(table["Routes"])))
        {
            foreach (var target in (string[])["EgressOnlyInternetGatewayId", "CarrierGatewayId", "LocalGatewayId", "CoreNetworkArn"])
            {
                route["GatewayId"] ??= route[target]?.DeepClone();
                route.Remove(target);
            }
        }
    }

    private void Filter(string list, Func<JsonObject, bool> isKept) =>
        (aws[list] as JsonArray)?.RemoveAll(one => one is not JsonObject item || !isKept(item));
}
