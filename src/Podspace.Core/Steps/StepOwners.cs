using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Spec;

namespace Podspace.Steps;

/// <summary>Who does a step: whom the spec names for its part; else Terraform, where it keeps what
/// would change; else whoever writes the live object.</summary>
internal sealed class StepOwners(OverlaySpec spec, Inventory inventory, Ids ids, TerraformState terraform)
{
    public Owner Of(Change change)
    {
        var named = PartOf(change);
        return named != Owner.Podspace ? named
            : IsTerraforms(change) ? Owner.Terraform
            : change switch
            {
                Change.ApplyEniConfig or Change.DeleteEniConfig => WriterOf(
                    inventory.Cluster?.EniConfigs.Where(seen => seen.Name == change.Name).Select(seen => (seen.Overlay, seen.Managers))
                ),
                Change.ApplyNodeClass or Change.DeleteNodeClass => WriterOf(
                    inventory.Cluster?.NodeClasses.Where(seen => seen.Name == change.Name).Select(seen => (seen.Overlay, seen.Managers))
                ),
                Change.ApplyNodePool or Change.DisableNodePool or Change.DeleteNodePool => WriterOf(
                    inventory.Cluster?.NodePools.Where(seen => seen.Name == change.Name).Select(seen => (seen.Overlay, seen.Managers))
                ),
                _ => Owner.Podspace,
            };
    }

    private Owner PartOf(Change change) =>
        change switch
        {
            Change.AddRule { Rule.Group.IsMade: false } or Change.RemoveRule { Rule.Group.IsMade: false } => spec.Owners.Rules,
            Change.SetAddonValues
            or Change.SetAwsNode
            or Change.ApplyEniConfig
            or Change.DeleteEniConfig
            or Change.CreateAccessEntry
            or Change.DeleteAccessEntry
            or Change.ApplyNodeClass
            or Change.DeleteNodeClass
            or Change.ApplyNodePool
            or Change.DisableNodePool
            or Change.DeleteNodePool => spec.Owners.Cni,
            // The record is nobody's but ours, and so is the mark.
            Change.DeletePreviousValues or Change.ClearRolloutMark => Owner.Podspace,
            _ => spec.Owners.Network,
        };

    private bool IsTerraforms(Change change) =>
        change switch
        {
            // A tag that aws_vpc does not know is taken off by its next apply, and a block is told from others by that tag.
            Change.TagBlock or Change.AssociateBlock => terraform.Keeps(inventory.Cloud.Vpc?.Id),
            Change.DisassociateBlock it => ids.Associations.TryGetValue(it.Block, out var association)
                && terraform.AddressOf(association) is not null,
            Change.DeleteSubnet it => terraform.Keeps(ids.Subnet(Ref.Made(it.Subnet.Text))),
            Change.Reserve it => terraform.Keeps(ids.Subnet(it.Subnet)),
            Change.DeleteReservation it => terraform.Keeps(ids.Subnet(Ref.Made(it.Subnet.Text))),
            Change.DeleteDuplicateRouteTable it => terraform.Keeps(it.Table),
            Change.DeleteRouteTable it => terraform.Keeps(ids.RouteTable(Ref.Made(it.Table.Text))),
            Change.AddRoute it => terraform.Keeps(ids.RouteTable(it.Table)),
            Change.RemoveRoute it => terraform.Keeps(ids.RouteTable(it.Table)),
            Change.AssociateTable it => terraform.Keeps(ids.RouteTable(it.Table)) || terraform.Keeps(ids.Subnet(it.Subnet)),
            Change.AssociateAcl it => terraform.Keeps(ids.Subnet(it.Subnet)),
            Change.AddToShare it => ids.Shares.TryGetValue(it.Share.Ref.Name, out var share) && terraform.AddressOf(share.Text) is not null,
            Change.RemoveFromShare it => ids.Shares.TryGetValue(it.Share, out var share) && terraform.AddressOf(share.Text) is not null,
            Change.DeleteShare it => ids.Shares.TryGetValue(it.Share, out var share) && terraform.AddressOf(share.Text) is not null,
            Change.DeleteGroup it => terraform.Keeps(ids.Group(Ref.Made(it.Group.Text))),
            Change.AddRule it => terraform.Keeps(ids.Group(it.Rule.Group)),
            Change.TagRule it => terraform.Keeps(ids.Group(it.Rule.Group)) || terraform.AddressOf(it.RuleId) is not null,
            Change.RemoveRule it => terraform.Keeps(ids.Group(it.Rule.Group))
                || (ids.Rules.TryGetValue(it.Rule.Key, out var rule) && terraform.AddressOf(rule) is not null),
            Change.SetAddonValues => terraform.KeepsAddon(spec.Cluster ?? ""),
            Change.ApplyEniConfig it => terraform.KeepsObject("ENIConfig", it.EniConfig.Zone),
            Change.DeleteEniConfig it => terraform.KeepsObject("ENIConfig", it.Zone),
            Change.ApplyNodeClass or Change.DeleteNodeClass => terraform.KeepsObject("NodeClass", change.Name),
            Change.ApplyNodePool or Change.DisableNodePool or Change.DeleteNodePool => terraform.KeepsObject("NodePool", change.Name),
            Change.CreateAccessEntry or Change.DeleteAccessEntry => terraform.AddressOf($"{spec.Cluster}:{change.Name}") is not null,
            _ => false,
        };

    /// <summary>Argo CD and Flux put back what others change, and Helm's next release does; they are not fought.</summary>
    private Owner WriterOf(IEnumerable<(string? Overlay, EquatableArray<string> Managers)>? objects)
    {
        foreach (var (overlay, managers) in objects ?? [])
        {
            return managers.Contains("argocd") || managers.Contains("flux") ? Owner.Git
                : overlay != spec.Name || managers.Contains("helm") ? Owner.Existing
                : Owner.Podspace;
        }
        return Owner.Podspace;
    }
}
