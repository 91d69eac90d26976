using System.Security.Cryptography;
using System.Text;

namespace Podspace.Simulation.WorldFile;

/// <summary>Turns what <c>aws … describe-*</c> and <c>kubectl get -o json</c> print into the keys
/// of a world file, and drops what the world derives.</summary>
internal static class PastedForms
{
    /// <summary>Keys that AWS prints and the world derives or has no use for, by where they stand under <c>aws</c>.</summary>
    private static readonly Dictionary<string, string[]> Unused = new(StringComparer.Ordinal)
    {
        ["AvailabilityZones"] =
        [
            "RegionName",
            "OptInStatus",
            "Messages",
            "GroupName",
            "GroupLongName",
            "NetworkBorderGroup",
            "ParentZoneId",
            "ParentZoneName",
        ],
        ["Vpcs"] = ["DhcpOptionsId", "InstanceTenancy", "Ipv6CidrBlockAssociationSet", "BlockPublicAccessStates", "EncryptionControl"],
        ["Subnets"] =
        [
            "AvailableIpAddressCount",
            "SubnetArn",
            "DefaultForAz",
            "AssignIpv6AddressOnCreation",
            "Ipv6CidrBlockAssociationSet",
            "MapCustomerOwnedIpOnLaunch",
            "EnableDns64",
            "Ipv6Native",
            "PrivateDnsNameOptionsOnLaunch",
            "BlockPublicAccessStates",
            "Type",
        ],
        ["SubnetCidrReservations"] = ["OwnerId"],
        ["RouteTables"] = ["OwnerId", "PropagatingVgws"],
        ["RouteTables.Associations"] = ["RouteTableId", "AssociationState"],
        ["RouteTables.Routes"] = ["InstanceId", "InstanceOwnerId"],
        ["SecurityGroups"] = ["SecurityGroupArn"],
        ["SecurityGroupRules"] = ["GroupOwnerId", "SecurityGroupRuleArn"],
        ["SecurityGroupRules.ReferencedGroupInfo"] = ["UserId", "PeeringStatus", "VpcId", "VpcPeeringConnectionId"],
        ["ResourceShares"] = ["statusMessage", "creationTime", "lastUpdatedTime", "featureSet", "resourceShareConfiguration"],
        ["ResourceShareAssociations"] = ["resourceShareName", "statusMessage", "creationTime", "lastUpdatedTime", "external"],
        ["OtherAccounts.AvailabilityZones"] =
        [
            "RegionName",
            "OptInStatus",
            "Messages",
            "GroupName",
            "GroupLongName",
            "NetworkBorderGroup",
            "ParentZoneId",
            "ParentZoneName",
        ],
        ["NetworkAcls"] = ["OwnerId"],
        ["NetworkAcls.Associations"] = ["NetworkAclId"],
        ["NetworkAcls.Entries"] = ["IcmpTypeCode"],
        ["InternetGateways"] = ["OwnerId"],
        ["VpnGateways"] = ["AmazonSideAsn", "AvailabilityZone", "Type"],
        ["VpcPeeringConnections"] = ["ExpirationTime"],
        ["VpcPeeringConnections.Status"] = ["Message"],
        ["VpcPeeringConnections.RequesterVpcInfo"] = ["CidrBlock", "Ipv6CidrBlockSet", "PeeringOptions", "Region"],
        ["VpcPeeringConnections.AccepterVpcInfo"] = ["CidrBlock", "Ipv6CidrBlockSet", "PeeringOptions", "Region"],
        ["PrefixLists"] = ["AddressFamily", "State", "StateMessage", "PrefixListArn", "Version", "OwnerId"],
        ["PrefixLists.Entries"] = ["Description"],
        ["NatGateways"] = ["CreateTime", "NatGatewayAddresses"],
        ["TransitGatewayVpcAttachments"] = ["VpcOwnerId", "CreationTime", "Options"],
        ["VpcEndpoints"] =
        [
            "PolicyDocument",
            "IpAddressType",
            "DnsOptions",
            "PrivateDnsEnabled",
            "RequesterManaged",
            "DnsEntries",
            "CreationTimestamp",
            "OwnerId",
            "ServiceRegion",
        ],
        ["VpcEndpoints.Groups"] = ["GroupName"],
        ["LaunchTemplateVersions"] = ["CreateTime", "CreatedBy", "VersionDescription", "Operator"],
        ["LaunchTemplateVersions.LaunchTemplateData"] =
        [
            "KernelId",
            "EbsOptimized",
            "IamInstanceProfile",
            "BlockDeviceMappings",
            "NetworkInterfaces",
            "KeyName",
            "Monitoring",
            "Placement",
            "RamDiskId",
            "DisableApiTermination",
            "DisableApiStop",
            "InstanceInitiatedShutdownBehavior",
            "TagSpecifications",
            "ElasticGpuSpecifications",
            "ElasticInferenceAccelerators",
            "SecurityGroupIds",
            "SecurityGroups",
            "InstanceMarketOptions",
            "CreditSpecification",
            "CpuOptions",
            "CapacityReservationSpecification",
            "LicenseSpecifications",
            "HibernationOptions",
            "MetadataOptions",
            "EnclaveOptions",
            "InstanceRequirements",
            "PrivateDnsNameOptions",
            "MaintenanceOptions",
            "NetworkPerformanceOptions",
            "Operator",
        ],
        ["AutoScalingGroups"] =
        [
            "AutoScalingGroupARN",
            "PredictedCapacity",
            "DefaultCooldown",
            "AvailabilityZones",
            "AvailabilityZoneIds",
            "LoadBalancerNames",
            "TargetGroupARNs",
            "HealthCheckType",
            "HealthCheckGracePeriod",
            "Instances",
            "CreatedTime",
            "SuspendedProcesses",
            "PlacementGroup",
            "EnabledMetrics",
            "Status",
            "TerminationPolicies",
            "NewInstancesProtectedFromScaleIn",
            "ServiceLinkedRoleARN",
            "MaxInstanceLifetime",
            "CapacityRebalance",
            "WarmPoolConfiguration",
            "WarmPoolSize",
            "Context",
            "DesiredCapacityType",
            "DefaultInstanceWarmup",
            "TrafficSources",
            "InstanceMaintenancePolicy",
            "DeletionProtection",
            "AvailabilityZoneDistribution",
            "AvailabilityZoneImpairmentPolicy",
            "CapacityReservationSpecification",
        ],
        ["AutoScalingGroups.Tags"] = ["ResourceId", "ResourceType", "PropagateAtLaunch"],
        ["AutoScalingGroups.MixedInstancesPolicy"] = ["InstancesDistribution"],
        ["AutoScalingGroups.MixedInstancesPolicy.LaunchTemplate.Overrides"] = ["WeightedCapacity", "ImageId"],
        ["AutoScalingGroups.MixedInstancesPolicy.LaunchTemplate.Overrides.InstanceRequirements"] =
        [
            "CpuManufacturers",
            "MemoryGiBPerVCpu",
            "ExcludedInstanceTypes",
            "InstanceGenerations",
            "SpotMaxPricePercentageOverLowestPrice",
            "MaxSpotPriceAsPercentageOfOptimalOnDemandPrice",
            "OnDemandMaxPricePercentageOverLowestPrice",
            "BareMetal",
            "BurstablePerformance",
            "RequireHibernateSupport",
            "NetworkInterfaceCount",
            "LocalStorage",
            "LocalStorageTypes",
            "TotalLocalStorageGB",
            "BaselineEbsBandwidthMbps",
            "AcceleratorTypes",
            "AcceleratorCount",
            "AcceleratorManufacturers",
            "AcceleratorNames",
            "AcceleratorTotalMemoryMiB",
            "NetworkBandwidthGbps",
            "AllowedInstanceTypes",
            "BaselinePerformanceFactors",
        ],
        ["Instances"] =
        [
            "AmiLaunchIndex",
            "ImageId",
            "KeyName",
            "Monitoring",
            "Placement",
            "PrivateDnsName",
            "PrivateIpAddress",
            "ProductCodes",
            "PublicDnsName",
            "StateTransitionReason",
            "SubnetId",
            "VpcId",
            "Architecture",
            "BlockDeviceMappings",
            "ClientToken",
            "EbsOptimized",
            "EnaSupport",
            "Hypervisor",
            "IamInstanceProfile",
            "NetworkInterfaces",
            "RootDeviceName",
            "RootDeviceType",
            "SecurityGroups",
            "SourceDestCheck",
            "VirtualizationType",
            "CpuOptions",
            "CapacityReservationSpecification",
            "HibernationOptions",
            "MetadataOptions",
            "EnclaveOptions",
            "BootMode",
            "PlatformDetails",
            "UsageOperation",
            "UsageOperationUpdateTime",
            "PrivateDnsNameOptions",
            "MaintenanceOptions",
            "CurrentInstanceBootMode",
            "NetworkPerformanceOptions",
            "Operator",
        ],
        ["NetworkInterfaces"] =
        [
            "AvailabilityZone",
            "AvailabilityZoneId",
            "VpcId",
            "MacAddress",
            "PrivateDnsName",
            "PrivateIpAddress",
            "RequesterId",
            "SourceDestCheck",
            "Ipv6Addresses",
            "Association",
            "Operator",
        ],
        ["NetworkInterfaces.Attachment"] = ["InstanceOwnerId", "Status", "DeleteOnTermination", "NetworkCardIndex"],
        ["Clusters"] =
        [
            "arn",
            "createdAt",
            "endpoint",
            "certificateAuthority",
            "platformVersion",
            "identity",
            "logging",
            "health",
            "storageConfig",
            "upgradePolicy",
            "deletionProtection",
            "zonalShiftConfig",
        ],
        ["Clusters.resourcesVpcConfig"] = ["publicAccessCidrs"],
        ["Clusters.kubernetesNetworkConfig"] = ["elasticLoadBalancing"],
        ["Clusters.accessConfig"] = ["bootstrapClusterCreatorAdminPermissions"],
        ["Nodegroups"] =
        [
            "nodegroupArn",
            "version",
            "releaseVersion",
            "createdAt",
            "modifiedAt",
            "capacityType",
            "diskSize",
            "health",
            "resources",
            "updateConfig",
        ],
        ["AccessEntries"] = ["accessEntryArn", "createdAt", "modifiedAt", "kubernetesGroups", "username"],
        ["AccessEntries.associatedAccessPolicies"] = ["associatedAt", "modifiedAt"],
        ["Addons"] = ["addonArn", "createdAt", "modifiedAt", "health", "podIdentityAssociations"],
    };

