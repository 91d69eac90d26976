using System.Security.Cryptography;
using System.Text;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>One thing that a plan stands on.</summary>
/// <param name="Name">For people, such as <c>subnet subnet-0a1b…</c>; unique in its plan.</param>
/// <param name="Hash">8 hex digits over what was read of it.</param>
public readonly record struct FingerprintPart(string Name, string Hash);

/// <summary>A hash over exactly what the planner read to decide, so that a plan survives a
/// three-day approval while nobody changes what it was made from.</summary>
/// <remarks>No nodes, pods, counts, times or resource versions: those move by themselves.</remarks>
internal static class Fingerprint
{
    internal const string TheSpec = "the spec";

    /// <returns>16 hex digits.</returns>
    public static string Of(EquatableArray<FingerprintPart> parts) => Hash(string.Join('\n', parts), 16);

    /// <summary>Part by part, so that who has to plan again learns what moved.</summary>
    /// <param name="steps">Theirs show what Terraform keeps, which was read as well.</param>
    public static EquatableArray<FingerprintPart> Input(
        OverlaySpec spec,
        Inventory inventory,
        AddressUsage usage,
        IEnumerable<Step> steps
    ) =>
        CloudParts(spec, inventory.Cloud, usage)
            .Concat(ClusterParts(inventory))
            .Append(
                (
                    Name: "what others keep",
                    Text: string.Join(',', steps.Where(step => step.Owner != Owner.Podspace).Select(step => step.Id))
                )
            )
            .Select(part => new FingerprintPart(part.Name, Hash(part.Text, 8)))
            .ToEquatable();

    /// <summary>A lock comes and goes with a run.</summary>
    private static IEnumerable<SeenTag> Lasting(SeenVpc? vpc) =>
        vpc?.Tags.Where(tag => !tag.Key.StartsWith(Tags.LockPrefix, StringComparison.Ordinal)) ?? [];

    // A record prints all its values, so its text says everything that equality does. Places and accepted findings decide nothing.
    // States that pass by themselves are left out: what is associating now is associated a moment later.
    private static IEnumerable<(string Name, string Text)> CloudParts(OverlaySpec spec, CloudInventory cloud, AddressUsage usage)
    {
        yield return (TheSpec, $"{spec with { Places = Places.None, Accept = [] }}");
        yield return ("account and Region", $"{cloud.Account}{cloud.Region}");
        yield return (
            $"VPC {cloud.Vpc?.Id}",
            $"{cloud.Vpc?.Primary}{string.Join(',', Lasting(cloud.Vpc))}"
                + $"{string.Join('\n', cloud.Vpc?.LiveBlocks.Select(block => block.Cidr) ?? [])}"
        );
        foreach (var subnet in cloud.Subnets)
        {
            yield return ($"subnet {subnet.Id}", $"{subnet with { Free = 0, State = "" }}{usage.Subnet(subnet.Id)}");
        }
        foreach (var group in cloud.Groups)
        {
            yield return ($"security group {group.Id}", $"{group}{usage.Group(group.Id)}");
        }
        foreach (var table in cloud.RouteTables)
        {
            var routes = table.Routes.Where(route => route.Via != "local").Select(route => route with { State = "" });
            yield return (
                $"route table {table.Id}",
                $"{string.Join(',', routes)}{string.Join(',', table.Associations.Select(one => one with { State = "" }))}{table.Tags}"
            );
        }
        if (cloud.Participant is { } participant)
        {
            yield return ("shares", $"{participant}{string.Join('\n', cloud.Shares)}");
        }
        yield return ("network ACLs", string.Join('\n', cloud.NetworkAcls));
        yield return ("peerings", string.Join('\n', cloud.Peerings));
        yield return ("prefix lists", string.Join('\n', cloud.PrefixLists));
        yield return ("transit gateway attachments", string.Join('\n', cloud.TransitGatewayAttachments));
        yield return ("VPN gateways", string.Join('\n', cloud.VpnGateways));
        yield return ("quotas", $"{Quotas(cloud.Quotas)}");
        yield return ("what can be read of AWS", string.Join('\n', cloud.Gaps.Select(gap => gap.Reading)));
    }

    // 0.1.0 took 50 routes for the default, which is 500 since June 2025: plans that it saved stand on the same account.
    private static Quotas Quotas(Quotas seen) =>
        seen.RoutesPerTable == new Quotas().RoutesPerTable ? seen with { RoutesPerTable = 50 } : seen;

    private static IEnumerable<(string Name, string Text)> ClusterParts(Inventory inventory)
    {
        yield return ("cluster", $"{inventory.Cloud.Cluster}");
        foreach (var group in inventory.Cloud.Nodegroups)
        {
            yield return ($"node group {group.Name}", $"{group with { Status = "", DesiredSize = 0 }}");
        }
        yield return ("add-on vpc-cni", $"{(inventory.Cloud.VpcCni is { } addon ? addon with { Status = "", Issues = [] } : null)}");
        yield return ("access entries", string.Join('\n', inventory.Cloud.AccessEntries));
        if (inventory.Cluster is { } cluster)
        {
            yield return ("NodeClasses", string.Join('\n', cluster.NodeClasses.Select(seen => seen with { IsReady = true })));
            yield return ("NodePools", string.Join('\n', cluster.NodePools));
            yield return ("ENIConfigs", string.Join('\n', cluster.EniConfigs));
            yield return (
                "DaemonSet aws-node",
                $"{string.Join('\n', cluster.AwsNode?.Env ?? [])}{string.Join('\n', cluster.AwsNode?.Managers ?? [])}"
                    + $"{string.Join('\n', cluster.AwsNode?.Holders ?? [])}{string.Join('\n', cluster.AwsNode?.Indirect ?? [])}"
            );
            yield return ("record of previous values", $"{cluster.Record}");
            yield return ("what can be read of the cluster", string.Join('\n', cluster.Gaps.Select(gap => gap.Reading)));
        }
    }

    private static string Hash(string text, int digits) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..digits];
}
