using System.Collections.Concurrent;
using Amazon.EC2.Model;
using Podspace.Applying;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Aws.Observing;

/// <summary>One look at the VPC and the cluster: all reads at once, each that fails a gap in AWS's own words.</summary>
/// <remarks>
/// The number of calls does not grow with the zones, pages apart, with one exception: reservations can only be asked for subnet by
/// subnet, and are asked for only of subnets that carry <see cref="Tags.Prefixes"/>, which are those that can hold ours.
/// Where the VPC is another account's than the cluster's, each is asked for what is its own, and for what both have a part of, both are.
/// </remarks>
internal sealed partial class CloudObservation(
    AwsConnection connection,
    AwsClients clients,
    Wire wire,
    Accounts accounts,
    CloudScope scope,
    CancellationToken cancel
)
{
    // Rules can only be filtered by group, and a filter takes 200 values. Source: EC2 API Reference, "Filtering and pagination".
    private const int FilterValues = 200;

    // DescribeInstanceTypes takes 100 names. Source: EC2 API Reference.
    private const int TypesPerCall = 100;

    private const string VpcCni = "vpc-cni";

    private readonly Ec2Wire ec2 = new(clients, wire);
    private readonly Ec2Wire nodes = new(clients, wire, accounts);
    private readonly RamApi ram = new(connection, clients, wire, accounts);
    private readonly EksApi eks = new(connection, clients, wire);
    private readonly QuotasApi quotas = new(connection, clients, wire);
    private readonly ScalingApi scaling = new(connection, clients, wire);
    private readonly ConcurrentBag<Gap> gaps = [];

    public async Task<CloudInventory> LookAsync()
    {
        var identity = Try(Reading.Identity, IdentityAsync);
        var participant = ParticipantAsync();
        var vpc = Try(Reading.Vpc, VpcAsync);
        var zones = ListAsync(Reading.Zones, () => ZonesAsync(nodes));
        var subnets = SubnetsAsync(zones);
        var tables = ListAsync(Reading.RouteTables, RouteTablesAsync);
        var groups = ListAsync(Reading.SecurityGroups, GroupsAsync);
        var acls = ListAsync(Reading.NetworkAcls, NetworkAclsAsync);
        var interfaces = ListAsync(Reading.Interfaces, InterfacesAsync);
        var instances = ListAsync(Reading.Instances, InstancesAsync);
        var endpoints = ListAsync(Reading.Endpoints, EndpointsAsync);
        var peerings = ListAsync(Reading.Peerings, PeeringsAsync);
        var attachments = ListAsync(Reading.TransitGatewayAttachments, AttachmentsAsync);
        var vpnGateways = ListAsync(Reading.VpnGateways, VpnGatewaysAsync);
        var natGateways = ListAsync(Reading.NatGateways, NatGatewaysAsync);
        var shares = ListAsync<SeenShare>(Reading.Shares, async () => await IsOneAsync() ? [] : await ram.ListAsync(cancel));
        var limits = Try(Reading.Quotas, () => quotas.ListAsync(cancel));
        var cluster = Try(Reading.Cluster, ClusterAsync);
        var nodegroups = ListAsync(Reading.Nodegroups, NodegroupsAsync);
        var scalingGroups = ListAsync(Reading.AutoScalingGroups, ScalingGroupsAsync);
        var templates = ListAsync(Reading.LaunchTemplates, async () => await LaunchTemplatesAsync(await nodegroups, await scalingGroups));
        var addon = Try(Reading.Addon, AddonAsync);
        var entries = ListAsync(Reading.AccessEntries, async () => await cluster is { IsAutoMode: true } ? await AccessEntriesAsync() : []);
        var types = ListAsync(
            Reading.InstanceTypes,
            async () =>
                await InstanceTypesAsync(
                    (await instances).Select(one => one.Type),
                    (await nodegroups).SelectMany(group => group.InstanceTypes),
                    (await scalingGroups).SelectMany(group => group.InstanceTypes),
                    (await templates).Select(template => template.InstanceType)
                )
        );
        var prefixLists = ListAsync(Reading.PrefixLists, async () => await PrefixListsAsync(await tables, await groups));
        var (account, caller) = await identity;
        return new()
        {
            Account = account ?? "",
            Caller = caller ?? "",
            Region = connection.Region,
            ObservedAt = connection.Time.GetUtcNow(),
            Vpc = await vpc,
            Zones = await zones,
            Subnets = await subnets,
            RouteTables = await tables,
            Groups = await groups,
            NetworkAcls = await acls,
            Interfaces = await interfaces,
            Instances = await instances,
            InstanceTypes = await types,
            Endpoints = await endpoints,
            Peerings = await peerings,
            TransitGatewayAttachments = await attachments,
            VpnGateways = await vpnGateways,
            NatGateways = await natGateways,
            PrefixLists = await prefixLists,
            Quotas = await limits ?? new(),
            Participant = await participant,
            Shares = await shares,
            Cluster = await cluster,
            Nodegroups = await nodegroups,
            LaunchTemplates = await templates,
            ScalingGroups = await scalingGroups,
            VpcCni = await addon,
            AccessEntries = await entries,
            Gaps = gaps.Distinct().OrderBy(gap => gap.Reading).ThenBy(gap => gap.Why, StringComparer.Ordinal).ToEquatable(),
        };
    }

    private async Task<(string? Account, string? Caller)> IdentityAsync()
    {
        var identity = await accounts.AskNetworkAsync(cancel);
        return (identity.Account, identity.Arn);
    }

    /// <summary>That it could not be found out is said once, below.</summary>
    private async Task<bool> IsOneAsync()
    {
        try
        {
            return await accounts.IsOneAsync(cancel);
        }
        catch (Refused)
        {
            return true;
        }
    }

    /// <summary>Null where one account has both; a gap where it is not known whose the cluster's is.</summary>
    private async Task<SeenParticipant?> ParticipantAsync()
    {
        if (
            await Try(Reading.Shares, async () => await accounts.IsOneAsync(cancel) ? null : await accounts.ClusterAsync(cancel))
            is not { } cluster
        )
        {
            return null;
        }
        var seen = await ListAsync<AwsId>(
            Reading.Shares,
            async () => (await DescribeSubnetsAsync(nodes)).Select(subnet => new AwsId(subnet.SubnetId)).Order()
        );
        var zones = await ListAsync(Reading.Zones, () => ZonesAsync(ec2));
        return new(cluster.Account, seen, zones);
    }

    private async Task<SeenVpc?> VpcAsync()
    {
        var answer = await ec2.ReadAsync(
            "DescribeVpcs",
            (client, stop) => client.DescribeVpcsAsync(new() { Filters = [InVpc] }, stop),
            cancel
        );
        return answer.Vpcs is [var vpc, ..] ? Ec2Seen.Vpc(vpc) : null;
    }

    private async Task<IEnumerable<SeenZone>> ZonesAsync(Ec2Wire account)
    {
        var answer = await account.ReadAsync(
            "DescribeAvailabilityZones",
            (client, stop) => client.DescribeAvailabilityZonesAsync(new(), stop),
            cancel
        );
        return answer.AvailabilityZones.Select(Ec2Seen.Zone).OrderBy(zone => zone.Name, StringComparer.Ordinal);
    }

    // Two readings, because without the reservations the subnets themselves are seen all the same.
    private async Task<EquatableArray<SeenSubnet>> SubnetsAsync(Task<EquatableArray<SeenZone>> zones)
    {
        var subnets = await Try(Reading.Subnets, () => DescribeSubnetsAsync(ec2)) ?? [];
        var seen = await Task.WhenAll(
            subnets.Select(async subnet =>
            {
                var reservations = subnet.Tags.Any(tag => tag.Key == Tags.Prefixes)
                    ? await ListAsync(Reading.Reservations, () => ReservationsAsync(subnet.SubnetId))
                    : [];
                return Ec2Seen.Subnet(subnet, reservations);
            })
        );
        // The VPC's owner has its own names of zones: nodes carry those of their account, and ids are the same in both.
        var names = await zones;
        return (
            await IsOneAsync()
                ? seen
                : seen.Select(subnet =>
                    subnet with
                    {
                        Zone = names.FirstOrDefault(zone => zone.Id == subnet.ZoneId)?.Name ?? subnet.ZoneId,
                    }
                )
        )
            .OrderBy(subnet => subnet.Id)
            .ToEquatable();
    }

    private Task<List<Subnet>> DescribeSubnetsAsync(Ec2Wire account) =>
        account.PagesAsync(
            "DescribeSubnets",
            (client, token, stop) =>
                client.DescribeSubnetsAsync(
                    new()
                    {
                        Filters = [InVpc],
                        MaxResults = 1000,
                        NextToken = token,
                    },
                    stop
                ),
            answer => (answer.Subnets, answer.NextToken),
            cancel
        );

    private async Task<IEnumerable<SeenReservation>> ReservationsAsync(string subnet)
    {
        var found = await ec2.PagesAsync(
            "GetSubnetCidrReservations",
            (client, token, stop) => client.GetSubnetCidrReservationsAsync(new() { SubnetId = subnet, NextToken = token }, stop),
            answer => (answer.SubnetIpv4CidrReservations, answer.NextToken),
            cancel
        );
        return found.Select(Ec2Seen.Reservation);
    }

    private async Task<IEnumerable<SeenRouteTable>> RouteTablesAsync()
    {
        var found = await ec2.PagesAsync(
            "DescribeRouteTables",
            (client, token, stop) =>
                client.DescribeRouteTablesAsync(
                    new()
                    {
                        Filters = [InVpc],
                        MaxResults = 100,
                        NextToken = token,
                    },
                    stop
                ),
            answer => (answer.RouteTables, answer.NextToken),
            cancel
        );
        return found.Select(Ec2Seen.RouteTable).OrderBy(table => table.Id);
    }

    private async Task<IEnumerable<SeenGroup>> GroupsAsync()
    {
        var sides = await BothAsync(
            async account =>
                await account.PagesAsync(
                    "DescribeSecurityGroups",
                    (client, token, stop) =>
                        client.DescribeSecurityGroupsAsync(
                            new()
                            {
                                Filters = [InVpc],
                                MaxResults = 1000,
                                NextToken = token,
                            },
                            stop
                        ),
                    answer => (answer.SecurityGroups, answer.NextToken),
                    cancel
                ),
            group => group.OwnerId
        );
        var seen = await Task.WhenAll(
            sides.Select(async side =>
            {
                var parts = await Task.WhenAll(
                    side.Things.Select(group => group.GroupId).Chunk(FilterValues).Select(groups => RulesAsync(side.Account, groups))
                );
                var rules = parts.SelectMany(part => part).ToLookup(rule => rule.GroupId, StringComparer.Ordinal);
                return side.Things.Select(group => Ec2Seen.Group(group, rules[group.GroupId]));
            })
        );
        return seen.SelectMany(side => side).OrderBy(group => group.Id);
    }

    /// <summary>What the two accounts each have of a kind, as each tells of its own: tags are shown to the
    /// owner alone. What a third account has, the VPC's sees.</summary>
    private async Task<List<(Ec2Wire Account, List<T> Things)>> BothAsync<T>(Func<Ec2Wire, Task<List<T>>> read, Func<T, string?> ownerOf)
    {
        if (await accounts.IsOneAsync(cancel))
        {
            return [(ec2, await read(ec2))];
        }
        var cluster = (await accounts.ClusterAsync(cancel)).Account;
        var both = await Task.WhenAll(read(ec2), read(nodes));
        return [(ec2, both[0].FindAll(thing => ownerOf(thing) != cluster)), (nodes, both[1].FindAll(thing => ownerOf(thing) == cluster))];
    }

    private Task<List<SecurityGroupRule>> RulesAsync(Ec2Wire account, string[] groups) =>
        account.PagesAsync(
            "DescribeSecurityGroupRules",
            (client, token, stop) =>
                client.DescribeSecurityGroupRulesAsync(
                    new()
                    {
                        Filters = [Ec2Wire.Where("group-id", groups)],
                        MaxResults = 1000,
                        NextToken = token,
                    },
                    stop
                ),
            answer => (answer.SecurityGroupRules, answer.NextToken),
            cancel
        );

    private async Task<IEnumerable<SeenNetworkAcl>> NetworkAclsAsync()
    {
        var found = await ec2.PagesAsync(
            "DescribeNetworkAcls",
            (client, token, stop) =>
                client.DescribeNetworkAclsAsync(
                    new()
                    {
                        Filters = [InVpc],
                        MaxResults = 1000,
                        NextToken = token,
                    },
                    stop
                ),
            answer => (answer.NetworkAcls, answer.NextToken),
            cancel
        );
        return found.Select(Ec2Seen.NetworkAcl).OrderBy(acl => acl.Id);
    }

    private async Task<IEnumerable<SeenInterface>> InterfacesAsync()
    {
        var sides = await BothAsync(
            async account =>
                await account.AllPagesAsync(
                    "DescribeNetworkInterfaces",
                    (client, all, token, stop) =>
                        client.DescribeNetworkInterfacesAsync(
                            new()
                            {
                                Filters = [InVpc],
                                MaxResults = 1000,
                                NextToken = token,
                                IncludeManagedResources = all,
                            },
                            stop
                        ),
                    answer => (answer.NetworkInterfaces, answer.NextToken),
                    cancel
                ),
            held => held.OwnerId
        );
        return sides.SelectMany(side => side.Things).Select(Ec2Seen.Interface).OrderBy(found => found.Id);
    }

    private Filter InVpc => Ec2Wire.Where("vpc-id", scope.Vpc.Text);

    private async Task<EquatableArray<T>> ListAsync<T>(Reading reading, Func<Task<IEnumerable<T>>> read) =>
        (await Try(reading, async () => (await read()).ToList()) ?? []).ToEquatable();

    /// <summary>What is not there is absent, which is an answer; whatever else keeps us from reading it is a gap.</summary>
    private async Task<T?> Try<T>(Reading reading, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Refused refused) when (refused.Refusal.Kind == RefusalKind.NotFound)
        {
            return default;
        }
        catch (Refused refused)
        {
            gaps.Add(new(reading, refused.Refusal.ToString(), Refusals.CauseOf(refused.Refusal)));
            return default;
        }
    }
}
