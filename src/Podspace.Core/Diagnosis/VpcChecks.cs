using System.Globalization;
using Podspace.Addressing;
using Podspace.Design;
using Podspace.Findings;
using Podspace.Model;

namespace Podspace.Diagnosis;

/// <summary>The VPC, its subnets, and what lies about in them.</summary>
internal static class VpcChecks
{
    // L-DF5E4CA3, a Region's interfaces; those of other VPCs count, too, and are not seen.
    private const int InterfacesPerRegion = 5000;

    private static readonly TimeSpan Learning = TimeSpan.FromHours(5);

    public static readonly EquatableArray<Check> All =
    [
        new(DoctorCodes.BlockFailed, "A block of the VPC failed to associate", Severity.Warning, [Reading.Vpc], BlockFailed),
        new(DoctorCodes.SubnetNearlyFull, "A subnet is nearly full", Severity.Warning, [Reading.Subnets, Reading.Interfaces], NearlyFull),
        new(DoctorCodes.LeakedInterfaces, "Interfaces of nodes that are gone", Severity.Warning, [Reading.Interfaces], Leaked),
        new(DoctorCodes.PodSubnetOffered, "A pod subnet is offered to load balancers or to Karpenter", Severity.Warning, [Reading.EniConfigs, Reading.Subnets], Offered),
        new(DoctorCodes.NoSubnetForLoadBalancers, "No subnet says that it is for load balancers", Severity.Warning, [Reading.EniConfigs, Reading.Subnets], NoneForLoadBalancers),
        new(DoctorCodes.PodSubnetExcluded, "A pod subnet's tags keep the CNI out", Severity.Error, [Reading.EniConfigs, Reading.Subnets], Excluded),
        new(DoctorCodes.NotWholePrefixes, "Prefix delegation in a subnet where single addresses break up its /28 blocks", Severity.Warning, [Reading.AwsNode, Reading.EniConfigs, Reading.Reservations, Reading.Interfaces], NotWhole),
        new(DoctorCodes.GatewayEndpointAside, "A gateway endpoint is not in the route table that pods leave by", Severity.Warning, [Reading.AwsNode, Reading.Endpoints, Reading.RouteTables, Reading.Nodes, Reading.Interfaces], EndpointAside),
        new(DoctorCodes.ManyInterfaces, "Nearly as many interfaces as the Region allows", Severity.Warning, [Reading.Interfaces], ManyInterfaces),
        new(DoctorCodes.DockerBridge, "The VPC or the cluster uses 172.17.0.0/16", Severity.Warning, [Reading.Vpc], DockerBridge),
        new(DoctorCodes.ControlPlaneLearns, "The control plane may not know a block yet", Severity.Note, [Reading.Vpc], ControlPlaneLearns),
        new(DoctorCodes.PodSubnetOnMainTable, "A pod subnet follows the main route table", Severity.Warning, [Reading.EniConfigs, Reading.Subnets, Reading.RouteTables], OnMainTable),
    ];

    private static IEnumerable<Symptom> BlockFailed(Patient patient) =>
        from block in patient.Cloud.Vpc?.Blocks ?? []
        where block.State is "failed" or "failing"
        select new Symptom(
            block.Cidr.ToString(), $"{block.Cidr} is {block.State} in {patient.Cloud.Vpc!.Id}{(block.Message is { Length: > 0 } why ? $" ({why})" : "")}: it is in the list and cannot be used.", "Choose another block, or mend what the message names and associate it again.");

    private static IEnumerable<Symptom> NearlyFull(Patient patient)
    {
        var used = patient.Cloud.Interfaces.Select(card => card.Subnet).Concat(patient.PodSubnets.Select(pair => pair.Subnet.Id)).ToHashSet();
        return
            from subnet in patient.Cloud.Subnets
            where used.Contains(subnet.Id) && (ulong)subnet.Free * 10 < subnet.Cidr.UsableInSubnet
            select new Symptom(
                subnet.Id.Text, $"{subnet.Id} ({subnet.Cidr}, {subnet.Zone}) has {subnet.Free} of {subnet.Cidr.UsableInSubnet} addresses left. Each node keeps a whole interface of free ones unless WARM_IP_TARGET and MINIMUM_IP_TARGET say otherwise.",
                patient.UsesEniConfigs ? "Add a pod subnet, or keep fewer warm." : "Give pods a space of their own:\n  podspace plan");
    }

