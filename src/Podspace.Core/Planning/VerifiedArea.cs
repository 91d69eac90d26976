using System.Diagnostics;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>What of a network a step is about, as <c>verify</c> tells it: a row each.</summary>
public enum VerifiedArea
{
    Block,
    Subnets,
    NetworkAcl,
    Routes,
    Groups,
    Cni,
    Share,
    SubnetRoles,
    AutoMode,

    /// <summary>What a run that was cut off, or a node that is gone, left behind.</summary>
    Leftovers,
}

internal static class VerifiedAreas
{
    public static VerifiedArea Of(Change change) =>
        change switch
        {
            Change.TagBlock or Change.AssociateBlock or Change.DisassociateBlock or Change.UntagBlock or Change.TransferBlock =>
                VerifiedArea.Block,
            Change.CreateSubnet or Change.DeleteSubnet or Change.Reserve or Change.DeleteReservation or Change.TakeOver =>
                VerifiedArea.Subnets,
            Change.AssociateAcl => VerifiedArea.NetworkAcl,
            Change.CreateRouteTable or Change.DeleteRouteTable or Change.AddRoute or Change.RemoveRoute or Change.AssociateTable =>
                VerifiedArea.Routes,
            Change.CreateGroup or Change.DeleteGroup or Change.AddRule or Change.TagRule or Change.RemoveRule => VerifiedArea.Groups,
            Change.SetAddonValues or Change.SetAwsNode or Change.ApplyEniConfig or Change.DeleteEniConfig => VerifiedArea.Cni,
            Change.CreateShare or Change.AddToShare or Change.RemoveFromShare or Change.DeleteShare => VerifiedArea.Share,
            Change.SetSubnetRole or Change.RestoreSubnetRole => VerifiedArea.SubnetRoles,
            Change.ApplyNodeClass or Change.DeleteNodeClass or Change.ApplyNodePool or Change.DisableNodePool or Change.DeleteNodePool =>
                VerifiedArea.AutoMode,
            Change.CreateAccessEntry or Change.DeleteAccessEntry => VerifiedArea.AutoMode,
            Change.DeleteLeakedInterface or Change.DeleteDuplicateRouteTable or Change.DeletePreviousValues or Change.ClearRolloutMark =>
                VerifiedArea.Leftovers,
            _ => throw new UnreachableException($"{change.GetType().Name} is in no area of verify."),
        };
}
