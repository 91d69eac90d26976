using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Podspace.Cli;
using Podspace.Formats;
using Podspace.Formats.Yaml;
using Podspace.Simulation.Faults;
using Podspace.Simulation.WorldFile;
using Podspace.Steps;
using Podspace.Tests.Applying;
using Podspace.Twin.Aws;
using Podspace.Twin.Faults;

namespace Podspace.Tests.Simulation;

/// <summary>Faults files, and what each fault does to an apply.</summary>
public sealed class FaultTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static string Page => File.ReadAllText(Path.Combine(Golden.Checkout(), "docs", "faults.md"));

    [Fact]
    public void The_schema_in_docs_is_in_step_with_the_plan() =>
        Golden.Matches(WorldSchema.RenderFaults().ToJsonString(Indented) + "\n", "../../docs/faults.schema.json");

    [Fact]
    public void Every_fault_and_every_key_is_explained()
    {
        var definitions = WorldSchema.RenderFaults()["definitions"]!;
        var keys = definitions["FaultPlan"]!["properties"]!
            .AsObject()
            .Concat(definitions["FaultRule"]!["properties"]!.AsObject())
            .Select(key => key.Key);
        Assert.All(FaultKinds.All.Concat(keys), word => Assert.Contains($"`{word}`", Page, StringComparison.Ordinal));
    }

    [Fact]
    public void The_example_in_docs_can_be_read_and_fits_the_schema()
    {
        var example = Page.Split("```yaml\n")[1].Split("```")[0];

        Assert.Equal(3, Read(example).Rules.Count);
        Assert.Empty(JsonSchema.Check(WorldSchema.RenderFaults(), YamlJson.Read(example)));
    }

    [Theory]
    [InlineData("rules: [{fault: thrttle}]", "thrttle is no fault.")]
    [InlineData("rules: [{service: ec2}]", "The rule does not say what goes wrong.")]
    [InlineData("rules: [{fault: lost, service: s3}]", "s3 is no service of a world.")]
    [InlineData(
        "rules: [{fault: stale, service: eks}]",
        "eks has no stale reads: only EC2 is documented to answer with what was there a moment ago."
    )]
    [InlineData("rules: [{fault: lost, percent: 0}]", "0 is no number of calls in a hundred.")]
    [InlineData("rules: [{fault: lost, nth: [0]}]", "The number is too small.")]
    [InlineData("rules: [{fault: lost, only: wrote}]", "wrote is no kind of call.")]
    [InlineData("rules: [{fault: lost, code: Nope}]", "A code of one's own goes with fault: error, and a status from 400 to 599.")]
    [InlineData("rules: [{fault: lost, often: 3}]", "often is no key of this place.")]
    [InlineData("delays: {block-asociated: 3}", "block-asociated is no change that takes time here.")]
    public void What_a_file_gets_wrong_is_named_with_its_line(string text, string problem)
    {
        var read = FaultReader.Read($"apiVersion: podspace.io/v1alpha1\nkind: Faults\n{text}\n", "faults.yaml");

        var finding = Assert.Single(read.Findings);
        Assert.Equal(problem, finding.Problem);
        Assert.Equal(3, finding.Place!.Line);
    }

    [Fact]
    public void A_world_is_no_faults_file() =>
        Assert.Equal("PS9003", Assert.Single(FaultReader.Read(Worlds.Text("crowded-vpc"), "world.yaml").Findings).Code);

    [Theory]
    [InlineData("{fault: throttle, percent: 30}")]
    [InlineData("{fault: error, percent: 30}")]
    [InlineData("{fault: reset, percent: 30}")]
    [InlineData("{fault: timeout, percent: 10}")]
    [InlineData("{fault: slow, seconds: 3}")]
    [InlineData("{fault: lost, only: writes, percent: 40}")]
    [InlineData("{fault: stale, service: ec2, percent: 60, seconds: 8}")]
    [InlineData("{fault: down, service: kubernetes, nth: [20], seconds: 15}")]
    [InlineData("{fault: down, service: ec2, nth: [40], seconds: 15}")]
    public async Task An_apply_gets_over_what_passes(string rule)
    {
        using var calm = new Bench(Guide.World());
        await calm.ApplyAsync(Guide.Spec, Stage.Switch);
        using var bench = new Bench(Guide.World());

        var (exit, said, hits) = await ApplyAsync(bench, $"rules: [{rule}]");

        Assert.True(exit == ExitCode.Fine, said);
        Assert.True(hits > 0, "nothing went wrong");
        Assert.Empty(WorldComparison.Differences(calm.World.State, bench.World.State));
    }

    [Theory]
    [InlineData("{fault: deny, operation: CreateSubnet, only: writes}", "UnauthorizedOperation")]
    [InlineData(
        "{fault: error, operation: CreateRouteTable, only: writes, code: RouteTableLimitExceeded, message: "
            + "The maximum number of route tables has been reached.}",
        "RouteTableLimitExceeded — The maximum number of route tables has been reached."
    )]
    [InlineData("{fault: down, service: kubernetes, operation: create configmaps, seconds: 600}", "NoAnswer")]
    public async Task What_does_not_pass_is_one_clear_refusal_and_the_next_apply_goes_on(string rule, string words)
    {
        using var bench = new Bench(Guide.World());

        var (exit, said, _) = await ApplyAsync(bench, $"rules: [{rule}]");

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains(words, said, StringComparison.Ordinal);
        Assert.Contains(
            "Not all of it was done. What was done stays; the same command goes on from there.",
            said,
            StringComparison.Ordinal
        );
        Assert.True(await bench.ApplyAsync(Guide.Spec, Stage.Switch) == ExitCode.Fine, bench.Said);
    }

    [Fact]
    public async Task The_same_seed_hits_the_same_calls()
    {
        var stories = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var bench = new Bench(Guide.World());
            var (_, said, hits) = await ApplyAsync(
                bench,
                "seed: 11\nrules: [{fault: throttle, only: writes, percent: 20}, {fault: lost, service: ec2, only: writes, percent: 20}]"
            );
            stories.Add($"{hits} {string.Join('\n', said.Split('\n').Order(StringComparer.Ordinal))}");
        }
        Assert.Equal(stories[0], stories[1]);
    }

    [Fact]
    public async Task Realistic_delays_take_the_worlds_time_and_nobody_elses()
    {
        using var bench = new Bench(Guide.World());
        var start = bench.World.State.Clock;

        var (exit, said, _) = await ApplyAsync(bench, "realistic: true");

        Assert.True(exit == ExitCode.Fine, said);
        Assert.InRange(bench.World.State.Clock - start, TimeSpan.FromSeconds(70), TimeSpan.FromMinutes(20));
        Assert.Contains(
            bench.World.State.Pending,
            pending => pending.Change == "block-known" && pending.At - bench.World.State.Clock > TimeSpan.FromMinutes(39)
        );
    }

    [Fact]
    public async Task A_read_right_after_a_write_may_not_see_it()
    {
        var world = Guide.World();
        var endpoint = FaultyEndpoint.OfAws(new AwsEndpoint(world), world, new Faults(world, Read("rules: [{fault: stale, seconds: 5}]")));
        var before = await GroupsAsync(endpoint);

        await AskAsync(endpoint, $"Action=CreateRouteTable&VpcId={Guide.Spec.Vpc}");
        var created = await AskAsync(endpoint, $"Action=CreateSecurityGroup&VpcId={Guide.Spec.Vpc}&GroupName=new&GroupDescription=new");
        var group = created.Split("<groupId>")[1].Split("</groupId>")[0];

        Assert.DoesNotContain(group, await GroupsAsync(endpoint), StringComparison.Ordinal);
        Assert.Equal(before, await GroupsAsync(endpoint));
        Assert.Contains(
            "InvalidGroup.NotFound",
            await AskAsync(endpoint, $"Action=DeleteSecurityGroup&GroupId={group}"),
            StringComparison.Ordinal
        );
        world.Advance(TimeSpan.FromSeconds(6));
        Assert.Contains(group, await GroupsAsync(endpoint), StringComparison.Ordinal);
    }

    private static Task<string> GroupsAsync(FaultyEndpoint endpoint) => AskAsync(endpoint, "Action=DescribeSecurityGroups");

    private static async Task<string> AskAsync(FaultyEndpoint endpoint, string form)
    {
        var answer = await endpoint.HandleAsync(
            new("POST", "/", "", new Dictionary<string, string>(), Encoding.UTF8.GetBytes($"{form}&Version=2016-11-15")),
            default
        );
        return Regex.Replace(Encoding.UTF8.GetString(answer.Body.Span), "<requestId>[^<]*</requestId>", "");
    }

    private static FaultPlan Read(string text)
    {
        var read = FaultReader.Read(
            text.StartsWith("apiVersion", StringComparison.Ordinal) ? text : $"apiVersion: podspace.io/v1alpha1\nkind: Faults\n{text}\n",
            "faults.yaml"
        );
        Assert.True(read.Ok(out var plan), string.Join('\n', read.Findings));
        return plan;
    }

    private static async Task<(int Exit, string Said, int Hits)> ApplyAsync(Bench bench, string text)
    {
        var faults = new Faults(bench.World, Read(text));
        using var wire = Connections.Wire(bench.World, faults);
        using var words = new StringWriter();
        var exit = await bench.ApplyAsAsync("test", Guide.Spec, Stage.Switch, words, _ => wire);
        return (exit, words.ToString(), faults.Hits);
    }
}
