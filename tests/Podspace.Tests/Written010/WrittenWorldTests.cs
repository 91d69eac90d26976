using Podspace.Cli;
using Podspace.Simulation.WorldFile;

namespace Podspace.Tests.Written010;

public sealed class WrittenWorldTests
{
    public static TheoryData<string> Worlds =>
        [
            .. Directory
                .EnumerateFiles(Written.Folder, "*.yaml", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Written.Folder, file)[..^".yaml".Length])
                .Where(file =>
                    file.Split('/')[0] is "worlds" or "halfway" or "snapshots" || file.EndsWith(".world", StringComparison.Ordinal)
                )
                .Order(StringComparer.Ordinal),
        ];

    public static TheoryData<string> Examples =>
        [
            .. Directory
                .EnumerateDirectories(Path.Combine(Written.Folder, "worlds"))
                .Select(folder => Path.GetFileName(folder))
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Worlds))]
    public void A_world_is_read_and_saved_as_the_same_bytes(string world)
    {
        var text = Written.Text($"{world}.yaml");
        var read = WorldReader.Read(text, "world.yaml");

        Assert.True(read.Ok(out var state), string.Join('\n', read.Findings));
        Assert.Equal(text, WorldWriter.Write(state));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task An_overlay_that_was_made_is_as_it_should_be(string example)
    {
        foreach (var state in Written.Names($"worlds/{example}", "*.yaml").Where(state => state != "switched"))
        {
            using var run = Written.Run(example, $"worlds/{example}/{state}");

            var (exit, output, error) = await run.HereAsync("plan --detailed-exitcode --stage admit");

            Assert.True(exit == ExitCode.Fine, $"{state}: {error}{output}");
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Pods_that_were_moved_live_in_their_overlay(string example)
    {
        if (example == "new-cluster")
        {
            return;
        }
        using var run = Written.Run(example, $"worlds/{example}/rolled");

        var (exit, output, error) = await run.HereAsync("verify");

        Assert.True(exit == ExitCode.Fine, error + output);
    }

    [Fact]
    public async Task What_was_rendered_and_nobody_edited_is_written_over()
    {
        using var run = Written.Run("crowded-vpc", "starts/crowded-vpc");
        Directory.CreateDirectory(run.At("rendered"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Written.Folder, "rendered")))
        {
            File.Copy(file, Path.Combine(run.At("rendered"), Path.GetFileName(file)));
        }

        var (exit, _, error) = await run.HereAsync("render terraform --out @rendered");
        run.Write("rendered/pod-network.tf", run.Read("rendered/pod-network.tf") + "# by hand\n");
        var (edited, _, refused) = await run.HereAsync("render terraform --out @rendered");

        Assert.True(exit == ExitCode.Fine, error);
        Assert.Equal(ExitCode.Error, edited);
        Assert.Contains("--force", refused, StringComparison.Ordinal);
    }
}
