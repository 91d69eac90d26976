using System.Xml.Linq;
using CsCheck;
using Podspace.Addressing;
using Podspace.Design;
using Podspace.Model;
using Podspace.Rendering.Maps;
using Podspace.Tests.Design;

namespace Podspace.Tests.Rendering;

public sealed class AddressMapTests
{
    [Fact]
    public void The_guides_VPC_is_drawn_with_what_a_plan_would_add()
    {
        var map = Planned(SmallVpc.Guide("10.196.24.0/22"));

        Golden.Matches(AddressMapText.Render(map), "Rendering/guide-map.golden");
        Golden.Matches(AddressMapSvg.Render(map), "Rendering/guide-map.golden.svg");
    }

    [Fact]
    public void The_longest_names_and_numbers_have_their_place()
    {
        var inventory = SmallVpc.Guide();
        var wide = inventory with
        {
            Cloud = inventory.Cloud with
            {
                Vpc = inventory.Cloud.Vpc! with { Blocks = [SmallVpc.Block("10.196.24.0/24"), SmallVpc.Block("100.100.0.0/16")] },
                Subnets =
                [
                    SmallVpc.Subnet("subnet-1", "us-gov-east-1-a2", "100.100.0.0/16") with
                    {
                        Free = 1,
                    },
                    SmallVpc.Subnet("subnet-2", "us-east-1-bos-1a", "10.196.24.128/25") with
                    {
                        Free = 0,
                    },
                ],
            },
        };
        Golden.Matches(AddressMapSvg.Render(AddressMap.From(wide, "prod", null)), "Rendering/long-names-map.golden.svg");
    }

    [Fact]
    public void A_peer_with_the_same_range_stands_out()
    {
        var guide = SmallVpc.Guide();
        var inventory = guide with
        {
            Cloud = guide.Cloud with
            {
                Peerings = [new(new("pcx-1"), "active", true, "vpc-far", [Cidr.Parse("10.196.0.0/16"), Cidr.Parse("10.9.0.0/16")])],
            },
        };
        var map = AddressMap.From(inventory, "prod", null);

        Assert.Equal(["10.196.0.0/16"], map.Neighbours.Where(one => one.Collides).Select(one => one.Cidr.ToString()));
        Assert.Contains("! 10.196.0.0/16 vpc-far (pcx-1): collides with the VPC\n", AddressMapText.Render(map), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_would_break_a_picture_do_not()
    {
        var guide = SmallVpc.Guide();
        var inventory = guide with
        {
            Cloud = guide.Cloud with
            {
                Peerings = [new(new("pcx-1"), "active", true, "</text><script>\u0001 & \"ünï\"", [Cidr.Parse("10.9.0.0/16")])],
            },
        };
        var drawn = XDocument.Parse(AddressMapSvg.Render(AddressMap.From(inventory, "prod", null)));

        Assert.DoesNotContain(drawn.Descendants(), element => element.Name.LocalName == "script");
        Assert.Contains(
            drawn.Descendants(),
            element => element.Value.Contains("</text><script>\uFFFD & \"ünï\"", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Every_address_of_every_block_is_in_one_subnet_or_in_one_gap() =>
        Crowds.Sample(inventory =>
        {
            foreach (var block in AddressMap.From(inventory, "prod", null).Blocks)
            {
                var told = block.Subnets.Sum(subnet => (long)subnet.Cidr.Count) + block.Gaps.Sum(gap => gap.Count);
                Assert.Equal((long)block.Cidr.Count, told);
            }
        });

    [Fact]
    public void Nothing_of_a_VPC_with_50_blocks_and_200_subnets_is_left_out_or_drawn_outside()
    {
        var map = AddressMap.From(SmallVpc.Crowd(50, 200), "prod", null);
        Golden.Matches(AddressMapSvg.Render(map), "Rendering/crowd-map.golden.svg");
        var drawn = XDocument.Parse(AddressMapSvg.Render(map));
        var box = drawn.Root!.Attribute("viewBox")!.Value.Split(' ').Select(double.Parse).ToArray();

        Assert.Equal(50, map.Blocks.Count);
        Assert.Equal(200, map.Blocks.Sum(block => block.Subnets.Count));
        Assert.All(
            drawn.Descendants().Where(element => element.Name.LocalName is "rect" or "text"),
            element =>
            {
                Assert.InRange((double)element.Attribute("x")! + ((double?)element.Attribute("width") ?? 0), 0, box[2]);
                Assert.InRange((double)element.Attribute("y")! + ((double?)element.Attribute("height") ?? 0), 0, box[3]);
            }
        );
        var words = drawn.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value).ToHashSet();
        Assert.All(map.Blocks.SelectMany(block => block.Subnets), subnet => Assert.Contains(subnet.Cidr.ToString(), words));
    }

    private static AddressMap Planned(Inventory inventory)
    {
        var spec = SmallVpc.Spec("  zones: [eu-west-1b, eu-west-1c]");
        Assert.True(NetworkDesign.From(spec, inventory).Ok(out var desired));
        return AddressMap.From(inventory, spec.Name, desired);
    }

    private static readonly Gen<Inventory> Crowds = Gen.Select(Gen.Int[1, 12], Gen.Int[0, 48], SmallVpc.Crowd);
}
