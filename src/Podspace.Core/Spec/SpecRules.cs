using Podspace.Addressing;

namespace Podspace.Spec;

/// <summary>Contradictions within one document: what can be said without looking at AWS.</summary>
/// <remarks>Works on what was readable; malformed values have their own findings and count as left out.</remarks>
internal static class SpecRules
{
    /// <summary>A VPC block and a subnet are /16 to /28 each. Source: VPC User Guide, "VPC CIDR blocks" and "Subnet CIDR blocks".</summary>
    private const int Shortest = 16,
        Longest = 28;

    public static void Check(OverlaySpec spec, SpecReport report)
    {
        CheckBlocks(spec.Addresses, report);
        CheckSubnetLength(spec, report);
        CheckModes(spec, report);
        CheckZones(spec, report);
        CheckRouting(spec, report);
        CheckGroups(spec.Security, report);
        CheckTags(spec, report);
        CheckNames(spec, report);
        CheckUses(spec, report);
        CheckRollout(spec.Rollout, report);
    }

    /// <summary>What is asked for here is about running pods: taken and not done, somebody would count on it.</summary>
    private static void CheckRollout(RolloutSpec rollout, SpecReport report)
    {
        const string now = "this version replaces one node at a time, at any time";
        if (rollout.MaxUnavailable != 1)
        {
            report.Error(
                SpecCodes.NotInThisVersion,
                "spec.rollout.maxUnavailable",
                $"'maxUnavailable' is {rollout.MaxUnavailable}, and {now}.",
                "Leave the key out."
            );
        }
        if (rollout.Window is { } window)
        {
            report.Error(
                SpecCodes.NotInThisVersion,
                "spec.rollout.window",
                $"'window' is \"{Format.Shorten(window)}\", and {now}.",
                "Leave the key out, and start the rollout when nodes may go."
            );
        }
    }

    private static void CheckBlocks(AddressesSpec addresses, SpecReport report)
    {
        for (var i = 0; i < addresses.Blocks.Count; i++)
        {
            var block = addresses.Blocks[i];
            var path = report.Item("spec.addresses.blocks", i);
            if (block.PrefixLength is < Shortest or > Longest)
            {
                var mend =
                    block.PrefixLength < Shortest
                        ? $"Take a /{Shortest} of it, such as {Cidr.Containing(block.First, Shortest)}; more can be added later."
                        : $"Take a larger block, at most /{Longest}.";
                report.Error(SpecCodes.BlockSize, path, $"{block} cannot be a block of a VPC: those are /{Shortest} to /{Longest}.", mend);
            }
            if (!addresses.Pool.Any(pool => pool.Contains(block)))
            {
                report.Error(
                    SpecCodes.BlockOutsidePool,
                    path,
                    $"{block} lies outside of the pool ({string.Join(", ", addresses.Pool)}).",
                    "Take a block of the pool, or name its range in 'spec.addresses.pool'."
                );
            }
            foreach (var avoided in addresses.Avoid.Where(block.Overlaps))
            {
                report.Error(
                    SpecCodes.BlockAvoided,
                    path,
                    $"{block} overlaps {avoided}, which 'spec.addresses.avoid' names as in use elsewhere.",
                    "Take another block, or leave 'blocks' out and let one be chosen."
                );
            }
            foreach (var earlier in addresses.Blocks.Take(i).Where(block.Overlaps))
            {
                report.Error(
                    SpecCodes.BlocksOverlap,
                    path,
                    block == earlier ? $"{block} is listed twice." : $"{block} overlaps {earlier}; blocks of one VPC are apart.",
                    "Take one of them out."
                );
            }
        }
        if (addresses.Blocks.IsEmpty && AddressSet.Of(addresses.Pool).Except(AddressSet.Of(addresses.Avoid)).FirstFree(Longest) is null)
        {
            report.Error(
                SpecCodes.PoolEmpty,
                "spec.addresses",
                "Nothing of the pool is left once 'avoid' is taken out of it.",
                "Shorten 'avoid' or widen 'pool'."
            );
        }
    }

    private static void CheckSubnetLength(OverlaySpec spec, SpecReport report)
    {
        const string path = "spec.addresses.subnetPrefixLength";
        if (spec.Addresses.SubnetPrefixLength is not { } length || spec.Addresses.Blocks.IsEmpty)
        {
            return;
        }
        var blocks = spec.Addresses.Blocks.Where(block => block.PrefixLength <= length).ToList();
        var room = blocks.Sum(block => 1L << (length - block.PrefixLength));
        var zones = Math.Max(1, spec.Zones.Except(spec.Subnets.Existing.Select(subnet => subnet.Zone)).Count());
        if (room >= zones || (spec.Zones.IsEmpty && room > 0))
        {
            return;
        }
        var longer = Enumerable
            .Range(length, Longest - length + 1)
            .FirstOrDefault(at =>
                spec.Addresses.Blocks.Sum(block => block.PrefixLength <= at ? 1L << (at - block.PrefixLength) : 0) >= zones
            );
        report.Error(
            SpecCodes.SubnetLength,
            path,
            $"{string.Join(", ", spec.Addresses.Blocks)} holds {room} subnet{(room == 1 ? "" : "s")} of /{length}, "
                + $"and there {(zones == 1 ? "is 1 zone" : $"are {zones} zones")}.",
            longer > 0 ? $"Lengthen 'subnetPrefixLength' to at least {longer}." : "Add a block."
        );
    }

