using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Podspace.Tests.House;

/// <summary>The folders of the core, bottom up: each sees only those before it, so that what is
/// decided never depends on how it is shown or carried out.</summary>
public sealed class LayerTests
{
    private const string Core = "src/Podspace.Core/";

    /// <summary>Each with what it holds, which is why it stands there.</summary>
    private static readonly (string Folder, string Holds)[] Layers =
    [
        ("Addressing", "addresses and blocks, which know nothing of AWS"),
        ("Findings", "what a person should change: the vocabulary of all who have something to say"),
        ("Naming", "names, ids and tags, ours and AWS's"),
        ("Formats", "JSON, YAML, TOML, HCL, SVG: text, whatever it is about"),
        ("Spec", "what a person asks for"),
        ("Model", "what there should be and what was seen, in one vocabulary"),
        ("Cni", "what the VPC CNI is and how it gives addresses, whoever set it"),
        ("Observed", "what was seen, held against our names, records and rights"),
        ("Nodes", "where a node stands, and what starts new ones"),
        ("Reachability", "whether two ends can talk"),
        ("Design", "what there should be: every choice is made here"),
        ("Capacity", "how many pods fit; before Planning, which asks it"),
        ("Steps", "what can be done"),
        ("Planning", "what has to be done, and in which order"),
        ("Applying", "doing it: waits for AWS and the cluster"),
        ("Diagnosis", "what is known to go wrong"),
        ("Operations", "use cases: plan, apply, roll … for whoever runs them; they wait"),
        ("Forecasting", "when it is full"),
        ("News", "what AWS announces"),
        ("Rendering", "the same network for others: Terraform, Git, people, auditors"),
    ];

    private static readonly Dictionary<string, int> Order = Layers.Index().ToDictionary(layer => layer.Item.Folder, layer => layer.Index);

    [Fact]
    public void A_folder_of_the_core_sees_only_those_below_it() =>
        AssertNone(
            from file in SourceFile.All
            let own = FolderOf(file)
            where own is not null
            from seen in SeenBy(file).Distinct()
            where Order.TryGetValue(seen, out var above) && above > Order[own]
            select $"{file.Path} sees {seen} ({Layers[Order[seen]].Holds}), which stands above {own} ({Layers[Order[own]].Holds})"
        );

    [Fact]
    public void Every_folder_of_the_core_has_its_place() =>
        Assert.Equal(
            Layers.Select(layer => layer.Folder).Order(StringComparer.Ordinal),
            SourceFile.All.Select(FolderOf).OfType<string>().Distinct().Order(StringComparer.Ordinal)
        );

    [Fact]
    public void A_namespace_is_its_folder() =>
        AssertNone(
            from file in SourceFile.All
            from declared in file.Root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>()
            let expected = NamespaceOf(file)
            where declared.Name.ToString() != expected
            select $"{file.Path} declares {declared.Name}, and its folder is {expected}"
        );

    private static void AssertNone(IEnumerable<string> found)
    {
        var all = found.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }

    private static string? FolderOf(SourceFile file)
    {
        var parts = file.Path.Split('/');
        return file.Path.StartsWith(Core, StringComparison.Ordinal) && parts.Length > 3 ? parts[2] : null;
    }

    private static string NamespaceOf(SourceFile file)
    {
        var parts = file.Path.Split('/');
        var project = parts[1] == "Podspace.Core" ? "Podspace" : parts[1];
        return string.Join('.', parts[2..^1].Prepend(project));
    }

    // An unused using is an error of the build, so that each says what the file needs; a qualified name needs none.
    private static IEnumerable<string> SeenBy(SourceFile file) =>
        file
            .Root.DescendantNodes()
            .OfType<UsingDirectiveSyntax>()
            .Select(one => one.NamespaceOrType.ToString())
            .Concat(file.Root.DescendantNodes().OfType<QualifiedNameSyntax>().Select(name => name.ToString()))
            .Select(name => name.StartsWith("Podspace.", StringComparison.Ordinal) ? name["Podspace.".Length..] : name)
            .Select(name => name.Split('.')[0]);
}
