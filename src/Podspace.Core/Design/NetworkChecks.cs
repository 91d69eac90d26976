using Podspace.Findings;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Spec;

namespace Podspace.Design;

/// <summary>Is a network sound in itself? Holds for any, designed or observed; what a design makes must pass without a word.</summary>
internal static class NetworkChecks
{
    private const string OutsideBlocks = "PS1901",
        Overlap = "PS1902",
        WrongEniConfig = "PS1903",
        GroupCount = "PS1904",
        NoEgress = "PS1905",
        NoTable = "PS1906",
        Dangling = "PS1907",
        Reservation = "PS1908",
        Twice = "PS1909",
        Unsorted = "PS1910";

    /// <summary>Quota L-2AFB9258 at its highest.</summary>
    private const int MostGroups = 16;

    public static EquatableArray<Finding> Check(Network network)
    {
        var findings = new List<Finding>();
        CheckSubnets(network, findings);
        CheckReservations(network, findings);
        CheckTables(network, findings);
        CheckGroups(network, findings);
        CheckEniConfigs(network, findings);
        CheckOrder(network, findings);
        return findings.ToEquatable();
    }

    private static void CheckSubnets(Network network, List<Finding> findings)
    {
        foreach (var (i, block) in network.Blocks.Index())
        {
            foreach (var other in network.Blocks.Take(i).Where(other => other.Cidr.Overlaps(block.Cidr)))
            {
                Add(findings, Overlap, block.Cidr, $"{block.Cidr} overlaps {other.Cidr}; blocks of one VPC are apart.");
            }
        }
        foreach (var (i, subnet) in network.Subnets.Index())
        {
            if (!network.Blocks.Any(block => block.Cidr.Contains(subnet.Cidr)))
            {
                Add(findings, OutsideBlocks, subnet.Ref, $"{subnet.Ref} ({subnet.Cidr}) lies in none of the blocks {network.Blocks}.");
            }
            foreach (var other in network.Subnets.Take(i).Where(other => other.Cidr.Overlaps(subnet.Cidr)))
            {
                Add(findings, Overlap, subnet.Ref, $"{subnet.Ref} ({subnet.Cidr}) overlaps {other.Ref} ({other.Cidr}).");
            }
            if (subnet.Cidr.PrefixLength is < 16 or > 28)
            {
                Add(findings, OutsideBlocks, subnet.Ref, $"{subnet.Ref} is a /{subnet.Cidr.PrefixLength}; subnets are /16 to /28.");
            }
        }
    }

    private static void CheckReservations(Network network, List<Finding> findings)
    {
        foreach (var subnet in network.Subnets)
        {
            foreach (var (i, reserved) in subnet.Reserved.Index())
            {
                if (
                    !subnet.Cidr.Contains(reserved)
                    || subnet.Reserved.Take(i).Any(reserved.Overlaps)
                    || reserved.PrefixLength > 28
                    || !subnet.Ref.IsMade
                )
                {
                    Add(findings, Reservation, subnet.Ref, $"{reserved} cannot be reserved in {subnet.Ref} ({subnet.Cidr}).");
                }
            }
        }
    }

    private static void CheckTables(Network network, List<Finding> findings)
    {
        foreach (var subnet in network.Subnets)
        {
            if (subnet is { Ref.IsMade: true, RouteTable: null })
            {
                Add(findings, NoTable, subnet.Ref, $"{subnet.Ref} has no route table of its own and would follow the VPC's main table.");
            }
            if (subnet.RouteTable is { IsMade: true } table && !network.RouteTables.Any(made => made.Ref == table))
            {
                Add(findings, Dangling, subnet.Ref, $"{subnet.Ref} points at route table {table}, which is not in the network.");
            }
        }
        foreach (
            var table in network.RouteTables.Where(table => table.Routes.Select(route => route.To).Distinct().Count() < table.Routes.Count)
        )
        {
            Add(findings, Twice, table.Ref, $"Route table {table.Ref} has two routes to one destination.");
        }
    }

