using Podspace.Simulation;
using Podspace.Simulation.WorldFile;

namespace Podspace.Cli;

/// <summary>A world in a file: locked while a command works on it, and replaced as a whole after each change.</summary>
internal sealed class TwinFile : IDisposable
{
    private readonly FileStream? guard;
    private readonly string? path;
    private readonly DateTimeOffset opened;

    private TwinFile(World world, string? path, FileStream? guard)
    {
        World = world;
        this.path = path;
        this.guard = guard;
        opened = world.State.Clock;
        if (path is not null)
        {
            world.Changed += Save;
        }
    }

    public World World { get; }

    /// <exception cref="UsageException">The file is missing, in use, or holds no world.</exception>
    public static TwinFile Open(string path) => Open(path, isSaved: true, wall: null, speed: 1);

    /// <param name="isSaved">False: the file is only read, and others may work on it.</param>
    /// <param name="wall">For <c>twin serve</c>: the world then lives on wall time. Null: on virtual time.</param>
    /// <exception cref="UsageException">The file is missing, in use, or holds no world.</exception>
    public static TwinFile Open(string path, bool isSaved, TimeProvider? wall, double speed)
    {
        var guard = isSaved ? Guard(path) : null;
        try
        {
            return new(Load(Opening(path), path, wall, speed), isSaved ? path : null, guard);
        }
        catch
        {
            guard?.Dispose();
            throw;
        }
    }

    /// <summary>A world that is in no file.</summary>
    public static TwinFile InMemory(string text, string name) => new(Load(() => new StringReader(text), name, null), null, null);

    /// <summary>Writes a neighbour and renames it over the file: a reader sees the old world or the new one, never half of one.</summary>
    public void Save()
    {
        // The world must hold still while it is written; most saves are made under its gate already.
        lock (World.Gate)
        {
            SaveAs(path!);
        }
    }

    public void SaveAs(string file)
    {
        var aside = file + ".new";
        using (var text = new StreamWriter(aside))
        {
            WorldWriter.Write(World.State, text);
        }
        File.Move(aside, file, overwrite: true);
    }

    public void Dispose()
    {
        if (guard is null)
        {
            return;
        }
        // Time that was waited through is part of the world; a command that only looked leaves the file alone.
        if (World.State.Clock != opened)
        {
            Save();
        }
        guard.Dispose();
    }

    private static World Load(Func<TextReader> open, string name, TimeProvider? wall, double speed = 1)
    {
        var read = WorldReader.Read(open, name);
        if (!read.Ok(out var state))
        {
            throw new UsageException($"{name} is no world that can be worked on:\n{string.Join('\n', read.Findings)}");
        }
        return new(state, wall, speed);
    }

    /// <summary>Read from its start once or twice, and never whole in memory: a world may be larger than a text can be.</summary>
    private static Func<TextReader> Opening(string path) =>
        File.Exists(path)
            ? () => new StreamReader(path)
            : throw new UsageException(
                $"there is no world file {path}. To get a VPC to play with, and its spec:\n" + $"  podspace demo --keep demo"
            );

    private static FileStream Guard(string path)
    {
        try
        {
            return new FileStream(
                path + ".lock",
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None,
                1,
                FileOptions.DeleteOnClose
            );
        }
        catch (DirectoryNotFoundException)
        {
            throw new UsageException($"there is no world file {path}.");
        }
        catch (IOException)
        {
            throw new UsageException(
                $"another podspace works on {path} right now. Wait for it to end; where that is podspace twin "
                    + $"serve, leave --twin out and set the variables that it printed, or stop it."
            );
        }
    }
}
