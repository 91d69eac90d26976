using Podspace.Design;
using Podspace.Model;
using Podspace.Spec;

namespace Podspace.Planning;

/// <summary>Who does a step: whom the spec names for its part; else Terraform, where it keeps what would change; else whoever writes the live object.</summary>
internal sealed class StepOwners(OverlaySpec spec, Inventory inventory, Ids ids, TerraformState terraform)
{
    public Owner Of(Change change)
    {
        var named = PartOf(change);
        return named != Owner.Podspace ? named
            : IsTerraforms(change) ? Owner.Terraform
            : change is Change.ApplyEniConfig or Change.DeleteEniConfig ? WriterOf(change.Name)
            : Owner.Podspace;
    }

    private Owner PartOf(Change change) => change switch
    {
        Change.AddRule { Rule.Group.IsMade: false } or Change.RemoveRule { Rule.Group.IsMade: false } => spec.Owners.Rules,
        Change.SetAddonValues or Change.SetAwsNode or Change.ApplyEniConfig or Change.DeleteEniConfig
            or Change.CreateAccessEntry or Change.DeleteAccessEntry or Change.ApplyNodeClass or Change.DeleteNodeClass
            or Change.ApplyNodePool or Change.CloseNodePool or Change.DeleteNodePool => spec.Owners.Cni,
        // The record is nobody's but ours, and so is the mark.
        Change.DropRecord or Change.ReleaseNode => Owner.Podspace,
        _ => spec.Owners.Network,
    };

    private bool IsTerraforms(Change change) => change switch
    {
        // A tag that aws_vpc does not know is taken off by its next apply, and a block is told from others by that tag.
        Change.TagBlock or Change.AssociateBlock => terraform.Keeps(inventory.Cloud.Vpc?.Id),
        Change.DisassociateBlock it => ids.Associations.TryGetValue(it.Block, out var association) && terraform.AddressOf(association) is not null,
        Change.DeleteSubnet it => terraform.Keeps(ids.Subnet(Ref.Made(it.Subnet.Text))),
        Change.Reserve it => terraform.Keeps(ids.Subnet(it.Subnet)),
        Change.Release it => terraform.Keeps(ids.Subnet(Ref.Made(it.Subnet.Text))),
        Change.DeleteRouteTable it => terraform.Keeps(ids.RouteTable(Ref.Made(it.Table.Text))),
        Change.AddRoute it => terraform.Keeps(ids.RouteTable(it.Table)),
        Change.RemoveRoute it => terraform.Keeps(ids.RouteTable(it.Table)),
        Change.AssociateTable it => terraform.Keeps(ids.RouteTable(it.Table)) || terraform.Keeps(ids.Subnet(it.Subnet)),
        Change.DeleteGroup it => terraform.Keeps(ids.Group(Ref.Made(it.Group.Text))),
        Change.AddRule it => terraform.Keeps(ids.Group(it.Rule.Group)),
        Change.RemoveRule it => terraform.Keeps(ids.Group(it.Rule.Group)) || (ids.Rules.TryGetValue(it.Rule.Key, out var rule) && terraform.AddressOf(rule) is not null),
        Change.SetAddonValues => terraform.KeepsAddon(spec.Cluster ?? ""),
        Change.ApplyEniConfig it => terraform.KeepsEniConfig(it.EniConfig.Zone),
        Change.DeleteEniConfig it => terraform.KeepsEniConfig(it.Zone),
        _ => false,
    };

    private Owner WriterOf(string eniConfig)
    {
        if (inventory.Cluster?.EniConfigs.FirstOrDefault(seen => seen.Name == eniConfig) is not { } live)
        {
            return Owner.Podspace;
        }
        return live.Managers.Contains("argocd") || live.Managers.Contains("flux") ? Owner.Git
            : live.Overlay != spec.Name || live.Managers.Contains("helm") ? Owner.Existing
            : Owner.Podspace;
    }
}
