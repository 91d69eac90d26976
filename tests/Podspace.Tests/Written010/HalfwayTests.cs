using Podspace.Cli;

namespace Podspace.Tests.Written010;

/// <summary>What a run of 0.1.0 left half-done is gone on with today, and ends as 0.1.0 itself ended.</summary>
[Trait("speed", "slow")]
public sealed class HalfwayTests
{
    public static TheoryData<string> All => [.. Written.Names("halfway", "*.yaml")];

    public static TheoryData<string> Examples => WrittenWorldTests.Examples;

    [Theory]
    [MemberData(nameof(All))]
    public async Task What_was_begun_is_finished_and_ends_the_same(string half)
    {
        var (example, command) = (half.Split(',')[0], half.Split(',')[1]);
        using var run = Written.Run(example, $"halfway/{half}");
        foreach (var line in Rest(half, command))
        {
            var (exit, output, error) = await run.HereAsync(line);
            Assert.True(exit == ExitCode.Fine, $"{line}: {error}{output}");
        }

        Written.Agree(Ending(example, command), run.Read("world.yaml"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task What_was_begun_can_be_undone(string half)
    {
        var example = half.Split(',')[0];
        using var run = Written.Run(example, $"halfway/{half}");
        if (example != "new-cluster")
        {
            var (back, _, problem) = await run.HereAsync("rollout back --yes");
            Assert.True(back == ExitCode.Fine, problem);
        }

        var (exit, output, error) = await run.HereAsync("destroy --yes");

        Assert.True(exit == ExitCode.Fine, error + output);
        Written.Agree(Written.WorldText($"starts/{example}"), run.Read("world.yaml"));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task The_whole_way_ends_where_it_ended(string example)
    {
        using var run = Written.Run(example, $"starts/{example}");

        await AgreesAsync("apply --yes", "applied");
        await AgreesAsync("rollout start --yes", "rolled");

        async Task AgreesAsync(string line, string state)
        {
            if (example == "new-cluster" && state == "rolled")
            {
                return;
            }
            var (exit, output, error) = await run.HereAsync(line);
            Assert.True(exit == ExitCode.Fine, $"{line}: {error}{output}");
            if (File.Exists(Path.Combine(Written.Folder, "worlds", example, $"{state}.yaml")))
            {
                Written.Agree(Written.Text($"worlds/{example}/{state}.yaml"), run.Read("world.yaml"));
            }
        }
    }

    private static string[] Rest(string half, string command) =>
        command switch
        {
            "apply" => ["apply --yes"],
            "switch" => ["apply --yes --stage switch"],
            "rollout" when half.EndsWith("paused", StringComparison.Ordinal) => ["rollout resume --yes"],
            "rollout" => ["rollout start --yes"],
            "back" => ["rollout back --yes", "destroy --yes"],
            _ => ["destroy --yes"],
        };

    /// <summary>Where 0.1.0 ended; after its way back the world was as it began.</summary>
    private static string Ending(string example, string command) =>
        command switch
        {
            "apply" => Written.Text($"worlds/{example}/applied.yaml"),
            "switch" => Written.Text($"worlds/{example}/switched.yaml"),
            "rollout" => Written.Text($"worlds/{example}/rolled.yaml"),
            _ => Written.WorldText($"starts/{example}"),
        };
}
