using Podspace.Model;
using Podspace.Naming;
using Podspace.Simulation.State;
using Route = Podspace.Simulation.State.Route;
using RouteTable = Podspace.Simulation.State.RouteTable;

namespace Podspace.Simulation.WorldFile;

/// <summary>The VPC's part of a copy: blocks, subnets, routes, groups, and what stands around the VPC.</summary>
internal sealed class NetworkCopy(CloudInventory cloud, SeenVpc vpc, AwsState aws)
{
    // The rule that denies what no other matched is in force in every list without being stored.
    private const int LastAclRule = 32767;

    public void Copy()
    {
        aws.AvailabilityZones.AddRange(
            cloud.Zones.Select(zone => new AvailabilityZone
            {
                ZoneName = zone.Name,
                ZoneId = zone.Id,
                ZoneType = zone.Type,
                State = zone.State,
            })
        );
        aws.Vpcs.Add(Vpc());
        foreach (var subnet in cloud.Subnets)
        {
            aws.Subnets.Add(
                new()
                {
                    SubnetId = subnet.Id.Text,
                    VpcId = vpc.Id.Text,
                    CidrBlock = $"{subnet.Cidr}",
                    AvailabilityZone = subnet.Zone,
                    OwnerId = subnet.OwnerAccount,
                    Tags = Snapshot.Tags(subnet.Tags),
                }
            );
            aws.SubnetCidrReservations.AddRange(subnet.Reservations.Select(one => Reservation(subnet, one)));
        }
        aws.RouteTables.AddRange(cloud.RouteTables.Select(Table));
        foreach (var group in cloud.Groups)
        {
            aws.SecurityGroups.Add(
                new()
                {
                    GroupId = group.Id.Text,
                    GroupName = group.Name,
                    Description = group.Description,
                    VpcId = vpc.Id.Text,
                    Tags = Snapshot.Tags(group.Tags),
                }
            );
            aws.SecurityGroupRules.AddRange(group.Rules.Where(rule => rule.Peer != default).Select(rule => Rule(group, rule)));
        }
        aws.NetworkAcls.AddRange(cloud.NetworkAcls.Select(Acl));
        Around();
        Quotas();
        Shares();
    }

    /// <summary>The VPC's owner, with its own names of zones, and what it shares with the cluster's account.</summary>
    private void Shares()
    {
        if (cloud.Participant is not { } participant)
        {
            return;
        }
        aws.OtherAccounts.Add(
            new()
            {
                Account = cloud.Account,
                AvailabilityZones =
                [
                    .. cloud.Zones.Select(zone => new AvailabilityZone
                    {
                        ZoneName = participant.OwnerZones.FirstOrDefault(own => own.Id == zone.Id)?.Name ?? zone.Name,
                        ZoneId = zone.Id,
                        ZoneType = zone.Type,
                        State = zone.State,
                    }),
                ],
            }
        );
        var covered = new HashSet<AwsId>();
        foreach (var share in cloud.Shares.Where(share => share.Accounts.Contains(participant.Account)))
        {
            Add(share.Arn.Text, share.Name, participant, share.Subnets, share.Tags);
            covered.UnionWith(share.Subnets);
        }
        // Through whatever else: a share for a whole organization names no account.
        if (participant.Subnets.Where(subnet => !covered.Contains(subnet)).ToEquatable() is { IsEmpty: false } others)
        {
            Add($"arn:aws:ram:{cloud.Region}:{cloud.Account}:resource-share/seen", "seen", participant, others, []);
        }
    }

    private void Add(string arn, string name, SeenParticipant participant, EquatableArray<AwsId> subnets, EquatableArray<SeenTag> tags)
    {
        aws.ResourceShares.Add(
            new()
            {
                ResourceShareArn = arn,
                Name = name,
                OwningAccountId = cloud.Account,
                Tags = [.. tags.Select(tag => new RamTag { Key = tag.Key, Value = tag.Value })],
            }
        );
        aws.ResourceShareAssociations.Add(
            new()
            {
                ResourceShareArn = arn,
                AssociatedEntity = participant.Account,
                AssociationType = Aws.Ram.Principal,
            }
        );
        aws.ResourceShareAssociations.AddRange(
            subnets
                .Where(subnet => cloud.Subnets.Any(seen => seen.Id == subnet))
                .Select(subnet => new ResourceShareAssociation
                {
                    ResourceShareArn = arn,
                    AssociatedEntity = Design.ShareChoice.Arn(cloud.Region, cloud.Account, subnet.Text),
                    AssociationType = Aws.Ram.Resource,
                })
        );
    }

