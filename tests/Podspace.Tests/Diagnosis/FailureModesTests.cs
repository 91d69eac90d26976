using System.Text.RegularExpressions;
using Podspace.Diagnosis;
using Podspace.Reachability;

namespace Podspace.Tests.Diagnosis;

/// <summary>docs/failure-modes.md against the program: every known way to go wrong has an answer, and no answer is made up.</summary>
public sealed partial class FailureModesTests
{
    private const int Known = 76;

    private static readonly IReadOnlyList<(int Number, string Answer)> Rows =
    [
        .. Read("failure-modes.md")
            .Split('\n')
            .Select(line => Row().Match(line))
            .Where(match => match.Success)
            .Select(match =>
                (int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture), match.Groups[2].Value.Trim())
            ),
    ];

    [Fact]
    public void Each_of_them_has_one_row() => Assert.Equal(Enumerable.Range(1, Known), Rows.Select(row => row.Number));

    [Fact]
    public void Each_has_a_code_or_the_reason_why_there_is_none() =>
        Assert.All(
            Rows,
            row =>
                Assert.True(
                    CodesOf(row.Answer).Any()
                        || row.Answer.StartsWith("By design", StringComparison.Ordinal)
                        || row.Answer.StartsWith("Not seen: ", StringComparison.Ordinal)
                        || row.Answer.StartsWith("`destroy` ", StringComparison.Ordinal),
                    $"{row}"
                )
        );

    [Fact]
    public void Every_code_that_is_named_is_explained_and_one_that_the_program_gives()
    {
        var explained = Regex
            .Matches(Read("findings.md"), "^### (PS[0-9]{4}) ", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value)
            .ToHashSet();
        var given = Directory
            .GetFiles(Path.Combine(Golden.Checkout(), "src", "Podspace.Core"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Code().Matches(File.ReadAllText(file)).Select(match => match.Value))
            .ToHashSet();

        Assert.All(
            Rows.SelectMany(row => CodesOf(row.Answer)),
            code => Assert.True(explained.Contains(code) && given.Contains(code), code)
        );
    }

    [Fact]
    public void What_doctor_looks_for_is_in_one_row_at_least()
    {
        var named = Rows.SelectMany(row => CodesOf(row.Answer)).ToHashSet();
        // Not among the 76: packets that other rows speak of as groups and routes, what Terraform does, what of a
        // shared VPC is not shared, and a rollout of ours that was stopped.
        string[] further = ["PS3003", "PS3005", "PS3104", "PS3105", "PS3135", "PS3152", "PS3155", "PS3201", "PS3203"];

        Assert.Equal(further, Doctor.Titles.Select(title => title.Code).Where(code => !named.Contains(code)).Order(StringComparer.Ordinal));
        Assert.Contains(FlowCodes.ApiServer, named);
    }

    private static IEnumerable<string> CodesOf(string text) => Code().Matches(text).Select(match => match.Value);

    private static string Read(string name) => File.ReadAllText(Path.Combine(Golden.Checkout(), "docs", name));

    [GeneratedRegex(@"^\| ([0-9]+) \| [^|]+ \| ([^|]+) \|$")]
    private static partial Regex Row();

    [GeneratedRegex("PS[0-9]{4}")]
    private static partial Regex Code();
}
