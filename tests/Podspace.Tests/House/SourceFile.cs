using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Podspace.Tests.House;

/// <summary>A file of <c>src/</c>, as the guards read it.</summary>
/// <param name="Path">From the checkout's root, with slashes.</param>
internal sealed record SourceFile(string Path, string Text, SyntaxNode Root)
{
    private static readonly Lazy<IReadOnlyList<SourceFile>> Read = new(() =>
        [
            .. Directory
                .EnumerateFiles(System.IO.Path.Combine(Golden.Checkout(), "src"), "*.cs", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(From),
        ]
    );

    /// <summary>All of <c>src/</c>, read once.</summary>
    public static IReadOnlyList<SourceFile> All => Read.Value;

    public string[] Lines => Text.Split('\n');

    public static int LineOf(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    private static SourceFile From(string file)
    {
        var text = File.ReadAllText(file);
        var path = System.IO.Path.GetRelativePath(Golden.Checkout(), file).Replace('\\', '/');
        return new(path, text, CSharpSyntaxTree.ParseText(text, path: path).GetRoot());
    }
}
