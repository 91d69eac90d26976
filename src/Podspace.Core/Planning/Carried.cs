using Podspace.Addressing;
using Podspace.Model;

namespace Podspace.Planning;

/// <summary>What interfaces still stand on. Nothing in here is removed: no address is taken from a running pod before a replacement carries it.</summary>
/// <remarks>Judged by interfaces, not by pods: an interface without a pod blocks a deletion just the same, and the next pod on its node would get its address.</remarks>
internal sealed class Carried
{
    private readonly HashSet<AwsId> subnets;
    private readonly HashSet<AwsId> groups;
    private readonly bool isUnseen;
    private readonly CloudInventory cloud;

    public Carried(Inventory inventory)
    {
        cloud = inventory.Cloud;
        isUnseen = !inventory.Sees(Reading.Interfaces);
        subnets = [.. cloud.Interfaces.Select(one => one.Subnet)];
        groups = [.. cloud.Interfaces.SelectMany(one => one.Groups)];
    }

    /// <summary>Unseen is not absent: when interfaces could not be read, everything counts as carried.</summary>
    public bool Subnet(AwsId id) => isUnseen || subnets.Contains(id);

    public bool Group(AwsId id) => isUnseen || groups.Contains(id);

    /// <summary>Reports whether a block still has a subnet that stays: one that carries something, or that is not of <paramref name="leaving"/>.</summary>
    public bool Block(Cidr block, IReadOnlySet<AwsId> leaving) =>
        cloud.Subnets.Any(subnet => block.Contains(subnet.Cidr) && (!leaving.Contains(subnet.Id) || Subnet(subnet.Id)));

    public int InterfacesIn(AwsId subnet) => cloud.Interfaces.Count(one => one.Subnet == subnet);
}
