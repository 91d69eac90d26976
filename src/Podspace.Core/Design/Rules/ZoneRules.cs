using Podspace.Model;

namespace Podspace.Design.Rules;

/// <summary>Zones exist, are open to the account, and leave room for one more.</summary>
internal static class ZoneRules
{
    private const string Path = "spec.zones";

    public static void Check(DesignInput input, Network network)
    {
        foreach (var subnet in network.Subnets)
        {
            if (input.Sees(Reading.Zones) && !input.Cloud.Zones.IsEmpty)
            {
                CheckZone(input, subnet.Zone);
            }
        }
        CheckNodeZones(input, network);
        CheckSpare(input, network);
    }

    private static void CheckZone(DesignInput input, string zone)
    {
        var known = input.Cloud.Zones.FirstOrDefault(seen => seen.Name == zone);
        if (known is null)
        {
            var zones = input.Cloud.Zones.Select(seen => seen.Name).ToList();
            input.Report.Error(
                DesignCodes.ZoneUnknown,
                zone,
                Path,
                $"Account {input.Cloud.Account} has no zone {zone} in {input.Cloud.Region}; it has {string.Join(", ", zones)}.",
                "Correct 'spec.zones'."
            );
        }
        else if (known.State != "available")
        {
            input.Report.Error(
                DesignCodes.ZoneClosed,
                zone,
                Path,
                $"Zone {zone} is {known.State}: no subnet can be made in it.",
                $"Opt in to its group, or take it out of 'spec.zones':\n "
                    + $" aws ec2 describe-availability-zones --all-availability-zones --zone-names {zone}"
            );
        }
        else if (known.Type == "wavelength-zone")
        {
            input.Report.Error(
                DesignCodes.ZoneKind,
                zone,
                Path,
                $"{zone} is a Wavelength zone; EKS runs no nodes with pod subnets there.",
                "Take it out of 'spec.zones'."
            );
        }
        else if (known.Type == "local-zone")
        {
            input.Report.Note(
                DesignCodes.LocalZone,
                zone,
                Path,
                $"{zone} is a Local Zone: nodes there carry its name as their zone label, so it gets a pod subnet and an "
                    + $"ENIConfig of its own; cluster subnets cannot be there.",
                ""
            );
        }
    }

    // A node without an ENIConfig for its zone never becomes Ready.
    private static void CheckNodeZones(DesignInput input, Network network)
    {
        foreach (var zone in input.Spec.Zones.IsEmpty || !input.HasCniModes ? [] : ZoneChoice.CniZones(input))
        {
            // One that is listed and has no subnet all the same found no room, which is said by itself.
            if (!input.Spec.Zones.Contains(zone) && !network.Subnets.Any(subnet => subnet.Zone == zone))
            {
                input.Report.Error(
                    DesignCodes.ZoneUnknown,
                    zone,
                    Path,
                    $"Nodes can start in {zone}, which 'spec.zones' does not list: without an "
                        + $"ENIConfig for its zone a new node never becomes Ready.",
                    $"Add {zone} to 'spec.zones', or take its subnets out of the node groups first."
                );
            }
        }
    }

    private static void CheckSpare(DesignInput input, Network network)
    {
        if (!network.Subnets.Any(subnet => subnet.Ref.IsMade))
        {
            return;
        }
        var free = Addressing
            .AddressSet.Of(network.Blocks.Select(block => block.Cidr))
            .Except(
                Addressing.AddressSet.Of(
                    network.Subnets.Select(subnet => subnet.Cidr).Concat(input.Cloud.Subnets.Select(subnet => subnet.Cidr))
                )
            );
        var length = network.Subnets.Where(subnet => subnet.Ref.IsMade).Max(subnet => subnet.Cidr.PrefixLength);
        if (free.FirstFree(length) is null)
        {
            input.Report.Warning(
                DesignCodes.NoSpareZone,
                string.Join(",", network.Blocks.Select(block => block.Cidr)),
                "spec.addresses.subnetPrefixLength",
                $"{string.Join(", ", network.Blocks.Select(block => block.Cidr))} has no room for a subnet of /{length} in one more zone.",
                "Lengthen 'subnetPrefixLength' before the subnets are made, or be ready to add a block later."
            );
        }
    }
}
