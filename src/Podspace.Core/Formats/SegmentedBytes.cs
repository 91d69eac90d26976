using System.Buffers;

namespace Podspace.Formats;

/// <summary>Bytes in pieces, so that there may be more of them than one array holds.</summary>
internal sealed class SegmentedBytes : IBufferWriter<byte>
{
    private const int Least = 1 << 16;
    private const int Most = 1 << 26;

    private Segment? first;
    private Segment? last;
    private byte[] piece = [];
    private int used;

    public ReadOnlySequence<byte> Written
    {
        get
        {
            Close();
            return first is null ? default : new(first, 0, last!, last!.Memory.Length);
        }
    }

    public void Advance(int count) => used += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return piece.AsMemory(used);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private void Reserve(int size)
    {
        if (piece.Length - used >= size)
        {
            return;
        }
        var next = Math.Clamp(piece.Length * 2, Least, Most);
        Close();
        piece = new byte[Math.Max(next, size)];
    }

    private void Close()
    {
        if (used == 0)
        {
            return;
        }
        var memory = piece.AsMemory(0, used);
        last = last is null ? first = new(memory, 0) : last.Then(memory);
        (piece, used) = ([], 0);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long before) => (Memory, RunningIndex) = (memory, before);

        public Segment Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
