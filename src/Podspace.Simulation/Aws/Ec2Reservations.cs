using Podspace.Addressing;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

/// <summary>Subnet CIDR reservations. Source: VPC User Guide, "Subnet CIDR reservations".</summary>
public sealed partial class Ec2
{
    public SubnetCidrReservation CreateSubnetCidrReservation(
        string subnetId,
        string cidr,
        string type,
        string? description,
        IReadOnlyList<Tag> tags
    )
    {
        var subnet = OwnSubnet(subnetId);
        var block = ReadBlock(cidr, "cidr");
        if (type is not ("prefix" or "explicit"))
        {
            throw new WorldRefusal(
                "InvalidParameterValue",
                $"Value ({type}) for parameter reservationType is invalid. Use prefix or explicit."
            );
        }
        CheckReservation(subnet, block);
        CheckTags([], tags);
        var reservation = new SubnetCidrReservation
        {
            SubnetCidrReservationId = World.NewId("scr", $"{subnetId}|{block}"),
            SubnetId = subnetId,
            Cidr = block.ToString(),
            ReservationType = type,
            Description = description,
            Tags = [.. tags],
        };
        Aws.SubnetCidrReservations.Add(reservation);
        Record("CreateSubnetCidrReservation", reservation.SubnetCidrReservationId);
        return reservation;
    }

    public SubnetCidrReservation DeleteSubnetCidrReservation(string id)
    {
        var reservation =
            Aws.SubnetCidrReservations.Find(reservation => reservation.SubnetCidrReservationId == id)
            ?? throw Missing(id, "scr-", "InvalidSubnetCidrReservationID", "subnet CIDR reservation ID");
        OwnSubnet(reservation.SubnetId);
        Aws.SubnetCidrReservations.Remove(reservation);
        Record("DeleteSubnetCidrReservation", id);
        return reservation;
    }

    // It may cover addresses that are in use; it may not cover another reservation. The codes are UNCONFIRMED.
    private void CheckReservation(Subnet subnet, Cidr block)
    {
        if (!Cidr.Parse(subnet.CidrBlock).Contains(block))
        {
            throw new WorldRefusal(
                "InvalidParameterValue",
                $"Value ({block}) for parameter cidr is invalid. It is not inside {subnet.CidrBlock}, the CIDR of {subnet.SubnetId}."
            );
        }
        var other = Aws.SubnetCidrReservations.Find(other => other.SubnetId == subnet.SubnetId && Cidr.Parse(other.Cidr).Overlaps(block));
        if (other is not null)
        {
            throw new WorldRefusal(
                "InvalidParameterValue",
                $"Value ({block}) for parameter cidr is invalid. It overlaps {other.SubnetCidrReservationId}, which reserves {other.Cidr}."
            );
        }
    }
}
