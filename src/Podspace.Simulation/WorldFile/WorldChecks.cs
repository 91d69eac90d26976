using System.Text.Json.Nodes;
using Podspace.Addressing;
using Podspace.Simulation.State;

namespace Podspace.Simulation.WorldFile;

/// <summary>What one value of a world file says about another: every id is there once, every
/// reference leads somewhere, addresses lie where they must.</summary>
internal sealed partial class WorldChecks
{
    /// <summary>What the parts of the world say that they can end; a test keeps the two in step.</summary>
    internal static readonly string[] Changes =
    [
        "addon-created",
        "addon-created-over",
        "addon-update",
        "auto-mode-disrupt",
        "auto-mode-drain",
        "auto-mode-empty",
        "auto-mode-provision",
        "bare-cluster-created",
        "block-associated",
        "block-disassociated",
        "block-gone",
        "block-known",
        "cluster-created",
        "event-expired",
        "instance-forgotten",
        "instance-running",
        "instance-terminated",
        "node-agent",
        "node-joined",
        "nodegroup-created",
        "nodegroup-update",
        "share-associated",
        "share-deleted",
        "share-disassociated",
        "subnet-available",
    ];

    private readonly AwsState aws;
    private readonly Places places;
    private readonly Dictionary<string, HashSet<string>> ids = [];
    private readonly Dictionary<string, Cidr> subnetBlocks = [];

    private WorldChecks(AwsState aws, Places places)
    {
        this.aws = aws;
        this.places = places;
    }

    public static void Run(WorldState state, Places places)
    {
        var checks = new WorldChecks(state.Aws, places);
        checks.CollectIds();
        checks.Vpcs();
        checks.Subnets();
        checks.Reservations();
        checks.RouteTables();
        checks.SecurityGroups();
        checks.NetworkAcls();
        checks.Gateways();
        checks.Endpoints();
        checks.Interfaces();
        checks.Accounts();
        checks.Clusters();
        checks.Manifests(state.Kubernetes);
        checks.Pending(state.Pending);
    }

    private void CollectIds()
    {
        Ids("VpcId", "Vpcs", aws.Vpcs, vpc => vpc.VpcId);
        Ids("ZoneName", "AvailabilityZones", aws.AvailabilityZones, zone => zone.ZoneName);
        Ids("SubnetId", "Subnets", aws.Subnets, subnet => subnet.SubnetId);
        Ids(
            "SubnetCidrReservationId",
            "SubnetCidrReservations",
            aws.SubnetCidrReservations,
            reservation => reservation.SubnetCidrReservationId
        );
        Ids("RouteTableId", "RouteTables", aws.RouteTables, table => table.RouteTableId);
        Ids("GroupId", "SecurityGroups", aws.SecurityGroups, group => group.GroupId);
        Ids("SecurityGroupRuleId", "SecurityGroupRules", aws.SecurityGroupRules, rule => rule.SecurityGroupRuleId);
        Ids("NetworkAclId", "NetworkAcls", aws.NetworkAcls, acl => acl.NetworkAclId);
        Ids("InternetGatewayId", "InternetGateways", aws.InternetGateways, gateway => gateway.InternetGatewayId);
        Ids("NatGatewayId", "NatGateways", aws.NatGateways, gateway => gateway.NatGatewayId);
        Ids("VpnGatewayId", "VpnGateways", aws.VpnGateways, gateway => gateway.VpnGatewayId);
        Ids(
            "TransitGatewayAttachmentId",
            "TransitGatewayVpcAttachments",
            aws.TransitGatewayVpcAttachments,
            attachment => attachment.TransitGatewayAttachmentId
        );
        Ids("VpcPeeringConnectionId", "VpcPeeringConnections", aws.VpcPeeringConnections, peering => peering.VpcPeeringConnectionId);
        Ids("VpcEndpointId", "VpcEndpoints", aws.VpcEndpoints, endpoint => endpoint.VpcEndpointId);
        Ids("PrefixListId", "PrefixLists", aws.PrefixLists, list => list.PrefixListId);
        Ids("InstanceType", "InstanceTypes", aws.InstanceTypes, type => type.Name);
        Ids(
            "LaunchTemplateId",
            "LaunchTemplateVersions",
            aws.LaunchTemplateVersions,
            one => one.LaunchTemplateId.Length == 0 ? "" : $"{one.LaunchTemplateId} version {one.VersionNumber}"
        );
        Ids("AutoScalingGroupName", "AutoScalingGroups", aws.AutoScalingGroups, group => group.AutoScalingGroupName);
        Ids("InstanceId", "Instances", aws.Instances, instance => instance.InstanceId);
        Ids("NetworkInterfaceId", "NetworkInterfaces", aws.NetworkInterfaces, @interface => @interface.NetworkInterfaceId);
        Ids("Account", "OtherAccounts", aws.OtherAccounts, other => other.Account);
        Ids("resourceShareArn", "ResourceShares", aws.ResourceShares, share => share.ResourceShareArn);
        Ids("name", "Clusters", aws.Clusters, cluster => cluster.Name);
        Ids("nodegroupName", "Nodegroups", aws.Nodegroups, group => group.NodegroupName);
        Ids("addonName", "Addons", aws.Addons, addon => addon.AddonName);
        Ids("id", "Updates", aws.Updates, update => update.Id);
        Ids("principalArn", "AccessEntries", aws.AccessEntries, entry => entry.PrincipalArn);
    }

