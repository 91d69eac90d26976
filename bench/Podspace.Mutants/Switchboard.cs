using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Podspace.Mutants;

/// <summary>Puts all mutants of a run into the copy, each behind a switch, so that one build holds them all.</summary>
internal sealed partial class Switchboard(Copy copy, IReadOnlyList<string> folders)
{
    private const string Core = "src/Podspace.Core";

    /// <summary>Which rule is broken is told from outside; -1 breaks none, and notes which are come past.</summary>
    private const string Switch = """
        #nullable disable
        #pragma warning disable
        namespace Podspace
        {
            public static class Broken
            {
                private static readonly int One = int.Parse(System.Environment.GetEnvironmentVariable("PODSPACE_MUTANT") ?? "0");
                private static readonly System.Collections.Concurrent.ConcurrentDictionary<int, bool> Seen = new();

                static Broken()
                {
                    if (One == -1)
                    {
                        System.AppDomain.CurrentDomain.ProcessExit += (_, _) => System.IO.File.WriteAllLines(
                            System.Environment.GetEnvironmentVariable("PODSPACE_MUTANTS_SEEN"),
                            System.Linq.Enumerable.Select(Seen.Keys, one => one.ToString()));
                    }
                }

                public static bool Is(int one)
                {
                    if (One == -1)
                    {
                        Seen[one] = true;
                    }
                    return one == One;
                }
            }
        }
        """;

    private readonly Dictionary<string, SyntaxTree> trees = [];
    private readonly List<(Mutant Mutant, Mutation How)> chosen = [];

    public IEnumerable<Mutant> Mutants => chosen.Select(one => one.Mutant);

    /// <summary>How many places there are to choose from.</summary>
    public int Places { get; private set; }

    /// <summary>As many of each folder as its share of the places; the same seed chooses the same.</summary>
    public void Choose(int count, int seed)
    {
        var model = Compiled();
        var all = trees
            .Where(tree => folders.Any(folder => tree.Key.StartsWith($"{Core}/{folder}/", StringComparison.Ordinal)))
            .OrderBy(tree => tree.Key, StringComparer.Ordinal)
            .SelectMany(tree => Mutations.Of(tree.Value.GetRoot(), model.GetSemanticModel(tree.Value)).Select(how => (tree.Key, How: how)))
            .ToList();
        Places = all.Count;
        var dice = new Random(seed);
        // One of each place: a switch around a switch would be another rule.
        var some = all.OrderBy(_ => dice.Next()).DistinctBy(one => one.How.Place).Take(count).ToList();
        chosen.AddRange(some.Select((one, index) => (Named(index + 1, one.Key, one.How), one.How)));
    }

    /// <summary>Writes the files; what does not compile with its switch is dropped, and the rest tried again.</summary>
    public void Install()
    {
        File.WriteAllText(copy.At($"{Core}/Broken.cs"), Switch);
        for (var attempt = 0; attempt < 8; attempt++)
        {
            Write();
            var said = copy.Build();
            if (said.Length == 0)
            {
                return;
            }
            var lost = OnLinesOf(said).ToHashSet();
            if (chosen.RemoveAll(one => lost.Contains(one.Mutant.Id)) == 0)
            {
                throw new InvalidOperationException($"The copy does not build, and none of the mutants is why:\n{said}");
            }
        }
        throw new InvalidOperationException("The copy does not build, however many mutants are dropped.");
    }

    private CSharpCompilation Compiled()
    {
        foreach (var file in Directory.EnumerateFiles(copy.At(Core), "*.cs", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(copy.Folder, file).Replace('\\', '/');
            trees[path] = CSharpSyntaxTree.ParseText(File.ReadAllText(file), path: path);
        }
        var implied = Directory.EnumerateFiles(copy.At("artifacts/obj/Podspace.Core/debug"), "*.GlobalUsings.g.cs");
        var framework = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var packages = Directory
            .EnumerateFiles(copy.Program, "*.dll")
            .Where(file => !Path.GetFileName(file).StartsWith("Podspace.", StringComparison.Ordinal));
        return CSharpCompilation.Create(
            "Podspace.Core",
            trees.Values.Concat(implied.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file)))),
            framework.Concat(packages).DistinctBy(Path.GetFileName).Select(file => MetadataReference.CreateFromFile(file))
        );
    }

    private void Write()
    {
        foreach (var (path, tree) in trees)
        {
            var here = chosen.Where(one => one.Mutant.File == path).ToList();
            var root = tree.GetRoot();
            var numbers = here.ToLookup(one => one.How.Place);
            var broken = root.ReplaceNodes(
                numbers.Select(place => place.Key),
                (place, now) =>
                    numbers[place].Aggregate(now, (inner, one) => one.How.Guarded(inner, IsOn(one.Mutant.Id)).WithTriviaFrom(now))
            );
            File.WriteAllText(copy.At(path), broken.ToFullString());
        }
    }

    private static InvocationExpressionSyntax IsOn(int id) =>
        (InvocationExpressionSyntax)SyntaxFactory.ParseExpression($"global::Podspace.Broken.Is({id})");

    private static Mutant Named(int id, string path, Mutation how)
    {
        var line = how.Place.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
        var code = OneSpace().Replace((how.Place is BlockSyntax ? how.Place.Parent! : how.Place).ToString(), " ");
        return new(id, path, line, how.What, code.Length > 100 ? $"{code[..99]}…" : code);
    }

    /// <summary>The mutants on the lines that the compiler names.</summary>
    private static IEnumerable<int> OnLinesOf(string said) =>
        from match in CompilerError().Matches(said)
        let file = match.Groups["file"].Value
        where File.Exists(file)
        let line = File.ReadLines(file)
            .ElementAtOrDefault(int.Parse(match.Groups["line"].Value, System.Globalization.CultureInfo.InvariantCulture) - 1)
        from number in Number().Matches(line ?? "")
        select int.Parse(number.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\s+")]
    private static partial Regex OneSpace();

    [GeneratedRegex(@"^(?<file>.+?\.cs)\((?<line>\d+),\d+\): error", RegexOptions.Multiline)]
    private static partial Regex CompilerError();

    [GeneratedRegex(@"Podspace\.Broken\.Is\((\d+)\)")]
    private static partial Regex Number();
}
