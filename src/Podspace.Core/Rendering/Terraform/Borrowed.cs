using Podspace.Formats;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Steps.Text;

namespace Podspace.Rendering.Terraform;

/// <summary>Resources that stand in nobody's Terraform: where somebody else makes the network, a patch
/// names its parts by id, or looks them up by our tags.</summary>
internal static class Borrowed
{
    /// <param name="blocks">Of one patch; what they make themselves is referred to.</param>
    public static IReadOnlyList<HclBlock> Instead(Blueprint blueprint, IReadOnlyList<HclBlock> blocks)
    {
        var made = blocks.Where(block => block.Type == "resource").Select(block => block.Address).ToHashSet();
        var lookups = new SortedDictionary<string, HclBlock>(StringComparer.Ordinal);
        var resolved = blocks
            .Select(block =>
                block with
                {
                    Attributes = block.Attributes.Select(entry => new HclEntry(entry.Key, Resolved(entry.Value))).ToEquatable(),
                }
            )
            .ToList();
        return [.. lookups.Values, .. resolved];

        HclValue Resolved(HclValue value) =>
            value switch
            {
                HclValue.Reference it => Replaced(it),
                HclValue.Map it => Map(it),
                HclValue.List it => new HclValue.List(it.Items.Select(Resolved).ToEquatable()),
                HclValue.Json it => new HclValue.Json(Map(it.Document)),
                _ => value,
            };

        HclValue.Map Map(HclValue.Map map) =>
            new(map.Entries.Select(entry => new HclEntry(entry.Key, Resolved(entry.Value))).ToEquatable());

        HclValue Replaced(HclValue.Reference reference)
        {
            if (
                reference.Path.Split('.') is not [var type, var name, var attribute]
                || made.Contains($"{type}.{name}")
                || !type.StartsWith("aws_", StringComparison.Ordinal)
            )
            {
                return reference;
            }
            if (attribute == "vpc_id")
            {
                return blueprint.Desired.Vpc.Text;
            }
            var (id, tags) = Known(blueprint, type, name);
            if (id is { } known)
            {
                return known.Text;
            }
            lookups.TryAdd(
                $"{type}.{name}",
                new(
                    "data",
                    [type, name],
                    [new("vpc_id", blueprint.Desired.Vpc.Text), new("tags", tags)],
                    lookups.Count == 0
                        ? "Made by somebody else, and looked up by its tags: terraform plan fails until it is there.\n"
                            + "What below it waits for, the block say, goes first (terraform apply -target=ADDRESS); "
                            + "then podspace apply; then the rest."
                        : ""
                )
            );
            return new HclValue.Reference($"data.{type}.{name}.{attribute}");
        }
    }

    private static (AwsId? Id, HclValue.Map Tags) Known(Blueprint blueprint, string type, string name)
    {
        var (network, ids) = (blueprint.Desired, blueprint.Ids);
        var reference = type switch
        {
            TerraformNames.Subnet => network
                .Subnets.Select(subnet => subnet.Ref)
                .Concat(ids.Subnets.Keys.Select(key => Ref.Made(key.Text)))
                .First(one => TerraformNames.Of(one) == name),
            TerraformNames.Table => network
                .RouteTables.Select(table => table.Ref)
                .Concat(ids.RouteTables.Keys.Select(key => Ref.Made(key.Text)))
                .First(one => TerraformNames.Of(one) == name),
            _ => network
                .Groups.Select(group => group.Ref)
                .Concat(ids.Groups.Keys.Select(key => Ref.Made(key.Text)))
                .First(one => TerraformNames.Of(one) == name),
        };
        var id = type switch
        {
            TerraformNames.Subnet => ids.Subnet(reference),
            TerraformNames.Table => ids.RouteTable(reference),
            _ => ids.Group(reference),
        };
        var tags = ResourceNames
            .TagsFor(blueprint.Spec, reference.Name, null)
            .Where(tag => tag.Key.StartsWith("podspace.io/", StringComparison.Ordinal));
        return (id, new(tags.Select(tag => new HclEntry(tag.Key, tag.Value)).ToEquatable()));
    }
}
