using Podspace.Cni;
using Podspace.Model;
using Podspace.Steps;

namespace Podspace.Planning;

internal static class CniDisruption
{
    /// <summary>A change of whose address leaves the VPC cuts connections that are open; all else touches only pods to come.</summary>
    public static Disruption Of(Func<string, string?> live, CniSettings cni) =>
        cni.Env.Any(setting => setting.Name is CniEnv.ExternalSnat or CniEnv.ExcludedFromSnat && live(setting.Name) != setting.Value)
            ? Disruption.RunningPods
            : Disruption.NewPods;
}