    // Source: amazon-vpc-cni-k8s #69, #608, #1223.
    private static IEnumerable<Symptom> Leaked(Patient patient)
    {
        var leaked = patient.Cloud.Interfaces.Where(card => card is { Status: "available", IsOfCni: true }).ToList();
        if (leaked.Count > 0)
        {
            yield return new(
                leaked[0].Id.Text, $"{CniChecks.Some(leaked.Select(card => card.Id.Text))} was made by the CNI for a node that is gone: it holds {leaked.Sum(card => card.Addresses.Count)} addresses, and keeps its subnet and groups from being deleted.",
                string.Join('\n', leaked.Take(5).Select(card => $"  aws ec2 delete-network-interface --network-interface-id {card.Id}").Prepend("Once no node is starting, delete them:")));
        }
    }

    private static IEnumerable<Symptom> Offered(Patient patient) =>
        from pair in patient.PodSubnets
        from tag in pair.Subnet.Tags
        where tag.Key is Tags.ElbRole or Tags.InternalElbRole or Tags.KarpenterDiscovery
        select new Symptom(
            pair.Subnet.Id.Text, $"pod subnet {pair.Subnet.Id} carries {tag.Key}: {(tag.Key == Tags.KarpenterDiscovery ? "nodes" : "load balancers")} would be put there, with addresses that nobody beyond the VPC can reach. AWS's own tutorial does that.",
            $"Take it off:\n  aws ec2 delete-tags --resources {pair.Subnet.Id} --tags Key={tag.Key}");

    // Source: aws-load-balancer-controller v2.12.1, docs/deploy/subnet_discovery.md.
    private static IEnumerable<Symptom> NoneForLoadBalancers(Patient patient)
    {
        var podSubnets = patient.PodSubnets.Select(pair => pair.Subnet.Id).Distinct().ToList();
        if (podSubnets.Count > 0 && !patient.Cloud.Subnets.Any(subnet => subnet.Tags.Any(tag => tag.Key is Tags.ElbRole or Tags.InternalElbRole)))
        {
            yield return new(
                patient.Cloud.Vpc?.Id.Text ?? "vpc", $"no subnet carries {Tags.InternalElbRole} or {Tags.ElbRole}, so the AWS Load Balancer Controller (2.12.1 and later) takes any private subnet, {podSubnets[0]} among them: internal load balancers may get addresses that nobody can reach.",
                $"Tag the routable subnets:\n  aws ec2 create-tags --resources subnet-… --tags Key={Tags.InternalElbRole},Value=1");
        }
    }

    // DERIVED: since v1.22.1 exclusion applies under custom networking, too. Source: amazon-vpc-cni-k8s pkg/awsutils.
    private static IEnumerable<Symptom> Excluded(Patient patient) =>
        from pair in patient.PodSubnets
        where pair.Subnet.Tags.Contains(new(Tags.CniRole, "0"))
        select new Symptom(
            pair.Subnet.Id.Text, $"pod subnet {pair.Subnet.Id} of ENIConfig {pair.Config.Name} carries {Tags.CniRole}=0: since v1.22.1 the CNI gives no pod an address of it.", $"Take it off:\n  aws ec2 delete-tags --resources {pair.Subnet.Id} --tags Key={Tags.CniRole}");

    // Source: amazon-vpc-cni-k8s #2749, #1836: InsufficientCidrBlocks with many addresses free.
    private static IEnumerable<Symptom> NotWhole(Patient patient)
    {
        foreach (var (config, subnet) in patient.PodSubnets.Where(pair => patient.Settings.PrefixDelegation && !pair.Subnet.Reservations.Any(reservation => reservation.Type == "prefix")))
        {
            var single = patient.Cloud.Interfaces.Where(card => card.Subnet == subnet.Id && card.Prefixes.IsEmpty).Sum(card => card.Addresses.Count);
            if (single > 0)
            {
                yield return new(
                    subnet.Id.Text, $"prefix delegation is on, {subnet.Id} (ENIConfig {config.Name}) has no reservation for prefixes, and {single} single addresses stand in it: whole /28 blocks run out while addresses are left (InsufficientCidrBlocks).",
                    $"Reserve what is still whole, or take a new subnet:\n  aws ec2 create-subnet-cidr-reservation --subnet-id {subnet.Id} --reservation-type prefix --cidr …");
            }
        }
    }

