using System.CommandLine;
using Podspace.Cli.Output;
using Podspace.Rendering;

namespace Podspace.Cli;

/// <summary>Where a rendering goes: to standard output, or as files into a folder.</summary>
internal sealed class RenderOutput
{
    private readonly Option<string?> folder = new("--out")
    {
        Description = "Write files into this folder instead of printing; files that were edited there since are not overwritten.",
        HelpName = "folder",
    };

    private readonly Option<bool> force = new("--force") { Description = "With --out: overwrite files that were edited, too." };

    public void AddTo(Command command)
    {
        command.Add(folder);
        command.Add(force);
    }

    public Target Of(ParseResult parsed) =>
        parsed.GetValue(force) && parsed.GetValue(folder) is null
            ? throw new UsageException("--force goes with --out: what is printed overwrites nothing.")
            : new(parsed.GetValue(folder), parsed.GetValue(force));

    /// <param name="Folder">Null: standard output.</param>
    public sealed record Target(string? Folder, bool IsForced)
    {
        /// <param name="overlay">Of several, each has a folder of its own below; null: there is one, or the rendering is of none.</param>
        /// <exception cref="UsageException">Several renderings behind each other would be none that a program could read.</exception>
        public Said Write(string? overlay, IReadOnlyList<RenderedFile> files)
        {
            if (Folder is null)
            {
                return overlay is null
                    ? new(ExitCode.Fine, "printed", string.Join('\n', files.Select(file => file.Text))) { IsDocument = true }
                    : throw new UsageException("there are several overlays, and each has files of its own. Name a folder with --out.");
            }
            var lines = new RenderedFolder(overlay is null ? Folder : Path.Combine(Folder, overlay)).Write(files, IsForced);
            return new(ExitCode.Fine, $"{files.Count} files are in {Folder}", string.Concat(lines.Select(line => line + "\n")));
        }
    }
}
