using Podspace.Addressing;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

/// <summary>A VPC's CIDR blocks: association and its end.</summary>
public sealed partial class Ec2
{
    private static readonly TimeSpan AssociatingTime = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan DisassociatingTime = TimeSpan.FromMilliseconds(300);

    // On AWS an ended association stays in DescribeVpcs for a while; readers must look at its state. Here the while is short.
    private static readonly TimeSpan VisibleAfterwards = TimeSpan.FromMilliseconds(300);

    /// <summary>Ends when the cluster's control plane knows a new block.</summary>
    internal const string BlockKnown = "block-known";

    private void JoinBlocks()
    {
        World.OnPending(BlockKnown, _ => { });
        World.OnPending("block-associated", id => Pass(id, "associating", "associated"));
        World.OnPending("block-disassociated", EndAssociation);
        World.OnPending("block-gone", ForgetAssociation);
    }

    /// <summary>All associations of the VPC, the primary block's first.</summary>
    /// <remarks>The primary's own association need not be in a world file; then its id follows from the VPC's.</remarks>
    public static IEnumerable<VpcCidrBlockAssociation> Associations(Vpc vpc)
    {
        if (vpc.CidrBlockAssociationSet.TrueForAll(association => association.CidrBlock != vpc.CidrBlock))
        {
            yield return new() { AssociationId = PrimaryAssociationId(vpc), CidrBlock = vpc.CidrBlock };
        }
        foreach (var association in vpc.CidrBlockAssociationSet.OrderBy(association => association.CidrBlock != vpc.CidrBlock))
        {
            yield return association;
        }
    }

    /// <summary>The blocks that can be used: <c>associated</c>, nothing else. Source: VPC User Guide, "VPC CIDR blocks".</summary>
    public static IEnumerable<Cidr> UsableBlocks(Vpc vpc) => BlocksIn(vpc, "associated");

    public VpcCidrBlockAssociation AssociateVpcCidrBlock(string vpcId, string cidrBlock)
    {
        var vpc = OwnVpc(vpcId);
        var block = ReadBlock(cidrBlock, "cidrBlock");
        CheckSize(block);
        CheckBlockQuota(vpc);
        CheckRestrictions(vpc, block);
        CheckOverlap(vpc, block);
        CheckRouteDestinations(vpc, block);
        CheckPeers(vpc, block);
        CheckRoomForLocalRoute(vpc);
        var association = new VpcCidrBlockAssociation
        {
            AssociationId = World.NewId("vpc-cidr-assoc", $"{vpcId}|{block}"),
            CidrBlock = block.ToString(),
            CidrBlockState = new() { State = "associating" },
        };
        vpc.CidrBlockAssociationSet.Add(association);
        World.Later(AssociatingTime, "block-associated", association.AssociationId);
        if (World.Delays.Of(BlockKnown, TimeSpan.Zero) > TimeSpan.Zero)
        {
            World.Later(TimeSpan.Zero, BlockKnown, association.AssociationId);
        }
        Record("AssociateVpcCidrBlock", association.AssociationId);
        return association;
    }

    /// <summary>Answers with the association and its VPC.</summary>
    public (Vpc Vpc, VpcCidrBlockAssociation Association) DisassociateVpcCidrBlock(string associationId)
    {
        var (vpc, association) = FindAssociation(associationId);
        // Source: VPC User Guide, "VPC CIDR blocks": the primary block can't be disassociated.
        if (association.CidrBlock == vpc.CidrBlock)
        {
            throw new WorldRefusal(
                "OperationNotPermitted",
                $"The vpc CIDR block with association ID {associationId} may not be disassociated. "
                    + $"It is the primary IPv4 CIDR block of the VPC"
            );
        }
        if (association.CidrBlockState.State is "disassociating" or "disassociated")
        {
            return (vpc, association);
        }
        // Source: VPC User Guide, "VPC CIDR blocks": everything in the block must be deleted first.
        // The code as recorded of an IPv6 block; clients match it for IPv4.
        var block = Cidr.Parse(association.CidrBlock);
        if (Aws.Subnets.Exists(subnet => subnet.VpcId == vpc.VpcId && block.Overlaps(Cidr.Parse(subnet.CidrBlock))))
        {
            throw new WorldRefusal(
                "InvalidCidrBlock.InUse",
                $"The vpc CIDR block with association ID {associationId} is currently in use: a subnet lies in {block}"
            );
        }
        association.CidrBlockState.State = "disassociating";
        World.Later(DisassociatingTime, "block-disassociated", associationId);
        Record("DisassociateVpcCidrBlock", associationId);
        return (vpc, association);
    }

    /// <summary>Blocks that take up room in the VPC, whether they can be used yet or not.</summary>
    private static IEnumerable<Cidr> HeldBlocks(Vpc vpc) => BlocksIn(vpc, "associated", "associating", "disassociating");

    private static IEnumerable<Cidr> BlocksIn(Vpc vpc, params string[] states) =>
        from association in Associations(vpc)
        where states.Contains(association.CidrBlockState.State)
        select Cidr.Parse(association.CidrBlock);

    private static string PrimaryAssociationId(Vpc vpc) => $"vpc-cidr-assoc-{Digits(vpc.VpcId)}";

    private (Vpc Vpc, VpcCidrBlockAssociation Association) FindAssociation(string id)
    {
        foreach (var vpc in Aws.Vpcs.Where(Participation.Sees))
        {
            if (Associations(vpc).FirstOrDefault(association => association.AssociationId == id) is { } found)
            {
                return (OwnVpc(vpc.VpcId), found);
            }
        }
        throw new WorldRefusal("InvalidVpcCidrBlockAssociationID.NotFound", $"The vpc CIDR block association ID '{id}' does not exist");
    }

    private void EndAssociation(string id)
    {
        Pass(id, "disassociating", "disassociated");
        World.Later(VisibleAfterwards, "block-gone", id);
    }

    private void ForgetAssociation(string id)
    {
        if (Aws.Vpcs.Sum(vpc => vpc.CidrBlockAssociationSet.RemoveAll(association => association.AssociationId == id)) > 0)
        {
            Record("block-gone", id);
        }
    }

    private void Pass(string id, string from, string to)
    {
        var association = Aws
            .Vpcs.SelectMany(vpc => vpc.CidrBlockAssociationSet)
            .FirstOrDefault(association => association.AssociationId == id);
        if (association?.CidrBlockState.State == from)
        {
            association.CidrBlockState.State = to;
            Record($"block-{to}", id);
        }
    }
}
