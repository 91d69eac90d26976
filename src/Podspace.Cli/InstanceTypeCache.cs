using Podspace.Cni;
using Podspace.Model;

namespace Podspace.Cli;

/// <summary>What EC2 said of instance types, kept on disk with its date for questions asked without AWS.</summary>
internal static class InstanceTypeCache
{
    private static string File =>
        Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
                ? cache
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "podspace",
            "instance-types.json"
        );

    /// <summary>Null when nothing was kept. A cache that cannot be read is as good as none.</summary>
    public static InstanceTypeFile? Read()
    {
        try
        {
            return System.IO.File.Exists(File) ? InstanceTypeFile.Read(System.IO.File.ReadAllText(File), out _) : null;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The file that was named, else the cache; what the real EC2 just said is kept for later.</summary>
    public static InstanceTypeFile? Merge(InstanceTypeFile? named, Inventory inventory, bool isReal)
    {
        var kept = Read();
        var seen = inventory.Cloud.InstanceTypes.Select(KnownTypes.Limits).ToList();
        if (isReal && seen.Count > 0)
        {
            var older = (kept?.Types ?? []).ExceptBy(seen.Select(type => type.Type), type => type.Type).ToList();
            // One date for all: that of the oldest word in it.
            Keep(new([.. seen, .. older], older.Count > 0 ? kept!.ReadAt : inventory.Cloud.ObservedAt));
        }
        return named ?? kept;
    }

    private static void Keep(InstanceTypeFile file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(File)!);
            System.IO.File.WriteAllText(File, file.Write());
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            // A home that cannot be written to costs a later offline question its answer, and this one nothing.
        }
    }
}
