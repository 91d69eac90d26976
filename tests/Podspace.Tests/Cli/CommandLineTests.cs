using System.Text.RegularExpressions;
using Podspace.Cli;

namespace Podspace.Tests.Cli;

public sealed class CommandLineTests
{
    [Fact]
    public async Task The_version_is_one_line()
    {
        var (exit, output, error) = await RunAsync("version");

        Assert.Equal(ExitCode.Fine, exit);
        Assert.Matches(@"^podspace \d+\.\d+\.\d+\n$", output);
        Assert.Empty(error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("plan")]
    [InlineData("apply")]
    [InlineData("destroy")]
    [InlineData("verify")]
    [InlineData("capacity")]
    [InlineData("simulate")]
    [InlineData("lab run")]
    [InlineData("lab shell")]
    [InlineData("lab down")]
    [InlineData("forecast")]
    [InlineData("grow")]
    [InlineData("rollout")]
    [InlineData("rollout start")]
    [InlineData("rollout pause")]
    [InlineData("rollout resume")]
    [InlineData("trace")]
    [InlineData("doctor")]
    [InlineData("twin serve")]
    [InlineData("demo")]
    [InlineData("render")]
    [InlineData("init")]
    [InlineData("snapshot")]
    [InlineData("render map")]
    [InlineData("news")]
    public async Task Help_says_what_a_command_does(string command)
    {
        var (exit, output, _) = await RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.Equal(ExitCode.Fine, exit);
        Golden.Matches(output, $"Cli/help/{(command.Length == 0 ? "podspace" : command.Replace(' ', '-'))}.golden");
    }

    [Theory]
    [InlineData("plna", "plan")]
    [InlineData("apply --stage nodes", "'admit'")]
    [InlineData("twin serve", "--world")]
    [InlineData("render", "\n  podspace render terraform\n")]
    [InlineData("trace pod", "\n  podspace trace --help\n")]
    public async Task A_mistyped_command_is_told_in_a_few_lines_and_not_in_a_page_of_help(string command, string mend)
    {
        var (exit, output, error) = await RunAsync(command.Split(' '));

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains(mend, output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("Usage:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_spec_is_said_in_one_line_and_nothing_else_happens()
    {
        var (exit, output, error) = await RunAsync("plan", "-f", "no-such-file.yaml");

        Assert.Equal(ExitCode.Error, exit);
        Assert.Empty(output);
        Assert.Equal("podspace: there is no file no-such-file.yaml. Name your spec with -f, or write one:\n" + "  podspace init\n", error);
    }

    [Fact]
    public async Task The_plan_of_the_guide_reads_as_it_should()
    {
        using var folder = new Folder();
        var (exit, output, _) = await RunAsync("plan", "-f", folder.File("overlay.yaml"), "--twin", folder.File("world.yaml"));

        Assert.Equal(ExitCode.Fine, exit);
        Golden.Matches(folder.Out(output), "Cli/plan.golden");
    }

    [Fact]
    public async Task The_plan_of_the_guide_is_also_to_be_had_as_JSON()
    {
        using var folder = new Folder();
        var (exit, output, error) = await RunAsync(
            "plan",
            "-f",
            folder.File("overlay.yaml"),
            "--twin",
            folder.File("world.yaml"),
            "-o",
            "json",
            "--detailed-exitcode"
        );

        Assert.Equal(ExitCode.Something, exit);
        Assert.Empty(error);
        Golden.Matches(folder.Out(output), "Cli/plan.json.golden");
    }

    [Fact]
    public async Task Without_a_terminal_nothing_is_changed_unless_yes_was_said()
    {
        using var folder = new Folder();
        var before = await System.IO.File.ReadAllTextAsync(folder.File("world.yaml"));

        var (exit, _, error) = await RunAsync("apply", "-f", folder.File("overlay.yaml"), "--twin", folder.File("world.yaml"));

        Assert.Equal(ExitCode.Error, exit);
        Assert.EndsWith("Add --yes.\n", error, StringComparison.Ordinal);
        Assert.Equal(before, await System.IO.File.ReadAllTextAsync(folder.File("world.yaml")));
    }

    [Fact]
    [Trait("speed", "slow")]
    public async Task A_twin_file_carries_the_whole_job_from_command_to_command()
    {
        using var folder = new Folder();
        string[] where = ["-f", folder.File("overlay.yaml"), "--twin", folder.File("world.yaml")];

        foreach (
            var (command, expected) in ((string, int)[])
                [
                    ("apply --yes", 0),
                    ("verify", 2),
                    ("rollout start --yes", 0),
                    ("verify", 0),
                    ("rollout status", 0),
                    ("plan --detailed-exitcode", 0),
                ]
        )
        {
            var (exit, output, error) = await RunAsync([.. command.Split(' '), .. where]);
            Assert.True(exit == expected, $"{command}: {exit}\n{output}{error}");
        }
    }

    private static async Task<(int Exit, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await CommandLine.RunAsync(args, new(output, error, TextReader.Null, false));
        return (exit, output.ToString(), error.ToString());
    }

    /// <summary>The shipped example in a folder of its own.</summary>
    private sealed class Folder : IDisposable
    {
        private readonly string path = Directory.CreateTempSubdirectory("podspace-test-").FullName;

        public Folder()
        {
            foreach (var name in (string[])["overlay.yaml", "world.yaml"])
            {
                System.IO.File.WriteAllText(File(name), DemoCommand.Example(name));
            }
        }

        public string File(string name) => Path.Combine(path, name);

        /// <summary>The text without the folder's name, which is another one each time, and without the
        /// fingerprint, which follows from every byte of the example.</summary>
        public string Out(string text) =>
            Regex.Replace(
                text.Replace(path + "/", "", StringComparison.Ordinal),
                @"""fingerprint"": ""[0-9a-f]{16}""",
                @"""fingerprint"": ""…"""
            );

        public void Dispose() => Directory.Delete(path, recursive: true);
    }
}
