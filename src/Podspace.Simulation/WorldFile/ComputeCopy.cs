using Podspace.Model;
using Podspace.Nodes.Launching;
using Podspace.Simulation.State;
using AccessEntry = Podspace.Simulation.State.AccessEntry;

namespace Podspace.Simulation.WorldFile;

/// <summary>Instances, interfaces and what EKS knows, in a copy.</summary>
internal sealed class ComputeCopy(CloudInventory cloud, SeenVpc vpc, AwsState aws)
{
    public void Copy()
    {
        aws.InstanceTypes.AddRange(
            cloud.InstanceTypes.Select(type => new InstanceType
            {
                Name = type.Name,
                MaximumNetworkInterfaces = type.Interfaces,
                Ipv4AddressesPerInterface = type.AddressesPerInterface,
                Hypervisor = type.Hypervisor,
                BareMetal = type.IsBareMetal,
                DefaultVCpus = type.VCpus,
            })
        );
        aws.Instances.AddRange(
            cloud
                .Instances.Where(one => one.State is "pending" or "running" or "stopping" or "stopped")
                .Select(one => new Instance
                {
                    InstanceId = one.Id.Text,
                    InstanceType = one.Type,
                    State = one.State == "pending" ? "running" : one.State,
                    LaunchTime = one.LaunchedAt,
                    Tags = Snapshot.Tags(one.Tags),
                })
        );
        aws.NetworkInterfaces.AddRange(cloud.Interfaces.Select(Interface));
        if (cloud.Cluster is { } cluster)
        {
            CopyCluster(cluster);
        }
    }

    private NetworkInterface Interface(SeenInterface seen) =>
        new()
        {
            NetworkInterfaceId = seen.Id.Text,
            SubnetId = seen.Subnet.Text,
            InterfaceType = seen.Type,
            Status = seen.Status,
            Description = seen.Description,
            RequesterManaged = seen.RequesterManaged,
            OwnerId = cloud.ClusterAccount,
            Attachment = seen.Instance is null
                ? null
                : new()
                {
                    AttachmentId = $"eni-attach-{seen.Id.Text[(seen.Id.Text.IndexOf('-', StringComparison.Ordinal) + 1)..]}",
                    InstanceId = seen.Instance,
                    DeviceIndex = seen.DeviceIndex ?? 0,
                },
            Groups = Snapshot.Texts(seen.Groups),
            // The interface's own comes first.
            PrivateIpAddresses = [.. seen.Addresses.OrderBy(address => address != seen.Own).Select(address => $"{address}")],
            Ipv4Prefixes = [.. seen.Prefixes.Select(prefix => $"{prefix}")],
            TagSet = Snapshot.Tags(seen.Tags),
        };

    private static ClusterComputeConfig AutoMode(SeenCluster cluster) =>
        new()
        {
            Enabled = true,
            NodePools = [.. cluster.BuiltInPools],
            NodeRoleArn = cluster.NodeRoleArn.Length == 0 ? null : cluster.NodeRoleArn,
        };

