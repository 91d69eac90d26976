using Podspace.Simulation;
using Podspace.Simulation.State;

namespace Podspace.Twin.Aws;

/// <summary>Network interfaces and their addresses on the wire.</summary>
internal static class Ec2Interfaces
{
    private static readonly Listing<NetworkInterface> Interfaces = new(
        "DescribeNetworkInterfaces",
        "networkInterfaceSet",
        view => view.Aws.NetworkInterfaces,
        Write
    )
    {
        IdParameter = "NetworkInterfaceId",
        Parameters = "IncludeManagedResources",
        Id = held => held.NetworkInterfaceId,
        Missing = ("InvalidNetworkInterfaceID.NotFound", "networkInterface ID"),
        Tags = held => held.TagSet,
        Sees = (view, held) => view.Of.Sees(held),
        Owns = (view, held) => view.Of.Owns(held.OwnerId),
        Filters = new()
        {
            ["vpc-id"] = (view, held) => [view.Subnet(held.SubnetId)?.VpcId],
            ["subnet-id"] = (_, held) => [held.SubnetId],
            ["availability-zone"] = (view, held) => [Zone(view, held)],
            ["network-interface-id"] = (_, held) => [held.NetworkInterfaceId],
            ["group-id"] = (_, held) => held.Groups,
            ["group-name"] = (view, held) => held.Groups.Select(view.GroupName),
            ["description"] = (_, held) => [held.Description],
            ["status"] = (_, held) => [held.Status],
            ["interface-type"] = (_, held) => [held.InterfaceType],
            ["requester-managed"] = (_, held) => [held.RequesterManaged ? "true" : "false"],
            ["owner-id"] = (view, held) => [view.Owner(held.OwnerId)],
            ["attachment.instance-id"] = (_, held) => [held.Attachment?.InstanceId],
            ["attachment.attachment-id"] = (_, held) => [held.Attachment?.AttachmentId],
            ["attachment.status"] = (_, held) => [held.Attachment is null ? null : "attached"],
            ["private-ip-address"] = (_, held) => held.PrivateIpAddresses.Take(1),
            ["addresses.private-ip-address"] = (_, held) => held.PrivateIpAddresses,
        },
    };

    public static IEnumerable<Ec2Operation> Operations =>
        [
            Interfaces.ToOperation(),
            Ec2Operation.Write(
                "CreateNetworkInterface",
                "SubnetId* SecurityGroupId Description SecondaryPrivateIpAddressCount Ipv4PrefixCount TagSpecification ClientToken DryRun",
                Create
            ),
            Ec2Operation.Write("AttachNetworkInterface", "NetworkInterfaceId* InstanceId* DeviceIndex* DryRun", Attach),
            Ec2Operation.Write(
                "DetachNetworkInterface",
                "AttachmentId* Force DryRun",
                (call, answer) =>
                {
                    call.Compute.DetachNetworkInterface(call.Required("AttachmentId"));
                    answer.Text("return", true);
                }
            ),
            Ec2Operation.Write(
                "DeleteNetworkInterface",
                "NetworkInterfaceId* DryRun",
                (call, answer) =>
                {
                    call.Compute.DeleteNetworkInterface(call.Required("NetworkInterfaceId"));
                    answer.Text("return", true);
                }
            ),
            Ec2Operation.Write("AssignPrivateIpAddresses", "NetworkInterfaceId* SecondaryPrivateIpAddressCount Ipv4PrefixCount", Assign),
            Ec2Operation.Write("UnassignPrivateIpAddresses", "NetworkInterfaceId* PrivateIpAddress Ipv4Prefix", Unassign),
        ];

    /// <summary>As EC2 names an address inside a Region.</summary>
    public static string? DnsName(Ec2View view, string? address) =>
        address is null ? null : $"ip-{address.Replace('.', '-')}.{view.Aws.Region}.compute.internal";

    /// <summary>As it stands in an instance, which has fewer fields.</summary>
    public static void WriteBrief(Xml body, Ec2View view, NetworkInterface held)
    {
        body.Text("networkInterfaceId", held.NetworkInterfaceId)
            .Text("subnetId", held.SubnetId)
            .Text("vpcId", view.Subnet(held.SubnetId)?.VpcId)
            .Text("description", held.Description)
            .Text("ownerId", view.Owner(held.OwnerId))
            .Text("status", held.Status)
            .Text("interfaceType", held.InterfaceType)
            .Text("privateIpAddress", held.PrivateIpAddresses.FirstOrDefault())
            .Text("sourceDestCheck", true)
            .Each("groupSet", held.Groups, (item, id) => item.Text("groupId", id).Text("groupName", view.GroupName(id)));
        if (held.Attachment is { } attachment)
        {
            body.In("attachment", item => Write(item, view, attachment, held.OwnerId));
        }
        body.Each(
            "privateIpAddressesSet",
            held.PrivateIpAddresses.Select((address, index) => (address, index)),
            (item, one) =>
                item.Text("primary", one.index == 0)
                    .Text("privateDnsName", DnsName(view, one.address))
                    .Text("privateIpAddress", one.address)
        );
        if (held.Ipv4Prefixes.Count > 0)
        {
            WritePrefixes(body, "ipv4PrefixSet", held.Ipv4Prefixes);
        }
    }

