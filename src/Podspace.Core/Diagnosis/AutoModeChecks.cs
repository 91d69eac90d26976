using Podspace.Findings;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Diagnosis;

/// <summary>NodeClasses of EKS Auto Mode.</summary>
internal static class AutoModeChecks
{
    // Made and let in by EKS itself. Source: EKS User Guide, "Create a Node Class".
    private const string BuiltIn = "default";

    public static readonly EquatableArray<Check> All =
    [
        new(
            DoctorCodes.ClassWithoutAddresses,
            "A NodeClass gives pods no addresses in a zone",
            Severity.Error,
            [Reading.NodeClasses, Reading.Subnets],
            WithoutAddresses
        ),
        new(
            DoctorCodes.ClassNotLetIn,
            "Nodes of a NodeClass may not join the cluster",
            Severity.Error,
            [Reading.NodeClasses, Reading.AccessEntries],
            NotLetIn
        ),
    ];

    // Source: awsdocs/amazon-eks-user-guide #1088: "failed to assign an IP address".
    private static IEnumerable<Symptom> WithoutAddresses(DoctorInput input)
    {
        foreach (
            var seen in input.Cluster.NodeClasses.Where(seen => !seen.HasOtherTerms && seen.PodSubnets.IsEmpty != seen.PodGroups.IsEmpty)
        )
        {
            yield return new(
                $"nodeclass/{seen.Name}",
                $"NodeClass {seen.Name} names pods' "
                    + $"{(seen.PodGroups.IsEmpty ? "subnets and not their groups" : "groups and not their subnets")}: "
                    + $"EKS takes the two together or not at all.",
                $"Add the other:\n  kubectl edit nodeclass {seen.Name}"
            );
        }
        foreach (var seen in input.Cluster.NodeClasses.Where(seen => !seen.HasOtherTerms && !seen.PodSubnets.IsEmpty))
        {
            var zones = ZonesOf(input, seen.PodSubnets).ToHashSet();
            foreach (var zone in ZonesOf(input, seen.Subnets).Where(zone => !zones.Contains(zone)))
            {
                yield return new(
                    $"nodeclass/{seen.Name}",
                    $"NodeClass {seen.Name} starts nodes in {zone} and names no pod subnet there: "
                        + $"their pods hang, \"failed to assign an IP address\".",
                    $"Name a pod subnet of {zone}, or no node subnet there:\n  kubectl edit nodeclass {seen.Name}"
                );
            }
        }
    }

    // Source: EKS User Guide, "Create a Node Class": type EC2, with AmazonEKSAutoNodePolicy.
    private static IEnumerable<Symptom> NotLetIn(DoctorInput input) =>
        from seen in input.Cluster.NodeClasses
        where
            input.Cloud.Cluster is not null
            && seen.Name != BuiltIn
            && seen.Role.Length > 0
            && !input.Cloud.AccessEntries.Any(entry =>
                entry.Type == "EC2" && entry.PrincipalArn.EndsWith($"/{seen.Role}", StringComparison.Ordinal)
            )
        select new Symptom(
            $"nodeclass/{seen.Name}",
            $"role {seen.Role} of NodeClass {seen.Name} has no access entry of type EC2: instances start and never join.",
            $"Make one, and give it the policy AmazonEKSAutoNodePolicy:\n "
                + $" aws eks create-access-entry --cluster-name {input.Cloud.Cluster!.Name} --principal-arn "
                + $"arn:{Partition.Of(input.Cloud.Region)}:iam::{input.Cloud.ClusterAccount}:role/{seen.Role} --type EC2"
        );

    private static IEnumerable<string> ZonesOf(DoctorInput input, EquatableArray<string> subnets) =>
        input.Cloud.Subnets.Where(subnet => subnets.Contains(subnet.Id.Text)).Select(subnet => subnet.Zone).Distinct();
}
