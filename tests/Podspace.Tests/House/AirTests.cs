using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Podspace.Tests.House;

/// <summary>Code is read more often than it is written, on half a screen beside another: one thought a line.</summary>
public sealed class AirTests(ITestOutputHelper output)
{
    private const int Columns = 140;

    private const int Lines = 400;

    [Fact]
    public void No_line_is_wider_than_a_reader_sees() =>
        Offenders.MayOnlyShrink(
            "wide-lines",
            from file in SourceFile.Everywhere
            from line in file.Lines.Index()
            where line.Item.Length > Columns
            select (file.Path, $"  line {line.Index + 1} has {line.Item.Length} columns, {Columns} are allowed")
        );

    [Fact]
    public void No_conditional_stands_inside_a_conditional() =>
        Offenders.MayOnlyShrink(
            "nested-conditionals",
            from file in SourceFile.All
            from inner in file.Root.DescendantNodes().OfType<ConditionalExpressionSyntax>()
            where IsInConditional(inner)
            select (file.Path, $"  line {SourceFile.LineOf(inner)}: a ?: inside a ?: has to be read twice; make it a switch, or a name")
        );

    [Fact]
    public void No_file_is_one_to_be_feared() =>
        Offenders.MayOnlyShrink(
            "long-files",
            from file in SourceFile.Everywhere
            let lines = file.Lines.Length - 1
            where lines > Lines
            select (file.Path, $"  {lines} lines, {Lines} are allowed")
        );

    /// <summary>A habit and not a score: it is printed, so that whoever lands a change sees where it
    /// goes. Polly has 5.9, NodaTime 7.2, Bicep 6.6.</summary>
    [Fact]
    public void Tokens_per_line_of_code_are_counted()
    {
        var tokens = SourceFile
            .All.SelectMany(file =>
                file.Root.DescendantTokens()
                    .Where(token => token.Span.Length > 0)
                    .Select(token => (file.Path, Line: token.GetLocation().GetLineSpan().StartLinePosition.Line))
            )
            .ToList();
        var lines = tokens.Distinct().Count();

        output.WriteLine($"{(double)tokens.Count / lines:0.00} tokens a line of code, over {lines} lines");
        Assert.True(lines > 10_000, $"only {lines} lines of code were found in src");
    }

    // A condition in a lambda or a statement inside is read by itself.
    private static bool IsInConditional(SyntaxNode node) =>
        node.Ancestors()
            .TakeWhile(outer => outer is not (StatementSyntax or MemberDeclarationSyntax or LambdaExpressionSyntax))
            .Any(outer => outer is ConditionalExpressionSyntax);
}
