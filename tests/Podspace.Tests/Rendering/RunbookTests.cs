using System.Text.RegularExpressions;
using Podspace.Rendering;
using Podspace.Rendering.Maps;
using Podspace.Rendering.Runbooks;
using Podspace.Spec;
using Podspace.Steps.Text;
using Podspace.Tests.Cli;

namespace Podspace.Tests.Rendering;

public sealed partial class RunbookTests
{
    [Theory]
    [InlineData("crowded-vpc")]
    [InlineData("self-managed")]
    [InlineData("auto-mode")]
    [InlineData("mixed")]
    [InlineData("new-cluster")]
    [InlineData("terraform-eks")]
    [InlineData("shared-vpc")]
    public async Task An_examples_runbook_reads_as_it_was_agreed(string example)
    {
        using var run = CommandRun.Of(example);

        var (exit, text, _) = await run.HereAsync("render runbook");

        Assert.Equal(0, exit);
        Golden.Matches(text, $"Rendering/runbook-{example}.golden.md");
    }

    [Fact]
    public async Task The_page_holds_everything_and_fetches_nothing()
    {
        using var run = new CommandRun();

        var (exit, page, _) = await run.HereAsync("render runbook -o html");

        Assert.Equal(0, exit);
        Golden.Matches(page, "Rendering/runbook-crowded-vpc.golden.html");
        Assert.Equal(2, Regex.Count(page, "<svg "));
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(" src=", page, StringComparison.Ordinal);
        Assert.All(Link().Matches(page), link => Assert.Contains($"id=\"{link.Groups[1].Value}\"", page, StringComparison.Ordinal));
        Assert.Empty(
            Regex.Matches(page, " id=\"[^\"]+\"").GroupBy(match => match.Value).Where(same => same.Count() > 1).Select(same => same.Key)
        );
    }

    [Fact]
    public async Task What_stands_already_is_not_asked_for_again_and_its_way_back_is_told_by_id()
    {
        using var run = new CommandRun();
        Assert.Equal(0, (await run.HereAsync("apply --yes --stage network")).Exit);

        var (_, text, _) = await run.HereAsync("render runbook");

        Assert.DoesNotContain("aws ec2 create-subnet", text, StringComparison.Ordinal);
        Assert.Contains("\"id\": \"subnet-", text, StringComparison.Ordinal);
        Assert.Matches("\\*\\*Undo what stands already\\*\\*\n\n```sh\n(.*\n)*aws ec2 delete-subnet --subnet-id subnet-", text);
    }

    [Fact]
    [Trait("speed", "slow")]
    public async Task A_network_that_is_as_the_spec_says_needs_no_step()
    {
        using var run = new CommandRun();
        Assert.Equal(0, (await run.HereAsync("apply --yes")).Exit);
        Assert.Equal(0, (await run.HereAsync("rollout start --yes")).Exit);

        var (exit, text, _) = await run.HereAsync("render runbook");

        Assert.Equal(0, exit);
        Assert.Contains("Nothing is left to do: the network is as the spec says.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("## Step", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_people_named_is_neither_marked_up_nor_run()
    {
        using var run = new CommandRun();
        run.Write(
            "overlay.yaml",
            run.Read("overlay.yaml") + "  tags: {owner: \"it's `id` $HOME \\\"x\\\" </code><script>alert(1)</script> **b** 名前\"}\n"
        );

        var page = (await run.HereAsync("render runbook -o html")).Output;
        var text = (await run.HereAsync("render runbook")).Output;

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)", page, StringComparison.Ordinal);
        Assert.Contains("it'\\''s `id` $HOME", text, StringComparison.Ordinal);
        Assert.DoesNotContain("= `it's `id`", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain-1.2/3", "plain-1.2/3")]
    [InlineData("", "''")]
    [InlineData("two words", "'two words'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("$HOME`id`\n", "'$HOME`id`\n'")]
    [InlineData("@@POD_TABLE@@", "\"$POD_TABLE\"")]
    [InlineData("a=@@POD_TABLE@@,@@POD_GROUP@@x", "\"a=$POD_TABLE,${POD_GROUP}x\"")]
    [InlineData("{\"id\":\"@@POD_GROUP@@\"}", "'{\"id\":\"'\"$POD_GROUP\"'\"}'")]
    public void A_word_stays_one_word_for_a_shell(string word, string written) => Assert.Equal(written, Shell.Word(word));

    [Fact]
    public void A_document_that_a_command_reads_keeps_its_signs_and_gets_its_ids() =>
        Assert.Equal(
            "cat <<EOFF\n\\$HOME \\`id\\` \\\\n ${POD_TABLE}\nEOF\nEOFF",
            Shell.Document("cat", "$HOME `id` \\n @@POD_TABLE@@\nEOF")
        );

    [Theory]
    [InlineData("a `b<c` **d** e", "a <code>b&lt;c</code> <strong>d</strong> e")]
    [InlineData("1 < 2 & \"3\"", "1 &lt; 2 &amp; &quot;3&quot;")]
    public void Prose_becomes_HTML(string prose, string html) => Assert.Equal(html, Prose.Html(prose));

    [Theory]
    [InlineData("**x** `y` <z> a_b | c\\ 名前")]
    [InlineData("line\nend")]
    public void Somebodys_words_come_out_as_they_went_in(string words) =>
        Assert.Equal(MapText.Line(words), System.Net.WebUtility.HtmlDecode(Prose.Html(Prose.Plain(words))));

    /// <summary>All that a person types for a plan, and to take it back.</summary>
    internal static string Typed(
        OverlaySpec spec,
        Podspace.Model.Network desired,
        Podspace.Model.Inventory inventory,
        Podspace.Planning.Plan plan
    )
    {
        var runbook = Runbook.From(Blueprint.From(spec, desired, inventory), plan, "…3333");
        return string.Join(
                "\n\n",
                runbook
                    .Chapters.Select(chapter => $"# Step {chapter.Number}. {chapter.Title}\n{chapter.Commands}")
                    .Concat(runbook.Back.Select(chapter => $"# Back: step {chapter.Number}\n{chapter.Back}"))
            ) + "\n";
    }

    [GeneratedRegex("href=\"#([^\"]*)\"")]
    private static partial Regex Link();
}
