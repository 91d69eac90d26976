using Podspace.Cli;

namespace Podspace.Tests.Cli;

/// <summary>What is wrong with a spec or its world is said in one clear message with its place and what mends
/// it; the exit code is 1 and no byte of the world is changed.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string Head =
        "apiVersion: podspace.io/v1alpha1\nkind: OverlayNetwork\nmetadata: {name: prod}\nspec:\n  region: eu-west-1\n";
    private const string Vpc = "  vpc: vpc-09796d57be9cec2d2\n";
    private const string Least = Head + Vpc + "  cluster: prod\n";
    private const string Peer = """
          VpcPeeringConnections:
            - VpcPeeringConnectionId: pcx-0aa36b6cfca793d8d
              RequesterVpcInfo: {VpcId: vpc-09796d57be9cec2d2, CidrBlockSet: [{CidrBlock: 10.196.24.0/24}]}
              AccepterVpcInfo: {VpcId: vpc-0bb36b6cfca793d8d, CidrBlockSet: [{CidrBlock: 100.64.0.0/17}]}
          VpcEndpoints:

        """;

    private readonly string folder = Directory.CreateTempSubdirectory("podspace-bad-").FullName;

    public static TheoryData<string, string, string[]> Specs =>
        new()
        {
            { "empty", "", ["overlay.yaml: error PS0001", "empty", "podspace init"] },
            { "not YAML", "spec: [1, 2\n", ["overlay.yaml(2,1): error PS0002", "not YAML", "bracket"] },
            {
                "list not closed",
                Least + "  zones: [eu-west-1b\n  tags: {a: b}\n",
                ["overlay.yaml(8,10): error PS0002", "not YAML", "bracket", "not closed"]
            },
            {
                "a window",
                Least + "  rollout: {window: Sat 02:00-06:00 Europe/Dublin}\n",
                ["overlay.yaml(8,21): error PS0118", "Sat 02:00-06:00", "one node at a time, at any time", "Leave the key out"]
            },
            {
                "several nodes at a time",
                Least + "  rollout: {maxUnavailable: 2}\n",
                ["overlay.yaml(8,29): error PS0118", "'maxUnavailable' is 2", "Leave the key out"]
            },
            {
                "other kind",
                "apiVersion: v1\nkind: ConfigMap\n",
                ["overlay.yaml(2,7): error PS0004", "\"ConfigMap\"", "kind: OverlayNetwork"]
            },
            { "tabs", "spec:\n\tregion: x\n", ["overlay.yaml(2,1): error PS0002", "tab", "Use spaces."] },
            { "key twice", Least + "  cluster: other\n", ["overlay.yaml(8,3): error PS0007", "cluster", "line 7"] },
            { "unknown key", Least + "  adresses: {}\n", ["overlay.yaml(8,3): error PS0006", "adresses", "addresses"] },
            {
                "short block",
                Least + "  addresses: {blocks: [100.64/10]}\n",
                ["overlay.yaml(8,24): error PS0005", "100.64/10", "100.64.0.0/10"]
            },
            {
                "octal block",
                Least + "  addresses: {blocks: [0100.64.0.0/16]}\n",
                ["overlay.yaml(8,24): error PS0005", "0100.64.0.0/16", "leading zero", "octal"]
            },
            {
                "host bits",
                Least + "  addresses: {blocks: [100.64.1.0/16]}\n",
                ["overlay.yaml(8,24): error PS0005", "100.64.1.0/16", "100.64.0.0/16"]
            },
            {
                "two overlays for a cluster",
                Least + "---\n" + Least.Replace("name: prod", "name: other", StringComparison.Ordinal),
                ["overlay.yaml(15,12): error PS0016", "cluster prod", "Keep one overlay"]
            },
            {
                "no such VPC",
                Head + "  vpc: vpc-0aaaaaaaaaaaaaaaa\n  cluster: prod\n",
                ["overlay.yaml(6,8): error PS1003", "vpc-0aaaaaaaaaaaaaaaa", "aws ec2 describe-vpcs"]
            },
            {
                "no such cluster",
                Head + Vpc + "  cluster: prd\n",
                ["overlay.yaml(7,12): error PS1004", "no cluster prd", "aws eks list-clusters"]
            },
            {
                "no such zone",
                Least + "  zones: [eu-west-1b, eu-west-1f]\n",
                ["overlay.yaml(8,10): error PS1201", "eu-west-1f", "eu-west-1a"]
            },
            {
                "block of the restriction table",
                Least + "  addresses: {pool: [192.168.0.0/16], blocks: [192.168.0.0/16]}\n",
                ["overlay.yaml(8,48): error PS1101", "192.168.0.0/16", "10.196.24.0/24"]
            },
            {
                "block that is there",
                Least + "  addresses: {pool: [10.0.0.0/8], blocks: [10.196.0.0/16]}\n",
                ["overlay.yaml(8,44): error PS1103", "10.196.0.0/16", "10.196.24.0/24"]
            },
        };

    public static TheoryData<string, string, string, string[]> Worlds =>
        new()
        {
            {
                "block that a route forbids",
                "Routes: [{",
                "Routes: [{DestinationCidrBlock: 100.64.0.0/24, TransitGatewayId: tgw-04104cab3948eba42}, {",
                ["PS1102", "100.64.0.0/24", "rtb-07ca0746bf851f443", "aws ec2 "]
            },
            { "block of a peer", "  VpcEndpoints:\n", Peer, ["PS1104", "pcx-0aa36b6cfca793d8d", "100.64.0.0/17"] },
            {
                "quota of blocks",
                "CidrBlock: 10.196.24.0/24}]",
                "CidrBlock: 10.196.24.0/24}, {AssociationId: a-1, CidrBlock: 10.1.0.0/24}, {AssociationId: a-2, CidrBlock: "
                    + "10.2.0.0/24}, {AssociationId: a-3, CidrBlock: 10.3.0.0/24}, {AssociationId: a-4, CidrBlock: 10.4.0.0/24}]",
                ["PS1107", "5 blocks", "the quota is 5", "aws service-quotas request-service-quota-increase"]
            },
        };

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Specs))]
    public Task A_wrong_spec_is_refused_with_its_place_and_what_mends_it(string what, string spec, string[] words) =>
        RefusesAsync(what, spec, DemoCommand.Example("world.yaml"), words);

    [Theory]
    [MemberData(nameof(Worlds))]
    public Task A_spec_that_its_world_forbids_is_refused_naming_what_stands_against_it(
        string what,
        string old,
        string changed,
        string[] words
    )
    {
        var world = DemoCommand.Example("world.yaml");
        Assert.Contains(old, world, StringComparison.Ordinal);
        return RefusesAsync(
            what,
            DemoCommand.Example("overlay.yaml"),
            world.Replace(old, changed, StringComparison.Ordinal),
            ["overlay.yaml(12,2", ": error PS", .. words]
        );
    }

    [Fact]
    public Task A_spec_of_ten_megabytes_is_not_read() =>
        RefusesAsync(
            "10 MB",
            Least + new string('#', 10 << 20),
            DemoCommand.Example("world.yaml"),
            ["overlay.yaml: error PS0003", "10 million characters", "-f"]
        );

    [Theory]
    [InlineData("", "The file is empty")]
    [InlineData("kind: [", "world.yaml(2,1): error PS9001")]
    [InlineData("kind: World\nzones: [{a: b}\nclock: x\n", "world.yaml(2,8): error PS9001")]
    [InlineData("kind: [World\nclock: x\n", "world.yaml(1,7): error PS9001")]
    [InlineData("kind: {a: b\nclock: x\n", "world.yaml(")]
    [InlineData("apiVersion: podspace.io/v1alpha1\nkind: World\nmetadata: {name: x}\nclock: yesterday\n", "world.yaml(4,")]
    public Task A_twin_file_that_is_no_world_is_refused(string world, string word) =>
        RefusesAsync("corrupt world", DemoCommand.Example("overlay.yaml"), world, [word]);

    [Fact]
    public async Task A_twin_file_cut_in_half_is_refused()
    {
        var world = DemoCommand.Example("world.yaml");
        await RefusesAsync("half a world", DemoCommand.Example("overlay.yaml"), world[..(world.Length / 2)], ["world.yaml"]);
    }

    [Fact]
    public async Task A_missing_twin_file_is_named_and_not_made()
    {
        File.WriteAllText(At("overlay.yaml"), DemoCommand.Example("overlay.yaml"));

        var (exit, said) = await RunAsync("apply", "--yes");

        Assert.Equal(ExitCode.Error, exit);
        Assert.Equal(
            "podspace: there is no world file world.yaml. To get a VPC to play with, and its spec:\n" + "  podspace demo --keep demo\n",
            said
        );
        Assert.Equal(["overlay.yaml"], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_twin_file_that_another_command_works_on_is_left_to_it()
    {
        File.WriteAllText(At("world.yaml"), DemoCommand.Example("world.yaml"));
        using var held = TwinFile.Open(At("world.yaml"));
        await RefusesAsync(
            "held world",
            DemoCommand.Example("overlay.yaml"),
            DemoCommand.Example("world.yaml"),
            ["another podspace works on world.yaml right now", "Wait for it to end"]
        );
    }

    [Theory]
    [InlineData("kind: [Load\nhours: 2\n", "load.yaml(1,7): This is not YAML")]
    [InlineData("kind: {a: b\n", "load.yaml(2,1): This is not YAML")]
    [InlineData("kind: \"Load\n", "load.yaml(1,7): This is not YAML")]
    public async Task A_load_that_is_not_YAML_is_refused_with_its_place(string load, string word)
    {
        File.WriteAllText(At("load.yaml"), load);
        await SaysAsync(word, "simulate", "--load", At("load.yaml"));
    }

    [Theory]
    [InlineData("kind: [Faults\nseed: 2\n", "faults.yaml(1,7): error PS9001")]
    [InlineData("kind: {a: b\n", "faults.yaml(2,1): error PS9001")]
    public async Task Faults_that_are_not_YAML_are_refused_with_their_place(string faults, string word)
    {
        File.WriteAllText(At("faults.yaml"), faults);
        await SaysAsync(word, "plan", "--faults", At("faults.yaml"));
    }

    [Fact]
    public async Task Evidence_that_is_not_YAML_is_refused_with_its_place()
    {
        File.WriteAllText(At("evidence.yaml"), "kind: [World\nclock: x\n");
        await SaysAsync("evidence.yaml(1,7): error PS9001", "plan", "--evidence", At("evidence.yaml"));
    }

    private async Task SaysAsync(string word, params string[] command)
    {
        File.WriteAllText(At("overlay.yaml"), DemoCommand.Example("overlay.yaml"));
        File.WriteAllText(At("world.yaml"), DemoCommand.Example("world.yaml"));

        var (exit, said) = await RunAsync(command);

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains(word, said, StringComparison.Ordinal);
        Assert.DoesNotContain("bug", said, StringComparison.Ordinal);
    }

    private string At(string name) => Path.Combine(folder, name);

    private async Task RefusesAsync(string what, string spec, string world, string[] words)
    {
        File.WriteAllText(At("overlay.yaml"), spec);
        File.WriteAllText(At("world.yaml"), world);
        foreach (
            var command in (string[][])
                [
                    ["plan"],
                    ["apply", "--yes", "--stage", "switch"],
                    ["rollout", "start", "--yes"],
                ]
        )
        {
            var (exit, said) = await RunAsync(command);
            TestContext.Current.TestOutputHelper!.WriteLine($"## {what}: {command[0]}\n{said}");
            Assert.True(exit == ExitCode.Error, said);
            Assert.All(words, word => Assert.Contains(word, said, StringComparison.Ordinal));
            Assert.DoesNotContain("warning", said, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
            Assert.Equal(world, await File.ReadAllTextAsync(At("world.yaml")));
        }
    }

    private async Task<(int Exit, string Said)> RunAsync(params string[] command)
    {
        using var said = new StringWriter();
        var exit = await CommandLine.RunAsync(
            [.. command, "-f", At("overlay.yaml"), "--twin", At("world.yaml")],
            new(said, said, TextReader.Null, false)
        );
        return (exit, said.ToString().Replace(folder + "/", "", StringComparison.Ordinal));
    }
}
