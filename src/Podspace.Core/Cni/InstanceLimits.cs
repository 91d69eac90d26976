using System.Collections.Frozen;

namespace Podspace.Cni;

/// <summary>What the default network card of an instance type takes, for common types. The authority is
/// <c>DescribeInstanceTypes</c>; this is for when it has not been asked.</summary>
/// <param name="Interfaces">Of the default network card, the primary included.</param>
/// <param name="AddressesPerInterface">IPv4, the interface's own included.</param>
/// <param name="Hypervisor"><c>nitro</c> or <c>xen</c>; <c>unknown</c> for bare metal, which has none.</param>
/// <remarks>Source: amazon-vpc-cni-k8s v1.23.1, pkg/vpc/vpc_ip_resource_limit.go; vCPUs: EC2's list of instance types.</remarks>
public sealed record InstanceLimits(
    string Type,
    int Interfaces,
    int AddressesPerInterface,
    int VCpus,
    string Hypervisor = "nitro",
    bool IsBareMetal = false
)
{
    private static readonly InstanceLimits[] Others =
    [
        new("m5.12xlarge", 8, 30, 48),
        new("m5.24xlarge", 15, 50, 96),
        new("c5.18xlarge", 15, 50, 72),
        new("c6i.32xlarge", 15, 50, 128),
        new("m6i.32xlarge", 15, 50, 128),
        new("m7i.48xlarge", 15, 50, 192),
        new("g5.xlarge", 4, 15, 4),
        new("p4d.24xlarge", 15, 50, 96),
        new("p5.48xlarge", 2, 50, 192),
        new("trn1.32xlarge", 5, 50, 128),
        new("c8i.96xlarge", 24, 64, 384),
        new("hpc6id.32xlarge", 1, 50, 64),
        new("r5.metal", 15, 50, 96, "unknown", IsBareMetal: true),
        new("t2.medium", 3, 6, 2, "xen"),
        new("m4.large", 2, 10, 2, "xen"),
        new("m4.4xlarge", 8, 30, 16, "xen"),
    ];

    private static readonly FrozenDictionary<string, InstanceLimits> Table = Rows()
        .ToFrozenDictionary(row => row.Type, StringComparer.Ordinal);

    /// <summary>The whole table, by name.</summary>
    public static IEnumerable<InstanceLimits> All { get; } = [.. Table.Values.OrderBy(row => row.Type, StringComparer.Ordinal)];

    /// <summary>Prefixes need Nitro or bare metal. Source: EC2 User Guide, "Prefix delegation".</summary>
    public bool TakesPrefixes => Hypervisor == "nitro" || IsBareMetal;

    /// <summary>Security groups for pods need a trunk interface. Source: EKS User Guide, "Security groups for Pods": most Nitro
    /// types, none of family t (whole list not at hand: UNCONFIRMED for single types).</summary>
    public bool TakesTrunk => Hypervisor == "nitro" && !(Type.Length > 1 && Type[0] == 't' && char.IsAsciiDigit(Type[1]));

    /// <summary>Null: the type is unknown here. Nothing is guessed from its family or size.</summary>
    public static InstanceLimits? Find(string type) => Table.GetValueOrDefault(type);

    private static List<InstanceLimits> Rows()
    {
        var rows = new List<InstanceLimits>();
        foreach (var family in (string[])["c5", "c6g", "c6i", "c7g", "m5", "m6g", "m6i", "m7g", "m7i", "r5", "r6g", "r6i"])
        {
            rows.Add(new($"{family}.large", 3, 10, 2));
            rows.Add(new($"{family}.xlarge", 4, 15, 4));
            rows.Add(new($"{family}.2xlarge", 4, 15, 8));
            rows.Add(new($"{family}.4xlarge", 8, 30, 16));
            if (family != "c5")
            {
                rows.Add(new($"{family}.8xlarge", 8, 30, 32));
            }
        }
        foreach (var family in (string[])["c6g", "c7g", "m6g", "m7g", "r6g"])
        {
            rows.Add(new($"{family}.medium", 2, 4, 1));
        }
        foreach (var family in (string[])["t3", "t3a", "t4g"])
        {
            rows.Add(new($"{family}.nano", 2, 2, 2));
            rows.Add(new($"{family}.micro", 2, 2, 2));
            rows.Add(new($"{family}.small", family == "t3a" ? 2 : 3, 4, 2));
            rows.Add(new($"{family}.medium", 3, 6, 2));
            rows.Add(new($"{family}.large", 3, 12, 2));
            rows.Add(new($"{family}.xlarge", 4, 15, 4));
            rows.Add(new($"{family}.2xlarge", 4, 15, 8));
        }
        rows.AddRange(Others);
        return rows;
    }
}
