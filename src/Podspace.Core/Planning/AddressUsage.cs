using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Planning;

/// <summary>What interfaces still stand on. Nothing in here is removed: no address is taken from
/// a running pod before a replacement carries it.</summary>
/// <remarks>Judged by interfaces, not by pods: an interface without a pod blocks a deletion just the
/// same, and the next pod on its node would get its address.</remarks>
internal sealed class AddressUsage
{
    private readonly HashSet<AwsId> subnets;
    private readonly HashSet<AwsId> groups;
    private readonly bool isUnseen;
    private readonly CloudInventory cloud;

    /// <param name="swept">Interfaces that are deleted first and carry nothing.</param>
    public AddressUsage(Inventory inventory, IReadOnlySet<AwsId> swept)
    {
        cloud = inventory.Cloud;
        isUnseen = !inventory.Sees(Reading.Interfaces);
        var standing = cloud.Interfaces.Where(one => !swept.Contains(one.Id)).ToList();
        subnets = [.. standing.Select(one => one.Subnet)];
        groups = [.. standing.SelectMany(one => one.Groups)];
    }

    /// <summary>Unseen is not absent: when interfaces could not be read, everything counts as carried.</summary>
    public bool Subnet(AwsId id) => isUnseen || subnets.Contains(id);

    public bool Group(AwsId id) => isUnseen || groups.Contains(id);

    /// <summary>Reports whether a block still has a subnet that stays: one that carries something,
    /// or that is not of <paramref name="leaving"/>.</summary>
    public bool Block(Cidr block, IReadOnlySet<AwsId> leaving) =>
        cloud.Subnets.Any(subnet => block.Contains(subnet.Cidr) && (!leaving.Contains(subnet.Id) || Subnet(subnet.Id)));

    public int InterfacesIn(AwsId subnet) => cloud.Interfaces.Count(one => one.Subnet == subnet);
}
