using Podspace.Simulation;
using Podspace.Simulation.Aws;
using Podspace.Simulation.State;

namespace Podspace.Tests.Simulation;

public sealed class ComputeTests
{
    private readonly World world = new(
        new WorldState
        {
            Aws = new()
            {
                Vpcs = [new() { VpcId = "vpc-1", CidrBlock = "10.0.0.0/24" }],
                Subnets =
                [
                    new()
                    {
                        SubnetId = "subnet-b",
                        VpcId = "vpc-1",
                        CidrBlock = "10.0.0.0/25",
                        AvailabilityZone = "eu-west-1b",
                    },
                    new()
                    {
                        SubnetId = "subnet-c",
                        VpcId = "vpc-1",
                        CidrBlock = "10.0.0.128/26",
                        AvailabilityZone = "eu-west-1c",
                    },
                    new()
                    {
                        SubnetId = "subnet-small",
                        VpcId = "vpc-1",
                        CidrBlock = "10.0.0.192/28",
                        AvailabilityZone = "eu-west-1b",
                    },
                ],
                SecurityGroups =
                [
                    new()
                    {
                        GroupId = "sg-default",
                        GroupName = "default",
                        VpcId = "vpc-1",
                    },
                    new()
                    {
                        GroupId = "sg-1",
                        GroupName = "one",
                        VpcId = "vpc-1",
                    },
                    new()
                    {
                        GroupId = "sg-other",
                        GroupName = "other",
                        VpcId = "vpc-2",
                    },
                ],
            },
        }
    );

    private Compute Compute => world.Compute;

    [Fact]
    public void Addresses_are_the_lowest_that_AWS_does_not_keep_for_itself()
    {
        var made = Interface("subnet-small", addresses: 10);
        Assert.Equal(Enumerable.Range(196, 11).Select(last => $"10.0.0.{last}"), made.PrivateIpAddresses);
        Refuses("InsufficientFreeAddressesInSubnet", () => Interface("subnet-small"));
    }

    [Fact]
    public void Single_addresses_skip_reservations_and_prefixes_prefer_theirs()
    {
        world.State.Aws.SubnetCidrReservations =
        [
            new()
            {
                SubnetId = "subnet-b",
                Cidr = "10.0.0.0/27",
                ReservationType = "explicit",
            },
            new()
            {
                SubnetId = "subnet-b",
                Cidr = "10.0.0.64/27",
                ReservationType = "prefix",
            },
        ];
        var made = Interface("subnet-b", addresses: 1, prefixes: 3);
        Assert.Equal(["10.0.0.32", "10.0.0.33"], made.PrivateIpAddresses);
        Assert.Equal(["10.0.0.64/28", "10.0.0.80/28", "10.0.0.48/28"], made.Ipv4Prefixes);
    }

    [Fact]
    public void A_subnet_with_free_addresses_may_have_no_whole_block_left()
    {
        // 132 to 144 touch the first two blocks; the last holds the broadcast address
        var made = Interface("subnet-c", addresses: 12, prefixes: 1);
        Refuses("InsufficientCidrBlocks", () => Compute.AssignPrefixes(made.NetworkInterfaceId, 1));
        Assert.Single(Compute.AssignPrivateIpAddresses(made.NetworkInterfaceId, 1));
    }

    [Fact]
    public void An_instance_starts_pending_runs_and_takes_its_interfaces_with_it()
    {
        var id = Launch("m5.large").InstanceId;
        Attach(Interface("subnet-b"), id, 1);
        Assert.Equal("pending", Compute.FindInstance(id).State);
        Wait();
        Assert.Equal("running", Compute.FindInstance(id).State);
        Do(() => Compute.TerminateInstances([id]));
        Assert.Equal(("shutting-down", 2), (Compute.FindInstance(id).State, Compute.InterfacesOf(id).Count()));
        Wait();
        Assert.Equal(("terminated", 0), (Compute.FindInstance(id).State, world.State.Aws.NetworkInterfaces.Count));
        world.Advance(TimeSpan.FromHours(1));
        Refuses("InvalidInstanceID.NotFound", () => Compute.FindInstance(id));
    }

    [Fact]
    public void Terminating_is_all_or_nothing()
    {
        var id = Launch("m5.large").InstanceId;
        Refuses("InvalidInstanceID.NotFound", () => Compute.TerminateInstances([id, "i-0dead"]));
        Assert.Equal("pending", Compute.FindInstance(id).State);
    }

    [Fact]
    public void Unknown_things_are_refused_by_AWSs_names()
    {
        Refuses("InvalidSubnetID.NotFound", () => Interface("subnet-0dead"));
        Refuses("InvalidGroup.NotFound", () => Interface("subnet-b", groups: ["sg-0dead"]));
        Refuses("InvalidParameter", () => Interface("subnet-b", groups: ["sg-other"]));
        Refuses("InvalidParameterValue", () => Launch("m5.gigantic"));
        Refuses("InvalidNetworkInterfaceID.NotFound", () => Compute.DeleteNetworkInterface("eni-0dead"));
        Refuses("InvalidAttachmentID.NotFound", () => Compute.DetachNetworkInterface("eni-attach-0dead"));
        Refuses("InvalidInstanceID.NotFound", () => Attach(Interface("subnet-b"), "i-0dead", 1));
        Assert.Equal(["sg-default"], Interface("subnet-b").Groups);
    }

