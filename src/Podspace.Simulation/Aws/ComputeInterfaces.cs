using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

/// <summary>Network interfaces: made, attached, detached, deleted.</summary>
public sealed partial class Compute
{
    /// <param name="secondaryAddresses">Beside the interface's own.</param>
    /// <param name="prefixes">/28 blocks.</param>
    /// <param name="key">Identifies what the interface is for; ids follow from it.</param>
    public NetworkInterface CreateNetworkInterface(
        string subnetId,
        IReadOnlyList<string> groups,
        string description,
        int secondaryAddresses,
        int prefixes,
        IReadOnlyList<Tag> tags,
        string key
    )
    {
        var made = NewInterface(subnetId, groups, description, secondaryAddresses, prefixes, tags, key);
        Aws.NetworkInterfaces.Add(made);
        world.Record("ec2", "CreateNetworkInterface", made.NetworkInterfaceId);
        return made;
    }

    /// <exception cref="WorldRefusal">InvalidParameterCombination (another zone), InvalidParameterValue (device taken),
    /// AttachmentLimitExceeded, PrivateIpAddressLimitExceeded, InvalidNetworkInterface.InUse, IncorrectInstanceState.</exception>
    public void AttachNetworkInterface(string interfaceId, string instanceId, int deviceIndex)
    {
        var found = OwnInterface(interfaceId);
        var instance = FindInstance(instanceId);
        if (found.Attachment is not null)
        {
            throw new WorldRefusal("InvalidNetworkInterface.InUse", $"Network interface '{interfaceId}' is currently in use.");
        }
        CheckAttachment(FindSubnet(found.SubnetId), found.PrivateIpAddresses.Count + found.Ipv4Prefixes.Count, instance, deviceIndex);
        Connect(found, instance, deviceIndex);
        world.Record("ec2", "AttachNetworkInterface", interfaceId);
    }

    /// <summary>Create and attach in one, so that a refusal leaves nothing behind: what the CNI
    /// does with two calls, and a third to clean up.</summary>
    internal NetworkInterface CreateAttached(
        Instance instance,
        int deviceIndex,
        string subnetId,
        IReadOnlyList<string> groups,
        int addresses,
        int prefixes,
        IReadOnlyList<Tag> tags
    )
    {
        CheckAttachment(FindSubnet(subnetId), 1 + addresses + prefixes, instance, deviceIndex);
        var made = CreateNetworkInterface(
            subnetId,
            groups,
            $"aws-K8S-{instance.InstanceId}",
            addresses,
            prefixes,
            tags,
            $"{instance.InstanceId}/eth{deviceIndex}"
        );
        Connect(made, instance, deviceIndex);
        world.Record("ec2", "AttachNetworkInterface", made.NetworkInterfaceId);
        return made;
    }

    /// <summary>Forced or not: nothing in the world holds on to an interface.</summary>
    public void DetachNetworkInterface(string attachmentId)
    {
        var found =
            Aws.NetworkInterfaces.Find(found => found.Attachment?.AttachmentId == attachmentId)
            ?? throw new WorldRefusal("InvalidAttachmentID.NotFound", $"The attachment ID '{attachmentId}' does not exist");
        if (found.Attachment is { DeviceIndex: 0, InstanceId: not null })
        {
            throw new WorldRefusal(
                "OperationNotPermitted",
                $"The network interface at device index 0 cannot be detached: {found.NetworkInterfaceId} is the instance's primary."
            );
        }
        if (!Participation.Owns(found.OwnerId))
        {
            throw Participation.Foreign(found.NetworkInterfaceId, found.OwnerId);
        }
        if (found.RequesterManaged)
        {
            throw new WorldRefusal(
                "AuthFailure",
                $"You do not have permission to access the specified resource: {found.NetworkInterfaceId} belongs to an AWS service."
            );
        }
        found.Attachment = null;
        found.Status = "available";
        world.Record("ec2", "DetachNetworkInterface", found.NetworkInterfaceId);
    }