    private static void CheckModes(OverlaySpec spec, SpecReport report)
    {
        if (spec.Modes.Distinct().Count() < spec.Modes.Count)
        {
            report.Error(SpecCodes.ListedTwice, "spec.mode", "A mode is listed twice.", "Take one out.");
        }
        if (spec.Modes.Contains(PodMode.EniConfig) && spec.Modes.Contains(PodMode.SubnetDiscovery))
        {
            report.Error(
                SpecCodes.ModesContradict,
                "spec.mode",
                "eniConfig and subnetDiscovery exclude each other: the CNI asks no subnet tags while custom networking is on.",
                "Keep one of the two; either can stand beside autoMode."
            );
        }
    }

    private static void CheckZones(OverlaySpec spec, SpecReport report)
    {
        foreach (var zone in spec.Zones.Where((zone, i) => i > 0 && spec.Zones[i - 1] == zone).Distinct())
        {
            report.Error(SpecCodes.ListedTwice, "spec.zones", $"{zone} is listed twice.", "Take one out.");
        }
        foreach (
            var zone in spec
                .Zones.Distinct()
                .Where(zone => spec.Region.Length > 0 && !zone.StartsWith(spec.Region, StringComparison.Ordinal))
        )
        {
            report.Error(
                SpecCodes.ZoneOfOtherRegion,
                "spec.zones",
                $"{zone} is no zone of {spec.Region}.",
                "Correct 'spec.region' or 'spec.zones'."
            );
        }
        if (spec.Cluster is null && spec.Zones.IsEmpty && spec.Subnets.Existing.IsEmpty)
        {
            report.Error(
                SpecCodes.ZonesNeeded,
                "spec.zones",
                "No cluster is named, so nothing says in which zones pods will be.",
                "List the zones in 'spec.zones' (podspace init --zones a b), or name the cluster."
            );
        }
        foreach (var (zone, id) in spec.Subnets.Existing)
        {
            var path = $"spec.subnets.existing.{zone}";
            if (!spec.Zones.IsEmpty && !spec.Zones.Contains(zone))
            {
                report.Error(
                    SpecCodes.ZoneNotListed,
                    path,
                    $"{id} is for {zone}, which 'spec.zones' does not list.",
                    "List the zone, or take the subnet out."
                );
            }
            if (spec.Subnets.Existing.Any(other => other.Id == id && string.CompareOrdinal(other.Zone, zone) < 0))
            {
                report.Error(
                    SpecCodes.ListedTwice,
                    path,
                    $"{id} stands for two zones; a subnet is in one.",
                    "Name each zone's own subnet."
                );
            }
        }
    }

    private static void CheckRouting(OverlaySpec spec, SpecReport report)
    {
        var routing = spec.Routing;
        for (var i = 0; i < routing.Routes.Count; i++)
        {
            var (path, route) = (report.Item("spec.routing.routes", i, ".to"), routing.Routes[i]);
            if (
                routing
                    .Routes.Take(i)
                    .Any(other => other.To == route.To && (other.Zone == route.Zone || other.Zone is null || route.Zone is null))
            )
            {
                report.Error(
                    SpecCodes.ListedTwice,
                    path,
                    $"{route.To} has a route already; a table holds one a destination.",
                    "Keep one of them."
                );
            }
            if (route.Zone is not null && !spec.Zones.IsEmpty && !spec.Zones.Contains(route.Zone))
            {
                report.Error(
                    SpecCodes.ZoneNotListed,
                    $"{path}.zone",
                    $"{route.Zone} is not among 'spec.zones'.",
                    "List the zone, or take the route out."
                );
            }
            foreach (var block in spec.Addresses.Blocks.Where(block => block.Contains(route.To)))
            {
                report.Error(
                    SpecCodes.RouteContradicts,
                    path,
                    $"{route.To} lies in {block}, which is the VPC's own: AWS refuses the block while such a route exists.",
                    "Take the route out."
                );
            }
        }
        if (routing is { Source: PacketSource.Pod, KeepPodAddressTo.IsEmpty: false })
        {
            report.Warning(
                SpecCodes.SettingWithoutUse,
                "spec.routing.keepPodAddressTo",
                "With source: pod every destination sees pod addresses; the CNI ignores the list.",
                "Take the list out."
            );
        }
        if (routing is { Source: PacketSource.Node, KeepPodAddressTo.IsEmpty: true, Routes.IsEmpty: false })
        {
            report.Warning(
                SpecCodes.RouteWithoutUse,
                "spec.routing.routes",
                "Nothing takes these routes: with source: node, packets that leave the VPC leave by the node's own "
                    + "interface and its subnet's routes.",
                "Name the destinations in 'keepPodAddressTo', set source: pod, or take the routes out."
            );
        }
    }

