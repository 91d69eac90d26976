namespace Podspace.Capacity.LoadSimulation;

/// <summary>What is to happen, second by second; within one second in the order in which it was written down.</summary>
/// <remarks>A queue for each second, all in one array: time is counted in whole seconds and has an
/// end, so that nothing need be compared or sorted.</remarks>
/// <param name="end">The last second; what is written down for later never happens.</param>
internal sealed class EventQueue<T>(int end)
{
    private const int None = -1;

    private readonly int[] first = Filled(end + 1);
    private readonly int[] last = Filled(end + 1);
    private Entry[] entries = new Entry[1024];
    private int free = None,
        used;
    private int now;

    private struct Entry
    {
        public T What;
        public int Next;
    }

    /// <summary>The second of what happened last.</summary>
    public long Now => now;

    /// <param name="second">Not before <see cref="Now"/>.</param>
    public void Add(long second, T what)
    {
        if (second > end)
        {
            return;
        }
        var at = Room();
        (entries[at].What, entries[at].Next) = (what, None);
        if (first[second] == None)
        {
            first[second] = at;
        }
        else
        {
            entries[last[second]].Next = at;
        }
        last[second] = at;
    }

    public bool TryNext(out T what)
    {
        while (now < end && first[now] == None)
        {
            now++;
        }
        var at = first[now];
        if (at == None)
        {
            what = default!;
            return false;
        }
        what = entries[at].What;
        first[now] = entries[at].Next;
        // What is kept here would be kept alive.
        (entries[at].What, entries[at].Next, free) = (default!, free, at);
        return true;
    }

    private int Room()
    {
        if (free != None)
        {
            var at = free;
            free = entries[at].Next;
            return at;
        }
        if (used == entries.Length)
        {
            Array.Resize(ref entries, used * 2);
        }
        return used++;
    }

    private static int[] Filled(int length)
    {
        var array = new int[length];
        Array.Fill(array, None);
        return array;
    }
}
