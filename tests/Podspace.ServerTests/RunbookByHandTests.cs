using System.Diagnostics;
using System.Text.RegularExpressions;
using Podspace.Simulation;
using Podspace.Simulation.State;
using Podspace.Simulation.WorldFile;
using Podspace.Tests;
using Podspace.Twin;
using Podspace.Twin.Kubernetes;

namespace Podspace.ServerTests;

/// <summary>A person with a shell, the real AWS CLI and kubectl does what the rendered
/// runbook says, line by line, and takes it back.</summary>
public sealed partial class RunbookByHandTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    /// <summary>To a second: instances take their time to start.</summary>
    private const double WorldSeconds = 20;

    private readonly string home = Directory.CreateTempSubdirectory("podspace-runbook-").FullName;

    [Theory]
    [InlineData("crowded-vpc", "")]
    // A CNI that finds pods' subnets by tags.
    [InlineData("crowded-vpc", "\n  mode: subnetDiscovery\n", "v1.23.1")]
    // NodeClass and NodePools; nodes go by their claims.
    [InlineData("auto-mode", "")]
    // Both kinds of nodes in one cluster.
    [InlineData("mixed", "")]
    // A group of the pods' own, with rules in the groups that are there; routes; names that a shell would act on.
    [InlineData(
        "self-managed",
        "\n  security: {pods: dedicated}\n  routing: {source: pod, routes: [{to: 0.0.0.0/0, via: "
            + "tgw-04104cab3948eba42}]}\n  tags: {owner: \"it's $HOME `id` & <co>\"}\n"
    )]
    public async Task What_a_runbook_says_leads_there_and_back(string example, string more, string? cni = null)
    {
        var (spec, before) = (Read(example, "overlay.yaml") + more, Read(example, "world.yaml"));
        before = cni is null ? before : before.Replace("v1.20.4", cni, StringComparison.Ordinal);
        var world = new World(State(before), TimeProvider.System, WorldSeconds);
        await using var server = await TwinServer.StartAsync(
            world,
            new KubernetesEndpoint(world),
            new() { OnFault = fault => Assert.Fail(fault.ToString()) },
            TestContext.Current.CancellationToken
        );
        using var podspace = new PodspaceProgram(server, spec);
        await File.WriteAllTextAsync(Path.Combine(home, "kubeconfig"), server.Kubeconfig, TestContext.Current.CancellationToken);
        var rendered = await podspace.RunAsync("render runbook");
        Assert.True(rendered.Code == 0, rendered.Output + rendered.Errors);
        var blocks = Blocks(rendered.Output);

        await RunAsync(
            server,
            [
                blocks["Where you are"],
                .. Steps(blocks)
                    .SelectMany(step =>
                        (string[])[blocks[$"Step {step}: AWS CLI and kubectl"], blocks.GetValueOrDefault($"Step {step}: check", "")]
                    ),
            ]
        );

        var verified = await podspace.RunAsync("verify");
        Assert.True(verified.Code == 0, verified.Output + verified.Errors);
        var plan = await podspace.RunAsync("plan --detailed-exitcode");
        Assert.True(plan.Code == 0, plan.Output + plan.Errors);
        Assert.Contains("Nothing to do", plan.Output, StringComparison.Ordinal);

        await RunAsync(
            server,
            [
                blocks["Where you are"],
                blocks["In a new window, first the ids again"],
                .. Back(rendered.Output).Select(step => blocks[$"Step {step}: undo"]),
            ]
        );

        // What nobody stores, such as the pods of a DaemonSet, comes when a world wakes up.
        var untouched = new World(State(before));
        untouched.Advance(TimeSpan.FromHours(1));
        var left = await LeftAsync(world, untouched.State);
        Assert.True(left.Length == 0, left);
    }

    public void Dispose() => Directory.Delete(home, recursive: true);

    /// <summary>What is asked for ends within a second or so.</summary>
    private static async Task<string> LeftAsync(World world, WorldState before)
    {
        var left = "";
        for (var looks = 0; looks < 60; looks++)
        {
            lock (world.Gate)
            {
                left = string.Join('\n', WorldComparison.Differences(before, world.State));
            }
            if (left.Length == 0)
            {
                break;
            }
            await Task.Delay(500, TestContext.Current.CancellationToken);
        }
        return left;
    }

    // The AWS CLI of some distributions knows its endpoint only by an option.
    private async Task RunAsync(TwinServer server, IEnumerable<string> lines)
    {
        var script = Path.Combine(home, "runbook.sh");
        await File.WriteAllTextAsync(
            script,
            $"set -eu\naws() {{ {AwsCli.Program} --endpoint-url {server.AwsUrl} \"$@\"; }}\n{string.Join('\n', lines)}\n",
            TestContext.Current.CancellationToken
        );
        var start = new ProcessStartInfo("bash")
        {
            WorkingDirectory = home,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("-x");
        start.ArgumentList.Add(script);
        foreach (var (name, value) in Settings())
        {
            start.Environment[name] = value;
        }
        start.Environment.Remove("AWS_PROFILE");
        start.Environment.Remove("AWS_SESSION_TOKEN");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
        Assert.True(process.ExitCode == 0, $"{await output}\n{await errors}");
    }

    private IEnumerable<(string, string)> Settings() =>
        [
            ("HOME", home),
            ("KUBECONFIG", Path.Combine(home, "kubeconfig")),
            ("AWS_ACCESS_KEY_ID", "TWIN"),
            ("AWS_SECRET_ACCESS_KEY", "twin"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_CONFIG_FILE", "/nonexistent"),
            ("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent"),
        ];

    /// <summary>Blocks of shell lines, by the label above each.</summary>
    private static Dictionary<string, string> Blocks(string markdown) =>
        Labelled()
            .Matches(markdown)
            .DistinctBy(match => match.Groups[1].Value)
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value, StringComparer.Ordinal);

    private static IEnumerable<int> Steps(Dictionary<string, string> blocks) =>
        Enumerable.Range(1, 20).TakeWhile(step => blocks.ContainsKey($"Step {step}: AWS CLI and kubectl"));

    private static IEnumerable<int> Back(string markdown) =>
        BackOrder()
            .Matches(markdown[markdown.IndexOf("## The way back", StringComparison.Ordinal)..])
            .Select(match => int.Parse(match.Groups[1].Value));

    private static string Read(string example, string file) =>
        File.ReadAllText(Path.Combine(GuideServer.Checkout(), "examples", example, file));

    private static WorldState State(string text) =>
        WorldReader.Read(text, "world.yaml").Ok(out var state) ? state : throw new InvalidOperationException("The example does not load.");

    [GeneratedRegex(@"^\*\*([^\n*]+)\*\*\n\n```sh\n(.*?)\n```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Labelled();

    [GeneratedRegex(@"^\d+\. Step (\d+): ", RegexOptions.Multiline)]
    private static partial Regex BackOrder();
}
