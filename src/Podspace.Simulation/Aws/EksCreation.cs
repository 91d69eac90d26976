using System.Text.RegularExpressions;
using Podspace.Addressing;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

/// <summary>Clusters, node groups and add-ons that are made while the world runs.</summary>
public sealed partial class Eks
{
    /// <summary>Real clusters take ten minutes and more.</summary>
    private static readonly TimeSpan CreationTime = TimeSpan.FromMilliseconds(400);

    /// <summary>Source: EKS User Guide, "Amazon EKS networking requirements for VPC and subnets".</summary>
    private const int FreeInClusterSubnet = 6;

    /// <summary>Zones, by id, that take no cluster's subnets. Source: as above.</summary>
    private static readonly string[] ClosedZones = ["use1-az3", "usw1-az2", "cac1-az3"];

    private static readonly Cidr[] ServiceRanges = [Cidr.Parse("10.0.0.0/8"), Cidr.Parse("172.16.0.0/12"), Cidr.Parse("192.168.0.0/16")];

    /// <summary>Starts a cluster; its group, the control plane's interfaces and what runs in it are there once it is ACTIVE.</summary>
    /// <param name="wanted">VPC and status are set here.</param>
    /// <param name="hasPlugins">With EKS's own aws-node, kube-proxy and CoreDNS, which no add-on manages.</param>
    public Cluster CreateCluster(Cluster wanted, bool hasPlugins)
    {
        Require(wanted);
        var subnets = wanted.ResourcesVpcConfig.SubnetIds.Select(SubnetOf).ToList();
        Require(subnets);
        wanted.ResourcesVpcConfig.VpcId = subnets[0].VpcId;
        RequireGroups(wanted.ResourcesVpcConfig);
        wanted.KubernetesNetworkConfig.ServiceIpv4Cidr = ServiceRange(wanted);
        wanted.Status = "CREATING";
        Aws.Clusters.Add(wanted);
        World.Record("eks", "CreateCluster", wanted.Name);
        World.Later(CreationTime, hasPlugins ? "cluster-created" : "bare-cluster-created", wanted.Name);
        return wanted;
    }

    /// <summary>Its nodes start at once. EKS lets them join, by an access entry, unless the cluster takes none.</summary>
    public Nodegroup CreateNodegroup(Nodegroup wanted)
    {
        var cluster = Active(wanted.ClusterName);
        if (Of(cluster.Name).Nodegroups.Exists(group => group.NodegroupName == wanted.NodegroupName))
        {
            throw Busy($"NodeGroup already exists with name {wanted.NodegroupName} and cluster name {cluster.Name}");
        }
        if (wanted.Subnets.Count == 0 || wanted.Subnets.Select(SubnetOf).Any(subnet => subnet.VpcId != cluster.ResourcesVpcConfig.VpcId))
        {
            throw Bad("Subnets are not tagged with the required tag, or are not in the cluster's VPC"); // UNCONFIRMED wording
        }
        foreach (var type in wanted.InstanceTypes)
        {
            _ = World.Compute.FindType(type);
        }
        Require(wanted.ScalingConfig);
        wanted.Status = "CREATING";
        Aws.Nodegroups.Add(wanted);
        World.Record("eks", "CreateNodegroup", wanted.NodegroupName);
        World.Later(CreationTime, "nodegroup-created", $"{cluster.Name}/{wanted.NodegroupName}");
        if (
            cluster.AccessConfig.AuthenticationMode != "CONFIG_MAP"
            && !Of(cluster.Name).Entries.Exists(entry => entry.PrincipalArn == wanted.NodeRole)
        )
        {
            CreateAccessEntry(cluster.Name, wanted.NodeRole, "EC2_LINUX");
        }
        return wanted;
    }

    /// <summary>Takes over what runs in the cluster already, as far as nobody else holds it. Of
    /// other add-ons than vpc-cni only the entry is kept.</summary>
    public Addon CreateAddon(Addon wanted, string? resolveConflicts)
    {
        var cluster = Active(wanted.ClusterName);
        if (Of(cluster.Name).Addons.Exists(addon => addon.AddonName == wanted.AddonName))
        {
            throw Busy("Addon already exists.");
        }
        if (wanted.AddonVersion.Length == 0)
        {
            wanted.AddonVersion = VersionsOf(wanted.AddonName) is [var newest, ..]
                ? newest
                : throw Bad($"addonVersion is needed here: of {wanted.AddonName} no version is known to this world");
        }
        Require(wanted, wanted.AddonName == VpcCni ? wanted.AddonVersion : null, wanted.ConfigurationValues, resolveConflicts);
        wanted.Status = "CREATING";
        Aws.Addons.Add(wanted);
        World.Record("eks", "CreateAddon", wanted.AddonName);
        World.Later(
            CreationTime,
            resolveConflicts == "OVERWRITE" ? "addon-created-over" : "addon-created",
            $"{cluster.Name}/{wanted.AddonName}"
        );
        return wanted;
    }

