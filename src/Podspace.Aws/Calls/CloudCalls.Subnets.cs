using Amazon.EC2;
using Amazon.EC2.Model;
using Podspace.Steps.Calls;

namespace Podspace.Aws.Calls;

internal sealed partial class CloudCalls
{
    private async Task<string?> CreateShareAsync(CloudCall.CreateShare call, CancellationToken cancel) =>
        await ram.CreateAsync(call.Name, call.Account, call.Subnets, call.Token, call.Tags, cancel);

    private async Task<string?> AssociateBlockAsync(CloudCall.AssociateBlock call, CancellationToken cancel)
    {
        var request = new AssociateVpcCidrBlockRequest { VpcId = call.Vpc.Text, CidrBlock = call.Block.ToString() };
        var answer = await ec2.WriteAsync(
            "AssociateVpcCidrBlock",
            (client, stop) => client.AssociateVpcCidrBlockAsync(request, stop),
            cancel
        );
        return answer.CidrBlockAssociation.AssociationId;
    }

    private async Task<string?> DisassociateBlockAsync(CloudCall.DisassociateBlock call, CancellationToken cancel)
    {
        var request = new DisassociateVpcCidrBlockRequest { AssociationId = call.AssociationId };
        await ec2.WriteAsync("DisassociateVpcCidrBlock", (client, stop) => client.DisassociateVpcCidrBlockAsync(request, stop), cancel);
        return null;
    }

    private async Task<string?> CreateSubnetAsync(CloudCall.CreateSubnet call, bool dryRun, CancellationToken cancel)
    {
        var request = new CreateSubnetRequest
        {
            VpcId = call.Vpc.Text,
            AvailabilityZone = IsZoneId(call.Zone) ? null : call.Zone,
            AvailabilityZoneId = IsZoneId(call.Zone) ? call.Zone : null,
            CidrBlock = call.Block.ToString(),
            TagSpecifications = Tagged(ResourceType.Subnet, call.Tags),
            DryRun = Flag(dryRun),
        };
        // A block that is "associated" may still be unknown to CreateSubnet for a moment.
        // UNCONFIRMED by AWS's documents; asking again harms nothing.
        var answer = await ec2.WriteAsync(
            "CreateSubnet",
            (client, stop) => client.CreateSubnetAsync(request, stop),
            cancel,
            refusal => recent.HoldsBlockAround(call.Block) && Refusals.Is(refusal, "InvalidSubnet.Range", "InvalidSubnetRange")
        );
        return answer.Subnet.SubnetId;
    }

    // euw1-az3, and not eu-west-1b: an id has "-az" and a number at its end. Source: EC2 User Guide, "Availability Zone IDs".
    internal static bool IsZoneId(string zone) =>
        zone.LastIndexOf("-az", StringComparison.Ordinal) is > 0 and var at && int.TryParse(zone.AsSpan(at + 3), out _);

    private async Task<string?> DeleteSubnetAsync(CloudCall.DeleteSubnet call, bool dryRun, CancellationToken cancel)
    {
        var request = new DeleteSubnetRequest { SubnetId = call.Subnet.Text, DryRun = Flag(dryRun) };
        await ec2.WriteAsync("DeleteSubnet", (client, stop) => client.DeleteSubnetAsync(request, stop), cancel);
        return null;
    }

    private async Task<string?> ReserveAsync(CloudCall.Reserve call, bool dryRun, CancellationToken cancel)
    {
        var request = new CreateSubnetCidrReservationRequest
        {
            SubnetId = call.Subnet.Text,
            Cidr = call.Block.ToString(),
            ReservationType = SubnetCidrReservationType.Prefix,
            TagSpecifications = Tagged(ResourceType.SubnetCidrReservation, call.Tags),
            DryRun = Flag(dryRun),
        };
        var answer = await ec2.WriteAsync(
            "CreateSubnetCidrReservation",
            (client, stop) => client.CreateSubnetCidrReservationAsync(request, stop),
            cancel,
            Unknown(call.Subnet)
        );
        return answer.SubnetCidrReservation.SubnetCidrReservationId;
    }

    private async Task<string?> DeleteReservationAsync(CloudCall.DeleteReservation call, bool dryRun, CancellationToken cancel)
    {
        var request = new DeleteSubnetCidrReservationRequest { SubnetCidrReservationId = call.Reservation.Text, DryRun = Flag(dryRun) };
        await ec2.WriteAsync(
            "DeleteSubnetCidrReservation",
            (client, stop) => client.DeleteSubnetCidrReservationAsync(request, stop),
            cancel
        );
        return null;
    }
}
