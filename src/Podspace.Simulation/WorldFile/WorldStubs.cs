using Podspace.Simulation.State;

namespace Podspace.Simulation.WorldFile;

/// <summary>Makes a world of what somebody saw of one: a thing that others name and that nobody
/// could see gets an entry that holds no more than its id.</summary>
internal sealed class WorldStubs
{
    private readonly AwsState aws;
    private readonly List<string> notes = [];

    private WorldStubs(AwsState aws) => this.aws = aws;

    /// <returns>What was put in and what was left out, for people; empty when the world was whole.</returns>
    public static IReadOnlyList<string> Fill(WorldState state)
    {
        var stubs = new WorldStubs(state.Aws);
        stubs.Zones();
        stubs.Tables();
        stubs.Rules();
        stubs.Interfaces();
        stubs.References();
        stubs.Pods(state);
        return stubs.notes;
    }

    private string Vpc => aws.Vpcs[0].VpcId;

    private void Zones()
    {
        foreach (
            var zone in aws
                .Subnets.Select(subnet => subnet.AvailabilityZone)
                .Distinct()
                .Where(zone => !aws.AvailabilityZones.Exists(one => one.ZoneName == zone))
                .ToList()
        )
        {
            aws.AvailabilityZones.Add(new() { ZoneName = zone });
        }
    }

    private void Tables()
    {
        foreach (var table in aws.RouteTables)
        {
            table.Associations.RemoveAll(one => one.SubnetId is { } subnet && !aws.Subnets.Exists(known => known.SubnetId == subnet));
            table.Routes.RemoveAll(route =>
                Dropped(
                    route.NetworkInterfaceId is { } id
                        && route.State != "blackhole"
                        && !aws.NetworkInterfaces.Exists(one => one.NetworkInterfaceId == id),
                    $"the route {route.DestinationCidrBlock} of {table.RouteTableId} leads to {route.NetworkInterfaceId}, "
                        + $"which was not seen"
                )
            );
            foreach (var route in table.Routes)
            {
                Target(route);
                List(route.DestinationPrefixListId);
            }
        }
    }

    private void Target(Route route)
    {
        Add(
            route.NatGatewayId,
            aws.NatGateways,
            one => one.NatGatewayId,
            id =>
                new()
                {
                    NatGatewayId = id,
                    VpcId = Vpc,
                    SubnetId = aws.Subnets.FirstOrDefault()?.SubnetId ?? "",
                }
        );
        Add(
            route.TransitGatewayId,
            aws.TransitGatewayVpcAttachments,
            one => one.TransitGatewayId,
            id =>
                new()
                {
                    TransitGatewayAttachmentId = $"tgw-attach-{Digits(id)}",
                    TransitGatewayId = id,
                    VpcId = Vpc,
                }
        );
        Add(
            route.VpcPeeringConnectionId,
            aws.VpcPeeringConnections,
            one => one.VpcPeeringConnectionId,
            id =>
                new()
                {
                    VpcPeeringConnectionId = id,
                    RequesterVpcInfo = new() { VpcId = Vpc },
                }
        );
        switch (route.GatewayId?.Split('-')[0])
        {
            case null:
                break;
            case "vgw":
                Add(route.GatewayId, aws.VpnGateways, one => one.VpnGatewayId, id => new() { VpnGatewayId = id, VpcId = Vpc });
                break;
            case "vpce":
                Add(
                    route.GatewayId,
                    aws.VpcEndpoints,
                    one => one.VpcEndpointId,
                    id =>
                        new()
                        {
                            VpcEndpointId = id,
                            VpcId = Vpc,
                            VpcEndpointType = "Gateway",
                        }
                );
                break;
            default:
                // Internet gateways are read by nothing here, so each is known by its route alone.
                Add(
                    route.GatewayId,
                    aws.InternetGateways,
                    one => one.InternetGatewayId,
                    id => new() { InternetGatewayId = id, VpcId = Vpc },
                    isQuiet: true
                );
                break;
        }
    }

    private void List(string? id) =>
        Add(id, aws.PrefixLists, one => one.PrefixListId, name => new() { PrefixListId = name }, isQuiet: true);

    private void Rules()
    {
        aws.SecurityGroupRules.RemoveAll(rule =>
            Dropped(!IsGroup(rule.GroupId), $"rule {rule.SecurityGroupRuleId} stands in {rule.GroupId}, which was not seen")
        );
        // Of a peer's groups no list of this account knows; without a peering such a rule is a remnant that admits nobody.
        aws.SecurityGroupRules.RemoveAll(rule =>
            aws.VpcPeeringConnections.Count == 0
            && rule.ReferencedGroupInfo is { } peer
            && Dropped(
                !IsGroup(peer.GroupId),
                $"rule {rule.SecurityGroupRuleId} of {rule.GroupId} names {peer.GroupId}, which was not seen"
            )
        );
        aws.SecurityGroupRules.RemoveAll(rule => rule is { CidrIpv4: null, CidrIpv6: null, PrefixListId: null, ReferencedGroupInfo: null });
    }