    public static void Rewrite(YamlTree.Map root)
    {
        if (root.Find("aws") is YamlTree.Map aws)
        {
            foreach (var (place, keys) in Unused)
            {
                Drop(aws, place.Split('.'), keys);
            }
            Permissions(aws);
            Each(aws, "Subnets", subnet => Zone(aws, subnet));
            Each(aws, "SecurityGroups", group => OwnGroup(aws, group));
            Each(aws, "RouteTables", table => (table.Find("Routes") as YamlTree.List)?.Items.RemoveAll(IsLocal));
            Each(aws, "Instances", instance => Unwrap(instance, "State", "Name"));
            Each(aws, "InternetGateways", gateway => Attached(gateway, "Attachments"));
            Each(aws, "VpnGateways", gateway => Attached(gateway, "VpcAttachments"));
            Each(aws, "NetworkInterfaces", Interface);
            Each(aws, "InstanceTypes", InstanceType);
        }
        if (root.Find("kubernetes") is YamlTree.List objects)
        {
            Lists(objects);
        }
    }

    private static void Drop(YamlTree node, ReadOnlySpan<string> place, string[] keys)
    {
        if (node is YamlTree.List list)
        {
            foreach (var item in list.Items)
            {
                Drop(item, place, keys);
            }
        }
        else if (node is YamlTree.Map map && place.Length > 0)
        {
            if (map.Find(place[0]) is { } inner)
            {
                Drop(inner, place[1..], keys);
            }
        }
        else if (node is YamlTree.Map at)
        {
            at.Entries.RemoveAll(entry => keys.Contains(entry.Key.Text));
        }
    }

