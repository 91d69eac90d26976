using Podspace.Cli;

namespace Podspace.Tests.Cli;

/// <summary><c>render … --out</c>: files are written whole or not at all, and a person's edits are theirs.</summary>
public sealed class RenderOutputTests
{
    [Theory]
    [InlineData("terraform", "pod-network.tf pod-network-imports.tf")]
    [InlineData("terraform --json", "pod-network.tf.json")]
    [InlineData("kubernetes", "pod-network.yaml")]
    [InlineData("addon", "vpc-cni-values.json")]
    [InlineData("map", "address-map.svg")]
    public async Task What_would_be_printed_stands_in_the_files(string form, string files)
    {
        using var run = new CommandRun();
        // Else the add-on writes them.
        run.Write("overlay.yaml", run.Read("overlay.yaml") + (form == "kubernetes" ? "  cni: {eniConfigs: objects}\n" : ""));
        var (_, printed, _) = await run.HereAsync($"render {form}");

        var (exit, output, error) = await run.HereAsync($"render {form} --out @made");

        Assert.True(exit == ExitCode.Fine, error);
        var written = files.Split(' ');
        Assert.Equal(printed, string.Join('\n', written.Select(file => run.Read($"made/{file}"))));
        Assert.Equal(
            [.. written, RenderedFolder.List],
            Directory
                .GetFiles(run.At("made"))
                .Select(file => Path.GetFileName(file)!)
                .Order(StringComparer.Ordinal)
                .OrderBy(file => Array.IndexOf([.. written, RenderedFolder.List], file))
        );
        Assert.Equal(written.Length, output.Split("written: ").Length - 1);
    }