    private void JoinCreation()
    {
        World.OnPending("cluster-created", name => EndClusterCreation(name, hasPlugins: true));
        World.OnPending("bare-cluster-created", name => EndClusterCreation(name, hasPlugins: false));
        World.OnPending("nodegroup-created", EndNodegroupCreation);
        World.OnPending("addon-created", target => EndAddonCreation(target, "NONE"));
        World.OnPending("addon-created-over", target => EndAddonCreation(target, "OVERWRITE"));
    }

    private Cluster Active(string name) =>
        DescribeCluster(name) is { Status: "ACTIVE" } cluster
            ? cluster
            : throw new WorldRefusal("InvalidRequestException", $"Cluster '{name}' is not in ACTIVE status"); // UNCONFIRMED wording

    private void Require(Cluster wanted)
    {
        if (!ClusterName().IsMatch(wanted.Name))
        {
            // UNCONFIRMED wording
            throw Bad("The cluster name must begin with a letter or a digit and hold at most 100 of letters, digits, - and _");
        }
        if (Aws.Clusters.Exists(cluster => cluster.Name == wanted.Name))
        {
            throw Busy($"Cluster already exists with name: {wanted.Name}");
        }
        if (Aws.Clusters.Count > 0)
        {
            throw new WorldRefusal(
                "ResourceLimitExceededException",
                $"A world holds one cluster, and this one holds {Aws.Clusters[0].Name}."
            );
        }
    }

    private static void Require(List<Subnet> subnets)
    {
        if (subnets.Select(subnet => subnet.AvailabilityZone).Distinct().Count() < 2)
        {
            throw Bad("Subnets specified must be in at least two different AZs");
        }
        if (subnets.Select(subnet => subnet.VpcId).Distinct().Count() > 1)
        {
            throw Bad("Subnets specified must belong to the same VPC"); // UNCONFIRMED wording
        }
    }

    private Subnet SubnetOf(string id)
    {
        var subnet = Aws.Subnets.Find(one => one.SubnetId == id) ?? throw Bad($"The subnet ID '{id}' does not exist");
        if (Aws.AvailabilityZones.Exists(zone => zone.ZoneName == subnet.AvailabilityZone && ClosedZones.Contains(zone.ZoneId)))
        {
            throw new WorldRefusal(
                "UnsupportedAvailabilityZoneException",
                $"Cannot create cluster because {subnet.AvailabilityZone} does not "
                    + $"currently have sufficient capacity to support the cluster"
            );
        }
        return new SubnetRoom(Aws, subnet).Open >= FreeInClusterSubnet
            ? subnet
            : throw Bad($"{id} has fewer than {FreeInClusterSubnet} free addresses"); // UNCONFIRMED wording
    }

    private void RequireGroups(ClusterVpcConfig network)
    {
        if (
            network.SecurityGroupIds.Find(id => !Aws.SecurityGroups.Exists(group => group.GroupId == id && group.VpcId == network.VpcId)) is
            { } missing
        )
        {
            throw Bad($"The security group ID '{missing}' does not exist");
        }
    }

    /// <summary>What EKS takes when nobody says; else inside RFC 1918, /24 to /12, and apart from the VPC.
    /// Source: EKS API reference, KubernetesNetworkConfigRequest.</summary>
    private string ServiceRange(Cluster wanted)
    {
        var blocks = World
            .Ec2.FindVpc(wanted.ResourcesVpcConfig.VpcId)
            .CidrBlockAssociationSet.Select(block => Cidr.Parse(block.CidrBlock))
            .ToList();
        if (wanted.KubernetesNetworkConfig.ServiceIpv4Cidr is not { Length: > 0 } asked)
        {
            return blocks.Exists(Cidr.Parse("172.20.0.0/16").Overlaps) ? "10.100.0.0/16" : "172.20.0.0/16";
        }
        return
            Cidr.TryParse(asked, out var range, out _)
            && range.PrefixLength is >= 12 and <= 24
            && ServiceRanges.Any(whole => whole.Contains(range))
            && !blocks.Exists(range.Overlaps)
            ? asked
            : throw Bad(
                $"serviceIpv4Cidr {asked} must lie in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, be a /24 to /12 and not overlap the VPC"
            ); // UNCONFIRMED wording
    }

