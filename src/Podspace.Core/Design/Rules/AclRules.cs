using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Reachability;

namespace Podspace.Design.Rules;

/// <summary>Network ACLs of pod subnets, the one that the spec asks for and those that they have: pods' packets have to pass.</summary>
/// <remarks>An ACL knows no connections, so that answers need entries of their own. Source: VPC User Guide, "Network ACLs".</remarks>
internal static class AclRules
{
    private const string Path = "spec.subnets.networkAcl";

    // Ports from which clients ask. Source: VPC User Guide, "Ephemeral ports": Linux takes 32768
    // and more, NAT gateways and load balancers 1024 and more.
    private const int FirstClientPort = 1024,
        LastPort = 65535;

    public static void Check(DesignInput input, Network network)
    {
        if (!input.Sees(Reading.NetworkAcls))
        {
            return;
        }
        if (input.Spec.Subnets.NetworkAcl is { } asked)
        {
            CheckAsked(input, network, new(asked));
        }
        foreach (var subnet in network.Subnets)
        {
            if (input.Actual.Ids.Subnet(subnet.Ref) is { } id && AclOf(input, id) is { } acl && subnet.NetworkAcl is null)
            {
                CheckPresent(input, subnet, id, acl);
            }
        }
    }

    private static void CheckAsked(DesignInput input, Network network, AwsId asked)
    {
        if (input.Cloud.NetworkAcls.FirstOrDefault(one => one.Id == asked) is not { } acl)
        {
            input.Report.Error(
                DesignCodes.AclUnknown,
                asked.Text,
                Path,
                $"{input.Vpc.Id} has no network ACL {asked}, and a subnet takes none of another VPC.",
                $"To see those that it has:\n  aws ec2 describe-network-acls --filters Name=vpc-id,Values={input.Vpc.Id}"
            );
            return;
        }
        var blocks = input.LiveBlocks.Concat(network.Blocks.Select(block => block.Cidr)).Distinct();
        foreach (
            var (direction, block) in blocks.SelectMany(block =>
                ((Direction[])[Direction.Ingress, Direction.Egress]).Select(direction => (direction, block))
            )
        )
        {
            if (!Allows(acl, direction, block))
            {
                Denies(input, acl, direction, $"{block} of the VPC");
            }
        }
        foreach (var to in network.RouteTables.SelectMany(table => table.Routes).Select(route => route.To).Distinct())
        {
            if (!AclFilter.Of(acl, Direction.Ingress).Passes(Protocol.Tcp, to.First.Number, FirstClientPort, LastPort, out _))
            {
                Denies(input, acl, Direction.Ingress, $"{to}, to which a route leads");
            }
        }
    }

    private static void CheckPresent(DesignInput input, PodSubnet subnet, AwsId id, SeenNetworkAcl acl)
    {
        var path = $"spec.subnets.existing.{subnet.Zone}";
        foreach (var direction in (ReadOnlySpan<Direction>)[Direction.Ingress, Direction.Egress])
        {
            if (!Allows(acl, direction, subnet.Cidr))
            {
                input.Report.Warning(
                    DesignCodes.AclDenies,
                    acl.Id.Text,
                    path,
                    $"Network ACL {acl.Id} of {id} does not simply allow {Words(direction)} packets; "
                        + $"pods need all ports of the VPC, and 1024 to 65535 for answers.",
                    Look(acl)
                );
            }
        }
        if (input.Spec.Subnets.NetworkAcl is { } asked && asked != acl.Id.Text)
        {
            input.Report.Warning(
                DesignCodes.AclKept,
                id.Text,
                path,
                $"{id} keeps network ACL {acl.Id}: the spec asks for {asked}, but the subnet is not ours to change.",
                $"To change it by hand:\n  aws ec2 replace-network-acl-association "
                    + $"--network-acl-id {asked} --association-id {acl.AssociationOf(id)}"
            );
        }
        else if (subnet.Ref.IsMade && !acl.IsDefault)
        {
            input.Report.Note(
                DesignCodes.AclKept,
                id.Text,
                Path,
                $"{subnet.Ref} ({id}) keeps network ACL {acl.Id}, which is not the VPC's default: "
                    + $"the spec names none, so the one that is there stays.",
                $"To have it changed, write the one that it shall have, as in\n  subnets: {{networkAcl: "
                    + $"{input.Cloud.NetworkAcls.FirstOrDefault(one => one.IsDefault)?.Id.Text ?? "acl-…"}}}"
            );
        }
    }

    // What the first entry for everything says; finer entries are a person's intention, and are asked about.
    private static bool Allows(SeenNetworkAcl acl, Direction direction, Cidr block) =>
        acl
            .Entries.Where(entry => entry.Direction == direction && entry is { Protocol: "-1", Cidr: { } cidr } && cidr.Contains(block))
            .MinBy(entry => entry.Number)
            is { Allows: true };

    private static void Denies(DesignInput input, SeenNetworkAcl acl, Direction direction, string whose) =>
        input.Report.Warning(
            DesignCodes.AclDenies,
            acl.Id.Text,
            Path,
            $"Network ACL {acl.Id} does not simply allow {Words(direction)} packets of {whose}; "
                + $"pods need all ports of the VPC, and 1024 to 65535 for answers.",
            Look(acl)
        );

    private static string Words(Direction direction) => direction == Direction.Ingress ? "incoming" : "outgoing";

    private static string Look(SeenNetworkAcl acl) => $"Look at its entries:\n  aws ec2 describe-network-acls --network-acl-ids {acl.Id}";

    private static SeenNetworkAcl? AclOf(DesignInput input, AwsId subnet) =>
        input.Cloud.NetworkAcls.FirstOrDefault(acl => acl.Subnets.Contains(subnet));
}
