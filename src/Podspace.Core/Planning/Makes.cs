using Podspace.Cni;
using Podspace.Naming;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>What steps wait for, by what it makes.</summary>
internal static class Makes
{
    public static bool Subnet(Change change, Ref subnet) => change is Change.CreateSubnet made && made.Subnet.Ref == subnet;

    public static bool RouteTable(Change change, Ref table) => change is Change.CreateRouteTable made && Ref.Made(made.Table.Text) == table;

    public static bool Group(Change change, Ref group) => change is Change.CreateGroup made && made.Group.Ref == group;

    /// <summary>The pod subnets as pods need them, before anything points there.</summary>
    public static bool PodNetwork(Change change) =>
        change
            is Change.CreateSubnet
                or Change.Reserve
                or Change.AssociateTable
                or Change.AssociateAcl
                or Change.CreateGroup
                or Change.AddRule
                or Change.TagRule;

    /// <summary>What pods and nodes use instead. It comes before the removal of what they used so far.</summary>
    public static bool Replacement(Change change) =>
        change
            is Change.SetAddonValues
                or Change.SetAwsNode
                or Change.SetSubnetRole
                or Change.RestoreSubnetRole
                or Change.ApplyEniConfig
                or Change.DeleteEniConfig
                or Change.AddRule
                or Change.ApplyNodeClass
                or Change.ApplyNodePool
                or Change.DeleteNodePool
                or Change.DeleteNodeClass;

    /// <summary>The settings of the CNI that the network wants, and not those that were there before it.</summary>
    public static bool WantedSettings(Change change) =>
        change
            is Change.SetAddonValues { Document.Purpose: not (CniPurpose.Restore or CniPurpose.SwitchOff) }
                or Change.SetAwsNode { Settings.Purpose: not (CniPurpose.Restore or CniPurpose.SwitchOff) };
}