    private static void Each(YamlTree.Map aws, string list, Action<YamlTree.Map> change)
    {
        foreach (var item in (aws.Find(list) as YamlTree.List)?.Items ?? [])
        {
            if (item is YamlTree.Map map)
            {
                change(map);
            }
        }
    }

    /// <summary>Another account prints its own name of a zone: the id says which it is in the world's.</summary>
    private static void Zone(YamlTree.Map aws, YamlTree.Map subnet)
    {
        if (
            subnet.Find("AvailabilityZoneId") is YamlTree.Scalar { Text: var id } at
            && Text(subnet, "OwnerId") is { Length: > 0 } owner
            && owner != Text(aws, "Account")
        )
        {
            var own = (aws.Find("AvailabilityZones") as YamlTree.List)?.Items.Find(zone => Text(zone, "ZoneId") == id);
            if (own is not null)
            {
                subnet.Set("AvailabilityZone", Word(at, Text(own, "ZoneName")));
            }
        }
        subnet.Remove("AvailabilityZoneId");
    }

    /// <summary>Only the owner of another account's group is kept: a group without one is of the world's own.</summary>
    private static void OwnGroup(YamlTree.Map aws, YamlTree.Map group)
    {
        if (Text(aws, "Account") is var own && (own.Length == 0 || Text(group, "OwnerId") == own))
        {
            group.Remove("OwnerId");
        }
    }

