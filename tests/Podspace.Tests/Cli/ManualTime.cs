namespace Podspace.Tests.Cli;

/// <summary>A clock that stands still until it is moved; its timers ring on the way.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly List<Alarm> alarms = [];
    private TimeSpan now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => now.Ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + now;

    public void Pass(TimeSpan time)
    {
        var end = now + time;
        while (alarms.Where(alarm => alarm.Next <= end).MinBy(alarm => alarm.Next) is { } first)
        {
            now = first.Next;
            first.Ring();
        }
        now = end;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, () => callback(state), period) { Next = now + dueTime };
        alarms.Add(alarm);
        return alarm;
    }

    private sealed class Alarm(ManualTime owner, Action ring, TimeSpan period) : ITimer
    {
        public TimeSpan Next { get; set; }

        public void Ring()
        {
            Next += period;
            ring();
        }

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod) => throw new NotSupportedException();

        public void Dispose() => owner.alarms.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
