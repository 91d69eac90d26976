using System.Diagnostics;
using Podspace.Model;

namespace Podspace.Observed;

/// <summary>What somebody saw who may see more, in a file. It stands in for readings that were not possible, and for no others.</summary>
/// <param name="File">As the person named it.</param>
public sealed record Evidence(string File, Inventory Seen)
{
    /// <summary>The inventory with its gaps filled as far as the evidence goes; each filling
    /// is noted. Of another VPC it fills nothing.</summary>
    public Inventory Fill(Inventory inventory)
    {
        if (Seen.Cloud.Vpc is not { } vpc || (inventory.Cloud.Vpc is { } live && live.Id != vpc.Id))
        {
            return inventory;
        }
        var known = inventory.Gaps.Where(gap => IsTestimony(gap.Reading) && Seen.Sees(gap.Reading)).ToList();
        var cloud = known.Aggregate(inventory.Cloud, (cloud, gap) => Cloud(cloud, gap.Reading)) with
        {
            Gaps = [.. inventory.Cloud.Gaps.Except(known)],
            Testimonies = known.Select(gap => new Testimony(gap.Reading, gap.Why, File, Seen.Cloud.ObservedAt)).ToEquatable(),
        };
        var cluster =
            inventory.Cluster is { } asked && Seen.Cluster is not null
                ? known.Aggregate(asked, (cluster, gap) => Cluster(cluster, gap.Reading)) with
                {
                    Gaps = [.. asked.Gaps.Except(known)],
                }
                : inventory.Cluster;
        return new(cloud, cluster);
    }

    /// <summary>Who is asking, and whether a run goes on, are matters of the moment; previous values decide what is written back.</summary>
    private static bool IsTestimony(Reading reading) => reading is not (Reading.Identity or Reading.Lease or Reading.Record);

    private CloudInventory Cloud(CloudInventory cloud, Reading reading) =>
        reading switch
        {
            Reading.Vpc => cloud with { Vpc = Seen.Cloud.Vpc },
            Reading.Zones => cloud with { Zones = Seen.Cloud.Zones },
            Reading.Subnets => cloud with { Subnets = Seen.Cloud.Subnets },
            Reading.Reservations => cloud with { Subnets = cloud.Subnets.Select(WithReservations).ToEquatable() },
            Reading.RouteTables => cloud with { RouteTables = Seen.Cloud.RouteTables },
            Reading.SecurityGroups => cloud with { Groups = Seen.Cloud.Groups },
            Reading.NetworkAcls => cloud with { NetworkAcls = Seen.Cloud.NetworkAcls },
            Reading.Interfaces => cloud with { Interfaces = Seen.Cloud.Interfaces },
            Reading.Instances => cloud with { Instances = Seen.Cloud.Instances },
            Reading.InstanceTypes => cloud with { InstanceTypes = Seen.Cloud.InstanceTypes },
            Reading.Endpoints => cloud with { Endpoints = Seen.Cloud.Endpoints },
            Reading.Peerings => cloud with { Peerings = Seen.Cloud.Peerings },
            Reading.TransitGatewayAttachments => cloud with { TransitGatewayAttachments = Seen.Cloud.TransitGatewayAttachments },
            Reading.VpnGateways => cloud with { VpnGateways = Seen.Cloud.VpnGateways },
            Reading.NatGateways => cloud with { NatGateways = Seen.Cloud.NatGateways },
            Reading.PrefixLists => cloud with { PrefixLists = Seen.Cloud.PrefixLists },
            Reading.Quotas => cloud with { Quotas = Seen.Cloud.Quotas },
            Reading.Shares => cloud with { Shares = Seen.Cloud.Shares },
            Reading.Cluster => cloud with { Cluster = Seen.Cloud.Cluster },
            Reading.Nodegroups => cloud with { Nodegroups = Seen.Cloud.Nodegroups },
            Reading.LaunchTemplates => cloud with { LaunchTemplates = Seen.Cloud.LaunchTemplates },
            Reading.AutoScalingGroups => cloud with { ScalingGroups = Seen.Cloud.ScalingGroups },
            Reading.Addon => cloud with { VpcCni = Seen.Cloud.VpcCni },
            Reading.AccessEntries => cloud with { AccessEntries = Seen.Cloud.AccessEntries },
            >= Reading.AwsNode => cloud,
            _ => throw new UnreachableException($"{reading} is no testimony."),
        };

    private ClusterInventory Cluster(ClusterInventory cluster, Reading reading) =>
        reading switch
        {
            Reading.AwsNode => cluster with { AwsNode = Seen.Cluster!.AwsNode },
            Reading.EniConfigs => cluster with { EniConfigs = Seen.Cluster!.EniConfigs },
            Reading.Nodes => cluster with { Nodes = Seen.Cluster!.Nodes },
            Reading.Pods => cluster with { Pods = Seen.Cluster!.Pods },
            Reading.DisruptionBudgets => cluster with { Budgets = Seen.Cluster!.Budgets },
            Reading.ClusterIps => cluster with { ClusterIps = Seen.Cluster!.ClusterIps },
            Reading.NodeClasses => cluster with { NodeClasses = Seen.Cluster!.NodeClasses },
            Reading.NodePools => cluster with { NodePools = Seen.Cluster!.NodePools },
            Reading.NodeClaims => cluster with { NodeClaims = Seen.Cluster!.NodeClaims },
            Reading.Webhooks => cluster with { Webhooks = Seen.Cluster!.Webhooks },
            Reading.Ec2NodeClasses => cluster with { Ec2NodeClasses = Seen.Cluster!.Ec2NodeClasses },
            Reading.Karpenter => cluster with { Karpenter = Seen.Cluster!.Karpenter },
            Reading.Events => cluster with { Events = Seen.Cluster!.Events },
            _ => cluster,
        };

    private SeenSubnet WithReservations(SeenSubnet subnet) =>
        Seen.Cloud.Subnets.FirstOrDefault(one => one.Id == subnet.Id) is { } seen
            ? subnet with
            {
                Reservations = seen.Reservations,
            }
            : subnet;
}
