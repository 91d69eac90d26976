using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

public sealed partial class Eks
{
    /// <summary>Changes how many nodes a group has, at once; the update that says so ends a little later.</summary>
    public AddonUpdate UpdateNodegroupConfig(string cluster, string name, int? minSize, int? maxSize, int? desiredSize, string? token)
    {
        var group = DescribeNodegroup(cluster, name);
        if (SameRequest(cluster, token) is { } known)
        {
            return known;
        }
        if (group.Status == "UPDATING")
        {
            throw Busy($"Nodegroup cannot be updated as it is currently not in Active State"); // UNCONFIRMED wording
        }
        var scaling = new NodegroupScaling
        {
            MinSize = minSize ?? group.ScalingConfig.MinSize,
            MaxSize = maxSize ?? group.ScalingConfig.MaxSize,
            DesiredSize = desiredSize ?? group.ScalingConfig.DesiredSize,
        };
        Require(scaling);
        group.ScalingConfig = scaling;
        group.Status = "UPDATING";
        var update = Start(cluster, "ConfigUpdate", token);
        update.NodegroupName = name;
        World.Record("eks", "UpdateNodegroupConfig", name);
        World.Later(UpdateTime, "nodegroup-update", update.Id);
        return update;
    }

    /// <param name="addon">Null: of the cluster as a whole or a node group.</param>
    public AddonUpdate DescribeUpdate(string cluster, string id, string? nodegroup = null, string? addon = null) =>
        Of(cluster).Updates.Find(update => update.Id == id && IsAbout(update, nodegroup, addon))
        ?? throw Missing($"No update found for ID: {id}"); // UNCONFIRMED wording

    public IReadOnlyList<string> ListUpdates(string cluster, string? nodegroup = null, string? addon = null) =>
        [.. Of(cluster).Updates.Where(update => IsAbout(update, nodegroup, addon)).Select(update => update.Id)];

    private static bool IsAbout(AddonUpdate update, string? nodegroup, string? addon) =>
        update.NodegroupName == (nodegroup ?? "") && update.AddonName == (addon ?? "");

    // Source: EKS API reference, NodegroupScalingConfig.
    private static void Require(NodegroupScaling scaling)
    {
        if (scaling.MinSize < 0 || scaling.MaxSize < 1 || scaling.MinSize > scaling.MaxSize)
        {
            throw Bad($"Minimum capacity {scaling.MinSize} can't be greater than maximum capacity {scaling.MaxSize}");
        }
        if (scaling.DesiredSize < scaling.MinSize || scaling.DesiredSize > scaling.MaxSize)
        {
            // UNCONFIRMED wording
            throw Bad($"desired capacity {scaling.DesiredSize} must be between minimum {scaling.MinSize} and maximum {scaling.MaxSize}");
        }
    }

    private AddonUpdate? SameRequest(string cluster, string? token) =>
        string.IsNullOrEmpty(token) ? null : Of(cluster).Updates.Find(update => update.ClientRequestToken == token);

    private AddonUpdate Start(string cluster, string type, string? token)
    {
        var hex = World.Hex("update", $"{cluster}|{type}", 32);
        var update = new AddonUpdate
        {
            Id = $"{hex[..8]}-{hex[8..12]}-{hex[12..16]}-{hex[16..20]}-{hex[20..]}",
            ClusterName = cluster,
            Type = type,
            ClientRequestToken = token,
            CreatedAt = World.Clock.GetUtcNow(),
        };
        Aws.Updates.Add(update);
        return update;
    }

    private void EndNodegroupUpdate(string id)
    {
        if (Aws.Updates.Find(update => update.Id == id) is not { } update)
        {
            return;
        }
        update.Status = "Successful";
        if (
            Aws.Nodegroups.Find(group => group.NodegroupName == update.NodegroupName && group.ClusterName == update.ClusterName) is
            { } group
        )
        {
            group.Status = "ACTIVE";
        }
        World.Record("eks", "NodegroupUpdated", update.NodegroupName);
    }
}
