using Podspace.Addressing;
using Podspace.Cli;
using Podspace.Simulation;
using Podspace.Simulation.Kubernetes;
using Podspace.Simulation.WorldFile;
using Podspace.Tests.Cli;

namespace Podspace.Tests.Applying;

/// <summary>A network whose pod subnets are nine tenths full gets a further block, while pods run.</summary>
[Trait("speed", "slow")]
public sealed class GrowTests
{
    private static readonly Cidr First = Cidr.Parse("100.64.0.0/22"),
        Next = Cidr.Parse("100.65.0.0/16");

    public static TheoryData<string> Modes => ["eniConfig", "subnetDiscovery", "autoMode"];

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task New_pods_stand_in_the_new_block_and_no_pod_that_runs_is_disturbed(string mode)
    {
        using var run = await NearlyFullAsync(mode);
        var before = Running(World(run));

        var (exit, output, error) = await run.HereAsync("grow --write");
        Assert.True(exit == ExitCode.Fine, output + error);
        Assert.Contains("blocks: [100.64.0.0/22, 100.65.0.0/16]", run.Read("overlay.yaml"), StringComparison.Ordinal);
        // Without --allow running-pods: no step may disturb one.
        (exit, output, error) = await run.HereAsync("apply --yes --stage switch");
        Assert.True(exit == ExitCode.Fine, output + error);
        var world = World(run);
        Scale(world, 400);
        world.Advance(TimeSpan.FromMinutes(30));

        var after = Running(world);
        Assert.All(before, pod => Assert.Equal(pod.Value, after.GetValueOrDefault(pod.Key)));
        Assert.Contains(after, pod => Next.Contains(Address.Parse(pod.Value)));
        run.Write("world.yaml", WorldWriter.Write(world.State));
        Assert.Contains("Nothing to do", (await run.HereAsync("plan")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eniConfig", "eniConfig")]
    [InlineData("subnetDiscovery", "\"kubernetes.io/role/cni\"")]
    [InlineData("autoMode", "podSubnetSelectorTerms")]
    public async Task Terraform_gets_the_same_growth_in_the_mode_s_own_mechanism(string mode, string mechanism)
    {
        using var run = await NearlyFullAsync(mode);
        Assert.Equal(ExitCode.Fine, (await run.HereAsync("grow --write")).Exit);
        var (exit, output, error) = await run.HereAsync("render terraform");

        Assert.True(exit == ExitCode.Fine, error);
        var zones = World(run)
            .State.Aws.Subnets.Where(subnet => First.Contains(Cidr.Parse(subnet.CidrBlock)))
            .Select(subnet => subnet.AvailabilityZone)
            .Distinct()
            .ToList();
        Assert.InRange(zones.Count, 2, 3);
        Assert.All(
            zones,
            zone => Assert.Contains($"resource \"aws_subnet\" \"pods_{zone.Replace('-', '_')}_1\"", output, StringComparison.Ordinal)
        );
        Assert.Contains("100.65.0.0/16", output, StringComparison.Ordinal);
        Assert.Contains(mechanism, output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_block_that_nobody_uses_is_given_back_and_no_pod_that_runs_is_disturbed(string mode)
    {
        using var run = await NearlyFullAsync(mode);
        foreach (var line in (string[])["grow --write", "apply --yes --stage switch"])
        {
            var done = await run.HereAsync(line);
            Assert.True(done.Exit == ExitCode.Fine, $"{line}: {done.Output}{done.Error}");
        }
        Assert.Contains(World(run).State.Aws.Subnets, subnet => Next.Contains(Cidr.Parse(subnet.CidrBlock)));
        var before = Running(World(run));

        foreach (var line in (string[])["grow --drop 100.65.0.0/16 --write", "apply --yes --stage switch"])
        {
            var done = await run.HereAsync(line);
            Assert.True(done.Exit == ExitCode.Fine, $"{line}: {done.Output}{done.Error}");
        }
        Assert.DoesNotContain(World(run).State.Aws.Subnets, subnet => Next.Contains(Cidr.Parse(subnet.CidrBlock)));
        Assert.Equal(before, Running(World(run)));
        Assert.Contains("Nothing to do", (await run.HereAsync("plan")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_further_zone_gets_a_subnet_and_no_pod_that_runs_is_disturbed(string mode)
    {
        using var run = await NearlyFullAsync(mode);
        var (world, before) = (World(run), Running(World(run)));
        var used = world
            .State.Aws.Subnets.Where(subnet => First.Contains(Cidr.Parse(subnet.CidrBlock)))
            .Select(subnet => subnet.AvailabilityZone)
            .ToHashSet();
        var zone = world.State.Aws.AvailabilityZones.Select(one => one.ZoneName).First(name => !used.Contains(name));

        foreach (var line in (string[])[$"grow --zone {zone} --write", "apply --yes --stage switch"])
        {
            var done = await run.HereAsync(line);
            Assert.True(done.Exit == ExitCode.Fine, $"{line}: {done.Output}{done.Error}");
        }
        Assert.Single(
            World(run).State.Aws.Subnets,
            subnet => subnet.AvailabilityZone == zone && First.Contains(Cidr.Parse(subnet.CidrBlock))
        );
        Assert.Equal(before, Running(World(run)));
        Assert.Contains("Nothing to do", (await run.HereAsync("plan")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subnets_that_were_there_before_the_cluster_had_a_name_are_selected_by_their_ids()
    {
        using var bench = new Bench(Guide.AutoWorld());
        var zones = (await bench.LookAsync(Guide.AutoSpec)).Desired!.Subnets.Select(subnet => subnet.Zone).ToEquatable();
        Assert.True(await bench.ApplyAsync(Guide.AutoSpec with { Cluster = null, Zones = zones }) == ExitCode.Fine, bench.Said);

        Assert.True(await bench.ApplyAsync(Guide.AutoSpec, null) == ExitCode.Fine, bench.Said);
        Assert.True(await bench.RollAsync(Guide.AutoSpec) == ExitCode.Fine, bench.Said);

        Assert.True(await bench.VerifyAsync(Guide.AutoSpec) == ExitCode.Fine, bench.Said);
        Assert.All(
            bench.World.Objects.Find("eks.amazonaws.com/v1", "nodeclasses", null, "shop").Items("spec", "podSubnetSelectorTerms"),
            term => Assert.NotNull(term.Text("id"))
        );
    }

    private static async Task<CommandRun> NearlyFullAsync(string mode)
    {
        var run = new CommandRun();
        var (world, spec) = Start(mode);
        run.Write("overlay.yaml", spec);
        using (var bench = new Bench(world))
        {
            var overlay = Guide.Parsed(spec);
            Assert.True(await bench.ApplyAsync(overlay, null) == ExitCode.Fine, bench.Said);
            Assert.True(await bench.RollAsync(overlay) == ExitCode.Fine, bench.Said);
            Fill(bench.World);
            run.Write("world.yaml", WorldWriter.Write(bench.World.State));
        }
        return run;
    }

    private static (World World, string Spec) Start(string mode)
    {
        const string Small = "  addresses: {blocks: [100.64.0.0/22], subnetPrefixLength: 24}   # by the network team\n";
        return mode switch
        {
            "autoMode" => (
                Guide.AutoWorld(),
                $"apiVersion: podspace.io/v1alpha1\nkind: OverlayNetwork\nmetadata: {{name: shop}}\nspec:\n  region: "
                    + $"eu-west-1\n  vpc: vpc-0a7c3d5e9f1b24680\n  cluster: auto\n  mode: autoMode\n{Small}"
            ),
            _ => (
                mode == "eniConfig" ? Guide.World() : Bench.Load(Worlds.Discovery("crowded-vpc").World),
                $"apiVersion: podspace.io/v1alpha1\nkind: OverlayNetwork\nmetadata: {{name: prod}}\nspec:\n  region: "
                    + $"eu-west-1\n  vpc: vpc-09796d57be9cec2d2\n  cluster: prod\n  mode: {mode}\n{Small}"
            ),
        };
    }

    /// <summary>Interfaces of somebody else take what is free, but for a tenth.</summary>
    private static void Fill(World world) =>
        world.Do(() =>
        {
            foreach (var subnet in world.State.Aws.Subnets.Where(subnet => First.Contains(Cidr.Parse(subnet.CidrBlock))).ToList())
            {
                var free = world.Ec2.FreeAddresses(subnet);
                var block = Cidr.Parse(subnet.CidrBlock);
                var held = world.State.Aws.NetworkInterfaces.Where(card => card.SubnetId == subnet.SubnetId).ToList();
                var open = AddressSet
                    .Of(block)
                    .Except(AddressSet.Of(held.SelectMany(card => card.PrivateIpAddresses).Select(Address.Parse)))
                    .Except(AddressSet.Of(held.SelectMany(card => card.Ipv4Prefixes).Select(Cidr.Parse)));
                var take = Enumerable
                    .Range(4, (int)block.Count - 5)
                    .Select(at => block.First.Plus((uint)at))
                    .Where(open.Contains)
                    .Take(Math.Max(1, (int)(free - ((int)block.UsableInSubnet / 10))))
                    .ToList();
                world.State.Aws.NetworkInterfaces.Add(
                    new()
                    {
                        NetworkInterfaceId = $"eni-0full{subnet.SubnetId[^6..]}",
                        SubnetId = subnet.SubnetId,
                        Status = "available",
                        Description = "somebody else's",
                        PrivateIpAddresses = [.. take.Select(address => address.ToString())],
                    }
                );
            }
            return 0;
        });

    private static void Scale(World world, int replicas) =>
        world.Do(() =>
        {
            var api = world.Objects.List("apps/v1", "deployments", "shop").Single(one => one.Name() == "api").Clone();
            api["spec"]!["replicas"] = replicas;
            return world.Objects.Update("apps/v1", "deployments", api, "kubectl");
        });

    private static World World(CommandRun run) => Bench.Load(run.Read("world.yaml"));

    /// <summary>By uid, the address of every pod that has one of its own.</summary>
    private static Dictionary<string, string> Running(World world) =>
        world
            .Objects.List("v1", "pods")
            .Where(pod =>
                pod.Text("status", "phase") == "Running" && !pod.Is("spec", "hostNetwork") && pod.Text("status", "podIP") is not null
            )
            .ToDictionary(pod => pod.Text("metadata", "uid")!, pod => pod.Text("status", "podIP")!);
}
