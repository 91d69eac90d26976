using System.Globalization;
using Podspace.Cni;
using Podspace.Model;

namespace Podspace.Nodes.Launching;

/// <summary>How many pods a node takes by what it is told.</summary>
public static class Launches
{
    /// <summary>Null: nobody knows.</summary>
    public static int? PodsOn(InstanceLimits limits, ToldPods told) =>
        told switch
        {
            ToldPods.Number number => number.Pods,
            ToldPods.Formula formula => MaxPodsExpression.Parse(formula.Expression)?.On(limits),
            ToldPods.Usual => MaxPodsExpression.Standard(limits),
            _ => null,
        };

    /// <summary>Karpenter counts secondary addresses alone, on the interfaces that it does not keep
    /// back, and takes the least of all it is told.</summary>
    /// <remarks>Source: Karpenter v1.14, "Settings" (RESERVED_ENIS), EC2NodeClass spec.kubelet. AMI families
    /// whose density goes by interfaces; for all others it is 110.</remarks>
    /// <param name="reserved">Null: not known.</param>
    public static int? PodsOn(InstanceLimits limits, SeenEc2NodeClass nodeClass, int? reserved)
    {
        var told = nodeClass.MaxPods.Length == 0 ? Counted(limits, reserved) : Number(nodeClass.MaxPods);
        return told is { } pods && nodeClass.PodsPerCore > 0 ? Math.Min(pods, nodeClass.PodsPerCore * limits.VCpus) : told;
    }

    private static int? Counted(InstanceLimits limits, int? reserved) =>
        reserved is { } kept ? (Math.Max(0, limits.Interfaces - kept) * (limits.AddressesPerInterface - 1)) + MaxPods.OnHostNetwork : null;

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