    private static bool IsLocal(YamlTree route) => route is YamlTree.Map map && map.Find("GatewayId") is YamlTree.Scalar { Text: "local" };

    /// <summary><c>State: {Code: 16, Name: running}</c> becomes <c>State: running</c>.</summary>
    private static void Unwrap(YamlTree.Map map, string key, string inner)
    {
        if (map.Find(key) is YamlTree.Map wrapped && wrapped.Find(inner) is { } value)
        {
            map.Set(key, value);
        }
    }

    /// <summary><c>Attachments: [{State: available, VpcId: vpc-…}]</c> becomes <c>VpcId: vpc-…</c>.</summary>
    private static void Attached(YamlTree.Map map, string key)
    {
        if (map.Find(key) is YamlTree.List { Items: [YamlTree.Map first, ..] } && first.Find("VpcId") is { } vpc)
        {
            map.Set("VpcId", vpc);
        }
        map.Remove(key);
    }

    private static void Interface(YamlTree.Map map)
    {
        if (map.Find("PrivateIpAddresses") is YamlTree.List addresses)
        {
            // The interface's own comes first, wherever AWS printed it.
            var own = addresses.Items.FindIndex(item =>
                item is YamlTree.Map address && address.Find("Primary") is YamlTree.Scalar { Text: "true" }
            );
            if (own > 0)
            {
                addresses.Items.Insert(0, addresses.Items[own]);
                addresses.Items.RemoveAt(own + 1);
            }
            UnwrapItems(addresses, "PrivateIpAddress");
        }
        UnwrapItems(map.Find("Groups") as YamlTree.List, "GroupId");
        UnwrapItems(map.Find("Ipv4Prefixes") as YamlTree.List, "Ipv4Prefix");
    }

    private static void UnwrapItems(YamlTree.List? list, string inner)
    {
        for (var i = 0; i < list?.Items.Count; i++)
        {
            if (list.Items[i] is YamlTree.Map item && item.Find(inner) is { } value)
            {
                list.Items[i] = value;
            }
        }
    }

    private static void InstanceType(YamlTree.Map map)
    {
        string[] limits = ["MaximumNetworkInterfaces", "Ipv4AddressesPerInterface"];
        if (map.Find("NetworkInfo") is YamlTree.Map network)
        {
            network.Entries.FindAll(entry => limits.Contains(entry.Key.Text)).ForEach(entry => map.Set(entry.Key.Text, entry.Value));
            if ((map.Find("VCpuInfo") as YamlTree.Map)?.Find("DefaultVCpus") is { } cpus)
            {
                map.Set("DefaultVCpus", cpus);
            }
            // Only a pasted type has NetworkInfo, and all that it has besides what the world knows is of no use here.
            string[] kept = ["InstanceType", "Hypervisor", "BareMetal", "DefaultVCpus", .. limits];
            map.Entries.RemoveAll(entry => !kept.Contains(entry.Key.Text));
        }
    }

