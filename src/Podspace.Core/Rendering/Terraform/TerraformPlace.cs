using Podspace.Addressing;
using Podspace.Formats;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Steps.Text;

namespace Podspace.Rendering.Terraform;

/// <summary>What stands around the resources: how they name what others make, and what modules make in their stead.</summary>
/// <param name="Vpc">Null: its id. Otherwise the block and the add-on are inputs of modules.</param>
/// <param name="Cluster">Its name.</param>
/// <param name="Known">Of groups used, what else than an id names them.</param>
internal sealed record TerraformPlace(HclValue? Vpc, HclValue Cluster, IReadOnlyDictionary<Ref, HclValue> Known)
{
    /// <summary>Reports whether a module makes a rule from its inputs.</summary>
    public Func<GroupRule, bool> IsInput { get; init; } = _ => false;

    /// <summary>What keeps a subnet waiting for a block that a module makes.</summary>
    public Func<Cidr, HclBlock?> Waits { get; init; } = _ => null;

    /// <summary>Just resources. A cluster that is yet to come stands in <c>locals</c>, for its author to put a name in.</summary>
    public static TerraformPlace Of(Blueprint blueprint) =>
        ClusterToCome.IsAwaited(blueprint)
            ? new(
                null,
                new HclValue.Reference("local.cluster_name"),
                new Dictionary<Ref, HclValue> { [ClusterToCome.ClusterGroup] = new HclValue.Reference("local.cluster_security_group_id") }
            )
            : new(null, blueprint.Spec.Cluster ?? "", new Dictionary<Ref, HclValue>());

    public HclValue Group(Ref group) =>
        Known.TryGetValue(group, out var known) ? known : TerraformResources.Id(TerraformNames.Group, group);

    /// <summary>Where the two names of a cluster that is yet to come are put in; null where there is none to wait for.</summary>
    public static HclBlock? Locals(Blueprint blueprint) =>
        !ClusterToCome.IsAwaited(blueprint)
            ? null
            : new(
                "locals",
                [],
                [
                    new("cluster_name", new HclValue.Reference("aws_eks_cluster.this.name")),
                    new(
                        "cluster_security_group_id",
                        new HclValue.Reference("aws_eks_cluster.this.vpc_config[0].cluster_security_group_id")
                    ),
                ],
                $"Cluster {blueprint.Spec.Cluster} is not there yet: put the name of your aws_eks_cluster here. "
                    + $"References, so that the add-on waits for it."
            );
}
