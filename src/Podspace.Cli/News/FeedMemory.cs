using System.Text.Json.Serialization;

namespace Podspace.Cli.News;

/// <summary>What is remembered of each feed between runs, in one small file; losing it only shows old news again.</summary>
internal sealed class FeedMemory
{
    /// <summary>By the feed's address.</summary>
    [JsonPropertyName("feeds")]
    public SortedDictionary<string, RememberedFeed> Feeds { get; set; } = new(StringComparer.Ordinal);

    public static FeedMemory Load(string file)
    {
        if (!File.Exists(file))
        {
            return new();
        }
        try
        {
            var memory = System.Text.Json.JsonSerializer.Deserialize(File.ReadAllText(file), FeedMemoryJson.Default.FeedMemory);
            return memory?.Feeds is { } feeds && feeds.Values.All(feed => feed is { Document: not null, Shown: not null }) ? memory : new();
        }
        catch (System.Text.Json.JsonException)
        {
            return new();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Unusable(file, problem);
        }
    }

    /// <summary>Replaces the file whole, so that a run that is stopped leaves no half of one.</summary>
    public void Save(string file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            var aside = $"{file}.{Environment.ProcessId}";
            File.WriteAllText(aside, System.Text.Json.JsonSerializer.Serialize(this, FeedMemoryJson.Default.FeedMemory));
            File.Move(aside, file, overwrite: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Unusable(file, problem);
        }
    }

    private static UsageException Unusable(string file, Exception problem) =>
        new(
            $"{file}, which remembers what was shown, cannot be used, so the same news will be shown "
                + $"again: {problem.Message}\nName another:\n  podspace news --memory FILE"
        );
}

internal sealed class RememberedFeed
{
    [JsonPropertyName("etag")]
    public string? ETag { get; set; }

    [JsonPropertyName("modified")]
    public DateTimeOffset? Modified { get; set; }

    /// <summary>The document as it came last, for the answer "not modified".</summary>
    [JsonPropertyName("document")]
    public byte[] Document { get; set; } = [];

    /// <summary>Ids of entries that were shown.</summary>
    [JsonPropertyName("shown")]
    public SortedSet<string> Shown { get; set; } = new(StringComparer.Ordinal);
}

[JsonSerializable(typeof(FeedMemory))]
internal sealed partial class FeedMemoryJson : JsonSerializerContext;
