using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Podspace.Formats.Yaml;
using Podspace.Simulation.State;

namespace Podspace.Simulation.WorldFile;

/// <summary>Writes a world file in its canonical form: the same world, however it came about, is the same bytes.</summary>
/// <remarks>Left out are nulls, defaults, and what the world derives; lists of things are sorted
/// by id, lists whose order means something are not.</remarks>
public static class WorldWriter
{
    /// <summary>What a reader of the file wants to see even where it is as usual.</summary>
    private static readonly HashSet<string> Always = new(StringComparer.Ordinal)
    {
        "apiVersion",
        "kind",
        "Account",
        "Region",
        "clock",
        "version",
    };

    private const int OpenLevels = 3;

    private static readonly Dictionary<Type, object> Defaults = [];

    public static string Write(WorldState state) => YamlWriter.Write(Root(state), OpenLevels);

    /// <param name="to">Is given the file piece by piece.</param>
    public static void Write(WorldState state, TextWriter to) => YamlWriter.Write(Root(state), OpenLevels, to);

    private static JsonObject Root(WorldState state)
    {
        var root = Object(state);
        var objects = new JsonArray([
            .. state
                .Kubernetes.Where(item => !IsDaemonPod(item))
                .OrderBy(ManifestKey, StringComparer.Ordinal)
                .Select(item => item.DeepClone()),
        ]);
        if (objects.Count > 0)
        {
            root["kubernetes"] = objects;
        }
        else
        {
            root.Remove("kubernetes");
        }
        return root;
    }

    /// <summary>Pods of DaemonSets follow from the nodes.</summary>
    private static bool IsDaemonPod(JsonObject item) =>
        item["kind"]?.GetValue<string>() == "Pod"
        && item["metadata"]?["ownerReferences"] is JsonArray owners
        && owners.Any(owner => owner?["kind"]?.GetValue<string>() == "DaemonSet" && owner["controller"]?.GetValue<bool>() == true);

    private static string ManifestKey(JsonObject item) =>
        $"{item["apiVersion"]}\n{item["kind"]}\n{item["metadata"]?["namespace"]}\n{item["metadata"]?["name"]}";

    private static JsonObject Object(object value)
    {
        var shape = WorldJson.TypeOf(value.GetType());
        var defaults = DefaultOf(shape);
        var map = new JsonObject();
        foreach (var property in shape.Properties)
        {
            if (property.PropertyType == typeof(List<JsonObject>))
            {
                map[property.Name] = null;
                continue;
            }
            var inner = property.Get!(value);
            if (
                inner is not null
                && (Always.Contains(property.Name) || !IsDefault(inner, defaults is null ? null : property.Get(defaults)))
            )
            {
                map[property.Name] = Node(inner);
            }
        }
        return map;
    }

    private static object? DefaultOf(JsonTypeInfo shape)
    {
        if (shape.CreateObject is null)
        {
            return null;
        }
        lock (Defaults)
        {
            if (!Defaults.TryGetValue(shape.Type, out var made))
            {
                made = shape.CreateObject();
                Defaults.Add(shape.Type, made);
            }
            return made;
        }
    }

    private static bool IsDefault(object value, object? usual) =>
        value switch
        {
            ICollection list => list.Count == 0,
            string or int or bool or DateTimeOffset => value.Equals(usual),
            // A part that may be missing says something by being there, even when it is empty.
            _ => usual is not null && Object(value).Count == 0,
        };

    private static JsonNode Node(object value) =>
        value switch
        {
            string text => JsonValue.Create(text),
            int number => JsonValue.Create(number),
            bool flag => JsonValue.Create(flag),
            DateTimeOffset time => JsonValue.Create(
                time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture)
            ),
            IDictionary map => Map(map),
            IList list => new JsonArray([.. Sorted(list).Select(Node)]),
            _ => Object(value),
        };

    private static JsonObject Map(IDictionary map)
    {
        var sorted = new JsonObject();
        foreach (var key in map.Keys.Cast<string>().Order(StringComparer.Ordinal))
        {
            sorted[key] = Node(map[key]!);
        }
        return sorted;
    }

    private static IEnumerable<object> Sorted(IList list)
    {
        var items = list.Cast<object>();
        return list.Count > 0 && SortKey(list[0]!) is not null ? items.OrderBy(SortKey, StringComparer.Ordinal) : items;
    }

    /// <summary>Null for things whose order in their list means something, such as an interface's addresses.</summary>
    private static string? SortKey(object item) =>
        item switch
        {
            Tag tag => tag.Key,
            AvailabilityZone zone => zone.ZoneName,
            Vpc vpc => vpc.VpcId,
            Subnet subnet => subnet.SubnetId,
            SubnetCidrReservation reservation => reservation.SubnetCidrReservationId,
            RouteTable table => table.RouteTableId,
            RouteTableAssociation association => association.RouteTableAssociationId,
            Route route => $"{route.DestinationCidrBlock}|{route.DestinationPrefixListId}",
            SecurityGroup group => group.GroupId,
            SecurityGroupRule rule => rule.SecurityGroupRuleId,
            NetworkAcl acl => acl.NetworkAclId,
            NetworkAclAssociation association => association.NetworkAclAssociationId,
            NetworkAclEntry entry => $"{entry.Egress}|{entry.RuleNumber:D5}",
            InternetGateway gateway => gateway.InternetGatewayId,
            NatGateway gateway => gateway.NatGatewayId,
            VpnGateway gateway => gateway.VpnGatewayId,
            TransitGatewayVpcAttachment attachment => attachment.TransitGatewayAttachmentId,
            VpcPeeringConnection peering => peering.VpcPeeringConnectionId,
            VpcEndpoint endpoint => endpoint.VpcEndpointId,
            ManagedPrefixList prefixList => prefixList.PrefixListId,
            InstanceType type => type.Name,
            LaunchTemplateVersion version => $"{version.LaunchTemplateId}|{version.VersionNumber:D9}",
            AutoScalingGroup group => group.AutoScalingGroupName,
            Instance instance => instance.InstanceId,
            NetworkInterface @interface => @interface.NetworkInterfaceId,
            Cluster cluster => cluster.Name,
            Nodegroup group => group.NodegroupName,
            Addon addon => addon.AddonName,
            AddonUpdate update => update.Id,
            AccessEntry entry => entry.PrincipalArn,
            OtherAccount account => account.Account,
            ResourceShare share => share.ResourceShareArn,
            RamTag tag => tag.Key,
            ResourceShareAssociation part => $"{part.ResourceShareArn}|{part.AssociationType}|{part.AssociatedEntity}",
            PendingChange change => $"{change.At.UtcDateTime:O}|{change.Change}|{change.Target}",
            _ => null,
        };
}
