using Podspace.Formats;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Steps;

namespace Podspace.Rendering.Terraform;

/// <summary>What a plan takes out of Terraform's keeping.</summary>
internal static class TerraformRemovals
{
    /// <summary>A block in place of each resource. Those that Terraform keeps under an index have
    /// none: it takes no instance's address there.</summary>
    /// <remarks>Source: Terraform documentation, "removed block reference" (1.7 and later).</remarks>
    public static IEnumerable<HclBlock> Of(IEnumerable<Change> changes, Blueprint blueprint, TerraformState terraform)
    {
        var comment = "Each stands in place of the resource's own block, which goes with it. Take them out once they are applied.";
        foreach (var change in changes)
        {
            foreach (
                var address in AddressesOf(change, blueprint.Ids, terraform)
                    .Where(address => !address.Contains('[', StringComparison.Ordinal))
            )
            {
                yield return new("removed", [], [new("from", new HclValue.Reference(address))], comment)
                {
                    Blocks = [new("lifecycle", [], [new("destroy", true)])],
                };
                comment = "";
            }
        }
    }

    /// <summary>For people: where it stands in Terraform, and its id; empty when neither is known.</summary>
    public static string Known(Change change, Ids ids, TerraformState terraform)
    {
        var id = IdOf(change, ids);
        return id is null ? ""
            : terraform.AddressOf(id) is { } address ? $": {address} ({id})"
            : $": {id}";
    }

    private static string? IdOf(Change change, Ids ids) =>
        change switch
        {
            Change.DeleteSubnet it => ids.Subnet(Ref.Made(it.Subnet.Text))?.Text,
            Change.DeleteRouteTable it => ids.RouteTable(Ref.Made(it.Table.Text))?.Text,
            Change.DeleteShare it => ids.Shares.TryGetValue(it.Share, out var share) ? share.Text : null,
            Change.DeleteGroup it => ids.Group(Ref.Made(it.Group.Text))?.Text,
            Change.RemoveRule it => ids.Rules.GetValueOrDefault(it.Rule.Key),
            Change.DisassociateBlock it => ids.Associations.GetValueOrDefault(it.Block),
            Change.DeleteReservation it => ids.Reservations.TryGetValue((it.Subnet, it.Block), out var reservation)
                ? reservation.Text
                : null,
            _ => null,
        };

    /// <summary>Where Terraform keeps it; else where what we render would have put it. A rule that
    /// stands in line in its group has no address.</summary>
    private static IEnumerable<string> AddressesOf(Change change, Ids ids, TerraformState terraform)
    {
        if (IdOf(change, ids) is { } id && terraform.AddressOf(id) is { } kept)
        {
            return [kept];
        }
        return change switch
        {
            Change.DeleteSubnet it when ids.Shares.Count == 0 =>
            [
                $"{TerraformNames.Association}.{Word(it.Subnet)}",
                $"{TerraformNames.Subnet}.{Word(it.Subnet)}",
            ],
            Change.RemoveFromShare it => [$"{TerraformNames.SharedSubnet}.{Word(it.Subnet)}"],
            Change.DeleteShare it => [$"{TerraformNames.SharePrincipal}.{Word(it.Share)}", $"{TerraformNames.Share}.{Word(it.Share)}"],
            Change.DeleteSubnet it when ids.Shares.Count > 0 =>
            [
                $"{TerraformNames.SharedSubnet}.{Word(it.Subnet)}",
                $"{TerraformNames.Association}.{Word(it.Subnet)}",
                $"{TerraformNames.Subnet}.{Word(it.Subnet)}",
            ],
            Change.DeleteRouteTable it => [$"{TerraformNames.Table}.{Word(it.Table)}"],
            Change.DeleteGroup it => [$"{TerraformNames.Group}.{Word(it.Group)}"],
            Change.RemoveRule it when !it.Rule.Group.IsMade && terraform.HasRulesInline(it.Rule.Group.Id) => [],
            Change.RemoveRule it => [$"{TerraformNames.TypeOf(it.Rule)}.{TerraformNames.Of(it.Rule)}"],
            Change.RemoveRoute it => [$"{TerraformNames.Route}.{TerraformNames.Of(it.Table, it.Route)}"],
            Change.DisassociateBlock it => [$"{TerraformNames.Block}.{TerraformNames.Of(it.Block)}"],
            Change.DeleteReservation it => [$"{TerraformNames.Reservation}.{TerraformNames.Of(Ref.Made(it.Subnet.Text), it.Block)}"],
            Change.RestoreSubnetRole { Role.Subnet.IsMade: false } it => [$"{TerraformNames.Tag}.{TerraformNames.OfRole(it.Role.Subnet)}"],
            Change.DeleteEniConfig it => [Object("eniconfig", it.Zone)],
            Change.DeleteNodeClass it => [Object("nodeclass", it.NodeClass)],
            Change.DeleteNodePool it => [Object("nodepool", it.Pool)],
            Change.DeleteAccessEntry it => OfEntry(new(it.PrincipalArn)),
            _ => [],
        };
    }

    /// <summary>The policy first: it goes with its entry.</summary>
    public static string[] OfEntry(AccessEntry entry) =>
        [$"{TerraformNames.AccessPolicy}.{TerraformNames.Of(entry)}", $"{TerraformNames.AccessEntry}.{TerraformNames.Of(entry)}"];

    private static string Word(ResourceName name) => TerraformNames.Of(Ref.Made(name.Text));

    private static string Object(string kind, string name) => $"{TerraformObjects.Manifest}.{TerraformObjects.NameOf(kind, name)}";
}
