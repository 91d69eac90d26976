using Podspace.Addressing;
using Podspace.Naming;

namespace Podspace.Model;

/// <param name="Free">Addresses AWS counts as free.</param>
public sealed record SeenSubnet(
    AwsId Id,
    string Zone,
    string ZoneId,
    Cidr Cidr,
    string State,
    int Free,
    string OwnerAccount,
    EquatableArray<SeenReservation> Reservations,
    EquatableArray<SeenTag> Tags
)
{
    /// <summary>Null: it has none of that key.</summary>
    public string? Tag(string key)
    {
        foreach (var tag in Tags)
        {
            if (tag.Key == key)
            {
                return tag.Value;
            }
        }
        return null;
    }
}

/// <param name="Type">prefix or explicit.</param>
public sealed record SeenReservation(AwsId Id, Cidr Cidr, string Type, EquatableArray<SeenTag> Tags);
