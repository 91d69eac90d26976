namespace Podspace.Bench;

/// <summary>A folder that goes with the run.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("podspace-bench-").FullName;
    private int count;

    /// <summary>A path of its own for every file, so that each run has a fresh world.</summary>
    public string File(string name) => Path.Combine(path, $"{++count}-{name}");

    public void Dispose() => Directory.Delete(path, recursive: true);
}
