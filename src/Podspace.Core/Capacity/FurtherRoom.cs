using Podspace.Addressing;
using Podspace.Design;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Spec;

namespace Podspace.Capacity;

/// <summary>The next block of a network that fills: listed behind those that it has, it gives each
/// zone a further subnet (see <c>SubnetChoice</c>).</summary>
internal static class FurtherRoom
{
    /// <summary>What the spec has to say of addresses.</summary>
    /// <param name="desired">What it designs to today.</param>
    /// <returns>Without a value no block is left, and the findings say why.</returns>
    public static Checked<AddressesSpec> Further(OverlaySpec spec, Network desired, Inventory inventory)
    {
        var blocks = Blocks(spec, desired);
        var input = new DesignInput(
            spec with
            {
                Addresses = spec.Addresses with { Avoid = [.. spec.Addresses.Avoid, .. blocks] },
            },
            inventory,
            inventory.Cloud.Vpc!
        );
        return BlockChoice.FirstOfPool(input) is [var next, ..]
            ? new(With(spec, desired, [.. blocks, next.Cidr]), [])
            : new(null, input.Report.InFileOrder().ToEquatable());
    }

    /// <summary>With these blocks, and the size of subnets as it is: it decides which blocks hold a subnet of every zone.</summary>
    public static AddressesSpec With(OverlaySpec spec, Network desired, EquatableArray<Cidr> blocks) =>
        spec.Addresses with
        {
            Blocks = blocks,
            SubnetPrefixLength = spec.Addresses.SubnetPrefixLength ?? desired.Subnets.Max(subnet => subnet.Cidr.PrefixLength),
        };

    /// <summary>In the order in which subnets fill them.</summary>
    public static EquatableArray<Cidr> Blocks(OverlaySpec spec, Network desired) =>
        spec.Addresses.Blocks.IsEmpty ? desired.Blocks.Select(block => block.Cidr).ToEquatable() : spec.Addresses.Blocks;

    /// <summary>Interfaces that stand in a block, whoever has them; null: they could not be read.</summary>
    public static int? InterfacesIn(Cidr block, Inventory inventory)
    {
        var subnets = inventory.Cloud.Subnets.Where(subnet => block.Contains(subnet.Cidr)).Select(subnet => subnet.Id).ToHashSet();
        return inventory.Sees(Reading.Interfaces) ? inventory.Cloud.Interfaces.Count(card => subnets.Contains(card.Subnet)) : null;
    }
}
