using Podspace.Cli;
using Podspace.Simulation.State;
using Podspace.Simulation.WorldFile;

namespace Podspace.ServerTests;

/// <summary>A network to render: an overlay's file and the world it is for.</summary>
internal sealed record RenderedNetwork(string Name, string Overlay, string World)
{
    /// <summary>A VPC that another account shares is refused by the module styles.</summary>
    public bool IsOfOneAccount => Name != "shared-vpc";
}

/// <summary>Every network that renderings are tried on with real programs: the examples, the stories as they are when
/// their <c>overlay.yaml</c> comes, and of the guide's VPC what neither has: words that have to be quoted, routes of a
/// zone, discovery by tags, all that a VPC can hold.</summary>
internal static class RenderedNetworks
{
    private static string Examples => Path.Combine(GuideServer.Checkout(), "examples");

    private static string Stories => Path.Combine(GuideServer.Checkout(), "tests", "Podspace.Tests", "Scenarios");

    /// <param name="folder">Where overlays and worlds are written to.</param>
    /// <param name="only">Just the one of that name.</param>
    public static async Task<IReadOnlyList<RenderedNetwork>> WriteAsync(string folder, string? only = null)
    {
        var networks = new List<RenderedNetwork>();
        foreach (
            var (name, overlay, world, before) in OfExamples()
                .Concat(OfStories())
                .Concat(OfGuide())
                .Where(one => only is null || one.Name == only)
        )
        {
            var network = new RenderedNetwork(name, Path.Combine(folder, $"{name}.overlay.yaml"), Path.Combine(folder, $"{name}.yaml"));
            await File.WriteAllTextAsync(network.World, world);
            if (before is not null)
            {
                await File.WriteAllTextAsync(network.Overlay, before);
                await RunAsync(["apply", "-f", network.Overlay, "--twin", network.World, "--yes"]);
                await RunAsync(["rollout", "start", "-f", network.Overlay, "--twin", network.World, "--yes"]);
            }
            await File.WriteAllTextAsync(network.Overlay, overlay);
            networks.Add(network);
        }
        return networks;
    }

    public static async Task<string> RunAsync(string[] words)
    {
        using var said = new StringWriter();
        Assert.True(
            await CommandLine.RunAsync(words, new(said, said, TextReader.Null, false)) == ExitCode.Fine,
            $"podspace {string.Join(' ', words)}\n{said}"
        );
        return $"{said}";
    }

    private static IEnumerable<(string Name, string Overlay, string World, string? Before)> OfExamples() =>
        from overlay in Directory.GetFiles(Examples, "overlay.yaml", SearchOption.AllDirectories)
        let name = Path.GetFileName(Path.GetDirectoryName(overlay)!)
        select (name, File.ReadAllText(overlay), World(name), (string?)null);

    /// <summary>Files of a story are told in Podspace.Tests/Scenarios/Story.cs. One ends with findings and has no network.</summary>
    private static IEnumerable<(string Name, string Overlay, string World, string? Before)> OfStories()
    {
        foreach (var story in Directory.GetDirectories(Stories).Where(story => File.Exists(Path.Combine(story, "network.tf"))))
        {
            string? Text(string file) => File.Exists(Path.Combine(story, file)) ? File.ReadAllText(Path.Combine(story, file)) : null;
            var world = Text("world.txt")?.Trim().Split(' ') is [var example, var version] ? World(example, version) : World("crowded-vpc");
            yield return (Path.GetFileName(story), Text("overlay.yaml")!, world, Text("before.yaml"));
        }
    }

    private static IEnumerable<(string Name, string Overlay, string World, string? Before)> OfGuide()
    {
        var (guide, world) = (File.ReadAllText(Path.Combine(Examples, "crowded-vpc", "overlay.yaml")), World("crowded-vpc"));
        yield return (
            "words",
            guide
                + """
                  security: {pods: dedicated}
                  names: {subnet: '{name} "${zone}" %{cluster}', routeTable: 'tür \{zone}', securityGroup: '{cluster} pods #1'}
                  tags: {'${key}': '%{if true} "7" $${x}', 'cost:center/1': 'Zürich 漢 🚀', for: 'in', "tab\there": 'it''s'}
                """,
            world,
            null
        );
        yield return (
            "routes",
            guide
                + "  security: {pods: dedicated}\n  routing: {source: pod, routes: [{to: 10.0.0.0/8, via: "
                + "tgw-04104cab3948eba42}, {to: 0.0.0.0/0, via: tgw-04104cab3948eba42, zone: eu-west-1b}]}\n",
            world,
            null
        );
        yield return ("discovery", guide + "  mode: subnetDiscovery\n", World("crowded-vpc", "v1.23.1"), null);
        yield return ("full", guide + "  security: {pods: dedicated}\n", Full(world), null);
        yield return (
            "own image",
            guide + "  security: {pods: dedicated}\n",
            Changed(world, state => state.Aws.Nodegroups[0].AmiType = "CUSTOM"),
            null
        );
    }

    private static string World(string example, string? version = null)
    {
        var text = File.ReadAllText(Path.Combine(Examples, example, "world.yaml"));
        return version is null ? text : text.Replace("v1.20.4", version, StringComparison.Ordinal);
    }

    /// <summary>With 50 blocks once the pods' is there, and 200 subnets once theirs are: the
    /// most that AWS gives a VPC for the asking.</summary>
    private static string Full(string text) =>
        Changed(
            text,
            state =>
            {
                var (aws, vpc) = (state.Aws, state.Aws.Vpcs[0]);
                (aws.Quotas["L-83CA0A9D"], aws.Quotas["L-93826ACB"]) = (50, 100);
                for (var i = 0; vpc.CidrBlockAssociationSet.Count < 49; i++)
                {
                    vpc.CidrBlockAssociationSet.Add(
                        new()
                        {
                            AssociationId = $"vpc-cidr-assoc-{i:x17}",
                            CidrBlock = $"10.32.{i}.0/24",
                            CidrBlockState = new() { State = "associated" },
                        }
                    );
                }
                for (var i = 0; aws.Subnets.Count < 198; i++)
                {
                    aws.Subnets.Add(
                        new()
                        {
                            SubnetId = $"subnet-{i:x17}",
                            VpcId = vpc.VpcId,
                            CidrBlock = $"10.32.{i / 8}.{i % 8 * 32}/27",
                            AvailabilityZone = aws.Subnets[i % 2].AvailabilityZone,
                            OwnerId = aws.Account,
                        }
                    );
                }
            }
        );

    private static string Changed(string text, Action<WorldState> change)
    {
        Assert.True(WorldReader.Read(text, "world.yaml").Ok(out var state));
        change(state);
        return WorldWriter.Write(state);
    }
}
