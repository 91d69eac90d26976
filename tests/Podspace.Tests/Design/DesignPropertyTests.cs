using CsCheck;
using Podspace.Addressing;
using Podspace.Design;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;

namespace Podspace.Tests.Design;

public sealed class DesignPropertyTests
{
    private static readonly string[] AllZones = ["eu-west-1a", "eu-west-1b", "eu-west-1c", "eu-west-1d", "eu-west-1e", "eu-west-1f"];

    private static readonly Gen<string[]> Zones = Gen
        .Bool.Array[6]
        .Select(bits => AllZones.Where((_, i) => bits[i]).ToArray())
        .Where(zones => zones.Length > 0);

    private static readonly Gen<string> Settings = Gen.Select(
        OneOf(
            "",
            "  security: {pods: dedicated}\n",
            "  security: {pods: sameAsNode}\n",
            "  security: {pods: cluster}\n",
            $"  security: {{pods: [{SmallVpc.ClusterGroup}]}}\n"
        ),
        OneOf(
            "",
            "  cni: {prefixDelegation: true}\n",
            "  cni: {prefixDelegation: false}\n",
            "  cni: {eniConfigs: objects}\n",
            "  cni: {eniConfigs: addon}\n"
        ),
        OneOf(
            "",
            "  addresses: {blocks: [100.64.0.0/16]}\n",
            "  addresses: {blocks: [100.80.0.0/18, 100.90.0.0/16]}\n",
            "  addresses: {subnetPrefixLength: 20}\n",
            "  addresses: {pool: [100.64.0.0/18]}\n",
            "  addresses: {avoid: [100.64.0.0/12]}\n"
        ),
        OneOf("", "  routing: {source: pod}\n", "  routing: {keepPodAddressTo: [10.0.0.0/8]}\n"),
        (a, b, c, d) => a + b + c + d
    );

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static readonly Gen<Cidr> NearTheRange = Gen.Select(Gen.UInt[0, 1 << 19], Gen.Int[10, 28])
        .Select((offset, length) => Cidr.Containing(Address.Parse("100.60.0.0").Plus(offset), length));

    /// <summary>VPCs with blocks, subnets, routes, peers, interfaces and settings of others, sensible or not.</summary>
    private static readonly Gen<Inventory> Inventories = Gen.Select(
        OneOf("10.0.0.0/16", "10.196.24.0/24", "172.20.0.0/16", "192.168.0.0/20", "100.64.0.0/20"),
        Zones,
        NearTheRange.Array[0, 3],
        NearTheRange.Array[0, 3],
        NearTheRange.Array[0, 2],
        Gen.Int[0, 63],
        Gen.Int[16, 28],
        (primary, zones, blocks, routes, peers, bits, length) =>
        {
            var inventory = SmallVpc.Guide(primary, zones);
            var others = blocks
                .Where(block => block.PrefixLength >= 16 && !block.Overlaps(Cidr.Parse(primary)))
                .Aggregate(new List<Cidr>(), (apart, block) => apart.Exists(block.Overlaps) ? apart : [.. apart, block]);
            foreach (var block in others)
            {
                var subnet = block.PrefixLength <= length ? Cidr.Containing(block.First, length) : block;
                inventory = inventory.WithBlock(
                    block.ToString(),
                    SmallVpc.Subnet(
                        $"subnet-{subnet.First.Number:x}",
                        zones[bits % zones.Length],
                        subnet.ToString(),
                        (bits & 1) == 0 ? [] : [new(Tags.InternalElbRole, "1")]
                    )
                );
            }
            foreach (var route in routes.Distinct())
            {
                inventory = inventory.WithRoute(route.ToString());
            }
            return inventory.With(cloud =>
                cloud with
                {
                    Peerings = peers
                        .Select(
                            (peer, i) =>
                                new SeenPeering(
                                    new($"pcx-{i}"),
                                    (bits & 2) == 0 ? "active" : "pending-acceptance",
                                    (bits & 4) == 0,
                                    "vpc-other",
                                    [peer]
                                )
                        )
                        .ToEquatable(),
                    Interfaces =
                        (bits & 8) == 0
                            ? cloud.Interfaces
                            : [.. cloud.Interfaces.Select(card => card.DeviceIndex == 0 ? card with { Groups = [new("sg-nodes")] } : card)],
                    Groups = (bits & 8) == 0 ? cloud.Groups : [.. cloud.Groups, new(new("sg-nodes"), "nodes", "", [], [])],
                    Nodegroups = (bits & 16) == 0 ? cloud.Nodegroups : [cloud.Nodegroups[0] with { InstanceTypes = ["m4.large"] }],
                    VpcCni = (bits & 32) == 0 ? cloud.VpcCni : null,
                }
            );
        }
    );

