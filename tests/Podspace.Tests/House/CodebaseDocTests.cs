using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Podspace.Spec;

namespace Podspace.Tests.House;

/// <summary>docs/codebase.md names files, types and members, and each of them is there.</summary>
public sealed partial class CodebaseDocTests
{
    /// <summary>Names of others, and what stands for itself.</summary>
    private static readonly string[] Others = ["HttpMessageHandler", "kube-system/podspace-NAME", "src/", "tests/", "[]"];

    private static readonly HashSet<string> Commands = ["./test", "podspace", "verify", "plan", "apply", "destroy"];

    private static readonly Lazy<IReadOnlyList<string>> Files = new(() =>
        [
            .. from folder in (string[])["src", "tests", "bench", "docs", "examples"]
            from file in Directory.EnumerateFiles(Path.Combine(Golden.Checkout(), folder), "*", SearchOption.AllDirectories)
            select Path.GetRelativePath(Golden.Checkout(), file).Replace('\\', '/'),
        ]
    );

    private static readonly Lazy<string> Source = new(() => string.Concat(SourceFile.All.Select(file => file.Text)));

    /// <summary>Types, with the names of their members.</summary>
    private static readonly Lazy<ILookup<string, HashSet<string>>> Types = new(() =>
        SourceFile
            .Everywhere.SelectMany(file => file.Root.DescendantNodes().OfType<BaseTypeDeclarationSyntax>())
            .ToLookup(type => type.Identifier.Text, MembersOf)
    );

    /// <summary>What a name between backticks can be, the first that fits, and whether there is such a thing.</summary>
    private static readonly (string What, Regex Form, Func<string, bool> IsThere)[] Rules =
    [
        ("a path", APath(), IsPath),
        ("a file", AFile(), name => Files.Value.Any(file => Path.GetFileName(file) == name)),
        ("a type or member", AName(), IsDeclared),
        ("a type with its member", AMember(), IsMember),
        ("a script or command", ACommand(), line => Commands.Contains(line.Split(' ')[0])),
        ("an option", AnOption(), option => Source.Value.Contains($"\"{option}\"", StringComparison.Ordinal)),
        ("a key of the spec", AKey(), key => OverlayKeys.All().Any(one => one.Path == key)),
    ];

    public static TheoryData<string> Named() =>
        [.. Quoted().Matches(Prose()).Select(match => match.Groups[1].Value).Where(name => !Others.Contains(name)).Distinct()];

    [Theory]
    [MemberData(nameof(Named))]
    public void Every_file_and_type_that_the_page_names_is_there(string name)
    {
        var (what, _, isThere) = Rules.FirstOrDefault(rule => rule.Form.IsMatch(name));
        Assert.True(what is not null, $"`{name}` is nothing that this test knows to look up");
        Assert.True(isThere(name), $"docs/codebase.md names `{name}`, and there is no such {what.Split(' ', 2)[1]}");
    }

    [Fact]
    public void The_page_names_a_great_many() => Assert.True(Named().Count > 150, $"{Named().Count}");

    /// <summary>Without the drawing.</summary>
    private static string Prose() => Fenced().Replace(File.ReadAllText(Path.Combine(Golden.Checkout(), "docs", "codebase.md")), "");

    /// <summary>From the checkout, or from a folder that the page says it starts from. Capitals and dots stand for any name.</summary>
    private static bool IsPath(string path)
    {
        var form = Regex.Escape(path.TrimEnd('/', '…')).Replace("NOUN", "[A-Za-z]+", StringComparison.Ordinal);
        form = form.Replace("SERVICE", "[A-Za-z]+", StringComparison.Ordinal).Replace("…", "[A-Za-z]+", StringComparison.Ordinal);
        var whole = new Regex($"^(src/Podspace.Core/|src/|tests/Podspace.Tests/|src/Podspace.Aws/)?{form}(\\.cs|/.*)?$");
        return Files.Value.Any(whole.IsMatch);
    }

    private static bool IsDeclared(string name)
    {
        var bare = name.Split('<')[0];
        return Types.Value.Contains(bare) || Types.Value.Any(type => type.Any(members => members.Contains(bare)));
    }

    private static bool IsMember(string name) =>
        name.Split('.') is [var type, var member] && Types.Value[type].Any(members => members.Contains(member));

    private static HashSet<string> MembersOf(BaseTypeDeclarationSyntax type)
    {
        var nested = type.DescendantNodes().OfType<BaseTypeDeclarationSyntax>().Select(inner => inner.Identifier.Text);
        var positional = (type as TypeDeclarationSyntax)?.ParameterList?.Parameters.Select(parameter => parameter.Identifier.Text) ?? [];
        var others = type.ChildNodes().SelectMany(NamesOf);
        return [.. nested, .. positional, .. others];
    }

    private static IEnumerable<string> NamesOf(SyntaxNode member) =>
        member switch
        {
            MethodDeclarationSyntax method => [method.Identifier.Text],
            PropertyDeclarationSyntax property => [property.Identifier.Text],
            EnumMemberDeclarationSyntax named => [named.Identifier.Text],
            BaseFieldDeclarationSyntax field => field.Declaration.Variables.Select(variable => variable.Identifier.Text),
            _ => [],
        };

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fenced();

    [GeneratedRegex(@"^[A-Za-z][\w.…-]*(/[\w.…-]*)+$")]
    private static partial Regex APath();

    [GeneratedRegex(@"^[\w.-]+\.(cs|md|yaml|txt|json)$")]
    private static partial Regex AFile();

    [GeneratedRegex(@"^[A-Z]\w*(<\w+>)?$")]
    private static partial Regex AName();

    [GeneratedRegex(@"^[A-Z]\w*\.[A-Z]\w*$")]
    private static partial Regex AMember();

    [GeneratedRegex(@"^(\./)?[a-z]+( [a-zA-Z]+)*$")]
    private static partial Regex ACommand();

    [GeneratedRegex(@"^--[a-z-]+$")]
    private static partial Regex AnOption();

    [GeneratedRegex(@"^spec\.[\w.\[\]]+$")]
    private static partial Regex AKey();
}
