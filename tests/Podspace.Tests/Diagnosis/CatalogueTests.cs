using Podspace.Diagnosis;
using Podspace.Findings;
using Podspace.Tests.Design;

namespace Podspace.Tests.Diagnosis;

public sealed class CatalogueTests
{
    [Fact]
    public void Every_page_says_all_that_a_reader_needs() =>
        Assert.All(
            Catalogue.All,
            page =>
            {
                Assert.All(
                    [page.Title, page.Meaning, page.Example, page.Fix],
                    text => Assert.False(string.IsNullOrWhiteSpace(text), page.Code)
                );
                Assert.Equal(page.Severities.OrderDescending(), page.Severities);
                Assert.Contains(page.Stage, (string?[])[null, "network", "admit", "switch", "nodes"]);
            }
        );

    [Fact]
    public void No_page_sends_its_reader_to_a_file_that_only_a_checkout_has() =>
        Assert.All(
            Catalogue.All,
            page => Assert.DoesNotMatch(@"\b(docs|examples|bench)/|\b[a-z]+\.md\b", $"{page.Meaning}{page.Example}{page.Fix}")
        );

    [Fact]
    public void A_check_is_as_grave_as_its_page_says() =>
        Assert.All(Doctor.Checks, check => Assert.Contains(check.Severity, Catalogue.Find(check.Code)!.Severities));

    /// <summary>What somebody answers for is a note, whatever it was.</summary>
    [Fact]
    public void What_a_sick_world_shows_is_as_grave_as_the_pages_say() =>
        Assert.All(
            SickWorlds.All.Values.SelectMany(world => Doctor.Examine(SmallVpc.Spec(), world.Patient)),
            finding =>
                Assert.True(
                    finding.Severity == Severity.Note || Catalogue.Find(finding.Code)!.Severities.Contains(finding.Severity),
                    $"{finding.Severity} {finding.Code}"
                )
        );

    [Fact]
    public void What_golden_files_show_is_as_grave_as_the_pages_say() =>
        Assert.All(
            Shown(),
            shown =>
                Assert.True(
                    Catalogue.Find(shown.Code)!.Severities.Contains(shown.Severity),
                    $"{shown.Severity} {shown.Code} in {shown.File}"
                )
        );

    private static IEnumerable<(Severity Severity, string Code, string File)> Shown() =>
        from file in Directory.EnumerateFiles(Golden.Root(), "*.golden", SearchOption.AllDirectories)
        from match in System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(file), @"\b(error|warning) +(PS\d{4})\b")
        select (Enum.Parse<Severity>(match.Groups[1].Value, ignoreCase: true), match.Groups[2].Value, Path.GetFileName(file));
}
