using Podspace.Formats;
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
                var address in AddressesOf(change, blueprint, terraform).Where(address => !address.Contains('[', StringComparison.Ordinal))
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
        if (change.IdIn(ids) is not { } id)
        {
            return "";
        }
        return terraform.AddressOf(id) is { } address ? $": {address} ({id})" : $": {id}";
    }

    /// <summary>Where Terraform keeps it; else where what we render would have put it. A rule that
    /// stands in line in its group has no address.</summary>
    private static IEnumerable<string> AddressesOf(Change change, Blueprint blueprint, TerraformState terraform)
    {
        if (change.IdIn(blueprint.Ids) is { } id && terraform.AddressOf(id) is { } kept)
        {
            return [kept];
        }
        return change.Terraform(new(terraform, blueprint.Spec, blueprint.Inventory, blueprint.Ids));
    }
}
