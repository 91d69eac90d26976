using Podspace.Addressing;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

/// <summary>What is free in a subnet, as of one call.</summary>
/// <remarks>AWS chooses addresses and prefixes by rules of its own; here the lowest that is
/// free is taken, so that a run can be repeated.</remarks>
internal sealed class SubnetRoom
{
    /// <summary>Source: EC2 User Guide, "Prefix delegation for Amazon EC2 network interfaces".</summary>
    private const int PrefixLength = 28;

    private readonly Subnet subnet;
    private AddressSet free;
    private readonly AddressSet forPrefixes;
    private readonly AddressSet forNobody;

    public SubnetRoom(AwsState aws, Subnet subnet)
    {
        this.subnet = subnet;
        var block = Cidr.Parse(subnet.CidrBlock);
        var used = Used(aws, subnet);
        var kept = AddressSet.Of(block.First, block.First.Plus(1), block.First.Plus(2), block.First.Plus(3), block.Last);
        free = AddressSet.Of(block).Except(kept).Except(used);
        forPrefixes = Reserved(aws, subnet, "prefix");
        forNobody = Reserved(aws, subnet, "explicit");
    }

    /// <summary>How many single addresses could be taken.</summary>
    public ulong Open => free.Except(forPrefixes).Except(forNobody).Count;

    /// <summary>Lowest first, outside reservations: a reserved range is never used for automatic assignment of single
    /// addresses. Source: VPC User Guide, "Subnet CIDR reservations".</summary>
    /// <exception cref="WorldRefusal">InsufficientFreeAddressesInSubnet.</exception>
    public List<string> TakeAddresses(int count)
    {
        var open = free.Except(forPrefixes).Except(forNobody);
        if (open.Count < (ulong)count)
        {
            throw new WorldRefusal(
                "InsufficientFreeAddressesInSubnet",
                $"The specified subnet does not have enough free addresses to satisfy the request: "
                    + $"{subnet.SubnetId} has {open.Count}, {count} were asked for."
            );
        }
        var taken = Lowest(open).Take(count).ToList();
        free = free.Except(AddressSet.Of(taken));
        return [.. taken.Select(address => address.ToString())];
    }

    /// <summary>Lowest first, from a reservation for prefixes while it lasts, then from what is not reserved.</summary>
    /// <exception cref="WorldRefusal">InsufficientCidrBlocks: addresses may be free, but no whole aligned /28.</exception>
    public List<string> TakePrefixes(int count)
    {
        var taken = new List<string>();
        while (taken.Count < count)
        {
            var block =
                free.Except(free.Except(forPrefixes)).FirstFree(PrefixLength)
                ?? free.Except(forNobody).FirstFree(PrefixLength)
                ?? throw new WorldRefusal(
                    "InsufficientCidrBlocks",
                    $"The specified subnet does not have enough free cidr blocks to satisfy the request: "
                        + $"{subnet.SubnetId} has {taken.Count} whole /28, {count} were asked for."
                );
            free = free.Except(AddressSet.Of(block));
            taken.Add(block.ToString());
        }
        return taken;
    }

    private static AddressSet Used(AwsState aws, Subnet subnet)
    {
        var interfaces = aws.NetworkInterfaces.Where(found => found.SubnetId == subnet.SubnetId).ToList();
        return AddressSet
            .Of(interfaces.SelectMany(found => found.PrivateIpAddresses).Select(Address.Parse))
            .Union(AddressSet.Of(interfaces.SelectMany(found => found.Ipv4Prefixes).Select(Cidr.Parse)));
    }

    private static AddressSet Reserved(AwsState aws, Subnet subnet, string type) =>
        AddressSet.Of(
            aws.SubnetCidrReservations.Where(reservation => reservation.SubnetId == subnet.SubnetId && reservation.ReservationType == type)
                .Select(reservation => Cidr.Parse(reservation.Cidr))
        );

    private static IEnumerable<Address> Lowest(AddressSet set)
    {
        foreach (var (first, last) in set.Ranges)
        {
            for (ulong next = first.Number; next <= last.Number; next++)
            {
                yield return new((uint)next);
            }
        }
    }
}