    private void CopyCluster(SeenCluster cluster)
    {
        aws.Clusters.Add(
            new()
            {
                Name = cluster.Name,
                Version = cluster.Version,
                Status = Rested(cluster.Status),
                ResourcesVpcConfig = new()
                {
                    VpcId = vpc.Id.Text,
                    SubnetIds = Snapshot.Texts(cluster.SubnetIds),
                    SecurityGroupIds = Snapshot.Texts(cluster.ExtraGroups),
                    ClusterSecurityGroupId = cluster.ClusterGroup.Text,
                },
                KubernetesNetworkConfig = new() { IpFamily = cluster.IpFamily, ServiceIpv4Cidr = cluster.ServiceCidr?.ToString() },
                AccessConfig = new()
                {
                    AuthenticationMode =
                        cluster.AuthenticationMode.Length == 0 ? new ClusterAccessConfig().AuthenticationMode : cluster.AuthenticationMode,
                },
                ComputeConfig = cluster.IsAutoMode ? AutoMode(cluster) : null,
            }
        );
        aws.AccessEntries.AddRange(
            cloud.AccessEntries.Select(entry => new AccessEntry
            {
                ClusterName = cluster.Name,
                PrincipalArn = entry.PrincipalArn,
                Type = entry.Type,
                AssociatedAccessPolicies = [.. entry.Policies.Select(policy => new AssociatedPolicy { PolicyArn = policy })],
                Tags = entry.Tags.ToDictionary(tag => tag.Key, tag => tag.Value),
            })
        );
        CopyLaunches();
        aws.Nodegroups.AddRange(
            cloud.Nodegroups.Select(group => new Nodegroup
            {
                NodegroupName = group.Name,
                ClusterName = cluster.Name,
                Status = Rested(group.Status),
                AmiType = group.AmiType,
                InstanceTypes = [.. group.InstanceTypes],
                Subnets = Snapshot.Texts(group.Subnets),
                ScalingConfig = new()
                {
                    MinSize = group.MinSize,
                    MaxSize = group.MaxSize,
                    DesiredSize = group.DesiredSize,
                },
                LaunchTemplate = group.LaunchTemplate is { } template ? NodegroupTemplate(template, group.TemplateVersion) : null,
            })
        );
        if (cloud.VpcCni is { } addon)
        {
            aws.Addons.Add(
                new()
                {
                    AddonName = "vpc-cni",
                    ClusterName = cluster.Name,
                    AddonVersion = addon.Version,
                    Status = Rested(addon.Status),
                    ConfigurationValues = addon.Values.Length == 0 ? null : addon.Values,
                }
            );
        }
    }

    private static NodegroupTemplate NodegroupTemplate(string template, string version) =>
        template.StartsWith("lt-", StringComparison.Ordinal)
            ? new() { Id = template, Version = version }
            : new() { Name = template, Version = version };

    private void CopyLaunches()
    {
        // One version may have been asked for under several names: as a number and as the latest.
        aws.LaunchTemplateVersions.AddRange(
            cloud
                .LaunchTemplates.GroupBy(seen => (seen.Id, seen.Version))
                .Select(same => new LaunchTemplateVersion
                {
                    LaunchTemplateId = same.Key.Id,
                    LaunchTemplateName = same.First().Name,
                    VersionNumber = (int)same.Key.Version,
                    DefaultVersion = same.Any(seen => seen.Asked == "$Default"),
                    LaunchTemplateData = new()
                    {
                        ImageId = same.First().HasImage ? "ami-00000000000000000" : null,
                        InstanceType = same.First().InstanceType is { Length: > 0 } type ? type : null,
                        UserData = LeastUserData.Of(same.First().Told),
                    },
                })
        );
        aws.AutoScalingGroups.AddRange(cloud.ScalingGroups.Select(ScalingGroup));
    }

    private static AutoScalingGroup ScalingGroup(SeenScalingGroup seen)
    {
        var specifications = seen
            .Launches.Select(by =>
                by.Template.StartsWith("lt-", StringComparison.Ordinal)
                    ? new LaunchTemplateSpecification { LaunchTemplateId = by.Template, Version = by.Version }
                    : new() { LaunchTemplateName = by.Template, Version = by.Version }
            )
            .ToList();
        var overrides = seen
            .InstanceTypes.Select(type => new LaunchTemplateOverride { InstanceType = type })
            .Concat(specifications.Skip(1).Select(one => new LaunchTemplateOverride { LaunchTemplateSpecification = one }))
            .Concat(
                seen.TakesAnyType
                    ?
                    [
                        new()
                        {
                            InstanceRequirements = new()
                            {
                                VCpuCount = new() { Min = 1 },
                                MemoryMiB = new() { Min = 1 },
                            },
                        },
                    ]
                    : []
            )
            .ToList();
        var isMixed = overrides.Count > 0 && specifications.Count > 0;
        return new()
        {
            AutoScalingGroupName = seen.Name,
            LaunchConfigurationName = specifications.Count == 0 ? "not-seen" : null,
            LaunchTemplate = isMixed || specifications.Count == 0 ? null : specifications[0],
            MixedInstancesPolicy = isMixed
                ? new()
                {
                    LaunchTemplate = new() { LaunchTemplateSpecification = specifications[0], Overrides = overrides },
                }
                : null,
            MaxSize = seen.MaxSize,
            VPCZoneIdentifier = string.Join(',', seen.Subnets),
            Tags = Snapshot.Tags(seen.Tags),
        };
    }

    private static string Rested(string status) => status is "UPDATING" or "CREATING" ? "ACTIVE" : status;
}
