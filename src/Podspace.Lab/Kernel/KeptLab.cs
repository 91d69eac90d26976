using System.Diagnostics;
using System.Text.Json.Nodes;
using Podspace.Formats;

namespace Podspace.Lab.Kernel;

/// <summary>A lab that another process of this machine holds, as its file says.</summary>
/// <remarks>
/// The file is only a note for <c>lab shell</c> and <c>lab down</c>. What decides is the lock
/// beside it: its holder has it for life, so a lock that can be
/// taken belongs to a lab that is gone, and a process is only ever ended while it holds one.
/// </remarks>
public sealed record KeptLab(string File, string Overlay, int ProcessId, IReadOnlyDictionary<string, string> Paths)
{
    private static readonly string Folder = Environment.GetEnvironmentVariable("PODSPACE_LAB_FOLDER") is { Length: > 0 } own
        ? own
        : "/run/podspace-lab";

    /// <summary>Tells others of a lab, until it is disposed.</summary>
    public static IDisposable Announce(RunningLab lab, string overlay)
    {
        Directory.CreateDirectory(Folder);
        var file = Path.Combine(Folder, $"{overlay}-{Environment.ProcessId}.json");
        var held = new FileStream(LockOf(file), FileMode.Create, FileAccess.Write, FileShare.None);
        var paths = new JsonObject();
        foreach (var (name, path) in lab.Paths)
        {
            paths.Add(name, path);
        }
        System.IO.File.WriteAllText(
            file,
            JsonText.ToPage(
                new JsonObject
                {
                    ["overlay"] = overlay,
                    ["process"] = Environment.ProcessId,
                    ["namespaces"] = paths,
                }
            )
        );
        return new Announcement(file, held);
    }

    /// <summary>All that stand, newest first. Notes of labs that were killed are taken away: there is nothing else left of those.</summary>
    public static IReadOnlyList<KeptLab> All()
    {
        if (!Directory.Exists(Folder))
        {
            return [];
        }
        var kept = new List<KeptLab>();
        foreach (var file in Directory.GetFiles(Folder, "*.json").OrderByDescending(System.IO.File.GetLastWriteTimeUtc))
        {
            if (IsHeld(file))
            {
                kept.Add(Read(file));
            }
            else
            {
                Forget(file);
            }
        }
        return kept;
    }

    /// <summary>Ends it. Its namespaces go with its process.</summary>
    public void End()
    {
        if (IsHeld(File))
        {
            using var holder = Process.GetProcessById(ProcessId);
            holder.Kill();
            holder.WaitForExit();
        }
        Forget(File);
    }

    private static KeptLab Read(string file)
    {
        var note = JsonNode.Parse(System.IO.File.ReadAllText(file))!;
        return new(
            file,
            note["overlay"]!.GetValue<string>(),
            note["process"]!.GetValue<int>(),
            note["namespaces"]!.AsObject().ToDictionary(one => one.Key, one => one.Value!.GetValue<string>(), StringComparer.Ordinal)
        );
    }

    private static string LockOf(string file) => file + ".lock";

    private static bool IsHeld(string file)
    {
        try
        {
            using var taken = new FileStream(LockOf(file), FileMode.Open, FileAccess.Write, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static void Forget(string file)
    {
        System.IO.File.Delete(file);
        System.IO.File.Delete(LockOf(file));
    }

    private sealed record Announcement(string File, FileStream Held) : IDisposable
    {
        public void Dispose()
        {
            Forget(File);
            Held.Dispose();
        }
    }
}
