using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Design.Rules;

/// <summary>What a pod subnet that exists must be, or should be; and that cluster and nodes stay out of it.</summary>
internal static class SubnetRules
{
    public static void Check(DesignInput input, Network network)
    {
        foreach (var subnet in network.Subnets)
        {
            if (input.Actual.Ids.Subnet(subnet.Ref) is { } id && input.Subnet(id) is { } seen)
            {
                CheckUsers(input, seen);
                CheckTags(input, seen, subnet.Ref);
                CheckSize(input, seen, subnet.Ref);
                CheckOthers(input, seen);
            }
        }
        CheckUnits(input, network);
    }

    private static void CheckUsers(DesignInput input, SeenSubnet subnet)
    {
        if (input.Cluster is { } cluster && cluster.SubnetIds.Contains(subnet.Id))
        {
            input.Report.Error(
                DesignCodes.ClusterSubnet,
                subnet.Id.Text,
                "spec.subnets.existing",
                $"{subnet.Id} is one of cluster {cluster.Name}'s own subnets: "
                    + $"the control plane's interfaces stand in it and need addresses that reach everywhere.",
                $"Take it out of the cluster's subnets, or name another pod subnet for {subnet.Zone}."
            );
        }
        foreach (var nodegroup in input.Cloud.Nodegroups)
        {
            if (nodegroup.Subnets.Contains(subnet.Id))
            {
                input.Report.Error(
                    DesignCodes.NodesInPodSubnet,
                    subnet.Id.Text,
                    "spec.subnets.existing",
                    $"Node group {nodegroup.Name} starts nodes in {subnet.Id}: nodes would get pod addresses, and leave the VPC with them.",
                    "Give the node group routable subnets."
                );
            }
        }
    }

    private static void CheckTags(DesignInput input, SeenSubnet subnet, Ref reference)
    {
        foreach (var tag in subnet.Tags)
        {
            if (tag.Key is Tags.ElbRole or Tags.InternalElbRole or Tags.KarpenterDiscovery)
            {
                input.Report.Warning(
                    DesignCodes.SharedTags,
                    subnet.Id.Text,
                    $"spec.subnets.existing.{subnet.Zone}",
                    $"{subnet.Id} carries the tag {tag.Key}, which offers it to "
                        + $"{(tag.Key == Tags.KarpenterDiscovery ? "Karpenter for nodes" : "load balancers")}; "
                        + $"what stands there is reached from nowhere but the VPC.",
                    $"Take the tag off:\n  aws ec2 delete-tags --resources {subnet.Id} --tags Key={tag.Key}"
                );
            }
            // Source: amazon-vpc-cni-k8s v1.22.1, pkg/awsutils: the exclusion counts under
            // custom networking too (read in the code, DERIVED).
            if (tag is { Key: Tags.CniRole, Value: "0" })
            {
                input.Report.Error(
                    DesignCodes.SubnetExcluded,
                    subnet.Id.Text,
                    $"spec.subnets.existing.{subnet.Zone}",
                    $"{subnet.Id} ({reference}) carries {Tags.CniRole}=0, which tells the CNI to keep pods out of it: "
                        + $"nodes of {subnet.Zone} would never become Ready.",
                    $"Take the tag off:\n  aws ec2 delete-tags --resources {subnet.Id} --tags Key={Tags.CniRole}"
                );
            }
        }
    }

    private static void CheckSize(DesignInput input, SeenSubnet subnet, Ref reference)
    {
        if (reference.IsMade && input.Spec.Addresses.SubnetPrefixLength is { } wanted && wanted != subnet.Cidr.PrefixLength)
        {
            input.Report.Note(
                DesignCodes.SizeKept,
                subnet.Id.Text,
                "spec.addresses.subnetPrefixLength",
                $"{reference} ({subnet.Id}) stays {subnet.Cidr}: "
                    + $"a subnet cannot be resized, and one that is there is kept. /{wanted} holds for new ones.",
                ""
            );
        }
        if (subnet.Cidr.PrefixLength > 24)
        {
            input.Report.Warning(
                DesignCodes.SmallSubnet,
                subnet.Id.Text,
                $"spec.subnets.existing.{subnet.Zone}",
                $"{subnet.Id} ({subnet.Cidr}) has {subnet.Cidr.UsableInSubnet} addresses for "
                    + $"all pods of {subnet.Zone} and the interfaces that carry them.",
                "Use a larger subnet."
            );
        }
    }

    private static void CheckOthers(DesignInput input, SeenSubnet subnet)
    {
        var others = input.Cloud.Interfaces.Count(card => card.Subnet == subnet.Id && !SubnetChoice.IsOfPods(card));
        if (others > 0)
        {
            input.Report.Warning(
                DesignCodes.SharedSubnet,
                subnet.Id.Text,
                $"spec.subnets.existing.{subnet.Zone}",
                $"{subnet.Id} holds {others} interface{(others == 1 ? "" : "s")} of something that is no pod.",
                $"To see which:\n  aws ec2 describe-network-interfaces --filters Name=subnet-id,Values={subnet.Id}"
            );
        }
    }

    // Source: VPC User Guide, "Network Address Usage": one unit an address or prefix, and, says its newer edition, one a pod (UNCONFIRMED).
    private static void CheckUnits(DesignInput input, Network network)
    {
        var units = input.Cloud.Quotas.NetworkAddressUnits;
        var addresses = network.Blocks.Sum(block => (long)block.Cidr.Count);
        if (addresses > units)
        {
            input.Report.Warning(
                DesignCodes.ManyAddresses,
                input.Vpc.Id.Text,
                "spec.addresses",
                $"The pods' blocks hold {addresses:N0} addresses, and {input.Vpc.Id} may use {units:N0} network address "
                    + $"units (L-BB24F6E5; at most 256,000): interfaces stop starting before the blocks are full.",
                "Raise the quota before the cluster grows past it; prefix delegation counts one unit a prefix, as far as AWS documents it."
            );
        }
    }
}
