using System.Text;
using Podspace.Simulation;
using Podspace.Simulation.WorldFile;
using Podspace.Twin.Aws;

namespace Podspace.Twin.Faults;

/// <summary>EC2 as a part of it sees it that has not heard yet of what was written last.</summary>
/// <remarks>Source: EC2 API Reference, "Eventual consistency": a command that follows a
/// change may not see it, reads and writes alike.</remarks>
/// <param name="endpoint">That knows the callers; null: none does.</param>
internal sealed class StaleReads(World world, TimeSpan longest, AwsEndpoint? endpoint)
{
    private readonly Queue<(DateTimeOffset At, byte[] Before)> writes = new();

    /// <summary>Keeps what there is before a write.</summary>
    public void Keep()
    {
        lock (world.Gate)
        {
            var now = world.Clock.GetUtcNow();
            while (writes.TryPeek(out var oldest) && oldest.At < now - longest)
            {
                writes.Dequeue();
            }
            writes.Enqueue((now, WorldCopy.Of(world.State)));
        }
    }

    /// <summary>What the call is answered there; null when nothing was written in that time,
    /// or when that part would do as it is told.</summary>
    public async Task<TwinResponse?> AnswerAsync(TwinRequest request, bool isWrite, TimeSpan lag, CancellationToken cancel)
    {
        if (Before(world.Clock.GetUtcNow() - lag) is not { } text)
        {
            return null;
        }
        var before = new World(WorldCopy.Read(text));
        var answer = await (endpoint?.Before(before) ?? new(before)).HandleAsync(request, cancel);
        // A write is made once and in the world itself: only the no of one who does not know what it is about is his to say.
        return !isWrite || IsUnknown(answer) ? answer : null;
    }

    private byte[]? Before(DateTimeOffset since)
    {
        lock (world.Gate)
        {
            return writes.Where(write => write.At >= since).Select(write => write.Before).FirstOrDefault();
        }
    }

    private static bool IsUnknown(TwinResponse answer)
    {
        var text = Encoding.UTF8.GetString(answer.Body.Span);
        return answer.Status == 400
            && (
                text.Contains(".NotFound</Code>", StringComparison.Ordinal)
                || text.Contains("<Code>InvalidSubnet.Range</Code>", StringComparison.Ordinal)
            );
    }
}
