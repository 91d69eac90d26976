using Podspace.Model;
using Podspace.Observed;

namespace Podspace.Reachability;

/// <summary>What could not be read, in words, and what to do about it.</summary>
public static class UnreadText
{
    public static string Of(Unread unread) =>
        unread switch
        {
            Unread.Nothing => "nothing",
            Unread.Interfaces => "network interfaces",
            Unread.Subnets => "the interface's subnet",
            Unread.RouteTables => "the subnet's route table",
            Unread.Groups => "security groups",
            Unread.NetworkAcls => "the subnet's network ACL",
            Unread.PrefixList => "a prefix list",
            Unread.NatInterface => "the NAT gateway's interface",
            Unread.ClusterIps => "the port that the pods behind the Service listen on",
            Unread.NodeSettings => "the CNI's settings on the node",
            Unread.Appliance => "the appliance that the route leads to",
            Unread.HopLimit => "the instance's metadata hop limit",
            Unread.PublicAddress => "whether the interface has a public address",
            Unread.BothOutside => "anything: neither end is in the VPC",
        };

    /// <summary>AWS's own refusal where there was one.</summary>
    public static string Why(Unread unread, Inventory inventory) =>
        ReadingOf(unread) is { } reading && inventory.Gaps.FirstOrDefault(gap => gap.Reading == reading) is { } gap
            ? $"could not be read ({gap.Why}). {GapText.Fix(gap)}".TrimEnd('.', ' ')
            : unread switch
            {
                Unread.Appliance => "is not looked into",
                Unread.HopLimit => "decides: with 1, pods get no answer; it is not read",
                Unread.PublicAddress => "decides; it is not read",
                Unread.BothOutside => "can be said",
                _ => "is not among what was read",
            };

    private static Reading? ReadingOf(Unread unread) =>
        unread switch
        {
            Unread.Interfaces or Unread.NatInterface => Reading.Interfaces,
            Unread.Subnets => Reading.Subnets,
            Unread.RouteTables => Reading.RouteTables,
            Unread.Groups => Reading.SecurityGroups,
            Unread.NetworkAcls => Reading.NetworkAcls,
            Unread.PrefixList => Reading.PrefixLists,
            Unread.ClusterIps => Reading.ClusterIps,
            Unread.NodeSettings => Reading.AwsNode,
            Unread.Nothing or Unread.Appliance or Unread.HopLimit or Unread.PublicAddress or Unread.BothOutside => null,
        };
}