    private void Interfaces()
    {
        aws.NetworkInterfaces.RemoveAll(one => one.PrivateIpAddresses.Count == 0);
        aws.NetworkInterfaces.RemoveAll(one =>
            Dropped(!IsSubnet(one.SubnetId), $"{one.NetworkInterfaceId} stands in {one.SubnetId}, which was not seen")
        );
        foreach (var one in aws.NetworkInterfaces)
        {
            one.Groups.RemoveAll(group => !IsGroup(group));
            if (one.Attachment is { InstanceId: { Length: > 0 } })
            {
                Add(one.Attachment.InstanceId, aws.Instances, known => known.InstanceId, id => new() { InstanceId = id });
            }
        }
        var primary = aws
            .NetworkInterfaces.Where(one => one.Attachment is { DeviceIndex: 0, InstanceId: not null })
            .Select(one => one.Attachment!.InstanceId!)
            .ToHashSet();
        aws.Instances.RemoveAll(one =>
            Dropped(one.State != "terminated" && !primary.Contains(one.InstanceId), $"no first interface of {one.InstanceId} was seen")
        );
        foreach (
            var one in aws.NetworkInterfaces.Where(one =>
                one.Attachment is { InstanceId: { } id } && !aws.Instances.Exists(known => known.InstanceId == id)
            )
        )
        {
            one.Attachment = null;
        }
    }

    private void References()
    {
        aws.SubnetCidrReservations.RemoveAll(one => !IsSubnet(one.SubnetId));
        aws.NetworkAcls.ForEach(acl => acl.Associations.RemoveAll(one => !IsSubnet(one.SubnetId)));
        aws.NatGateways.RemoveAll(one =>
            Dropped(!IsSubnet(one.SubnetId), $"{one.NatGatewayId} stands in {one.SubnetId}, which was not seen")
        );
        aws.TransitGatewayVpcAttachments.ForEach(one => one.SubnetIds.RemoveAll(id => !IsSubnet(id)));
        foreach (var endpoint in aws.VpcEndpoints)
        {
            endpoint.SubnetIds.RemoveAll(id => !IsSubnet(id));
            endpoint.RouteTableIds.RemoveAll(id => !aws.RouteTables.Exists(table => table.RouteTableId == id));
            endpoint.NetworkInterfaceIds.RemoveAll(id => !aws.NetworkInterfaces.Exists(one => one.NetworkInterfaceId == id));
            endpoint.Groups.RemoveAll(group => !IsGroup(group.GroupId));
        }
        foreach (var network in aws.Clusters.Select(cluster => cluster.ResourcesVpcConfig))
        {
            network.SubnetIds.RemoveAll(id => !IsSubnet(id));
            network.SecurityGroupIds.RemoveAll(id => !IsGroup(id));
            Add(
                network.ClusterSecurityGroupId,
                aws.SecurityGroups,
                group => group.GroupId,
                id =>
                    new()
                    {
                        GroupId = id,
                        GroupName = id,
                        VpcId = Vpc,
                    }
            );
        }
        aws.Nodegroups.ForEach(group => group.Subnets.RemoveAll(id => !IsSubnet(id)));
    }

    private void Pods(WorldState state)
    {
        var nodes = state.Kubernetes.Where(item => $"{item["kind"]}" == "Node").Select(item => $"{item["metadata"]?["name"]}").ToHashSet();
        var lost = state.Kubernetes.RemoveAll(item =>
            $"{item["kind"]}" == "Pod" && item["spec"]?["nodeName"] is { } node && !nodes.Contains($"{node}")
        );
        if (lost > 0)
        {
            notes.Add($"{lost} pods stand on nodes that were not seen");
        }
    }

    private void Add<T>(string? id, List<T> list, Func<T, string> idOf, Func<string, T> make, bool isQuiet = false)
    {
        if (string.IsNullOrEmpty(id) || list.Exists(one => idOf(one) == id))
        {
            return;
        }
        list.Add(make(id));
        if (!isQuiet)
        {
            notes.Add($"{id} is named and was not seen: it stands there with its id alone");
        }
    }

    private bool Dropped(bool isLost, string note)
    {
        if (isLost)
        {
            notes.Add($"left out: {note}");
        }
        return isLost;
    }

    private bool IsSubnet(string id) => aws.Subnets.Exists(subnet => subnet.SubnetId == id);

    private bool IsGroup(string id) => aws.SecurityGroups.Exists(group => group.GroupId == id);

    private static string Digits(string id) => id[(id.IndexOf('-', StringComparison.Ordinal) + 1)..];
}
