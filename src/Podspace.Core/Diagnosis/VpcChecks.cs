using Podspace.Cni;
using Podspace.Design;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Diagnosis;

/// <summary>The VPC, its subnets, and what lies about in them.</summary>
internal static class VpcChecks
{
    // L-DF5E4CA3, a Region's interfaces; those of other VPCs count, too, and are not seen.
    private const int InterfacesPerRegion = 5000;

    private const int ConnectionsPerDestination = 55_000;

    /// <summary>To one busy destination, a database or an API behind one address. Ours: AWS names no number.</summary>
    private const int ConnectionsOfAPod = 100;

    public static readonly EquatableArray<Check> All =
    [
        new(DoctorCodes.SubnetNearlyFull, "A subnet is nearly full", Severity.Warning, [Reading.Subnets, Reading.Interfaces], NearlyFull),
        new(
            DoctorCodes.LeakedInterfaces,
            "Interfaces of nodes that are gone",
            Severity.Warning,
            [Reading.Interfaces, Reading.Instances],
            Leaked
        ),
        new(
            DoctorCodes.PodSubnetOffered,
            "A pod subnet is offered to load balancers or to Karpenter",
            Severity.Warning,
            [Reading.EniConfigs, Reading.Subnets],
            Offered
        ),
        new(
            DoctorCodes.NoSubnetForLoadBalancers,
            "No subnet says that it is for load balancers",
            Severity.Warning,
            [Reading.EniConfigs, Reading.Subnets],
            NoneForLoadBalancers
        ),
        new(
            DoctorCodes.PodSubnetExcluded,
            "A pod subnet's tags keep the CNI out",
            Severity.Error,
            [Reading.EniConfigs, Reading.Subnets],
            Excluded
        ),
        new(
            DoctorCodes.NotWholePrefixes,
            "Prefix delegation in a subnet where single addresses break up its /28 blocks",
            Severity.Warning,
            [Reading.AwsNode, Reading.EniConfigs, Reading.Reservations, Reading.Interfaces],
            NotWhole
        ),
        new(
            DoctorCodes.GatewayEndpointAside,
            "A gateway endpoint is not in the route table that pods leave by",
            Severity.Warning,
            [Reading.AwsNode, Reading.Endpoints, Reading.RouteTables, Reading.Nodes, Reading.Interfaces],
            EndpointAside
        ),
        new(
            DoctorCodes.ManyInterfaces,
            "Nearly as many interfaces as the Region allows",
            Severity.Warning,
            [Reading.Interfaces],
            ManyInterfaces
        ),
        new(
            DoctorCodes.PodSubnetOnMainTable,
            "A pod subnet follows the main route table",
            Severity.Warning,
            [Reading.EniConfigs, Reading.Subnets, Reading.RouteTables],
            OnMainTable
        ),
        new(
            DoctorCodes.OneNatGateway,
            "Very many pods leave by one NAT gateway with addresses of their own",
            Severity.Warning,
            [Reading.AwsNode, Reading.RouteTables, Reading.Interfaces, Reading.Pods],
            OneNatGateway
        ),
        new(
            DoctorCodes.PodSubnetUnshared,
            "A pod subnet is not shared with the nodes' account",
            Severity.Error,
            [Reading.EniConfigs, Reading.Subnets, Reading.Shares],
            Unshared
        ),
    ];

    private static IEnumerable<Symptom> NearlyFull(DoctorInput input)
    {
        var used = input.Cloud.Interfaces.Select(card => card.Subnet).Concat(input.PodSubnets.Select(pair => pair.Subnet.Id)).ToHashSet();
        return from subnet in input.Cloud.Subnets
            where used.Contains(subnet.Id) && (ulong)subnet.Free * 10 < subnet.Cidr.UsableInSubnet
            select new Symptom(
                subnet.Id.Text,
                $"{subnet.Id} ({subnet.Cidr}, {subnet.Zone}) has {subnet.Free} of {subnet.Cidr.UsableInSubnet} addresses "
                    + $"left. Each node keeps a whole interface of free ones unless WARM_IP_TARGET and MINIMUM_IP_TARGET say "
                    + $"otherwise.",
                input.PodSubnets.Any()
                    ? "Add a subnet for pods, or keep fewer addresses warm:\n  podspace grow"
                    : "Give pods a space of their own:\n  podspace plan"
            );
    }

    // Source: amazon-vpc-cni-k8s #69, #608, #1223.
    private static IEnumerable<Symptom> Leaked(DoctorInput input)
    {
        var gone = Podspace.Observed.LeakedInterfaces.In(input.Inventory, input.Cloud.Cluster?.Name).ToHashSet();
        var leaked = input.Cloud.Interfaces.Where(card => gone.Contains(card.Id)).ToList();
        if (leaked.Count > 0)
        {
            yield return new(
                leaked[0].Id.Text,
                $"{CniChecks.Some(leaked.Select(card => card.Id.Text))} was made by the CNI for a node that is gone: "
                    + $"it holds {leaked.Sum(card => card.Addresses.Count)} addresses, and keeps its subnet and groups from being "
                    + $"deleted.",
                string.Join(
                    '\n',
                    leaked
                        .Take(5)
                        .Select(card => $"  aws ec2 delete-network-interface --network-interface-id {card.Id}")
                        .Prepend("Once no node is starting, delete them:")
                )
            );
        }
    }

