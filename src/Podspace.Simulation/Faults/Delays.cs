using System.Collections.Frozen;
using Podspace.Model;
using Podspace.Simulation.Aws;

namespace Podspace.Simulation.Faults;

/// <summary>How long changes take that the world would end within a second if nobody asked for more.</summary>
public sealed class Delays
{
    /// <summary>As quick as the world makes them.</summary>
    public static readonly Delays None = new(FrozenDictionary<string, TimeSpan>.Empty);

    // AWS documents hardly any of these. UNCONFIRMED but for two: ipamd looks every 5 s
    // (amazon-vpc-cni-k8s, ipamd.go, nodeIPPoolReconcileInterval),
    // and how long the control plane may take to know a block.
    private static readonly Dictionary<string, int> Documented = new(StringComparer.Ordinal)
    {
        ["addon-update"] = 60,
        ["block-associated"] = 15,
        ["block-disassociated"] = 10,
        ["block-gone"] = 60,
        [Ec2.BlockKnown] = (int)ControlPlaneClock.Longest.TotalSeconds,
        ["instance-running"] = 20,
        ["instance-terminated"] = 40,
        ["node-agent"] = 5,
        ["node-joined"] = 45,
        ["nodegroup-update"] = 60,
        ["subnet-available"] = 3,
    };

    private readonly FrozenDictionary<string, TimeSpan> byChange;

    private Delays(FrozenDictionary<string, TimeSpan> byChange) => this.byChange = byChange;

    /// <summary>Those of the plan; where it is realistic, the documented ones below them.</summary>
    public static Delays Of(FaultPlan plan)
    {
        var all = plan.Realistic ? new Dictionary<string, int>(Documented, StringComparer.Ordinal) : [];
        foreach (var (change, seconds) in plan.Delays)
        {
            all[change] = seconds;
        }
        return new(all.ToFrozenDictionary(delay => delay.Key, delay => TimeSpan.FromSeconds(delay.Value), StringComparer.Ordinal));
    }

    public TimeSpan Of(string change, TimeSpan otherwise) => byChange.GetValueOrDefault(change, otherwise);
}