    private Vpc Vpc() =>
        new()
        {
            VpcId = vpc.Id.Text,
            CidrBlock = $"{vpc.Primary}",
            OwnerId = vpc.OwnerAccount,
            Tags = Snapshot.Tags(vpc.Tags),
            CidrBlockAssociationSet =
            [
                .. vpc
                    .LiveBlocks.OrderBy(block => block.Cidr != vpc.Primary)
                    .Select(block => new VpcCidrBlockAssociation { AssociationId = block.AssociationId, CidrBlock = $"{block.Cidr}" }),
            ],
        };

    private static SubnetCidrReservation Reservation(SeenSubnet subnet, SeenReservation seen) =>
        new()
        {
            SubnetCidrReservationId = seen.Id.Text,
            SubnetId = subnet.Id.Text,
            Cidr = $"{seen.Cidr}",
            ReservationType = seen.Type,
            Tags = Snapshot.Tags(seen.Tags),
        };

    private RouteTable Table(SeenRouteTable table) =>
        new()
        {
            RouteTableId = table.Id.Text,
            VpcId = vpc.Id.Text,
            Tags = Snapshot.Tags(table.Tags),
            Associations =
            [
                .. table
                    .Associations.Where(one => one.State is "associated" or "associating" && (one.IsMain || one.Subnet is not null))
                    .Select(one => new RouteTableAssociation
                    {
                        RouteTableAssociationId = one.Id,
                        Main = one.IsMain,
                        SubnetId = one.Subnet?.Text,
                    }),
            ],
            Routes =
            [
                .. table
                    .Routes.Where(route => route.Via is not ("local" or "") && (route.To is not null || route.PrefixList is not null))
                    .Select(Route),
            ],
        };

    private static Route Route(SeenRoute seen)
    {
        var route = new Route
        {
            DestinationCidrBlock = seen.To?.ToString(),
            DestinationPrefixListId = seen.PrefixList?.Text,
            Origin = seen.Origin,
            State = seen.State,
        };
        switch (seen.Via.Split('-')[0])
        {
            case "nat":
                route.NatGatewayId = seen.Via;
                break;
            case "tgw":
                route.TransitGatewayId = seen.Via;
                break;
            case "pcx":
                route.VpcPeeringConnectionId = seen.Via;
                break;
            case "eni":
                route.NetworkInterfaceId = seen.Via;
                break;
            default:
                route.GatewayId = seen.Via;
                break;
        }
        return route;
    }

    private static SecurityGroupRule Rule(SeenGroup group, SeenRule rule) =>
        new()
        {
            SecurityGroupRuleId = rule.Id,
            GroupId = group.Id.Text,
            IsEgress = rule.Direction == Direction.Egress,
            IpProtocol = rule.Traffic.Protocol,
            FromPort = rule.Traffic.From,
            ToPort = rule.Traffic.To,
            CidrIpv4 = rule.Peer.Cidr?.ToString(),
            PrefixListId = rule.Peer.PrefixList?.Text,
            ReferencedGroupInfo = rule.Peer.Group is { } peer ? new() { GroupId = peer.Id.Text } : null,
            Description = rule.Description.Length == 0 ? null : rule.Description,
            Tags = Snapshot.Tags(rule.Tags),
        };

    private NetworkAcl Acl(SeenNetworkAcl acl) =>
        new()
        {
            NetworkAclId = acl.Id.Text,
            VpcId = vpc.Id.Text,
            IsDefault = acl.IsDefault,
            Associations = acl.IsDefault
                ? []
                :
                [
                    .. acl.Subnets.Select(subnet => new NetworkAclAssociation
                    {
                        NetworkAclAssociationId = $"aclassoc-{subnet.Text[(subnet.Text.IndexOf('-', StringComparison.Ordinal) + 1)..]}",
                        SubnetId = subnet.Text,
                    }),
                ],
            Entries = [.. acl.Entries.Where(entry => entry.Number != LastAclRule && entry.Cidr is not null).Select(AclEntry)],
        };

