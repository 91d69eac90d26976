using System.Diagnostics;

namespace Podspace.Tests.Cli;

/// <summary>The checkout's own launcher in a small checkout, before a <c>dotnet</c> that
/// writes down how often it was asked to build.</summary>
public sealed class LauncherTests : IDisposable
{
    private readonly string checkout = Directory.CreateTempSubdirectory("podspace-launcher-").FullName;

    public LauncherTests()
    {
        foreach (
            var file in (string[])
                [
                    "Directory.Build.props",
                    "Directory.Packages.props",
                    "global.json",
                    "docs/findings.md",
                    "src/Podspace.Cli/Program.cs",
                    "src/Podspace.Core/Cidr.cs",
                    "examples/crowded-vpc/world.yaml",
                ]
        )
        {
            Write(file, "as committed");
        }
        File.Copy(Path.Combine(Golden.Checkout(), "podspace"), At("podspace"));
        Write(
            "bin/dotnet",
            """
            #!/bin/sh
            echo "$*" >>"$BUILDS"
            [ ! -e "$BUILDS.fails" ] || { echo "Cidr.cs(1,1): error CS1002: ; expected"; exit 1; }
            quick=$(echo "$*" | sed 's/.*-p:ArtifactsPath=\([^ ]*\).*/\1/')/bin/Podspace.Cli/debug
            mkdir -p "$quick"
            printf '#!/bin/sh\necho "ran $*"\n' >"$quick/podspace"
            chmod +x "$quick/podspace"
            """
        );
        Process.Start("chmod", ["+x", At("bin/dotnet")]).WaitForExit();
        Run("version");
    }

    [Fact]
    public void The_first_command_says_that_it_builds_and_later_ones_just_run()
    {
        var (exit, output, errors) = Run("plan -f overlay.yaml");

        Assert.Equal((0, "ran plan -f overlay.yaml\n", ""), (exit, output, errors));
        Assert.Equal(1, Builds());
    }

    [Fact]
    public void Whatever_is_looked_at_or_edited_among_the_examples_builds_nothing()
    {
        Write("examples/crowded-vpc/world.yaml.lock", "");
        Write("examples/crowded-vpc/world.yaml", "after apply");
        Write("examples/mine/overlay.yaml", "new");
        Directory.SetLastWriteTimeUtc(At("examples/crowded-vpc"), DateTime.UtcNow.AddHours(1));

        Run("plan");

        Assert.Equal(1, Builds());
    }

    [Fact]
    public void Folders_and_lock_files_of_the_sources_build_nothing()
    {
        Write("src/Podspace.Core/world.yaml.lock", "");
        Directory.SetLastWriteTimeUtc(At("src/Podspace.Core"), DateTime.UtcNow.AddHours(1));

        Run("plan");

        Assert.Equal(1, Builds());
    }

    [Fact]
    public void A_source_that_is_edited_builds_once()
    {
        File.SetLastWriteTimeUtc(At("src/Podspace.Core/Cidr.cs"), DateTime.UtcNow.AddSeconds(-1));
        File.SetLastWriteTimeUtc(At("artifacts/quick/bin/Podspace.Cli/debug/podspace.sources"), DateTime.UtcNow.AddSeconds(-2));

        var (_, _, errors) = Run("plan");
        Run("plan");

        Assert.StartsWith("podspace: building, once per change", errors, StringComparison.Ordinal);
        Assert.Equal(2, Builds());
    }

    [Fact]
    public void A_source_that_is_added_or_deleted_or_renamed_with_its_old_date_builds_once_each()
    {
        Write("src/Podspace.Core/Old.cs", "from a stash");
        File.SetLastWriteTimeUtc(At("src/Podspace.Core/Old.cs"), DateTime.UtcNow.AddDays(-1));
        Run("plan");
        File.Move(At("src/Podspace.Core/Old.cs"), At("src/Podspace.Core/Older.cs"));
        Run("plan");
        File.Delete(At("src/Podspace.Core/Older.cs"));
        Run("plan");
        Run("plan");

        Assert.Equal(4, Builds());
    }

    [Fact]
    public void A_build_that_fails_is_told_with_its_errors_runs_nothing_and_is_tried_again()
    {
        Write("src/Podspace.Core/Cidr.cs", "edited");
        Write("src/Podspace.Core/More.cs", "added");
        Write("builds.fails", "");
        var (exit, output, errors) = Run("plan");
        File.Delete(At("builds.fails"));

        Assert.Equal((1, ""), (exit, output));
        Assert.Contains("error CS1002", errors, StringComparison.Ordinal);
        Assert.Contains("artifacts/build.log", errors, StringComparison.Ordinal);
        Assert.Equal(0, Run("plan").Exit);
    }

    [Fact]
    public void It_is_the_same_program_from_every_folder()
    {
        var start = Started("-c \"../podspace version\"");
        start.FileName = "sh";
        start.WorkingDirectory = At("src");

        Assert.Equal("ran version\n", Run(start).Output);
        Assert.Equal(1, Builds());
    }

    [Theory]
    [InlineData("overlay.yaml")]
    [InlineData("world.yaml")]
    public void The_demo_shows_the_example_that_stands_in_the_examples(string file) =>
        Assert.Equal(
            File.ReadAllText(Path.Combine(Golden.Checkout(), "examples", "crowded-vpc", file)),
            File.ReadAllText(Path.Combine(Golden.Checkout(), "src", "Podspace.Cli", "Demo", file))
        );

    public void Dispose() => Directory.Delete(checkout, recursive: true);

    private string At(string file) => Path.Combine(checkout, file);

    private int Builds() => File.ReadAllLines(At("builds")).Length;

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(file))!);
        File.WriteAllText(At(file), text.ReplaceLineEndings("\n"));
    }

    private ProcessStartInfo Started(string line)
    {
        var start = new ProcessStartInfo(At("podspace"), line)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = checkout,
        };
        start.Environment["PATH"] = $"{At("bin")}:{start.Environment["PATH"]}";
        start.Environment["BUILDS"] = At("builds");
        return start;
    }

    private (int Exit, string Output, string Errors) Run(string line) => Run(Started(line));

    private static (int Exit, string Output, string Errors) Run(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
