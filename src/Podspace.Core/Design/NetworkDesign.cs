using Podspace.Findings;
using Podspace.Model;
using Podspace.Spec;

namespace Podspace.Design;

/// <summary>From what a person asked and what exists to what should exist. Every choice is made
/// here, and a choice of our own that is found is kept.</summary>
/// <remarks>Pure: wherever a run was cut, the same network comes out of what it left.</remarks>
public static class NetworkDesign
{
    /// <summary>A network whenever no finding is an error.</summary>
    public static Checked<Network> From(OverlaySpec spec, Inventory inventory)
    {
        if (inventory.Cloud.Vpc is not { } vpc)
        {
            var missing = new DesignReport(spec);
            DesignInputChecks.NoVpc(missing, spec, inventory);
            return new(null, missing.InFileOrder().ToEquatable());
        }
        var input = new DesignInput(spec, inventory, vpc);
        DesignInputChecks.Check(input);
        // In another account, region or VPC than the spec names, every choice would be nonsense and so would its findings.
        var network = input.Report.HasErrors ? null : Choose(input);
        var findings = Acceptances.Match(spec, inventory.Cloud.ObservedAt, input.Report.InFileOrder());
        return new(findings.Any(finding => finding.Severity == Severity.Error) ? null : network, findings);
    }

    private static Network? Choose(DesignInput input) => ModeChoice.Of(input) is { } modes ? PodNetworkDesign.From(input, modes) : null;
}
