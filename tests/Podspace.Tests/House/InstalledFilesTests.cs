using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Podspace.Tests.House;

/// <summary>Who installed the program has the program and nothing else.</summary>
public sealed partial class InstalledFilesTests
{
    [Fact]
    public void No_message_names_a_file_that_an_installed_user_lacks() =>
        Offenders.MayOnlyShrink(
            "files-that-users-lack",
            from file in SourceFile.All
            from token in file.Root.DescendantTokens()
            where IsText(token)
            let named = OwnFile().Match(token.ValueText)
            where named.Success && !IsOurBug(token.ValueText)
            select (file.Path, $"  line {SourceFile.LineOf(token.Parent!)}: {named.Value} is not there when the program is installed")
        );

    private static bool IsText(SyntaxToken token) =>
        token.Kind()
            is SyntaxKind.StringLiteralToken
                or SyntaxKind.InterpolatedStringTextToken
                or SyntaxKind.SingleLineRawStringLiteralToken
                or SyntaxKind.MultiLineRawStringLiteralToken;

    // Of a page that does not parse, which a test finds before anybody else does.
    private static bool IsOurBug(string text) => text.StartsWith("docs/findings.md: ", StringComparison.Ordinal);

    [GeneratedRegex(@"\b(docs|examples|bench)/[A-Za-z0-9.-]+|CONTRIBUTING\.md|CHANGELOG\.md")]
    private static partial Regex OwnFile();
}
