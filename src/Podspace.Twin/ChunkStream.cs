namespace Podspace.Twin;

/// <summary>Chunks that come as things happen, as a stream. Closing it ends what makes them.</summary>
internal sealed class ChunkStream : Stream
{
    private readonly CancellationTokenSource closed = new();
    private readonly IAsyncEnumerator<ReadOnlyMemory<byte>> chunks;
    private ReadOnlyMemory<byte> rest;
    private Task<bool>? next;

    public ChunkStream(IAsyncEnumerable<ReadOnlyMemory<byte>> chunks) => this.chunks = chunks.GetAsyncEnumerator(closed.Token);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (rest.IsEmpty)
        {
            // A reader that gives up leaves the step it waited for to the next reader: an enumerator takes one step at a time.
            next ??= chunks.MoveNextAsync().AsTask();
            if (!await next.WaitAsync(cancellationToken))
            {
                return 0;
            }
            next = null;
            rest = chunks.Current;
        }
        var count = Math.Min(buffer.Length, rest.Length);
        rest[..count].CopyTo(buffer);
        rest = rest[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Read it asynchronously: its chunks come when things happen.");

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ = EndAsync();
        }
        base.Dispose(disposing);
    }

    private async Task EndAsync()
    {
        await closed.CancelAsync();
        try
        {
            await (next ?? Task.FromResult(false));
        }
        catch (OperationCanceledException)
        {
            // What closing asked for.
        }
        await chunks.DisposeAsync();
        closed.Dispose();
    }
}