    private static IEnumerable<Symptom> Offered(DoctorInput input) =>
        from pair in input.PodSubnets
        from tag in pair.Subnet.Tags
        where tag.Key is Tags.ElbRole or Tags.InternalElbRole or Tags.KarpenterDiscovery
        select new Symptom(
            pair.Subnet.Id.Text,
            $"pod subnet {pair.Subnet.Id} carries {tag.Key}: "
                + $"{(tag.Key == Tags.KarpenterDiscovery ? "nodes" : "load balancers")} would be put there, "
                + $"with addresses that nobody beyond the VPC can reach. AWS's own tutorial does that.",
            $"Take it off:\n  aws ec2 delete-tags --resources {pair.Subnet.Id} --tags Key={tag.Key}"
        );

    // Source: aws-load-balancer-controller v2.12.1, docs/deploy/subnet_discovery.md.
    private static IEnumerable<Symptom> NoneForLoadBalancers(DoctorInput input)
    {
        var podSubnets = input.PodSubnets.Select(pair => pair.Subnet.Id).Distinct().ToList();
        if (
            podSubnets.Count > 0
            && !input.Cloud.Subnets.Any(subnet => subnet.Tags.Any(tag => tag.Key is Tags.ElbRole or Tags.InternalElbRole))
        )
        {
            yield return new(
                input.Cloud.Vpc?.Id.Text ?? "vpc",
                $"no subnet carries {Tags.InternalElbRole} or {Tags.ElbRole}, so the AWS Load Balancer "
                    + $"Controller (2.12.1 and later) takes any private subnet, {podSubnets[0]} among them: "
                    + $"internal load balancers may get addresses that nobody can reach.",
                $"Tag the routable subnets:\n  aws ec2 create-tags --resources subnet-… --tags Key={Tags.InternalElbRole},Value=1"
            );
        }
    }

    // DERIVED: since v1.22.1 both count under custom networking, too. Source: amazon-vpc-cni-k8s pkg/awsutils.
    private static IEnumerable<Symptom> Excluded(DoctorInput input)
    {
        var own = Tags.CniCluster(input.Cloud.Cluster?.Name ?? "");
        foreach (var (config, subnet) in input.EniConfigSubnets)
        {
            var clusters = subnet
                .Tags.Where(tag => tag.Key.StartsWith(Tags.CniClusterPrefix, StringComparison.Ordinal))
                .Select(tag => tag.Key)
                .ToList();
            var isOthers = input.Cloud.Cluster is not null && clusters.Count > 0 && !clusters.Contains(own);
            if (isOthers || subnet.Tags.Contains(new(Tags.CniRole, "0")))
            {
                var (says, key) = isOthers ? ($"{clusters[0]} and not this cluster's", clusters[0]) : ($"{Tags.CniRole}=0", Tags.CniRole);
                yield return new(
                    subnet.Id.Text,
                    $"pod subnet {subnet.Id} of ENIConfig {config.Name} carries {says}: "
                        + $"since v1.22.1 the CNI gives no pod an address of it.",
                    isOthers
                        ? $"Add this cluster's, or take that off if the other is gone:\n "
                            + $" aws ec2 create-tags --resources {subnet.Id} --tags Key={own},Value=shared"
                        : $"Take it off:\n  aws ec2 delete-tags --resources {subnet.Id} --tags Key={key}"
                );
            }
        }
    }

    // Source: amazon-vpc-cni-k8s #2749, #1836: InsufficientCidrBlocks with many addresses free.
    private static IEnumerable<Symptom> NotWhole(DoctorInput input)
    {
        foreach (
            var (config, subnet) in input.EniConfigSubnets.Where(pair =>
                input.Settings.PrefixDelegation && !pair.Subnet.Reservations.Any(reservation => reservation.Type == "prefix")
            )
        )
        {
            var single = input
                .Cloud.Interfaces.Where(card => card.Subnet == subnet.Id && card.Prefixes.IsEmpty)
                .Sum(card => card.Addresses.Count);
            if (single > 0)
            {
                yield return new(
                    subnet.Id.Text,
                    $"prefix delegation is on, {subnet.Id} (ENIConfig {config.Name}) has no reservation "
                        + $"for prefixes, and {single} single addresses stand in it: whole /28 blocks run "
                        + $"out while addresses are left (InsufficientCidrBlocks).",
                    $"Reserve what is still whole, or take a new subnet:\n  aws ec2 create-subnet-cidr-reservation "
                        + $"--subnet-id {subnet.Id} --reservation-type prefix --cidr …"
                );
            }
        }
    }