    private static string? Zone(Ec2View view, NetworkInterface held) =>
        view.Subnet(held.SubnetId) is { } subnet ? view.ZoneName(subnet.AvailabilityZone) : null;

    private static void Create(Ec2Call call, Xml answer)
    {
        var subnet = call.Required("SubnetId");
        var description = call.Text("Description") ?? "";
        var made = call.Compute.CreateNetworkInterface(
            subnet,
            call.Query.Texts("SecurityGroupId"),
            description,
            call.Query.Number("SecondaryPrivateIpAddressCount") ?? 0,
            call.Query.Number("Ipv4PrefixCount") ?? 0,
            call.TagsFor("network-interface"),
            call.Text("ClientToken") ?? $"{subnet}|{description}"
        );
        answer.In("networkInterface", body => Write(body, call.View, made)).Text("clientToken", call.Text("ClientToken"));
    }

    private static void Attach(Ec2Call call, Xml answer)
    {
        var id = call.Required("NetworkInterfaceId");
        call.Compute.AttachNetworkInterface(id, call.Required("InstanceId"), call.Query.Number("DeviceIndex") ?? 0);
        answer.Text("attachmentId", call.Compute.FindInterface(id).Attachment?.AttachmentId);
    }

    private static void Assign(Ec2Call call, Xml answer)
    {
        var id = call.Required("NetworkInterfaceId");
        answer.Text("networkInterfaceId", id);
        switch (call.Query.Number("SecondaryPrivateIpAddressCount"), call.Query.Number("Ipv4PrefixCount"))
        {
            case ({ } addresses, null):
                var assigned = call.Compute.AssignPrivateIpAddresses(id, addresses);
                answer.Each("assignedPrivateIpAddressesSet", assigned, (item, address) => item.Text("privateIpAddress", address));
                break;
            case (null, { } prefixes):
                WritePrefixes(answer, "assignedIpv4PrefixSet", call.Compute.AssignPrefixes(id, prefixes));
                break;
            default:
                throw new WorldRefusal("InvalidParameterCombination", "Specify either secondaryPrivateIpAddressCount or ipv4PrefixCount.");
        }
        answer.Text("return", true);
    }

    private static void Unassign(Ec2Call call, Xml answer)
    {
        var id = call.Required("NetworkInterfaceId");
        var (addresses, prefixes) = (call.Query.Texts("PrivateIpAddress"), call.Query.Texts("Ipv4Prefix"));
        if ((addresses.Count == 0) == (prefixes.Count == 0))
        {
            throw new WorldRefusal("InvalidParameterCombination", "Specify either privateIpAddress or ipv4Prefix.");
        }
        if (addresses.Count > 0)
        {
            call.Compute.UnassignPrivateIpAddresses(id, addresses);
        }
        else
        {
            call.Compute.UnassignPrefixes(id, prefixes);
        }
        answer.Text("return", true);
    }

    private static void Write(Xml body, Ec2View view, NetworkInterface held)
    {
        WriteBrief(body, view, held);
        body.Text("availabilityZone", Zone(view, held))
            .Text("privateDnsName", DnsName(view, held.PrivateIpAddresses.FirstOrDefault()))
            .Text("requesterManaged", held.RequesterManaged)
            .Tags(view.Tags(held.TagSet, held.OwnerId));
    }

    private static void Write(Xml body, Ec2View view, InterfaceAttachment attachment, string ownerId) =>
        body.Text("attachmentId", attachment.AttachmentId)
            .Text("instanceId", attachment.InstanceId)
            .Text("instanceOwnerId", attachment.InstanceId is null ? "amazon-aws" : view.Owner(ownerId))
            .Text("deviceIndex", attachment.DeviceIndex)
            .Text("status", "attached")
            .Text("attachTime", attachment.AttachTime)
            .Text("deleteOnTermination", attachment.InstanceId is not null);

    private static void WritePrefixes(Xml body, string name, IEnumerable<string> prefixes) =>
        body.Each(name, prefixes, (item, prefix) => item.Text("ipv4Prefix", prefix));
}
