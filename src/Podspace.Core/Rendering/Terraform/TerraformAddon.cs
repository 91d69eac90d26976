using Podspace.Cni;
using Podspace.Formats;
using Podspace.Steps.Text;

namespace Podspace.Rendering.Terraform;

/// <summary>The managed vpc-cni add-on in Terraform.</summary>
internal static class TerraformAddon
{
    public static string Reason(Blueprint blueprint)
    {
        const string Why = """
            ENIConfigs and settings in one document, which EKS takes as a whole: what is left out falls back to its default.
            No Kubernetes provider and no second apply. Node groups need depends_on = [aws_eks_addon.vpc_cni], or before_compute = true in
            terraform-aws-modules/eks: a node that starts before this is in place stays NotReady or takes addresses of its own subnet.
            """;
        return blueprint.Inventory.Cluster is { Nodes.IsEmpty: false }
            ? $"{Why}\nNodes that run now keep their addresses and take further ones from the pod subnets: "
                + $"replace them right after this is applied."
            : Why;
    }

    /// <summary>What the resource and the module's input have in common.</summary>
    public static IEnumerable<HclEntry> Arguments(Blueprint blueprint, AddonDocument document, TerraformPlace place) =>
        Conflicts(blueprint).Append(new("configuration_values", new HclValue.Json(Values(document, place))));

    public static IEnumerable<HclEntry> Conflicts(Blueprint blueprint)
    {
        if (ClusterToCome.IsAwaited(blueprint))
        {
            // A new cluster comes with an aws-node of its own, whose settings differ. Source: EKS API, CreateAddon.resolveConflicts.
            yield return new("resolve_conflicts_on_create", "OVERWRITE");
        }
        yield return new(
            "resolve_conflicts_on_update",
            blueprint.Spec.Cni.Conflicts switch
            {
                Spec.Conflicts.Overwrite => "OVERWRITE",
                Spec.Conflicts.Preserve => "PRESERVE",
                Spec.Conflicts.Fail => "NONE",
            }
        );
    }

    /// <summary>The add-on's values with plain references in them.</summary>
    private static HclValue.Map Values(AddonDocument document, TerraformPlace place)
    {
        var values = HclValue.MapFrom(CniValues.Parse(document.Before));
        if (!document.Env.IsEmpty)
        {
            var env = values.Find("env") as HclValue.Map ?? new([]);
            values = values.With("env", document.Env.Aggregate(env, (map, setting) => map.With(setting.Name, setting.Value)));
        }
        if (document.EniConfigs is not { } eniConfigs)
        {
            return values;
        }
        var subnets = eniConfigs.Select(config => new HclEntry(
            config.Zone,
            new HclValue.Map([
                new("id", TerraformResources.Id(TerraformNames.Subnet, config.Subnet)),
                new("securityGroups", new HclValue.List(config.Groups.Select(place.Group).ToEquatable())),
            ])
        ));
        return values.With(
            "eniConfig",
            new HclValue.Map([new("create", true), new("region", document.Region), new("subnets", new HclValue.Map(subnets.ToEquatable()))])
        );
    }
}
