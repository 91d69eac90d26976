using System.Globalization;

namespace Podspace.Cli.Output;

/// <summary>Says what is waited for and for how long: on a terminal as one line that is rewritten and cleared,
/// elsewhere as a line each half minute.</summary>
/// <remarks>By the clock of whoever sits there, not by the world's: in a simulated one hours pass in a moment.</remarks>
internal sealed class LiveLine(Terminal terminal) : IDisposable
{
    /// <summary>What is over by then needs no word.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Rewritten = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly List<Entry> waits = [];
    private ITimer? timer;
    private bool isShown;

    /// <param name="key">Told again under the same key, only the text is new.</param>
    public void Begin(string key, string text)
    {
        lock (gate)
        {
            if (waits.Find(wait => wait.Key == key) is { } known)
            {
                known.Text = text;
                return;
            }
            var now = terminal.Time.GetTimestamp();
            waits.Add(new(key, now) { Text = text, Told = now });
            timer ??= terminal.Time.CreateTimer(_ => Tick(), null, Rewritten, Rewritten);
        }
    }

    public void End(string key)
    {
        lock (gate)
        {
            waits.RemoveAll(wait => wait.Key == key);
            if (waits.Count == 0)
            {
                Clear();
                Stop();
            }
        }
    }

    /// <summary>Writes whole lines: the live one is out of the way meanwhile.</summary>
    public void Write(string text)
    {
        lock (gate)
        {
            Clear();
            terminal.Error.Write(text);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            waits.Clear();
            Clear();
            Stop();
        }
    }

    private void Stop()
    {
        timer?.Dispose();
        timer = null;
    }

    private void Tick()
    {
        lock (gate)
        {
            // The last one began within another, so that it says most.
            var oldest = waits.FindLast(wait => terminal.Time.GetElapsedTime(wait.Since) >= Patience);
            if (oldest is null)
            {
                return;
            }
            if (terminal.IsErrorTerminal)
            {
                terminal.Error.Write($"\r{Fitted(Text(oldest))}\e[K");
                isShown = true;
            }
            else if (terminal.Time.GetElapsedTime(oldest.Told) >= Elsewhere)
            {
                oldest.Told = terminal.Time.GetTimestamp();
                terminal.Error.WriteLine(Text(oldest));
            }
        }
    }

    private string Text(Entry wait) => $"{wait.Text} ({Duration(terminal.Time.GetElapsedTime(wait.Since))})";

    private string Fitted(string text) =>
        terminal.Width is { } width && text.Length >= width && width > 1 ? text[..(width - 2)] + "…" : text;

    private void Clear()
    {
        if (isShown)
        {
            terminal.Error.Write("\r\e[K");
            isShown = false;
        }
    }

    private static string Duration(TimeSpan time) =>
        time < TimeSpan.FromMinutes(1)
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s")
            : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds} s");

    private sealed class Entry(string key, long since)
    {
        public string Key => key;

        public long Since => since;

        public required string Text { get; set; }

        public required long Told { get; set; }
    }
}