    private static IEnumerable<Symptom> EndpointAside(DoctorInput input)
    {
        var keeps = CniEnv.IsTrue(input.Env(CniEnv.ExternalSnat));
        var nodes = input.Cluster.Nodes.Select(node => node.InstanceId).ToHashSet();
        var nodeSubnets = input
            .Cloud.Interfaces.Where(card => card.DeviceIndex == 0 && card.Instance is { } instance && nodes.Contains(instance))
            .Select(card => card.Subnet);
        var subnets = (keeps ? input.PodSubnets.Select(pair => pair.Subnet.Id) : nodeSubnets).Distinct().ToList();
        foreach (var endpoint in input.Cloud.Endpoints.Where(endpoint => endpoint.Type == "Gateway"))
        {
            if (
                subnets
                    .Select(subnet => RouteTables.Of(input.Cloud, subnet))
                    .FirstOrDefault(table => table is not null && !endpoint.RouteTables.Contains(table.Id)) is
                { } table
            )
            {
                yield return new(
                    endpoint.Id.Text,
                    $"{endpoint.Id} ({endpoint.Service}) is not in {table.Id}, by which "
                        + $"{(keeps ? "pods leave, with their own address" : "nodes send pods' packets, with theirs")}: "
                        + $"those go round it, by NAT or not at all.",
                    $"Add the table:\n  aws ec2 modify-vpc-endpoint --vpc-endpoint-id {endpoint.Id} --add-route-table-ids {table.Id}"
                );
            }
        }
    }

    private static IEnumerable<Symptom> ManyInterfaces(DoctorInput input)
    {
        if (input.Cloud.Interfaces.Count * 10 > InterfacesPerRegion * 9)
        {
            yield return new(
                input.Cloud.Region,
                $"this VPC alone has {input.Cloud.Interfaces.Count} interfaces, and a Region "
                    + $"allows {InterfacesPerRegion} unless raised: with custom networking every node takes two at least.",
                "Raise quota L-DF5E4CA3:\n  aws service-quotas get-service-quota --service-code vpc --quota-code L-DF5E4CA3"
            );
        }
    }

    // A gateway translates one to many only for pods that keep their address; else nodes have done it before.
    // Source: VPC User Guide, "NAT gateways": 55,000 connections to each destination.
    private static IEnumerable<Symptom> OneNatGateway(DoctorInput input)
    {
        var pods = input.Cluster.Pods.Count(pod => pod is { HostNetwork: false, Phase: "Running", Address: not null });
        if (!CniEnv.IsTrue(input.Env(CniEnv.ExternalSnat)) || pods * ConnectionsOfAPod <= ConnectionsPerDestination)
        {
            yield break;
        }
        var gateways = input
            .PodSubnets.Select(pair =>
                RouteTables
                    .Of(input.Cloud, pair.Subnet.Id)
                    ?.Routes.FirstOrDefault(route => route.To is { PrefixLength: 0 } && route.State == "active")
                    ?.Via
            )
            .OfType<string>()
            .Distinct()
            .ToList();
        if (gateways is [var only] && only.StartsWith("nat-", StringComparison.Ordinal))
        {
            yield return new(
                only,
                $"{CniEnv.ExternalSnat} is true and all {pods} pods leave by {only}: "
                    + $"{ConnectionsPerDestination:N0} connections to one destination "
                    + $"are {ConnectionsPerDestination / pods} for each pod, and further ones fail (ErrorPortAllocation).",
                $"Give every zone a gateway of its own, or this one more addresses; what it counts:\n "
                    + $" aws cloudwatch get-metric-statistics --namespace AWS/NATGateway --metric-name ErrorPortAllocation "
                    + $"--dimensions Name=NatGatewayId,Value={only} --statistics Sum --period 3600 --start-time … --end-time …"
            );
        }
    }

    // Source: VPC User Guide, "Unshare a shared subnet": what runs there goes on, and nothing new can be made.
    private static IEnumerable<Symptom> Unshared(DoctorInput input) =>
        from pair in input.PodSubnets
        where input.Cloud.Participant is { } participant && !participant.Subnets.Contains(pair.Subnet.Id)
        let subnet = pair.Subnet
        let command = ShareChoice.Command(
            $"pods-{subnet.Id}",
            input.Cloud.Region,
            subnet.OwnerAccount,
            input.Cloud.ClusterAccount,
            [subnet.Id.Text]
        )
        select new Symptom(
            pair.Subnet.Id.Text,
            $"pod subnet {pair.Subnet.Id} (of {pair.By}) belongs to account {pair.Subnet.OwnerAccount} and is not shared with "
                + $"{input.Cloud.ClusterAccount}: nodes that run keep what they have, and none can get a further interface there.",
            $"Where Podspace shares it, podspace apply does it again; else in account {subnet.OwnerAccount}:\n" + $"  {command}"
        );

    private static IEnumerable<Symptom> OnMainTable(DoctorInput input) =>
        from pair in input.PodSubnets
        where RouteTables.Own(input.Cloud, pair.Subnet.Id) is null
        select new Symptom(
            pair.Subnet.Id.Text,
            $"pod subnet {pair.Subnet.Id} (of {pair.By}) follows the VPC's main route table: "
                + $"whoever changes that one changes where pods reach.",
            $"Give it a table of its own:\n  aws ec2 associate-route-table --subnet-id {pair.Subnet.Id} --route-table-id rtb-…"
        );
}
