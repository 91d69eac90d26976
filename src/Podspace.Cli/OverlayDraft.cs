using System.Globalization;
using System.Text;
using Podspace.Model;
using Podspace.Nodes;
using Podspace.Observed;
using Podspace.Planning;
using Podspace.Spec;

namespace Podspace.Cli;

/// <summary>The text of an overlay spec that says what was found and pins what was chosen.</summary>
internal static class OverlayDraft
{
    public static string Write(OverlaySpec spec, Inventory inventory, Network network)
    {
        var text = new StringBuilder();
        text.AppendLine(
            $"# {(spec.Cluster is null ? "A pod network" : $"The pods of cluster {spec.Cluster} get an address space of their own")} "
                + $"in {spec.Vpc}, as podspace init found it on "
                + $"{inventory.Cloud.ObservedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}."
        );
        if (
            ReclaimedAddresses.Summary(
                inventory,
                new NodeStates(inventory, network, ActualNetwork.From(inventory, spec.Name, spec.Cluster).Ids).Concerns
            ) is
            { Length: > 0 } summary
        )
        {
            text.AppendLine($"# {summary}");
        }
        text.AppendLine("# All keys and what each means, as a schema that editors read: podspace render schema");
        text.AppendLine("apiVersion: podspace.io/v1alpha1").AppendLine("kind: OverlayNetwork").AppendLine("metadata:");
        Line(text, $"  name: {spec.Name}", "part of tags and object names: it stays for life");
        text.AppendLine("spec:").AppendLine($"  region: {spec.Region}");
        Line(text, $"  account: \"{inventory.Cloud.Account}\"", "checked before anything else");
        Line(text, $"  vpc: {spec.Vpc}", $"{inventory.Cloud.Vpc!.Primary}");
        if (spec.Cluster is { } cluster)
        {
            Line(
                text,
                $"  cluster: {cluster}",
                inventory.Cloud.Cluster is { } seen
                    ? $"Kubernetes {seen.Version}{Nodes(inventory)}"
                    : "not there yet: only the network can be made"
            );
        }
        Line(text, $"  mode: {Modes(network)}", Cni(inventory));
        Line(
            text,
            $"  zones: [{string.Join(", ", network.Subnets.Select(subnet => subnet.Zone).Distinct())}]",
            spec.Zones.IsEmpty ? "those in which the cluster's nodes can start" : "as asked for"
        );
        text.AppendLine("  addresses:");
        Line(
            text,
            $"    blocks: [{string.Join(", ", network.Blocks.Select(block => block.Cidr))}]",
            "the first of 100.64.0.0/10 that every rule allows, or what is there"
        );
        Line(text, "    # avoid: []", "in use elsewhere: VPN, mesh, on-premises, other VPCs");
        Found(text, network);
        text.AppendLine("  # What can be said beside that:");
        Line(text, "  # routing: {source: node}", "whose address leaves the VPC: node or pod");
        Line(text, "  # security: {pods: sameAsNode}", "or dedicated, cluster, a list of group ids");
        Line(text, "  # owners: {network: terraform}", "and rules, cni, nodes: podspace, terraform, git or existing");
        return text.ToString();
    }

    private static void Line(StringBuilder text, string line, string comment) => text.AppendLine($"{line, -38} # {comment}");

    /// <summary>One a zone, which is all that the key can hold; what else was found is found again.</summary>
    private static void Found(StringBuilder text, Network network)
    {
        var found = network
            .Subnets.Where(subnet => !subnet.Ref.IsMade)
            .DistinctBy(subnet => subnet.Zone)
            .OrderBy(subnet => subnet.Zone, StringComparer.Ordinal)
            .ToList();
        if (found.Count > 0)
        {
            text.AppendLine("  # Somebody made these: they are used as they are, never tagged, never deleted.");
            text.AppendLine("  subnets:").AppendLine("    existing:");
        }
        foreach (var subnet in found)
        {
            Line(text, $"      {subnet.Zone}: {subnet.Ref}", $"{subnet.Cidr}");
        }
    }

    private static string Modes(Network network)
    {
        var modes = network
            .Modes.Select(mode =>
                mode switch
                {
                    PodMode.EniConfig => "eniConfig",
                    PodMode.SubnetDiscovery => "subnetDiscovery",
                    PodMode.AutoMode => "autoMode",
                }
            )
            .ToList();
        return modes is [var only] ? only : $"[{string.Join(", ", modes)}]";
    }

    private static string Nodes(Inventory inventory) => inventory.Cluster is { } live ? $", {live.Nodes.Count} nodes" : "";

    private static string Cni(Inventory inventory)
    {
        if (inventory.Cloud.VpcCni is { } addon)
        {
            return $"vpc-cni {addon.Version} is a managed add-on";
        }
        if (inventory.Cluster?.AwsNode is { } node)
        {
            return $"aws-node is there, {node.Image.Split(':')[^1]}, and no managed add-on";
        }
        return inventory.Cloud.Cluster is { IsAutoMode: true } ? "Auto Mode gives pods their addresses" : "as long as there is no cluster";
    }
}