    private static void CheckGroups(Network network, List<Finding> findings)
    {
        foreach (
            var group in network.Groups.Where(group =>
                !network.Rules.Any(rule => rule.Group == group.Ref && rule.Direction == Direction.Egress)
            )
        )
        {
            Add(
                findings,
                NoEgress,
                group.Ref,
                $"Group {group.Ref} has no egress rule: Terraform takes AWS's default one away, and pods would reach nothing."
            );
        }
        foreach (var rule in network.Rules)
        {
            if (!Knows(network, rule.Group) || (rule.Peer.Group is { } peer && !Knows(network, peer)))
            {
                Add(findings, Dangling, rule, $"Rule \"{rule}\" points at a group that is not in the network.");
            }
        }
        foreach (var rule in network.Rules.GroupBy(rule => rule.Key).Where(same => same.Count() > 1))
        {
            Add(findings, Twice, rule.First(), $"Rule \"{rule.First()}\" is there twice.");
        }
    }

    private static void CheckEniConfigs(Network network, List<Finding> findings)
    {
        foreach (var config in network.EniConfigs)
        {
            var subnet = network.Subnets.FirstOrDefault(candidate => candidate.Ref == config.Subnet);
            if (subnet is null || (config.IsOfZone && subnet.Zone != config.Zone))
            {
                Add(
                    findings,
                    WrongEniConfig,
                    config.Zone,
                    $"ENIConfig {config.Zone} names {config.Subnet}, "
                        + $"{(subnet is null ? "which is no pod subnet" : $"which is in {subnet.Zone}")}: "
                        + $"nodes of {config.Zone} never become Ready."
                );
            }
            if (config.Groups.Count > MostGroups)
            {
                Add(
                    findings,
                    GroupCount,
                    config.Zone,
                    $"ENIConfig {config.Zone} names {config.Groups.Count} groups; an interface takes {MostGroups} at most."
                );
            }
            foreach (var group in config.Groups.Where(group => !Knows(network, group)))
            {
                Add(findings, Dangling, config.Zone, $"ENIConfig {config.Zone} names group {group}, which is not in the network.");
            }
        }
        if (network.EniConfigs.Select(config => config.Zone).Distinct().Count() < network.EniConfigs.Count)
        {
            Add(findings, Twice, "ENIConfig", "Two ENIConfigs have one name.");
        }
        if (
            network.Cni is not null
            && network.Modes.Contains(PodMode.EniConfig)
            && network.Subnets.FirstOrDefault(subnet => !network.EniConfigs.Any(config => config.Zone == subnet.Zone)) is { } lonely
        )
        {
            Add(
                findings,
                WrongEniConfig,
                lonely.Zone,
                $"{lonely.Zone} has a pod subnet and no ENIConfig: new nodes there never become Ready."
            );
        }
    }

    private static void CheckOrder(Network network, List<Finding> findings)
    {
        Sorted(network.Blocks.Select(block => block.Cidr), "blocks");
        Sorted(network.Subnets.Select(subnet => subnet.Ref), "subnets");
        Sorted(network.RouteTables.Select(table => table.Ref), "route tables");
        Sorted(network.Groups.Select(group => group.Ref), "groups");
        Sorted(network.Rules, "rules");

        void Sorted<T>(IEnumerable<T> items, string what)
            where T : IComparable<T>
        {
            var list = items.ToList();
            for (var i = 1; i < list.Count; i++)
            {
                if (list[i - 1].CompareTo(list[i]) > 0)
                {
                    Add(findings, Unsorted, what, $"The network's {what} are not sorted: {list[i]} comes after {list[i - 1]}.");
                }
            }
        }
    }

    private static bool Knows(Network network, Ref group) => !group.IsMade || network.Groups.Any(made => made.Ref == group);

    private static void Add(List<Finding> findings, string code, object about, string problem) =>
        findings.Add(
            new(code, Severity.Error, about.ToString()!, null, problem, "This is a fault of the design: please report it with the plan.")
        );
}