    [Fact]
    public void Designing_twice_says_the_same() =>
        Gen.Select(Settings, Inventories)
            .Sample(
                (settings, inventory) =>
                {
                    var spec = SmallVpc.Spec(settings);
                    var (one, two) = (NetworkDesign.From(spec, inventory), NetworkDesign.From(spec, inventory));
                    return one.Value == two.Value && one.Findings == two.Findings;
                },
                iter: 300
            );

    [Fact]
    public void Whatever_is_there_the_network_is_sound_or_an_error_says_why_there_is_none() =>
        Gen.Select(Settings, Inventories)
            .Sample(
                (settings, inventory) =>
                {
                    var design = NetworkDesign.From(SmallVpc.Spec(settings), inventory);
                    return design.Ok(out var network)
                        ? NetworkChecks.Check(network).IsEmpty
                        : design.Findings.Any(finding => finding.Severity == Severity.Error);
                },
                iter: 1500
            );

    [Fact]
    public void A_run_cut_anywhere_leaves_what_designs_to_the_same_network() =>
        Gen.Select(Settings, Inventories, Gen.Int)
            .Sample(
                (settings, inventory, seed) =>
                {
                    var spec = SmallVpc.Spec(settings);
                    if (!NetworkDesign.From(spec, inventory).Ok(out var network))
                    {
                        return;
                    }
                    var cut = new PartlyApplied(spec, network, part => (Hash(part) ^ seed) % 3 != 0).To(inventory);
                    var again = NetworkDesign.From(spec, cut);
                    Assert.True(again.Ok(out var same), string.Join("\n", again.Findings));
                    Assert.Equal(NetworkText.Of(network), NetworkText.Of(same));
                },
                iter: 1500
            );

    [Fact]
    public void What_is_made_is_found_again_whole() =>
        Gen.Select(Settings, Inventories)
            .Sample(
                (settings, inventory) =>
                {
                    var spec = SmallVpc.Spec(settings);
                    if (!NetworkDesign.From(spec, inventory).Ok(out var network))
                    {
                        return;
                    }
                    var actual = ActualNetwork.From(new PartlyApplied(spec, network, _ => true).To(inventory), "prod", "prod").Network;
                    Assert.Equal(network.Blocks.Where(block => block.IsMade), actual.Blocks);
                    Assert.Equal(network.Subnets.Where(subnet => subnet.Ref.IsMade), actual.Subnets);
                    Assert.Equal(network.RouteTables, actual.RouteTables);
                    Assert.Equal(network.Groups, actual.Groups);
                    Assert.Equal(network.Rules.Select(rule => rule.Key), actual.Rules.Select(rule => rule.Key));
                },
                iter: 500
            );

    [Fact]
    public void Changing_the_zone_list_moves_no_zone_that_stays() =>
        Gen.Select(Settings, Zones, Zones)
            .Sample(
                (settings, before, after) =>
                {
                    var inventory = SmallVpc
                        .Guide("10.0.0.0/16", AllZones)
                        .With(cloud => cloud with { Nodegroups = [] })
                        .WithCluster(cluster => cluster with { Nodes = [] });
                    var first = SmallVpc.Spec($"{settings}  zones: [{string.Join(", ", before)}]");
                    if (!NetworkDesign.From(first, inventory).Ok(out var network))
                    {
                        return;
                    }
                    var applied = new PartlyApplied(first, network, _ => true).To(inventory);
                    if (NetworkDesign.From(SmallVpc.Spec($"{settings}  zones: [{string.Join(", ", after)}]"), applied).Ok(out var changed))
                    {
                        foreach (var subnet in network.Subnets.Where(subnet => after.Contains(subnet.Zone)))
                        {
                            Assert.Contains(changed.Subnets, other => other.Ref == subnet.Ref && other.Cidr == subnet.Cidr);
                        }
                    }
                },
                iter: 500
            );

    [Fact]
    public void A_block_is_chosen_only_where_every_rule_allows_it() =>
        Inventories.Sample(
            inventory =>
            {
                if (!NetworkDesign.From(SmallVpc.Spec(), inventory).Ok(out var network))
                {
                    return;
                }
                // A second reading of the rules, as plain as can be.
                foreach (var block in network.Blocks.Where(block => block.IsMade))
                {
                    Assert.DoesNotContain(inventory.Cloud.Vpc!.LiveBlocks, own => own.Cidr.Overlaps(block.Cidr));
                    Assert.DoesNotContain(
                        inventory.Cloud.RouteTables.SelectMany(table => table.Routes),
                        route => route.Via != "local" && route.To is { } to && block.Cidr.Contains(to)
                    );
                    Assert.DoesNotContain(
                        inventory.Cloud.Peerings,
                        peering => peering.State == "active" ? peering.PeerBlocks.Any(block.Cidr.Overlaps) : peering.IsRequester
                    );
                }
            },
            iter: 1000
        );

    private static int Hash(string text) => text.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter));
}