    private void Ids<T>(string key, string list, List<T> items, Func<T, string> id)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            var found = id(items[i]);
            var path = $"aws.{list}[{i}].{key}";
            if (found.Length == 0)
            {
                places.Report(WorldFindings.BadValue, path, $"This entry of {list} has no {key}.", "Every thing in a world needs its id.");
            }
            else if (!seen.Add(found))
            {
                places.Report(
                    WorldFindings.DuplicateId,
                    path,
                    $"{found} stands in {list} twice.",
                    "Ids are unique: delete one of the two entries, or give it an id of its own."
                );
            }
        }
        ids[list] = seen;
    }

    /// <summary>An id that must be in a list, or (null, empty) need not be there.</summary>
    private bool Refers(string path, string? id, string list, bool isOptional = false)
    {
        if (string.IsNullOrEmpty(id) && isOptional)
        {
            return false;
        }
        if (string.IsNullOrEmpty(id))
        {
            places.Report(WorldFindings.Dangling, path, $"{Last(path)} is missing.", $"Name an entry of aws.{list}.");
            return false;
        }
        if (!ids[list].Contains(id))
        {
            places.Report(WorldFindings.Dangling, path, $"{id} is not in aws.{list}.", $"Add it there, or correct {Last(path)}.");
            return false;
        }
        return true;
    }

    private void Refer(string path, List<string> targets, string list)
    {
        for (var i = 0; i < targets.Count; i++)
        {
            Refers($"{path}[{i}]", targets[i], list);
        }
    }

    private static string Last(string path)
    {
        var name = path[(path.LastIndexOf('.') + 1)..];
        var bracket = name.IndexOf('[', StringComparison.Ordinal);
        return bracket < 0 ? name : name[..bracket];
    }

    private bool IsBlock(string path, string text, out Cidr block)
    {
        if (Cidr.TryParse(text, out block, out var problem))
        {
            return true;
        }
        places.Report(WorldFindings.BadAddress, path, problem, $"Correct {Last(path)}.");
        return false;
    }

    private void BadAddress(string path, string problem, string fix) => places.Report(WorldFindings.BadAddress, path, problem, fix);

    private void Manifests(List<JsonObject> objects)
    {
        var seen = new HashSet<(string?, string?, string?, string?)>();
        for (var i = 0; i < objects.Count; i++)
        {
            var path = $"kubernetes[{i}]";
            var (api, kind, metadata) = (Text(objects[i]["apiVersion"]), Text(objects[i]["kind"]), objects[i]["metadata"] as JsonObject);
            var name = Text(metadata?["name"]);
            if (api is null || kind is null || name is null)
            {
                var missing = (api, kind) switch
                {
                    (null, _) => "apiVersion",
                    (_, null) => "kind",
                    _ => "metadata.name",
                };
                places.Report(
                    WorldFindings.BadManifest,
                    path,
                    $"This object has no {missing}.",
                    "Every entry of kubernetes is one whole manifest."
                );
            }
            else if (!seen.Add((api, kind, Text(metadata?["namespace"]), name)))
            {
                places.Report(
                    WorldFindings.DuplicateId,
                    $"{path}.metadata.name",
                    $"{kind} {name} stands in kubernetes twice.",
                    "Delete one of the two."
                );
            }
        }
        PodsStandOnNodes(objects);
    }

    private void Pending(List<PendingChange> pending)
    {
        for (var i = 0; i < pending.Count; i++)
        {
            if (!Changes.Contains(pending[i].Change))
            {
                places.Report(
                    WorldFindings.BadValue,
                    $"pending[{i}].change",
                    $"{pending[i].Change} is no change that takes time here.",
                    $"The changes are {string.Join(", ", Changes)}."
                );
            }
        }
    }

    private void PodsStandOnNodes(List<JsonObject> objects)
    {
        var nodes = objects.Where(item => Text(item["kind"]) == "Node").Select(item => Text(item["metadata"]?["name"])).ToHashSet();
        for (var i = 0; i < objects.Count; i++)
        {
            if (
                Text(objects[i]["kind"]) == "Pod"
                && objects[i]["spec"] is JsonObject spec
                && Text(spec["nodeName"]) is { } node
                && !nodes.Contains(node)
            )
            {
                places.Report(
                    WorldFindings.Dangling,
                    $"kubernetes[{i}].spec.nodeName",
                    $"There is no Node {node} for this pod to stand on.",
                    "Add the Node, or delete nodeName."
                );
            }
        }
    }

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;
}