    // Security groups name protocols, network ACLs number them. Source: IANA protocol numbers.
    private static NetworkAclEntry AclEntry(SeenAclEntry entry) =>
        new()
        {
            RuleNumber = entry.Number,
            Egress = entry.Direction == Direction.Egress,
            Protocol = entry.Protocol switch
            {
                "tcp" => "6",
                "udp" => "17",
                "icmp" => "1",
                var other => other,
            },
            RuleAction = entry.Allows ? "allow" : "deny",
            CidrBlock = $"{entry.Cidr}",
            PortRange = entry.Protocol is "tcp" or "udp" ? new() { From = entry.From, To = entry.To } : null,
        };

    private void Around()
    {
        aws.NatGateways.AddRange(
            cloud.NatGateways.Select(gateway => new NatGateway
            {
                NatGatewayId = gateway.Id.Text,
                VpcId = vpc.Id.Text,
                SubnetId = gateway.Subnet.Text,
                State = gateway.State,
                ConnectivityType = gateway.Connectivity,
            })
        );
        aws.VpnGateways.AddRange(
            cloud.VpnGateways.Select(gateway => new VpnGateway
            {
                VpnGatewayId = gateway.Id.Text,
                State = gateway.State,
                VpcId = vpc.Id.Text,
            })
        );
        aws.TransitGatewayVpcAttachments.AddRange(
            cloud.TransitGatewayAttachments.Select(one => new TransitGatewayVpcAttachment
            {
                TransitGatewayAttachmentId = one.Id.Text,
                TransitGatewayId = one.Gateway,
                VpcId = vpc.Id.Text,
                State = one.State,
                SubnetIds = Snapshot.Texts(one.Subnets),
            })
        );
        aws.VpcPeeringConnections.AddRange(cloud.Peerings.Select(Peering));
        aws.VpcEndpoints.AddRange(
            cloud.Endpoints.Select(one => new VpcEndpoint
            {
                VpcEndpointId = one.Id.Text,
                VpcEndpointType = one.Type,
                VpcId = vpc.Id.Text,
                ServiceName = one.Service,
                State = one.State,
                RouteTableIds = Snapshot.Texts(one.RouteTables),
                SubnetIds = Snapshot.Texts(one.Subnets),
                Groups = [.. one.Groups.Select(group => new EndpointGroup { GroupId = group.Text })],
                NetworkInterfaceIds = Snapshot.Texts(one.Interfaces),
            })
        );
        aws.PrefixLists.AddRange(
            cloud.PrefixLists.Select(list => new ManagedPrefixList
            {
                PrefixListId = list.Id.Text,
                PrefixListName = list.Name,
                MaxEntries = list.MaxEntries,
                Entries = [.. list.Entries.Select(entry => new PrefixListEntry { Cidr = $"{entry}" })],
            })
        );
    }

    private VpcPeeringConnection Peering(SeenPeering seen)
    {
        var ours = new PeeringVpc
        {
            VpcId = vpc.Id.Text,
            OwnerId = vpc.OwnerAccount,
            CidrBlockSet = [.. vpc.LiveBlocks.Select(block => new PeeringCidr { CidrBlock = $"{block.Cidr}" })],
        };
        var other = new PeeringVpc
        {
            VpcId = seen.PeerVpc,
            CidrBlockSet = [.. seen.PeerBlocks.Select(block => new PeeringCidr { CidrBlock = $"{block}" })],
        };
        return new()
        {
            VpcPeeringConnectionId = seen.Id.Text,
            Status = new() { Code = seen.State },
            RequesterVpcInfo = seen.IsRequester ? ours : other,
            AccepterVpcInfo = seen.IsRequester ? other : ours,
        };
    }

    private void Quotas()
    {
        (Aws.Quota Quota, int Value)[] seen =
        [
            (Aws.Quota.BlocksPerVpc, cloud.Quotas.BlocksPerVpc),
            (Aws.Quota.RoutesPerTable, cloud.Quotas.RoutesPerTable),
            (Aws.Quota.RulesPerGroup, cloud.Quotas.RulesPerGroup),
            (Aws.Quota.GroupsPerInterface, cloud.Quotas.GroupsPerInterface),
            (Aws.Quota.SubnetsPerVpc, cloud.Quotas.SubnetsPerVpc),
            (Aws.Quota.TablesPerVpc, cloud.Quotas.RouteTablesPerVpc),
            (Aws.Quota.GroupsPerRegion, cloud.Quotas.GroupsPerRegion),
        ];
        foreach (var (quota, value) in seen.Where(one => one.Value != one.Quota.Default))
        {
            aws.Quotas[quota.Code] = value;
        }
    }
}
