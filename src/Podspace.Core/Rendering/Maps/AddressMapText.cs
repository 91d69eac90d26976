using System.Text;

namespace Podspace.Rendering.Maps;

/// <summary>The map for a terminal: a strip for each block that shows where its subnets lie, and
/// a bar for each subnet that shows how full it is.</summary>
public static class AddressMapText
{
    /// <summary>Characters that a block's strip takes.</summary>
    private const int Strip = 64;

    private const int Bar = 16;

    public static string Render(AddressMap map)
    {
        var text = new StringBuilder();
        foreach (var block in map.Blocks)
        {
            text.Append($"{block.Cidr}  {MapText.Of(block)}\n  {Outline(block)}\n");
            foreach (var subnet in block.Subnets)
            {
                var kept = MapText.Kept(subnet);
                text.Append(
                    $"  {Mark(subnet)} {Fill(subnet)} {subnet.Cidr, -18} {subnet.Zone}  {MapText.Of(subnet.Kind)} "
                        + $" {MapText.Of(subnet)}{(kept.Length > 0 ? $", {kept}" : "")}\n"
                );
            }
            foreach (var gap in block.Gaps)
            {
                text.Append($"  · {MapText.Of(gap)}\n");
            }
        }
        foreach (var neighbour in map.Neighbours)
        {
            text.Append($"{(neighbour.Collides ? "! " : "")}{MapText.Of(neighbour)}\n");
        }
        return text.ToString();
    }

    private static string Outline(MapBlock block)
    {
        var strip = new char[Strip];
        Array.Fill(strip, '·');
        foreach (var subnet in block.Subnets)
        {
            var from = (int)((subnet.Cidr.First.Number - block.Cidr.First.Number) * (ulong)Strip / block.Cidr.Count);
            var to = (int)(((ulong)(subnet.Cidr.Last.Number - block.Cidr.First.Number) + 1) * Strip / block.Cidr.Count);
            // A subnet too small for a character of its own still shows.
            strip.AsSpan(from, Math.Max(1, to - from)).Fill(Mark(subnet));
        }
        return new(strip);
    }

    /// <summary>The zone's letter: what lies side by side in a block is nearly always of different zones.</summary>
    private static char Mark(MapSubnet subnet) => subnet.Zone is [.., var letter] ? letter : '?';

    private static string Fill(MapSubnet subnet)
    {
        var full = subnet.Used == 0 ? 0 : Math.Max(1, (int)Math.Round(subnet.Fill * Bar));
        return new string('█', full) + new string('░', Bar - full);
    }
}
