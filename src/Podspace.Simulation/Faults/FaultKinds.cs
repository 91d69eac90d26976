namespace Podspace.Simulation.Faults;

/// <summary>What can befall a call.</summary>
public static class FaultKinds
{
    /// <summary>Too many calls; in Kubernetes with a Retry-After of <c>seconds</c>.</summary>
    public const string Throttle = "throttle";

    /// <summary>The service failed, without having done anything.</summary>
    public const string Error = "error";

    public const string Deny = "deny";

    /// <summary>The credentials have run out.</summary>
    public const string Expire = "expire";

    /// <summary>Nothing is done, and no answer comes for <c>seconds</c>.</summary>
    public const string Timeout = "timeout";

    /// <summary>Nothing is done, and the connection is closed.</summary>
    public const string Reset = "reset";

    /// <summary>It is done, and the connection is closed before the answer.</summary>
    public const string Lost = "lost";

    /// <summary>It is done, after <c>seconds</c>.</summary>
    public const string Slow = "slow";

    /// <summary>Who answers does not know yet what was written in the last <c>seconds</c>. EC2 only.</summary>
    public const string Stale = "stale";

    /// <summary>The whole service refuses connections for <c>seconds</c>, from this call on, and open watches are cut.</summary>
    public const string Down = "down";

    public static readonly EquatableArray<string> All = [Deny, Down, Error, Expire, Lost, Reset, Slow, Stale, Throttle, Timeout];

    /// <summary>What a rule that names no time means.</summary>
    public static TimeSpan DefaultTime(string fault) =>
        TimeSpan.FromSeconds(
            fault switch
            {
                Throttle or Slow => 1,
                // What EC2 takes to agree with itself is seldom more. Source: EC2 API Reference,
                // "Eventual consistency", speaks of seconds to minutes.
                Stale => 5,
                // An API server behind a load balancer that loses one of its two.
                Down => 20,
                // As long as our own clients wait for an answer.
                _ => 30,
            }
        );
}