    public void DeleteNetworkInterface(string interfaceId)
    {
        var found = OwnInterface(interfaceId);
        if (found.Attachment is not null || found.Status == "in-use")
        {
            throw new WorldRefusal("InvalidNetworkInterface.InUse", $"Network interface '{interfaceId}' is currently in use.");
        }
        Aws.NetworkInterfaces.Remove(found);
        world.Record("ec2", "DeleteNetworkInterface", interfaceId);
    }

    /// <summary>Checks and builds, but adds nothing to the world yet.</summary>
    private NetworkInterface NewInterface(
        string subnetId,
        IReadOnlyList<string> groups,
        string description,
        int secondaryAddresses,
        int prefixes,
        IReadOnlyList<Tag> tags,
        string key
    )
    {
        var subnet = OpenSubnet(subnetId);
        var checkedGroups = CheckGroups(subnet, groups);
        var limit = Limit(Quota.InterfacesPerRegion);
        if (Aws.NetworkInterfaces.Count >= limit)
        {
            throw new WorldRefusal("NetworkInterfaceLimitExceeded", $"You have reached the maximum number of network interfaces: {limit}");
        }
        var room = new SubnetRoom(Aws, subnet);
        var addresses = room.TakeAddresses(1 + secondaryAddresses);
        var blocks = room.TakePrefixes(prefixes);
        return new()
        {
            NetworkInterfaceId = world.NewId("eni", key),
            SubnetId = subnetId,
            Status = "available",
            Description = description,
            OwnerId = Participation.Caller,
            Groups = checkedGroups,
            PrivateIpAddresses = addresses,
            Ipv4Prefixes = blocks,
            TagSet = Copy(tags),
        };
    }

    private void Connect(NetworkInterface found, Instance instance, int deviceIndex)
    {
        found.Status = "in-use";
        found.Attachment = new()
        {
            AttachmentId = world.NewId("eni-attach", found.NetworkInterfaceId),
            InstanceId = instance.InstanceId,
            DeviceIndex = deviceIndex,
            AttachTime = world.Clock.GetUtcNow(),
        };
    }

    /// <param name="slots">Addresses and prefixes that the interface brings.</param>
    private void CheckAttachment(Subnet subnet, int slots, Instance instance, int deviceIndex)
    {
        if (instance.State is not ("running" or "stopped" or "pending"))
        {
            throw new WorldRefusal(
                "IncorrectInstanceState",
                $"The instance '{instance.InstanceId}' is not in a state from which it can take an interface: {instance.State}."
            );
        }
        if (ZoneOf(instance.InstanceId) is { } at && at != subnet.AvailabilityZone)
        {
            throw new WorldRefusal(
                "InvalidParameterCombination",
                $"You may not attach a network interface to an instance if they are not in the same availability zone: "
                    + $"{subnet.SubnetId} is in {subnet.AvailabilityZone}, {instance.InstanceId} in {at}."
            );
        }
        var attached = InterfacesOf(instance.InstanceId).ToList();
        if (attached.Exists(other => other.Attachment!.DeviceIndex == deviceIndex))
        {
            throw new WorldRefusal(
                "InvalidParameterValue",
                $"Instance '{instance.InstanceId}' already has an interface attached at device index '{deviceIndex}'."
            );
        }
        var type = FindType(instance.InstanceType);
        if (attached.Count >= type.MaximumNetworkInterfaces)
        {
            throw new WorldRefusal(
                "AttachmentLimitExceeded",
                $"Interface count {attached.Count + 1} exceeds the limit for {type.Name}: {type.MaximumNetworkInterfaces}"
            );
        }
        CheckSlots(type, "the interface", slots);
        // An interface counts for itself, and everything on it from now on, since it is an instance's.
        CheckUsage(subnet.VpcId, 1 + slots);
    }

    /// <summary>An interface has as many slots as it may hold addresses; a prefix takes one, too.
    /// Source: EC2 User Guide, "Prefix delegation".</summary>
    private static void CheckSlots(InstanceType type, string interfaceId, int slots)
    {
        if (slots > type.Ipv4AddressesPerInterface)
        {
            throw new WorldRefusal(
                "PrivateIpAddressLimitExceeded",
                $"Number of private addresses will exceed limit: "
                    + $"{interfaceId} would hold {slots}, and {type.Name} takes {type.Ipv4AddressesPerInterface} per interface."
            );
        }
    }
}
