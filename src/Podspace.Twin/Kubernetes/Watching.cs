using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Podspace.Simulation;
using Podspace.Simulation.Kubernetes;

namespace Podspace.Twin.Kubernetes;

/// <summary>Watches: what is there first when asked, then what happens, then the end that the client asked for.</summary>
/// <remarks>In a world of virtual time nothing happens while everybody waits, so a watch that
/// has nothing to tell moves time on by a second.</remarks>
internal sealed class Watching(World world)
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BookmarkEvery = TimeSpan.FromMinutes(1);

    // Servers choose 30 to 60 minutes for a client that names no time. Source: kube-apiserver, --min-request-timeout.
    private static readonly TimeSpan Unasked = TimeSpan.FromMinutes(30);

    public TwinResponse Start(KubeRequest request, Target target, CancellationToken cancel)
    {
        if (target.Name is not null)
        {
            throw new WorldRefusal("BadRequest", "a watch is of a collection: select one object by fieldSelector=metadata.name=…");
        }
        var watch = new Watch(request, target, world);
        var first = world.Do(watch.Begin);
        return new(200, "application/json", default, Stream(watch, first, Timeout(request), cancel));
    }

    private static TimeSpan Timeout(KubeRequest request) =>
        int.TryParse(request.Query("timeoutSeconds"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(seconds)
            : Unasked;

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> Stream(
        Watch watch,
        List<byte[]> first,
        TimeSpan timeout,
        CancellationToken started,
        [EnumeratorCancellation] CancellationToken cancel = default
    )
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(started, cancel);
        var signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void Wake() => signal.Writer.TryWrite(true);
        world.Objects.Happened += Wake;
        try
        {
            foreach (var line in first)
            {
                yield return line;
            }
            var end = world.Clock.GetUtcNow() + timeout;
            var bookmark = world.Clock.GetUtcNow() + BookmarkEvery;
            while (!watch.IsBroken && !both.IsCancellationRequested)
            {
                var lines = world.Do(watch.Next);
                foreach (var line in lines)
                {
                    yield return line;
                }
                var now = world.Clock.GetUtcNow();
                if (now >= bookmark || now >= end)
                {
                    bookmark = now + BookmarkEvery;
                    if (watch.Bookmark() is { } line)
                    {
                        yield return line;
                    }
                }
                if (now >= end)
                {
                    yield break;
                }
                if (lines.Count == 0 && !await Wait(signal.Reader, both.Token))
                {
                    yield break;
                }
            }
        }
        finally
        {
            world.Objects.Happened -= Wake;
        }
    }

    /// <summary>Waits for something to happen, at most a tick.</summary>
    /// <returns>False when the client has gone.</returns>
    private async Task<bool> Wait(ChannelReader<bool> signal, CancellationToken cancel)
    {
        if (signal.TryRead(out _))
        {
            return true;
        }
        try
        {
            if (world.Clock.IsVirtual)
            {
                await Task.Delay(Tick, world.Clock, cancel);
                return true;
            }
            using var tick = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            tick.CancelAfter(Tick);
            await signal.ReadAsync(tick.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return !cancel.IsCancellationRequested;
        }
    }

    /// <summary>One client's watch: what it selects, and how far it has been told.</summary>
    private sealed class Watch(KubeRequest request, Target target, World world)
    {
        private readonly LabelSelector labels = LabelSelector.Parse(request.Query("labelSelector"));
        private readonly FieldSelector fields = FieldSelector.Parse(target.Kind, request.Query("fieldSelector"));
        private long version;
        private bool toldColumns;

        /// <summary>It was told that it lags too far behind, and gets nothing more.</summary>
        public bool IsBroken { get; private set; }

        /// <exception cref="WorldRefusal">Expired, 410.</exception>
        public List<byte[]> Begin()
        {
            var lines = new List<byte[]>();
            var asked = request.Query("resourceVersion");
            var initial = request.IsTrue("sendInitialEvents");
            version = world.Objects.Version;
            if (asked is "" or "0" || initial)
            {
                lines.AddRange(Reading.Selected(request, target, world).Select(found => Line("ADDED", found)));
                if (initial && request.IsTrue("allowWatchBookmarks"))
                {
                    lines.Add(BookmarkLine(isEndOfInitial: true));
                }
                return lines;
            }
            if (!long.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var from))
            {
                throw new WorldRefusal(
                    "BadRequest",
                    $"resourceVersion: Invalid value: \"{asked}\": it is the version that a list answered with"
                );
            }
            _ = world.Objects.Since(target.Kind.Api, target.Kind.Plural, from);
            version = from;
            return lines;
        }

        public List<byte[]> Next()
        {
            try
            {
                var changes = world.Objects.Since(target.Kind.Api, target.Kind.Plural, version);
                version = world.Objects.Version;
                return [.. changes.Where(IsInNamespace).Select(Line).OfType<byte[]>()];
            }
            catch (WorldRefusal refusal)
            {
                IsBroken = true;
                return [Answers.Line(new JsonObject { ["type"] = "ERROR", ["object"] = StatusObject.Of(refusal, target) })];
            }
        }

        public byte[]? Bookmark() => request.IsTrue("allowWatchBookmarks") ? BookmarkLine(isEndOfInitial: false) : null;

        private bool IsInNamespace(ObjectChange change) => target.Namespace is null || change.Object.Namespace() == target.Namespace;

        private bool Selects(JsonObject? manifest) => manifest is not null && labels.Matches(manifest) && fields.Matches(manifest);

        /// <summary>What leaves the selection is told as deleted, what enters it as added.</summary>
        private byte[]? Line(ObjectChange change)
        {
            var (before, after) = (Selects(change.Before), change.Kind is not ChangeKind.Deleted && Selects(change.Object));
            return (before, after) switch
            {
                (false, true) => Line("ADDED", change.Object),
                (true, true) => Line("MODIFIED", change.Object),
                (true, false) => Line("DELETED", change.Object),
                (false, false) => null,
            };
        }

        private byte[] Line(string type, JsonObject found)
        {
            JsonNode shown = request.WantsTable
                ? Tables.Of(target.Kind, [found], Reading.IncludeObject(request), world, found.Version(), withColumns: !toldColumns)
                : Reading.Face(request, target, found).DeepClone();
            toldColumns = true;
            return Answers.Line(new JsonObject { ["type"] = type, ["object"] = shown });
        }

        private byte[] BookmarkLine(bool isEndOfInitial)
        {
            var metadata = new JsonObject
            {
                ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture),
                ["creationTimestamp"] = null,
            };
            if (isEndOfInitial)
            {
                metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
            }
            JsonNode shown = request.WantsTable
                ? Tables.Bookmark(target.Kind, metadata)
                : new JsonObject
                {
                    ["kind"] = target.Kind.Kind,
                    ["apiVersion"] = target.Kind.Api,
                    ["metadata"] = metadata,
                };
            return Answers.Line(new JsonObject { ["type"] = "BOOKMARK", ["object"] = shown });
        }
    }
}