    /// <summary><c>kind: List</c> becomes its items.</summary>
    private static void Lists(YamlTree.List objects)
    {
        for (var i = objects.Items.Count - 1; i >= 0; i--)
        {
            if (
                objects.Items[i] is YamlTree.Map list
                && list.Find("kind") is YamlTree.Scalar { Text: "List" }
                && list.Find("items") is YamlTree.List items
            )
            {
                objects.Items.RemoveAt(i);
                objects.Items.InsertRange(i, items.Items);
            }
        }
    }

    /// <summary>IpPermissions of a group become rules, unless its rules are there already: then both were pasted.</summary>
    private static void Permissions(YamlTree.Map aws)
    {
        var rules = aws.Find("SecurityGroupRules") as YamlTree.List;
        var listed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var rule in rules?.Items ?? [])
        {
            listed.Add(Text(rule, "GroupId"));
        }
        Each(
            aws,
            "SecurityGroups",
            group =>
            {
                foreach (var (key, isEgress) in new[] { ("IpPermissions", false), ("IpPermissionsEgress", true) })
                {
                    if (group.Find(key) is YamlTree.List permissions && !listed.Contains(Text(group, "GroupId")))
                    {
                        rules ??= AddRules(aws, permissions);
                        rules.Items.AddRange(
                            permissions.Items.OfType<YamlTree.Map>().SelectMany(permission => Rules(group, permission, isEgress))
                        );
                    }
                    group.Remove(key);
                }
            }
        );
    }

    private static YamlTree.List AddRules(YamlTree.Map aws, YamlTree at)
    {
        var rules = new YamlTree.List(at.Line, at.Column);
        aws.Set("SecurityGroupRules", rules);
        return rules;
    }

    private static IEnumerable<YamlTree.Map> Rules(YamlTree.Map group, YamlTree.Map permission, bool isEgress)
    {
        (string List, string Key, string RuleKey)[] peers =
        [
            ("IpRanges", "CidrIp", "CidrIpv4"),
            ("Ipv6Ranges", "CidrIpv6", "CidrIpv6"),
            ("PrefixListIds", "PrefixListId", "PrefixListId"),
            ("UserIdGroupPairs", "GroupId", "ReferencedGroupInfo"),
        ];
        foreach (var (list, key, ruleKey) in peers)
        {
            foreach (var peer in (permission.Find(list) as YamlTree.List)?.Items.OfType<YamlTree.Map>() ?? [])
            {
                var rule = new YamlTree.Map(peer.Line, peer.Column);
                rule.Set("SecurityGroupRuleId", Word(peer, RuleId(Text(group, "GroupId"), isEgress, permission, Text(peer, key))));
                rule.Set("GroupId", Word(peer, Text(group, "GroupId")));
                rule.Set("IsEgress", Word(peer, isEgress ? "true" : "false"));
                Copy(permission, rule, "IpProtocol", "FromPort", "ToPort");
                rule.Set(ruleKey, key == "GroupId" ? Reference(peer) : Word(peer, Text(peer, key)));
                Copy(peer, rule, "Description");
                yield return rule;
            }
        }
    }

    private static YamlTree.Map Reference(YamlTree.Map peer)
    {
        var reference = new YamlTree.Map(peer.Line, peer.Column);
        reference.Set("GroupId", Word(peer, Text(peer, "GroupId")));
        return reference;
    }

    private static void Copy(YamlTree.Map from, YamlTree.Map to, params string[] keys)
    {
        foreach (var key in keys)
        {
            if (from.Find(key) is { } value)
            {
                to.Set(key, value);
            }
        }
    }

    private static YamlTree.Scalar Word(YamlTree at, string text) => new(text, true, at.Line, at.Column);

    private static string Text(YamlTree node, string key) => ((node as YamlTree.Map)?.Find(key) as YamlTree.Scalar)?.Text ?? "";

    // IpPermissions carry no rule ids. They follow from what the rule says, so that reading twice gives the same.
    private static string RuleId(string group, bool isEgress, YamlTree.Map permission, string peer)
    {
        var says =
            $"{group}|{isEgress}|{Text(permission, "IpProtocol")}|{Text(permission, "FromPort")}|{Text(permission, "ToPort")}|{peer}";
        return $"sgr-0{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(says)))[..16]}";
    }
}
