namespace Podspace.Cni;

/// <summary>Max-pods in the words of one kind of node.</summary>
/// <param name="Kind">Who reads it.</param>
/// <param name="Where">The file or setting it goes into.</param>
/// <param name="Text">To copy; empty where nothing can be set.</param>
/// <param name="Note">Who wins, or what to know.</param>
public sealed record MaxPodsForm(string Kind, string Where, string Text, string Note);

/// <summary>The same limit for every kind of node that takes one. One expression serves mixed types where the
/// kind has expressions; elsewhere the smallest type decides.</summary>
/// <remarks>Sources: nodeadm API (maxPodsExpression, CEL); Bottlerocket settings.kubernetes; Karpenter v1.14 docs
/// (reservedENIs, kubelet.maxPods); EKS User Guide, "Choosing an instance type".</remarks>
public static class MaxPodsForms
{
    // Kinds that others ask for by name.
    public const string Nodeadm = "AL2023 (nodeadm)",
        Fixed = "AL2023 (nodeadm), fixed",
        Bottlerocket = "Bottlerocket",
        AmazonLinux2 = "Amazon Linux 2",
        KarpenterAll = "Karpenter, all pools",
        KarpenterClass = "Karpenter, one class";

    /// <param name="types">Of one launch path; at least one.</param>
    public static EquatableArray<MaxPodsForm> Of(IReadOnlyCollection<InstanceLimits> types, IpamdSettings settings)
    {
        var least = types.Min(type => MaxPods.Advised(type, settings));
        var mixed =
            types.Select(type => MaxPods.Advised(type, settings)).Distinct().Count() > 1
                ? $"The least of {string.Join(", ", types.Select(type => type.Type).Distinct().Order(StringComparer.Ordinal))}: "
                    + $"one number serves all of them."
                : "";
        var takesPrefixes = settings.PrefixDelegation && types.All(type => type.TakesPrefixes);
        return
        [
            new(
                Nodeadm,
                "NodeConfig, spec.kubelet.maxPodsExpression",
                $"maxPodsExpression: \"{Expression(settings, takesPrefixes)}\"",
                "For nodes whose user data is yours. On a managed node group without an AMI of its own EKS's injected value wins over it."
            ),
            new(Fixed, "NodeConfig, spec.kubelet.config.maxPods", $"maxPods: {least}", mixed),
            new(Bottlerocket, "user data", $"[settings.kubernetes]\nmax-pods = {least}", mixed),
            new(
                AmazonLinux2,
                "launch template's user data",
                $"/etc/eks/bootstrap.sh \"$CLUSTER\" --use-max-pods false --kubelet-extra-args '--max-pods={least}'",
                mixed
            ),
            new(
                KarpenterAll,
                "Helm value of Karpenter",
                $"settings.reservedENIs: \"{Reserved(settings)}\"",
                settings.PrefixDelegation
                    ? "Karpenter does not count prefixes: set kubelet.maxPods as well."
                    : "Counts for every NodePool, and fits every type."
            ),
            new(KarpenterClass, "EC2NodeClass, spec.kubelet", $"kubelet:\n  maxPods: {least}", mixed),
            new("managed node group without an AMI of its own", "", "", OfManaged),
            new(
                "Auto Mode",
                "",
                "",
                $"Cannot be set: Auto Mode takes "
                    + $"{types.Min(type => MaxPods.OfAutoMode(type, podSubnets: true, prefixes: true))} at most where its NodeClass "
                    + $"selects pod subnets (its own formula is not published; that prefixes count into it: DERIVED)."
            ),
        ];
    }

    /// <summary>Who wins. Source: EKS User Guide, "Choosing an instance type" (2026): EKS injects a
    /// value into the user data that beats all else.</summary>
    public const string OfManaged =
        "EKS puts a value of its own (at most 110, or 250 with more than 30 vCPUs) into the user data, "
        + "and it beats every setting of yours. Whether it takes one interface off under custom networking is not "
        + "documented (UNCONFIRMED): read the capacity of a new node. To decide yourself, name an AMI in "
        + "the launch template.";

    /// <summary>CEL over default_enis and ips_per_eni, so that one node class serves every type.</summary>
    /// <param name="prefixes">Every type takes them, and they are on.</param>
    public static string Expression(IpamdSettings settings, bool prefixes)
    {
        var all = settings.MaxEni is { } most ? $"(default_enis < {most} ? default_enis : {most})" : "default_enis";
        var taken = Reserved(settings);
        var sum =
            $"({(taken > 0 ? $"({all} - {taken})" : all)} * (ips_per_eni - "
            + $"1){(prefixes ? $" * {MaxPods.PerPrefix}" : "")}) + {MaxPods.OnHostNetwork}";
        return prefixes ? $"({sum}) < 110 ? ({sum}) : 110" : sum;
    }

    /// <summary>Interfaces of a node that hold no pods.</summary>
    public static int Reserved(IpamdSettings settings) => (settings.CustomNetworking ? 1 : 0) + (settings.PodInterfaces ? 1 : 0);
}
