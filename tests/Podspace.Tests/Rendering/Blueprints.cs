using Podspace.Cli;
using Podspace.Model;
using Podspace.Rendering;
using Podspace.Spec;
using Podspace.Tests.Applying;
using Podspace.Tests.Design;
using Podspace.Tests.Scenarios;

namespace Podspace.Tests.Rendering;

/// <summary>Every network that the renderings are tried on: the examples, before they are applied and after,
/// the stories, and small ones that ask for what those lack.</summary>
internal static class Blueprints
{
    private static readonly (string Name, string Spec)[] Small =
    [
        (
            "pods with their own address, and a route a zone",
            "  routing: {source: pod, routes: [{to: 10.0.0.0/8, via: tgw-0aa36b6cfca793d8d}, {to: 0.0.0.0/0, via: "
                + "nat-0aa36b6cfca793d8d, zone: eu-west-1b}, {to: 192.168.0.0/16, via: pcx-0aa36b6cfca793d8d}]}"
        ),
        (
            "routes alike in every zone",
            "  routing: {routes: [{to: 10.0.0.0/8, via: vgw-0aa36b6cfca793d8d}, {to: "
                + "0.0.0.0/0, via: tgw-0aa36b6cfca793d8d}], keepPodAddressTo: [10.0.0.0/8]}"
        ),
        (
            "a group of the pods' own and no prefixes",
            "  security: {pods: dedicated}\n  cni: {prefixDelegation: false, conflicts: overwrite}"
        ),
        ("objects beside the add-on", "  security: {pods: dedicated}\n  cni: {eniConfigs: objects}"),
        (
            "names and tags of one's own",
            "  security: {pods: dedicated}\n  names: {subnet: '{cluster}-{zone}', routeTable: 'rt {name}', securityGroup: "
                + "'{cluster} pods'}\n  tags: {team: 'net', 'cost:center': '${var.x} %{if} \"7\" Zürich 漢'}"
        ),
    ];

    private const string Full = "fifty blocks and two hundred subnets";

    public static IEnumerable<string> Names() =>
        [
            .. Worlds.All().SelectMany(estate => new[] { estate.Name, $"{estate.Name}, made" }),
            .. Story.All().Where(IsDesigned),
            .. Small.Select(small => small.Name),
            Full,
        ];

    /// <summary>Those that the module styles write: a VPC that another account shares is refused by them.</summary>
    public static bool IsOfOneAccount(string name) => !name.StartsWith("shared-vpc", StringComparison.Ordinal);

    public static async Task<Blueprint> OfAsync(string name)
    {
        if (Small.FirstOrDefault(small => small.Name == name) is { Name: not null } small)
        {
            return Of(SmallVpc.Spec(small.Spec), WithGateways(SmallVpc.Guide()));
        }
        if (name == Full)
        {
            return Of(SmallVpc.Spec("  security: {pods: dedicated}"), Filled(SmallVpc.Guide()));
        }
        var (bench, spec) = Story.All().Contains(name) ? await Story.OpenAsync(name) : Open(name);
        using var opened = bench;
        if (name.EndsWith(", made", StringComparison.Ordinal))
        {
            Assert.True(await bench.ApplyAsync(spec) == ExitCode.Fine, bench.Said);
        }
        var state = await bench.LookAsync(spec);
        return Blueprint.From(spec, state.Desired!, state.Inventory);
    }

    public static Blueprint Of(OverlaySpec spec, Inventory inventory) => Blueprint.From(spec, SmallVpc.Design(spec, inventory), inventory);

    /// <summary>The most that AWS gives a VPC for the asking, once the pods' block and subnets are there.</summary>
    private static Inventory Filled(Inventory inventory) =>
        inventory.With(cloud =>
            cloud with
            {
                Quotas = cloud.Quotas with { BlocksPerVpc = 50 },
                Vpc = cloud.Vpc! with
                {
                    Blocks = [.. cloud.Vpc!.Blocks, .. Enumerable.Range(0, 48).Select(i => SmallVpc.Block($"10.32.{i}.0/24"))],
                },
                Subnets =
                [
                    .. cloud.Subnets,
                    .. Enumerable
                        .Range(0, 192)
                        .Select(i => SmallVpc.Subnet($"subnet-{i}", cloud.Subnets[i % 2].Zone, $"10.32.{i / 4}.{i % 4 * 64}/26")),
                ],
            }
        );

    private static Inventory WithGateways(Inventory inventory) =>
        inventory.With(cloud =>
            cloud with
            {
                TransitGatewayAttachments =
                [
                    new(new("tgw-attach-1"), "tgw-0aa36b6cfca793d8d", "available", cloud.Subnets.Select(subnet => subnet.Id).ToEquatable()),
                ],
                VpnGateways = [new(new("vgw-0aa36b6cfca793d8d"), "attached")],
                NatGateways = [new(new("nat-0aa36b6cfca793d8d"), cloud.Subnets[0].Id, "available", "private")],
                Peerings =
                [
                    new(new("pcx-0aa36b6cfca793d8d"), "active", true, "vpc-0b", [Podspace.Addressing.Cidr.Parse("192.168.0.0/16")]),
                ],
            }
        );

    private static (Bench, OverlaySpec) Open(string name)
    {
        var estate = Worlds.All().Single(one => one.Name == name.Replace(", made", "", StringComparison.Ordinal));
        return (estate.Open(), estate.Spec);
    }

    // The one story that ends with findings instead of a network.
    private static bool IsDesigned(string story) => File.Exists(Path.Combine(Golden.Root(), "Scenarios", story, "network.tf"));
}
