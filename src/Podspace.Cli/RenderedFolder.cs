using System.Security.Cryptography;
using System.Text;
using Podspace.Rendering;

namespace Podspace.Cli;

/// <summary>A folder that renderings are written to, over and over. What a person changed there since is not overwritten.</summary>
/// <remarks>
/// The list of what was written is in the form of sha256sum, so that <c>sha256sum -c podspace-render.sha256</c> tells the same without us.
/// Each file is written aside and renamed. The list is written before, with the digests of old and new, and
/// after: wherever a run was cut, no file of ours looks like one of a person's.
/// </remarks>
internal sealed class RenderedFolder(string folder)
{
    public const string List = "podspace-render.sha256";

    private const string Aside = ".podspace-new";

    /// <returns>What was done with each file, in words.</returns>
    /// <exception cref="UsageException">Files there are not as they were written, and <paramref name="isForced"/> does not
    /// allow it; or the folder cannot be written to. Nothing was changed then.</exception>
    public IReadOnlyList<string> Write(IReadOnlyList<RenderedFile> files, bool isForced)
    {
        try
        {
            var written = ReadList();
            var gone = written
                .Select(entry => entry.Name)
                .Distinct()
                .Where(name => files.All(file => file.Name != name) && File.Exists(PathOf(name)))
                .ToList();
            Refuse(
                [.. files.Where(file => IsEdited(file, written)).Select(file => file.Name), .. gone.Where(name => !Matches(name, written))],
                isForced
            );
            var done = files
                .Select(file => $"{Fate(file)}: {PathOf(file.Name)}")
                .Concat(gone.Select(name => $"removed: {PathOf(name)}"))
                .ToList();
            Replace(files, gone, written);
            return done;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{folder} cannot be written to: {problem.Message}");
        }
    }

    private void Refuse(List<string> edited, bool isForced)
    {
        if (edited.Count == 0 || isForced)
        {
            return;
        }
        throw new UsageException(
            $"{edited.Count} file{(edited.Count == 1 ? " is" : "s are")} not as podspace render left "
                + $"{(edited.Count == 1 ? "it" : "them")}, so nothing was "
                + $"written:{string.Concat(edited.Select(name => $"\n  {PathOf(name)}"))}\n"
                + "Move your changes into the overlay or into files of your own, or write over them with --force."
        );
    }

    private void Replace(IReadOnlyList<RenderedFile> files, List<string> gone, List<(string Digest, string Name)> written)
    {
        Directory.CreateDirectory(folder);
        var changed = files.Where(file => !IsSame(file)).ToList();
        try
        {
            foreach (var file in changed)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file.Name))!);
                File.WriteAllText(PathOf(file.Name) + Aside, file.Text);
            }
            var after = files.Select(file => (Digest(file.Text), file.Name)).ToList();
            WriteList(written.Union(after));
            foreach (var file in changed)
            {
                File.Move(PathOf(file.Name) + Aside, PathOf(file.Name), overwrite: true);
            }
            gone.ForEach(name => File.Delete(PathOf(name)));
            WriteList(after);
        }
        finally
        {
            foreach (var file in changed)
            {
                File.Delete(PathOf(file.Name) + Aside);
            }
        }
    }

    private string Fate(RenderedFile file)
    {
        if (!File.Exists(PathOf(file.Name)))
        {
            return "written";
        }
        return IsSame(file) ? "unchanged" : "replaced";
    }

    private string PathOf(string name) => Path.Combine([folder, .. name.Split('/')]);

    private bool IsSame(RenderedFile file) => File.Exists(PathOf(file.Name)) && File.ReadAllText(PathOf(file.Name)) == file.Text;

    private bool IsEdited(RenderedFile file, List<(string, string)> written) =>
        File.Exists(PathOf(file.Name)) && !IsSame(file) && !Matches(file.Name, written);

    private bool Matches(string name, List<(string, string)> written) => written.Contains((Digest(File.ReadAllText(PathOf(name))), name));

    private List<(string Digest, string Name)> ReadList() =>
        !File.Exists(PathOf(List))
            ? []
            : [.. File.ReadAllLines(PathOf(List)).Select(line => line.Split("  ", 2)).Where(IsEntry).Select(words => (words[0], words[1]))];

    // The list can be edited, too: what it says is only ever read or deleted below the folder.
    private static bool IsEntry(string[] words) =>
        words is [_, var name] && !Path.IsPathRooted(name) && !name.Split('/', '\\').Contains("..");

    private void WriteList(IEnumerable<(string Digest, string Name)> entries)
    {
        var text = string.Concat(
            entries.OrderBy(entry => entry.Name, StringComparer.Ordinal).Select(entry => $"{entry.Digest}  {entry.Name}\n")
        );
        File.WriteAllText(PathOf(List) + Aside, text);
        File.Move(PathOf(List) + Aside, PathOf(List), overwrite: true);
    }

    // A checkout that ends lines in the way of Windows is no edit.
    private static string Digest(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.Replace("\r\n", "\n", StringComparison.Ordinal))));
}
