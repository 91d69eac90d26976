namespace Podspace;

/// <summary>Which file a program's name means, by PATH alone.</summary>
/// <remarks>.NET itself looks beside the running program and in the current folder first.</remarks>
public static class ProgramPath
{
    /// <param name="name">Bare. One with a folder in it is a path already, and not looked for.</param>
    /// <param name="path">What PATH holds.</param>
    /// <param name="isProgram">Reports whether a file is there that may be run.</param>
    /// <returns>The file, or why there is none, to stand behind "could not be started:".</returns>
    /// <remarks>As Go's exec.LookPath: what a "." or an empty entry leads to is refused (exec.ErrDot), not passed over.</remarks>
    public static (string? File, string? Problem) Find(string name, string path, char separator, Func<string, bool> isProgram)
    {
        foreach (var folder in path.Split(separator))
        {
            var file = Path.Combine(folder.Length == 0 ? "." : folder, name);
            if (isProgram(file))
            {
                return Path.IsPathFullyQualified(file)
                    ? (file, null)
                    : (
                        null,
                        $"PATH has the entry \"{folder}\", by which {name} would be run from the current folder. "
                            + "Take that entry out of PATH, or name the program with its folder"
                    );
            }
        }
        return (null, $"there is no program {name} in any folder of PATH");
    }

    /// <summary>Reports whether a name has a folder in it.</summary>
    public static bool IsPath(string name) => name.Contains('/', StringComparison.Ordinal) || Path.GetFileName(name) != name;
}
