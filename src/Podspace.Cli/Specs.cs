using Podspace.Spec;

namespace Podspace.Cli;

/// <summary>Reads specs from files and folders.</summary>
internal static class Specs
{
    /// <exception cref="UsageException">A file is not there or cannot be read.</exception>
    public static IReadOnlyList<SourceText> Read(IEnumerable<string> paths) =>
        [.. paths.SelectMany(Expand).Select(path => new SourceText(path, Text(path)))];

    private static IReadOnlyList<string> Expand(string path)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }
        var files = Directory
            .EnumerateFiles(path, "*.yaml")
            .Concat(Directory.EnumerateFiles(path, "*.yml"))
            .Order(StringComparer.Ordinal)
            .ToList();
        var below =
            files.Count > 0 ? 0 : Directory.EnumerateDirectories(path).Count(folder => Directory.EnumerateFiles(folder, "*.yaml").Any());
        // A wrong path must not look like a network that is as it should be.
        return files.Count > 0
            ? files
            : throw new UsageException($"there is no spec in {path}: no .yaml file{Below(below)}. Name files or folders with -f.");
    }

    private static string Below(int folders) =>
        folders switch
        {
            0 => "",
            1 => "; 1 folder below has some, which are not looked into",
            _ => $"; {folders} folders below have some, which are not looked into",
        };

    private static string Text(string path) =>
        Text(path, $"there is no file {path}. Name your spec with -f, or write one:\n  podspace init");

    /// <param name="ifMissing">What to say when it is not there.</param>
    /// <exception cref="UsageException">The file is not there or cannot be read.</exception>
    public static string Text(string path, string ifMissing)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception wrong) when (wrong is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException(ifMissing);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be read: {wrong.Message}");
        }
    }
}