    private static void CheckGroups(SecuritySpec security, SpecReport report)
    {
        if (security.Pods != PodGroups.Listed)
        {
            return;
        }
        // Source: quota L-2AFB9258, 5 groups an interface, which can be raised to 16.
        if (security.GroupIds.Count is 0 or > 16)
        {
            report.Error(
                SpecCodes.TooManyGroups,
                "spec.security.pods",
                $"{security.GroupIds.Count} groups are listed, and an interface has 1 to 16 (5 unless the quota was raised).",
                "List the groups that pods need."
            );
        }
        if (security.GroupIds.Distinct().Count() < security.GroupIds.Count)
        {
            report.Error(SpecCodes.ListedTwice, "spec.security.pods", "A group is listed twice.", "Take one out.");
        }
    }

    private static void CheckTags(OverlaySpec spec, SpecReport report)
    {
        foreach (var (key, _) in spec.Tags)
        {
            if (
                key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase)
                || key.StartsWith(Podspace.Naming.Tags.Prefix, StringComparison.OrdinalIgnoreCase)
                || key is "Name"
            )
            {
                report.Error(
                    SpecCodes.TagNotOurs,
                    $"spec.tags.{key}",
                    $"The tag {key} is not free: aws: is AWS's, podspace.io/ marks what Podspace made, Name comes from 'spec.names'.",
                    "Take it out."
                );
            }
            if (key is Podspace.Naming.Tags.ElbRole or Podspace.Naming.Tags.InternalElbRole or Podspace.Naming.Tags.KarpenterDiscovery)
            {
                report.Error(
                    SpecCodes.TagNotOurs,
                    $"spec.tags.{key}",
                    $"The tag {key} would offer pod subnets to load balancers or nodes, which must stay in routable subnets.",
                    "Take it out."
                );
            }
        }
        // Fifty a resource, and five are ours. Source: EC2 User Guide, tag restrictions.
        if (spec.Tags.Count > 45)
        {
            report.Error(
                SpecCodes.TagNotOurs,
                "spec.tags",
                $"{spec.Tags.Count} tags are listed; a resource has at most 50, and Podspace needs 5.",
                "List at most 45."
            );
        }
    }

    private static void CheckNames(OverlaySpec spec, SpecReport report)
    {
        foreach (
            var (key, template) in new[]
            {
                ("subnet", spec.Names.Subnet),
                ("routeTable", spec.Names.RouteTable),
                ("securityGroup", spec.Names.SecurityGroup),
            }
        )
        {
            var rest = (template ?? "").Replace("{name}", "").Replace("{zone}", "").Replace("{cluster}", "");
            if (rest.Contains('{', StringComparison.Ordinal) || rest.Contains('}', StringComparison.Ordinal))
            {
                report.Error(
                    SpecCodes.NameTemplate,
                    $"spec.names.{key}",
                    $"\"{template}\" has braces around something that is not name, zone or cluster.",
                    "Write {name}, {zone} or {cluster}."
                );
            }
        }
        // Source: EC2 API, CreateSecurityGroup.
        if (spec.Names.SecurityGroup?.StartsWith("sg-", StringComparison.OrdinalIgnoreCase) is true)
        {
            report.Error(
                SpecCodes.NameTemplate,
                "spec.names.securityGroup",
                "A group's name must not start with sg-, which AWS keeps for ids.",
                "Choose another name."
            );
        }
    }

    private static void CheckUses(OverlaySpec spec, SpecReport report)
    {
        if (
            !spec.Modes.IsEmpty
            && !spec.Modes.Contains(PodMode.AutoMode)
            && (spec.AutoMode.NodeClassName is not null || !spec.AutoMode.NodePools.IsEmpty)
        )
        {
            report.Warning(
                SpecCodes.SettingWithoutUse,
                "spec.autoMode",
                "'autoMode' is set, but 'mode' does not name it.",
                "Add autoMode to 'spec.mode', or take the setting out."
            );
        }
        if (!spec.Addresses.Blocks.IsEmpty && spec.Places.Of("spec.addresses.pool") is { Path: "spec.addresses.pool" })
        {
            report.Say(
                SpecCodes.SettingWithoutUse,
                Findings.Severity.Note,
                "spec.addresses.pool",
                "'blocks' are named, so 'pool' only checks them; nothing is chosen from it until 'blocks' is left out.",
                ""
            );
        }
    }
}
