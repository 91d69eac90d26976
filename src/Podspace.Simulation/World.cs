using System.Security.Cryptography;
using System.Text;
using Podspace.Simulation.Aws;
using Podspace.Simulation.Faults;
using Podspace.Simulation.Kubernetes;
using Podspace.Simulation.Nodes;
using Podspace.Simulation.State;

namespace Podspace.Simulation;

/// <summary>A simulated account, VPC and cluster that says no where AWS says no. One method
/// an operation, on the part it belongs to.</summary>
/// <remarks>
/// Every operation runs under <see cref="Gate"/>, by way of <see cref="Do{T}"/>, so that endpoints may call from any thread.
/// Handlers for changes that take time are registered in <see cref="OnPending"/>; nothing in
/// the world runs by itself between calls but what is due.
/// </remarks>
public sealed class World
{
    private readonly Dictionary<string, Action<string>> handlers = new(StringComparer.Ordinal);
    private readonly List<Action> controllers = [];

    /// <param name="wall">Null: virtual time, which waiting moves.</param>
    public World(WorldState state, TimeProvider? wall = null, double speed = 1)
    {
        State = state;
        Clock = new WorldClock(this, wall, speed);
        Ec2 = new(this);
        Compute = new(this);
        Eks = new(this);
        Ram = new(this);
        Objects = new(this);
        new NodeLife(this).Join();
        new Controllers(this).Join();
    }

    public WorldState State { get; }

    public WorldClock Clock { get; }

    public Ec2 Ec2 { get; }

    public Compute Compute { get; }

    public Eks Eks { get; }

    public Ram Ram { get; }

    public ObjectStore Objects { get; }

    public Lock Gate { get; } = new();

    /// <summary>How long changes take; as quick as they come unless somebody asked for more.</summary>
    public Delays Delays { get; internal set; } = Delays.None;

    /// <summary>Raised under the gate after each operation that changed something: the twin file is saved then.</summary>
    public event Action? Changed;

    /// <summary>Runs one operation: first what is due, then the operation, then the controllers until they rest.</summary>
    public T Do<T>(Func<T> operation)
    {
        lock (Gate)
        {
            Settle();
            var before = State.History.Count;
            try
            {
                return operation();
            }
            finally
            {
                // Also after a refusal: what an operation on several things did before it is done, and must be saved.
                RunControllers();
                if (State.History.Count != before)
                {
                    Changed?.Invoke();
                }
            }
        }
    }

    /// <summary>Moves virtual time on; everything due on the way happens in its order, at its time.</summary>
    internal void Advance(TimeSpan by)
    {
        lock (Gate)
        {
            var end = State.Clock + by;
            SettleUntil(end);
            State.Clock = end;
        }
    }

    /// <summary>On wall time: does what is due by now. A server calls it when <see cref="NextDue"/> has come.</summary>
    public void Settle()
    {
        lock (Gate)
        {
            var now = Clock.GetUtcNow();
            SettleUntil(now);
            State.Clock = now;
        }
    }

    /// <summary>When the next change under way ends; null when nothing is.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (Gate)
            {
                return State.Pending.Count == 0 ? null : State.Pending.Min(pending => pending.At);
            }
        }
    }

    /// <summary>Says what ends a change of this name; the argument is the target that <see cref="Later"/> was given.</summary>
    internal void OnPending(string change, Action<string> handler) => handlers.Add(change, handler);

    /// <summary>The changes that take time; a world file may name no other under <c>pending</c>.</summary>
    internal IReadOnlyCollection<string> Changes => handlers.Keys;

    /// <summary>Adds a controller: run after each operation and due change, until a round of all of them records nothing new.</summary>
    internal void AddController(Action controller) => controllers.Add(controller);

    /// <summary>Lets a change end after a delay of world time.</summary>
    /// <param name="delay">Unless <see cref="Delays"/> say another.</param>
    internal void Later(TimeSpan delay, string change, string target) =>
        State.Pending.Add(new(Clock.GetUtcNow() + Delays.Of(change, delay), change, target));

    /// <summary>Notes that something changed. Everything that changes state calls it: saving,
    /// watches and the controllers' rest depend on it.</summary>
    /// <param name="by">Who: <c>ec2</c>, <c>eks</c>, <c>kubernetes</c> for calls, a controller's name otherwise.</param>
    internal void Record(string by, string call, string target) => State.History.Add(new(Clock.GetUtcNow(), by, call, target));

    /// <summary>An id as AWS makes them, <c>prefix-</c> and 17 hex digits. The same seed, kind and key give the
    /// same id, whatever came between; a key used again gives another.</summary>
    internal string NewId(string prefix, string key) => $"{prefix}-0{Hex(prefix, key, 16)}";

    /// <summary>Hex digits that follow from the seed, kind and key; see <see cref="NewId"/>. At most 64.</summary>
    internal string Hex(string kind, string key, int digits)
    {
        var slot = $"{kind}|{key}";
        var count = State.Issued.GetValueOrDefault(slot);
        State.Issued[slot] = count + 1;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{State.Seed}|{slot}|{count}"));
        return Convert.ToHexStringLower(hash)[..digits];
    }

    private void SettleUntil(DateTimeOffset end)
    {
        while (State.Pending.Where(pending => pending.At <= end).MinBy(pending => pending.At) is { } due)
        {
            State.Pending.Remove(due);
            State.Clock = due.At > State.Clock ? due.At : State.Clock;
            handlers[due.Change](due.Target);
            RunControllers();
            Changed?.Invoke();
        }
    }

    private void RunControllers()
    {
        int before;
        do
        {
            before = State.History.Count;
            foreach (var controller in controllers)
            {
                controller();
            }
        } while (State.History.Count != before);
    }
}