    [Fact]
    public void Attaching_wants_the_same_zone_a_free_device_and_room()
    {
        var id = Launch("m5.large").InstanceId;
        Refuses("InvalidParameterCombination", () => Attach(Interface("subnet-c"), id, 1));
        Refuses("InvalidParameterValue", () => Attach(Interface("subnet-b"), id, 0));
        Refuses("PrivateIpAddressLimitExceeded", () => Attach(Interface("subnet-b", addresses: 10), id, 1));
        var first = Interface("subnet-b");
        Attach(first, id, 1);
        Refuses("InvalidNetworkInterface.InUse", () => Attach(first, id, 2));
        Attach(Interface("subnet-b"), id, 2);
        Refuses("AttachmentLimitExceeded", () => Attach(Interface("subnet-b"), id, 3));
    }

    [Fact]
    public void An_interface_in_use_cannot_be_deleted_and_a_primary_not_detached()
    {
        var id = Launch("m5.large").InstanceId;
        var second = Interface("subnet-b");
        Attach(second, id, 1);
        Refuses("InvalidNetworkInterface.InUse", () => Compute.DeleteNetworkInterface(second.NetworkInterfaceId));
        Refuses("OperationNotPermitted", () => Compute.DetachNetworkInterface(Compute.PrimaryOf(id)!.Attachment!.AttachmentId));
        Compute.DetachNetworkInterface(second.Attachment!.AttachmentId);
        Compute.DeleteNetworkInterface(second.NetworkInterfaceId);
        Assert.Single(world.State.Aws.NetworkInterfaces);
    }

    [Fact]
    public void A_slot_holds_an_address_or_a_prefix()
    {
        var primary = Compute.PrimaryOf(Launch("m5.large").InstanceId)!.NetworkInterfaceId;
        Compute.AssignPrivateIpAddresses(primary, 7);
        Compute.AssignPrefixes(primary, 2);
        Refuses("PrivateIpAddressLimitExceeded", () => Compute.AssignPrivateIpAddresses(primary, 1));
        Refuses("PrivateIpAddressLimitExceeded", () => Compute.AssignPrefixes(primary, 1));
    }

    [Fact]
    public void What_is_given_back_was_there_and_is_not_the_interfaces_own()
    {
        var made = Interface("subnet-b", addresses: 2, prefixes: 1);
        Refuses("InvalidParameterValue", () => Compute.UnassignPrivateIpAddresses(made.NetworkInterfaceId, [made.PrivateIpAddresses[0]]));
        Refuses("InvalidParameterValue", () => Compute.UnassignPrivateIpAddresses(made.NetworkInterfaceId, ["10.0.0.99"]));
        Refuses("InvalidParameterValue", () => Compute.UnassignPrefixes(made.NetworkInterfaceId, ["10.0.0.96/28"]));
        Compute.UnassignPrivateIpAddresses(made.NetworkInterfaceId, [made.PrivateIpAddresses[1]]);
        Compute.UnassignPrefixes(made.NetworkInterfaceId, [made.Ipv4Prefixes[0]]);
        Assert.Equal((2, 0), (made.PrivateIpAddresses.Count, made.Ipv4Prefixes.Count));
    }

    [Fact]
    public void Quotas_are_the_worlds_own()
    {
        world.State.Aws.Quotas["L-2AFB9258"] = 1;
        Refuses("SecurityGroupsPerInterfaceLimitExceeded", () => Interface("subnet-b", groups: ["sg-1", "sg-default"]));
        world.State.Aws.Quotas["L-BB24F6E5"] = 4;
        var id = Launch("m5.large").InstanceId;
        Attach(Interface("subnet-b"), id, 1);
        Assert.Equal(3, Compute.UsageOf("vpc-1"));
        Compute.AssignPrefixes(Compute.PrimaryOf(id)!.NetworkInterfaceId, 1);
        Refuses("NetworkAddressUsageLimitExceeded", () => Compute.AssignPrivateIpAddresses(Compute.PrimaryOf(id)!.NetworkInterfaceId, 1));
        Refuses("NetworkAddressUsageLimitExceeded", () => Launch("m5.large"));
        world.State.Aws.Quotas["L-DF5E4CA3"] = 2;
        Refuses("NetworkInterfaceLimitExceeded", () => Interface("subnet-b"));
    }

    [Fact]
    public void A_refused_call_leaves_the_world_as_it_was()
    {
        Refuses("InsufficientFreeAddressesInSubnet", () => Interface("subnet-small", addresses: 11));
        Refuses("InsufficientCidrBlocks", () => Interface("subnet-small", prefixes: 1));
        Assert.Empty(world.State.Aws.NetworkInterfaces);
        Assert.Empty(world.State.History);
        Assert.Empty(world.State.Issued);
    }

    private NetworkInterface Interface(string subnet, int addresses = 0, int prefixes = 0, string[]? groups = null) =>
        world.Do(() => Compute.CreateNetworkInterface(subnet, groups ?? [], "", addresses, prefixes, [], "test"));

    private Instance Launch(string type) => world.Do(() => Compute.RunInstance(type, "subnet-b", ["sg-1"], [], "test"));

    private void Attach(NetworkInterface made, string instance, int device) =>
        Compute.AttachNetworkInterface(made.NetworkInterfaceId, instance, device);

    private void Do(Action act) =>
        world.Do(() =>
        {
            act();
            return 0;
        });

    private void Wait() => world.Advance(TimeSpan.FromSeconds(1));

    private static void Refuses(string code, Action act) => Assert.Equal(code, Assert.Throws<WorldRefusal>(act).Code);
}
