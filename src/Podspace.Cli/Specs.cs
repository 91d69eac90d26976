using Podspace.Spec;

namespace Podspace.Cli;

/// <summary>Reads specs from files and folders.</summary>
internal static class Specs
{
    /// <exception cref="Mistake">A file is not there or cannot be read.</exception>
    public static IReadOnlyList<SourceText> Read(IEnumerable<string> paths) =>
        [.. paths.SelectMany(Expand).Select(path => new SourceText(path, Text(path)))];

    private static IEnumerable<string> Expand(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path, "*.yaml").Concat(Directory.EnumerateFiles(path, "*.yml")).Order(StringComparer.Ordinal)
        : [path];

    private static string Text(string path) =>
        Text(path, $"there is no file {path}. Name your spec with -f, or see how one looks in examples/crowded-vpc/overlay.yaml.");

    /// <param name="ifMissing">What to say when it is not there.</param>
    /// <exception cref="Mistake">The file is not there or cannot be read.</exception>
    public static string Text(string path, string ifMissing)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception wrong) when (wrong is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new Mistake(ifMissing);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new Mistake($"{path} cannot be read: {wrong.Message}");
        }
    }
}
