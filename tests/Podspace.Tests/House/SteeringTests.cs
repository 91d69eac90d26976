using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Podspace.Tests.House;

/// <summary>Text is for people. What the program decides by is a type, an enum, a property: a text
/// that is worded anew must not change what happens.</summary>
public sealed class SteeringTests
{
    [Fact]
    public void No_code_of_a_finding_decides_what_is_done() =>
        Offenders.MayOnlyShrink(
            "codes-that-steer",
            from file in SourceFile.All
            from code in file.Root.DescendantNodes().OfType<ExpressionSyntax>()
            where IsFindingCode(code) && IsCompared(code)
            select (
                file.Path,
                $"  line {SourceFile.LineOf(code)}: {code} is compared; give the finding or the plan a property that says what is meant"
            )
        );

    [Fact]
    public void No_topic_or_kind_written_as_text_decides_what_is_done() =>
        Offenders.MayOnlyShrink(
            "texts-that-steer",
            from file in SourceFile.All
            where
                file.Path.StartsWith("src/Podspace.Core/", StringComparison.Ordinal)
                || file.Path.StartsWith("src/Podspace.Cli/", StringComparison.Ordinal)
            from literal in file.Root.DescendantNodes().OfType<LiteralExpressionSyntax>()
            where literal.IsKind(SyntaxKind.StringLiteralExpression) && IsCompared(literal)
            let name = TopicOrKind(literal)
            where name is not null
            select (file.Path, $"  line {SourceFile.LineOf(literal)}: {name} is compared with \"{literal.Token.ValueText}\"")
        );

    /// <summary>Itself, or the constant that holds it.</summary>
    private static bool IsFindingCode(ExpressionSyntax expression) =>
        expression switch
        {
            LiteralExpressionSyntax literal => IsFindingCode(literal.Token.ValueText),
            MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax holder } => holder.Identifier.ValueText.EndsWith(
                "Codes",
                StringComparison.Ordinal
            ),
            _ => false,
        };

    private static bool IsFindingCode(string text) =>
        text.Length == 6 && text.StartsWith("PS", StringComparison.Ordinal) && text[2..].All(char.IsAsciiDigit);

    /// <summary>In a pattern, or beside == or !=.</summary>
    private static bool IsCompared(ExpressionSyntax expression) =>
        expression.Parent
            is ConstantPatternSyntax
                or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression };

    private static string? TopicOrKind(LiteralExpressionSyntax literal)
    {
        var asked = literal.Ancestors().Select(Asked).FirstOrDefault(text => text is not null) ?? "";
        return asked.Split('.')[^1] is "Topic" or "Kind" ? asked : null;
    }

    private static string? Asked(SyntaxNode node) =>
        node switch
        {
            SubpatternSyntax { ExpressionColon.Expression: var name } => name.ToString(),
            SubpatternSyntax { NameColon.Name: var name } => name.ToString(),
            IsPatternExpressionSyntax it => it.Expression.ToString(),
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression } it =>
                it.Left.ToString(),
            SwitchExpressionSyntax it => it.GoverningExpression.ToString(),
            StatementSyntax or MemberDeclarationSyntax => "",
            _ => null,
        };
}
