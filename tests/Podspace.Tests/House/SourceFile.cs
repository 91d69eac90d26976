using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Podspace.Tests.House;

/// <summary>A file of code, as the guards read it.</summary>
/// <param name="Path">From the checkout's root, with slashes.</param>
internal sealed record SourceFile(string Path, string Text, SyntaxNode Root)
{
    private static readonly Lazy<IReadOnlyList<SourceFile>> Source = new(() => Below("src"));

    private static readonly Lazy<IReadOnlyList<SourceFile>> Rest = new(() => [.. Below("bench"), .. Below("tests")]);

    /// <summary>All of <c>src/</c>, read once.</summary>
    public static IReadOnlyList<SourceFile> All => Source.Value;

    /// <summary>With the tests and the benchmarks.</summary>
    public static IEnumerable<SourceFile> Everywhere => Source.Value.Concat(Rest.Value);

    public string[] Lines => Text.Split('\n');

    public static int LineOf(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    private static IReadOnlyList<SourceFile> Below(string folder) =>
        [
            .. Directory
                .EnumerateFiles(System.IO.Path.Combine(Golden.Checkout(), folder), "*.cs", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(From),
        ];

    private static SourceFile From(string file)
    {
        var text = File.ReadAllText(file);
        var path = System.IO.Path.GetRelativePath(Golden.Checkout(), file).Replace('\\', '/');
        return new(path, text, CSharpSyntaxTree.ParseText(text, path: path).GetRoot());
    }
}
