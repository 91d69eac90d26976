using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Podspace.Simulation.Faults;

/// <summary>A call, as rules speak of it.</summary>
/// <param name="Service">ec2, eks, sts or kubernetes.</param>
/// <param name="Subject">Tells it from other calls of the same operation: what is asked for, without tokens and times.</param>
public sealed record FaultCall(string Service, string Operation, bool IsWrite, string Subject);

/// <summary>What befalls one call.</summary>
/// <param name="Fault">One of <see cref="FaultKinds"/>.</param>
public sealed record FaultVerdict(string Fault, TimeSpan Time, FaultRule Rule);

/// <summary>A plan of faults at work on one world: says of every call what befalls it.</summary>
/// <remarks>
/// Whether a percentage hits follows from the seed, the rule, the call and how often that same call was made, never from what came between:
/// calls that are under way together may come in any order, and two runs are alike all the
/// same. Only <c>nth</c> and <c>most</c> count in order.
/// </remarks>
public sealed class Faults
{
    private readonly World world;
    private readonly FaultPlan plan;
    private readonly List<FaultRule> rules;
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> made = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> down = new(StringComparer.Ordinal);
    private readonly int[] seen;
    private readonly int[] hits;

    // UNCONFIRMED how often: EC2's documents say that it happens, not how often.
    private static readonly FaultRule[] Realistic =
    [
        new()
        {
            Fault = FaultKinds.Stale,
            Service = "ec2",
            Percent = 5,
        },
    ];

    /// <summary>The world takes its delays from the plan.</summary>
    public Faults(World world, FaultPlan plan)
    {
        this.world = world;
        this.plan = plan;
        rules = [.. plan.Rules, .. plan.Realistic ? Realistic : []];
        seen = new int[rules.Count];
        hits = new int[rules.Count];
        world.Delays = Delays.Of(plan);
    }

    /// <summary>How far back the stalest read can look; zero when none is stale.</summary>
    public TimeSpan Staleness => rules.Where(rule => rule.Fault == FaultKinds.Stale).Select(TimeOf).DefaultIfEmpty().Max();

    /// <summary>How many calls were hit.</summary>
    public int Hits
    {
        get
        {
            lock (gate)
            {
                return hits.Sum();
            }
        }
    }

    /// <summary>Told of a service that goes down: what is open to it is cut.</summary>
    public event Action<string>? WentDown;

    /// <returns>Null: nothing; the call is as ever.</returns>
    public FaultVerdict? Judge(FaultCall call)
    {
        FaultVerdict? verdict;
        lock (gate)
        {
            verdict = DownStill(call.Service) ?? Hit(call);
        }
        if (verdict is { Fault: FaultKinds.Down, Time.Ticks: > 0 })
        {
            WentDown?.Invoke(call.Service);
        }
        return verdict;
    }

    private FaultVerdict? DownStill(string service) =>
        down.TryGetValue(service, out var until) && world.Clock.GetUtcNow() < until
            ? new(FaultKinds.Down, TimeSpan.Zero, new() { Fault = FaultKinds.Down })
            : null;

    private FaultVerdict? Hit(FaultCall call)
    {
        var same = $"{call.Service}|{call.Operation}|{call.Subject}";
        var again = made[same] = made.GetValueOrDefault(same) + 1;
        for (var i = 0; i < rules.Count; i++)
        {
            var rule = rules[i];
            if (!Speaks(rule, call))
            {
                continue;
            }
            seen[i]++;
            if (
                (rule.Most > 0 && hits[i] >= rule.Most)
                || (rule.Nth.Count > 0 && !rule.Nth.Contains(seen[i]))
                || !Falls($"{i}|{same}|{again}", rule.Percent)
            )
            {
                continue;
            }
            hits[i]++;
            if (rule.Fault == FaultKinds.Down)
            {
                down[call.Service] = world.Clock.GetUtcNow() + TimeOf(rule);
            }
            return new(rule.Fault, TimeOf(rule), rule);
        }
        return null;
    }

    private static TimeSpan TimeOf(FaultRule rule) =>
        rule.Seconds > 0 ? TimeSpan.FromSeconds(rule.Seconds) : FaultKinds.DefaultTime(rule.Fault);

    private static bool Speaks(FaultRule rule, FaultCall call) =>
        (rule.Service.Length == 0 || rule.Service == call.Service)
        && (rule.Fault != FaultKinds.Stale || call.Service == "ec2")
        && rule.Only switch
        {
            "reads" => !call.IsWrite,
            "writes" => call.IsWrite,
            _ => true,
        }
        && (rule.Operation.Length == 0 || Fits(rule.Operation, call.Operation));

    /// <summary>Stars stand for any run of characters.</summary>
    private static bool Fits(string pattern, string text)
    {
        var parts = pattern.Split('*');
        if (parts.Length == 1)
        {
            return pattern == text;
        }
        if (!text.StartsWith(parts[0], StringComparison.Ordinal))
        {
            return false;
        }
        var at = parts[0].Length;
        foreach (var part in parts[1..^1])
        {
            var found = text.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }
            at = found + part.Length;
        }
        return text.Length - at >= parts[^1].Length && text.EndsWith(parts[^1], StringComparison.Ordinal);
    }

    private bool Falls(string what, int percent)
    {
        if (percent >= 100)
        {
            return true;
        }
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{plan.Seed}|{what}")));
        return BitConverter.ToUInt32(hash, 0) % 100 < percent;
    }
}