    [Fact]
    public async Task What_the_add_on_writes_is_not_printed_for_a_second_writer()
    {
        using var run = new CommandRun();

        var (exit, output, error) = await run.HereAsync("render kubernetes");

        Assert.Equal((ExitCode.Error, ""), (exit, output));
        Assert.Contains("podspace render addon", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("iam", "policy.json")]
    [InlineData("rbac", "rbac.yaml")]
    [InlineData("schema", "overlaynetwork.schema.json")]
    public async Task What_needs_no_world_is_written_without_one(string form, string file)
    {
        using var run = new CommandRun();
        var words = form == "schema" ? "" : " -f @overlay.yaml";

        var (exit, _, error) = await run.RunAsync($"render {form} --out @made{words}");

        Assert.True(exit == ExitCode.Fine, error);
        Assert.Equal((await run.RunAsync($"render {form}{words}")).Output, run.Read($"made/{file}"));
    }

    [Fact]
    public async Task A_module_is_written_with_a_call_of_it_for_this_overlay()
    {
        using var run = new CommandRun();

        var (exit, _, error) = await run.HereAsync("render terraform --style module --out @made");

        Assert.True(exit == ExitCode.Fine, error);
        Assert.All(
            ["versions.tf", "variables.tf", "main.tf", "outputs.tf"],
            file => Assert.DoesNotContain("vpc-09796d57be9cec2d2", run.Read($"made/{file}"), StringComparison.Ordinal)
        );
        Assert.Contains("\n  vpc_id       = \"vpc-09796d57be9cec2d2\"\n", run.Read("made/examples/prod/main.tf"), StringComparison.Ordinal);
        Assert.Contains("\"eu-west-1b\" = {\n      cidr_block = \"100.64.0.0/18\"\n", run.Read("made/README.md"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Name a folder for them:\n  podspace render terraform --style module --out FOLDER")]
    [InlineData("--json --out @made", "a module is read by people")]
    public async Task A_module_is_files_for_people(string words, string problem)
    {
        using var run = new CommandRun();

        var (exit, _, error) = await run.HereAsync($"render terraform --style module {words}");

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains(problem, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_overlays_each_has_a_folder()
    {
        using var run = new CommandRun();
        run.Write(
            "second.yaml",
            "apiVersion: podspace.io/v1alpha1\nkind: OverlayNetwork\nmetadata: {name: second}\nspec: {region: "
                + "eu-west-1, vpc: vpc-09796d57be9cec2d2, zones: [eu-west-1b, eu-west-1c]}\n"
        );

        var (exit, _, error) = await run.RunAsync("render terraform --out @made -f @overlay.yaml -f @second.yaml --twin @world.yaml");

        Assert.True(exit == ExitCode.Fine, error);
        Assert.True(File.Exists(run.At("made/prod/pod-network.tf")) && File.Exists(run.At("made/second/pod-network.tf")));
    }

    [Fact]
    public async Task An_edited_file_is_kept_until_it_is_forced_and_nothing_else_is_touched_either()
    {
        using var run = new CommandRun();
        await run.HereAsync("render terraform --out @made");
        var first = run.Read("made/pod-network.tf");
        run.Write("made/pod-network.tf", first + "# mine\n");
        run.Write("overlay.yaml", run.Read("overlay.yaml") + "  tags: {team: net}\n");

        var (exit, _, error) = await run.HereAsync("render terraform --out @made");

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains(
            "1 file is not as podspace render left it, so nothing was written:\n  made/pod-network.tf\n",
            error,
            StringComparison.Ordinal
        );
        Assert.Equal(first + "# mine\n", run.Read("made/pod-network.tf"));

        (exit, var output, error) = await run.HereAsync("render terraform --out @made --force");

        Assert.True(exit == ExitCode.Fine, error);
        Assert.Contains("replaced: made/pod-network.tf\n", output, StringComparison.Ordinal);
        Assert.Contains("unchanged: made/pod-network-imports.tf\n", output, StringComparison.Ordinal);
        Assert.Contains("team", run.Read("made/pod-network.tf"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_somebody_else_put_there_is_not_overwritten()
    {
        using var run = new CommandRun();
        Directory.CreateDirectory(run.At("made"));
        run.Write("made/pod-network.tf", "# theirs\n");

        var (exit, _, _) = await run.HereAsync("render terraform --out @made");

        Assert.Equal(ExitCode.Error, exit);
        Assert.Equal("# theirs\n", run.Read("made/pod-network.tf"));
        Assert.Equal(["pod-network.tf"], Directory.GetFiles(run.At("made")).Select(Path.GetFileName));
    }

    [Fact]
    public void A_checkout_that_ends_lines_in_another_way_is_no_edit()
    {
        using var run = new CommandRun();
        var folder = new RenderedFolder(run.At("made"));
        folder.Write([new("a.tf", "one\ntwo\n")], false);
        run.Write("made/a.tf", "one\r\ntwo\r\n");

        folder.Write([new("a.tf", "three\n")], false);

        Assert.Equal("three\n", run.Read("made/a.tf"));
    }

    [Fact]
    public void What_is_no_longer_rendered_goes_unless_it_was_edited()
    {
        using var run = new CommandRun();
        var folder = new RenderedFolder(run.At("made"));
        folder.Write([new("a.tf", "a"), new("deep/b.tf", "b"), new("c.tf", "c")], false);
        run.Write("made/c.tf", "mine");

        Assert.Contains(
            "c.tf",
            Assert.Throws<UsageException>(() => folder.Write([new("a.tf", "a")], false)).Message,
            StringComparison.Ordinal
        );
        Assert.True(File.Exists(run.At("made/deep/b.tf")));

        folder.Write([new("a.tf", "a"), new("c.tf", "c")], true);
        Assert.False(File.Exists(run.At("made/deep/b.tf")));
        Assert.Equal("c", run.Read("made/c.tf"));
    }

    [Fact]
    public void A_run_that_was_cut_between_two_files_leaves_nothing_that_looks_edited()
    {
        using var run = new CommandRun();
        var folder = new RenderedFolder(run.At("made"));
        folder.Write([new("a.tf", "old a"), new("b.tf", "old b")], false);
        // The second file cannot be put in its place: a folder stands there.
        File.Delete(run.At("made/b.tf"));
        Directory.CreateDirectory(run.At("made/b.tf"));

        Assert.Throws<UsageException>(() => folder.Write([new("a.tf", "new a"), new("b.tf", "new b")], false));
        Assert.Equal("new a", run.Read("made/a.tf"));
        Directory.Delete(run.At("made/b.tf"));

        folder.Write([new("a.tf", "newer a"), new("b.tf", "newer b")], false);
        Assert.Equal(("newer a", "newer b"), (run.Read("made/a.tf"), run.Read("made/b.tf")));
        Assert.Equal(3, Directory.GetFiles(run.At("made")).Length);
    }

    [Fact]
    public void What_the_list_says_of_files_elsewhere_means_nothing()
    {
        using var run = new CommandRun();
        Directory.CreateDirectory(run.At("made"));
        run.Write("precious", "");
        run.Write(
            $"made/{RenderedFolder.List}",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  ../precious\nnonsense\n"
        );

        new RenderedFolder(run.At("made")).Write([new("a.tf", "a")], true);

        Assert.True(File.Exists(run.At("precious")));
    }

    [Fact]
    public async Task Forcing_goes_with_a_folder()
    {
        using var run = new CommandRun();

        var (exit, _, error) = await run.HereAsync("render terraform --force");

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains("--force goes with --out", error, StringComparison.Ordinal);
    }
}