    private void EndClusterCreation(string name, bool hasPlugins)
    {
        if (Aws.Clusters.Find(cluster => cluster.Name == name) is not { Status: "CREATING" } cluster)
        {
            return;
        }
        var network = cluster.ResourcesVpcConfig;
        network.ClusterSecurityGroupId = MakeClusterGroup(cluster);
        foreach (var subnet in network.SubnetIds.Take(4))
        {
            PutControlPlane(cluster, subnet);
        }
        NewCluster.Fill(World, cluster, hasPlugins);
        cluster.Status = "ACTIVE";
        World.Record("eks", "ClusterCreated", name);
    }

    /// <summary>Source: EKS User Guide, "View Amazon EKS security group requirements for clusters".</summary>
    private string MakeClusterGroup(Cluster cluster)
    {
        var number = Convert.ToUInt32(World.Hex("cluster-group", cluster.Name, 8), 16);
        var group = World.Ec2.CreateSecurityGroup(
            $"eks-cluster-sg-{cluster.Name}-{number}",
            "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, "
                + "as well as any managed workloads.",
            cluster.ResourcesVpcConfig.VpcId,
            []
        );
        group.Tags.AddRange([
            new() { Key = "Name", Value = group.GroupName },
            new() { Key = "aws:eks:cluster-name", Value = cluster.Name },
            new() { Key = $"kubernetes.io/cluster/{cluster.Name}", Value = "owned" },
        ]);
        World.Ec2.AddRule(
            new()
            {
                GroupId = group.GroupId,
                ReferencedGroupInfo = new() { GroupId = group.GroupId },
            }
        );
        return group.GroupId;
    }

    private void PutControlPlane(Cluster cluster, string subnet)
    {
        var network = cluster.ResourcesVpcConfig;
        var made = World.Compute.CreateNetworkInterface(
            subnet,
            [network.ClusterSecurityGroupId, .. network.SecurityGroupIds],
            $"Amazon EKS {cluster.Name}",
            0,
            0,
            [],
            $"control plane of {cluster.Name}"
        );
        made.RequesterManaged = true;
        made.Status = "in-use";
        made.Attachment = new() { AttachmentId = World.NewId("ela-attach", made.NetworkInterfaceId), DeviceIndex = 1 };
    }

    private void EndNodegroupCreation(string target)
    {
        var (cluster, name) = Parts(target);
        if (Aws.Nodegroups.Find(group => group.NodegroupName == name && group.ClusterName == cluster) is { Status: "CREATING" } group)
        {
            group.Status = "ACTIVE";
            World.Record("eks", "NodegroupCreated", name);
        }
    }

    private void EndAddonCreation(string target, string resolveConflicts)
    {
        var (cluster, name) = Parts(target);
        if (Aws.Addons.Find(addon => addon.AddonName == name && addon.ClusterName == cluster) is not { Status: "CREATING" } addon)
        {
            return;
        }
        var errors = name == VpcCni ? Install(addon, resolveConflicts) : [];
        addon.Status = errors.Count == 0 ? "ACTIVE" : "CREATE_FAILED";
        World.Record("eks", "AddonCreated", name);
    }

    private IReadOnlyList<UpdateError> Install(Addon addon, string resolveConflicts)
    {
        if (World.Objects.Find("apps/v1", "daemonsets", "kube-system", "aws-node") is null)
        {
            NewCluster.PutCni(World, DescribeCluster(addon.ClusterName), addon.AddonVersion, Kubernetes.Managers.Eks);
        }
        return new VpcCniRollout(
            World,
            addon,
            new()
            {
                AddonName = addon.AddonName,
                ConfigurationValues = addon.ConfigurationValues,
                ResolveConflicts = resolveConflicts,
            }
        ).Run();
    }

    private static (string Cluster, string Name) Parts(string target) =>
        target.Split('/') is [var cluster, var name] ? (cluster, name) : ("", "");

    // Source: EKS API reference, CreateCluster, name.
    [GeneratedRegex("^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$")]
    private static partial Regex ClusterName();
}