    private static IEnumerable<Symptom> EndpointAside(Patient patient)
    {
        var keeps = CniChecks.IsTrue(patient.Env(CniEnv.ExternalSnat));
        var nodes = patient.Cluster.Nodes.Select(node => node.InstanceId).ToHashSet();
        var nodeSubnets = patient.Cloud.Interfaces.Where(card => card.DeviceIndex == 0 && card.Instance is { } instance && nodes.Contains(instance)).Select(card => card.Subnet);
        var subnets = (keeps ? patient.PodSubnets.Select(pair => pair.Subnet.Id) : nodeSubnets).Distinct().ToList();
        foreach (var endpoint in patient.Cloud.Endpoints.Where(endpoint => endpoint.Type == "Gateway"))
        {
            if (subnets.Select(subnet => RouteTables.Of(patient.Cloud, subnet)).FirstOrDefault(table => table is not null && !endpoint.RouteTables.Contains(table.Id)) is { } table)
            {
                yield return new(
                    endpoint.Id.Text, $"{endpoint.Id} ({endpoint.Service}) is not in {table.Id}, by which {(keeps ? "pods leave, with their own address" : "nodes send pods' packets, with theirs")}: those go round it, by NAT or not at all.",
                    $"Add the table:\n  aws ec2 modify-vpc-endpoint --vpc-endpoint-id {endpoint.Id} --add-route-table-ids {table.Id}");
            }
        }
    }

    private static IEnumerable<Symptom> ManyInterfaces(Patient patient)
    {
        if (patient.Cloud.Interfaces.Count * 10 > InterfacesPerRegion * 9)
        {
            yield return new(
                patient.Cloud.Region, $"this VPC alone has {patient.Cloud.Interfaces.Count} interfaces, and a Region allows {InterfacesPerRegion} unless raised: with custom networking every node takes two at least.",
                "Raise quota L-DF5E4CA3:\n  aws service-quotas get-service-quota --service-code vpc --quota-code L-DF5E4CA3");
        }
    }

    private static IEnumerable<Symptom> DockerBridge(Patient patient)
    {
        var bridge = Cidr.Parse("172.17.0.0/16");
        IEnumerable<(string What, Cidr Block)> blocks =
        [
            .. (patient.Cloud.Vpc?.LiveBlocks ?? []).Select(block => ($"the VPC's {block.Cidr}", block.Cidr)),
            .. patient.Cloud.Cluster?.ServiceCidr is { } service ? [($"the service range {service}", service)] : Array.Empty<(string, Cidr)>(),
        ];
        return blocks.Where(one => one.Block.Overlaps(bridge)).Select(one => new Symptom(
            one.Block.ToString(), $"{one.What} overlaps 172.17.0.0/16, which a node's container bridge may have: packets to it then never leave the node.", "Use other addresses there, or give the bridge others on nodes that have one."));
    }

    // Source: EKS User Guide, "Amazon EKS networking requirements": up to five hours.
    private static IEnumerable<Symptom> ControlPlaneLearns(Patient patient)
    {
        foreach (var tag in patient.Cloud.Vpc?.Tags ?? [])
        {
            if (tag.Key.StartsWith(Tags.Prefix + "block.", StringComparison.Ordinal)
                && DateTimeOffset.TryParse(tag.Value[(tag.Value.IndexOf('@', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since)
                && patient.Cloud.ObservedAt - since < Learning)
            {
                yield return new(
                    tag.Key, $"{tag.Key[(Tags.Prefix.Length + "block.".Length)..].Replace('_', '/')} joined the VPC at {since:HH:mm} UTC; until {since + Learning:HH:mm} UTC the control plane may refuse to call webhooks on pods there (\"Address is not allowed\").",
                    "Wait, or keep webhooks' pods on older nodes until then.");
            }
        }
    }

    private static IEnumerable<Symptom> OnMainTable(Patient patient) =>
        from pair in patient.PodSubnets
        where RouteTables.Own(patient.Cloud, pair.Subnet.Id) is null
        select new Symptom(
            pair.Subnet.Id.Text, $"pod subnet {pair.Subnet.Id} of ENIConfig {pair.Config.Name} follows the VPC's main route table: whoever changes that one changes where pods reach.", $"Give it a table of its own:\n  aws ec2 associate-route-table --subnet-id {pair.Subnet.Id} --route-table-id rtb-…");
}
