using Podspace.Simulation;
using Podspace.Simulation.State;

namespace Podspace.Twin.Aws;

/// <summary>Instances and their types on the wire.</summary>
internal static class Ec2Computing
{
    private static readonly Listing<Instance> Instances = new(
        "DescribeInstances",
        "reservationSet",
        view => view.Aws.Instances,
        WriteReservation
    )
    {
        IdParameter = "InstanceId",
        Parameters = "IncludeManagedResources",
        Id = instance => instance.InstanceId,
        Missing = ("InvalidInstanceID.NotFound", "instance ID"),
        Tags = instance => instance.Tags,
        Sees = (view, instance) => view.Of.OwnsInstance(instance.InstanceId),
        Filters = new()
        {
            ["instance-id"] = (_, instance) => [instance.InstanceId],
            ["instance-type"] = (_, instance) => [instance.InstanceType],
            ["instance-state-name"] = (_, instance) => [instance.State],
            ["instance-state-code"] = (_, instance) =>
                [StateCode(instance.State).ToString(System.Globalization.CultureInfo.InvariantCulture)],
            ["vpc-id"] = (view, instance) => [Primary(view, instance) is { } primary ? view.Subnet(primary.SubnetId)?.VpcId : null],
            ["subnet-id"] = (view, instance) => [Primary(view, instance)?.SubnetId],
            ["availability-zone"] = (view, instance) => [Zone(view, instance)],
            ["private-ip-address"] = (view, instance) => [Primary(view, instance)?.PrivateIpAddresses.FirstOrDefault()],
            ["network-interface.network-interface-id"] = (view, instance) =>
                view.InterfacesOf(instance.InstanceId).Select(held => held.NetworkInterfaceId),
            ["network-interface.subnet-id"] = (view, instance) => view.InterfacesOf(instance.InstanceId).Select(held => held.SubnetId),
            ["instance.group-id"] = (view, instance) => Primary(view, instance)?.Groups ?? [],
        },
    };

    private static readonly Listing<InstanceType> Types = new(
        "DescribeInstanceTypes",
        "instanceTypeSet",
        view => view.World.Compute.InstanceTypes,
        Write
    )
    {
        IdParameter = "InstanceType",
        Id = type => type.Name,
        Missing = ("InvalidInstanceType.NotFound", "instance type"),
        Page = (5, 100),
        Filters = new()
        {
            ["instance-type"] = (_, type) => [type.Name],
            ["hypervisor"] = (_, type) => [type.Hypervisor],
            ["bare-metal"] = (_, type) => [type.BareMetal ? "true" : "false"],
        },
    };

    public static IEnumerable<Ec2Operation> Operations =>
        [Instances.ToOperation(), Types.ToOperation(), Ec2Operation.Write("TerminateInstances", "InstanceId* DryRun", Terminate)];

    private static void Terminate(Ec2Call call, Xml answer)
    {
        var ids = call.Query.Texts("InstanceId");
        var before = ids.Select(id => (Id: id, call.Compute.FindInstance(id).State)).ToList();
        call.Compute.TerminateInstances(ids);
        answer.Each(
            "instancesSet",
            before,
            (item, instance) =>
                item.Text("instanceId", instance.Id)
                    .In("currentState", state => WriteState(state, call.Compute.FindInstance(instance.Id).State))
                    .In("previousState", state => WriteState(state, instance.State))
        );
    }

    private static NetworkInterface? Primary(Ec2View view, Instance instance) =>
        view.InterfacesOf(instance.InstanceId).FirstOrDefault(held => held.Attachment!.DeviceIndex == 0);

    private static string? Zone(Ec2View view, Instance instance) =>
        Primary(view, instance) is { } primary && view.Subnet(primary.SubnetId) is { } subnet
            ? view.ZoneName(subnet.AvailabilityZone)
            : null;

    // Every instance of the world was launched by itself, so each has a reservation of its own.
    private static void WriteReservation(Xml body, Ec2View view, Instance instance) =>
        body.Text("reservationId", $"r-{instance.InstanceId[2..]}")
            .Text("ownerId", view.Account)
            .Each("instancesSet", [instance], (item, one) => Write(item, view, one));

    private static void Write(Xml body, Ec2View view, Instance instance)
    {
        var primary = Primary(view, instance);
        var subnet = primary is null ? null : view.Subnet(primary.SubnetId);
        body.Text("instanceId", instance.InstanceId)
            .In("instanceState", state => WriteState(state, instance.State))
            .Text("instanceType", instance.InstanceType)
            .Text("launchTime", instance.LaunchTime)
            .In("placement", placement => placement.Text("availabilityZone", Zone(view, instance)).Text("tenancy", "default"))
            .Text("subnetId", subnet?.SubnetId)
            .Text("vpcId", subnet?.VpcId)
            .Text("privateIpAddress", primary?.PrivateIpAddresses.FirstOrDefault())
            .Text("privateDnsName", primary is null ? null : Ec2Interfaces.DnsName(view, primary.PrivateIpAddresses.FirstOrDefault()))
            .Text("sourceDestCheck", true)
            .Each("groupSet", primary?.Groups ?? [], (item, id) => item.Text("groupId", id).Text("groupName", view.GroupName(id)))
            .Each("networkInterfaceSet", view.InterfacesOf(instance.InstanceId), (item, held) => Ec2Interfaces.WriteBrief(item, view, held))
            .Tags(instance.Tags);
    }

    private static void WriteState(Xml body, string state) => body.Text("code", StateCode(state)).Text("name", state);

    // Source: EC2 API, InstanceState.
    private static int StateCode(string state) =>
        state switch
        {
            "pending" => 0,
            "running" => 16,
            "shutting-down" => 32,
            "terminated" => 48,
            "stopping" => 64,
            "stopped" => 80,
            _ => throw new WorldRefusal(
                "InternalError",
                $"An instance of the world is in the state \"{state}\", which EC2 does not know.",
                500
            ),
        };

    private static void Write(Xml body, Ec2View view, InstanceType type) =>
        body.Text("instanceType", type.Name)
            .Text("currentGeneration", true)
            .Text("bareMetal", type.BareMetal)
            .Text("hypervisor", type.BareMetal ? null : type.Hypervisor)
            .In("vCpuInfo", cpu => cpu.Text("defaultVCpus", type.DefaultVCpus))
            .In(
                "networkInfo",
                network =>
                    network
                        .Text("maximumNetworkInterfaces", type.MaximumNetworkInterfaces)
                        .Text("maximumNetworkCards", 1)
                        .Text("defaultNetworkCardIndex", 0)
                        .Each(
                            "networkCards",
                            [type],
                            (card, one) => card.Text("networkCardIndex", 0).Text("maximumNetworkInterfaces", one.MaximumNetworkInterfaces)
                        )
                        .Text("ipv4AddressesPerInterface", type.Ipv4AddressesPerInterface)
            );
}
