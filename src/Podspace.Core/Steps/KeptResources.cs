using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Spec;

namespace Podspace.Steps;

/// <summary>What Terraform keeps, asked by our names.</summary>
internal sealed record KeptResources(TerraformState State, OverlaySpec Spec, Inventory Inventory, Ids Ids)
{
    public bool Vpc => State.Keeps(Inventory.Cloud.Vpc?.Id);

    public bool Addon => State.KeepsAddon(Spec.Cluster ?? "");

    public bool Subnet(Ref subnet) => State.Keeps(Ids.Subnet(subnet));

    public bool Table(Ref table) => State.Keeps(Ids.RouteTable(table));

    public bool Group(Ref group) => State.Keeps(Ids.Group(group));

    public bool Share(ResourceName share) => Ids.Shares.TryGetValue(share, out var arn) && State.Keeps(arn);

    public bool AccessEntry(string principal) => Holds($"{Spec.Cluster}:{principal}");

    /// <summary>Of anything, by AWS's id.</summary>
    public bool Holds(string? id) => id is not null && State.AddressOf(id) is not null;
}
