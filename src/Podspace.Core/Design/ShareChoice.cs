using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Spec;

namespace Podspace.Design;

/// <summary>A VPC of another account: what its owner has to share with the nodes' account,
/// so that interfaces of pods can stand there.</summary>
/// <remarks>Source: VPC User Guide, "Share your VPC with other accounts": a participant makes
/// interfaces only in subnets that were shared with it.</remarks>
public static class ShareChoice
{
    /// <summary>One share of ours for all pod subnets of ours that nobody else shares.</summary>
    internal static EquatableArray<SubnetShare> Of(DesignInput input, IEnumerable<PodSubnet> subnets)
    {
        if (input.Cloud.Participant is not { } participant)
        {
            return [];
        }
        CheckModes(input);
        var ours = input.Actual.Network.Shares.SelectMany(share => share.Subnets).ToHashSet();
        var wanted = new List<Ref>();
        foreach (var subnet in subnets)
        {
            var isSeen = input.Actual.Ids.Subnet(subnet.Ref) is { } id && participant.Subnets.Contains(id);
            if (subnet.Ref.IsMade && (ours.Contains(subnet.Ref) || !isSeen))
            {
                wanted.Add(subnet.Ref);
            }
            else if (!subnet.Ref.IsMade && !isSeen)
            {
                ReportUnshared(input, participant, subnet.Ref.Id);
            }
        }
        wanted.Sort();
        return wanted.Count == 0
            ? []
            : [new(Ref.Made(ResourceNames.Pods), ResourceNames.ShareName(input.Spec), participant.Account, wanted.ToEquatable())];
    }

    /// <summary>As the owner of the VPC may call it.</summary>
    public static string Command(string name, string region, string owner, string account, IEnumerable<string> subnets) =>
        $"aws ram create-resource-share --region {region} --name {name} --principals {account} "
        + $"--resource-arns {string.Join(' ', subnets.Select(id => Arn(region, owner, id)))}";

    /// <summary>Of a subnet.</summary>
    public static string Arn(string region, string owner, string subnet) =>
        $"arn:{Partition.Of(region)}:ec2:{region}:{owner}:subnet/{subnet}";

    /// <summary>Both find subnets by tags, in the nodes' account, and what is tagged here the owner
    /// tags: its tags are not shown to a participant.</summary>
    private static void CheckModes(DesignInput input)
    {
        if (input.Modes.FirstOrDefault(mode => mode != PodMode.EniConfig, PodMode.EniConfig) is not PodMode.EniConfig and var mode)
        {
            var word = mode == PodMode.AutoMode ? "autoMode" : "subnetDiscovery";
            input.Report.Error(
                DesignCodes.NotInThisVersion,
                input.Spec.Vpc,
                "spec.mode",
                $"Mode {word} in a VPC that account {input.Vpc.OwnerAccount} shares with {input.Cloud.Participant!.Account} "
                    + $"is not in this version: it finds pod subnets by their tags, and a participant does not see the owner's.",
                "Where nodes run aws-node, write 'mode: eniConfig'."
            );
        }
    }

    private static void ReportUnshared(DesignInput input, SeenParticipant participant, AwsId subnet)
    {
        var existing = input.Spec.Subnets.Existing.FirstOrDefault(one => one.Id == subnet.Text).Zone;
        var name = $"{input.Spec.Name}-{subnet}";
        var share = Command(name, input.Cloud.Region, input.Vpc.OwnerAccount, participant.Account, [subnet.Text]);
        input.Report.Error(
            DesignCodes.SubnetUnshared,
            subnet.Text,
            existing is null ? "spec.subnets" : $"spec.subnets.existing.{existing}",
            $"{subnet} is not shared with account {participant.Account}, whose nodes would take the pods' interfaces from it; "
                + $"it is not ours, so it is not shared here.",
            $"In account {input.Vpc.OwnerAccount}:\n  {share}"
        );
    }
}
