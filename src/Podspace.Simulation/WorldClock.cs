namespace Podspace.Simulation;

/// <summary>The world's time. Virtual: every wait jumps it to its end, and what was due by then has
/// happened. On wall time: it goes with the clock behind it.</summary>
public sealed class WorldClock : TimeProvider
{
    private readonly World world;
    private readonly TimeProvider? wall;
    private readonly double speed;
    private readonly DateTimeOffset start;
    private readonly long startStamp;

    /// <param name="wall">Null: virtual time.</param>
    /// <param name="speed">World seconds per wall second; above 0.</param>
    internal WorldClock(World world, TimeProvider? wall, double speed)
    {
        this.world = world;
        this.wall = wall;
        this.speed = speed;
        start = world.State.Clock;
        startStamp = wall?.GetTimestamp() ?? 0;
    }

    public bool IsVirtual => wall is null;

    public override DateTimeOffset GetUtcNow() => wall is null ? world.State.Clock : start + (wall.GetElapsedTime(startStamp) * speed);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (wall is not null)
        {
            return wall.CreateTimer(callback, state, Scaled(dueTime), Scaled(period));
        }
        var timer = new JumpingTimer(world, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private TimeSpan Scaled(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / speed;

    /// <summary>Fires at once, having moved the world to its due time. Periodic timers are not for
    /// a world whose time only moves when waited for.</summary>
    private sealed class JumpingTimer(World world, TimerCallback callback, object? state) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                return true;
            }
            world.Advance(dueTime);
            ThreadPool.QueueUserWorkItem(_ => callback(state));
            return true;
        }

        public void Dispose() { }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
