using System.Globalization;
using Podspace.Model;

namespace Podspace.Cni;

/// <summary>Version of the Amazon VPC CNI, as in <c>v1.19.0-eksbuild.1</c> or an image's tag.</summary>
internal readonly record struct CniVersion(int Major, int Minor, int Patch) : IComparable<CniVersion>
{
    /// <summary>Brought prefix delegation. Source: amazon-vpc-cni-k8s, CHANGELOG.</summary>
    public static readonly CniVersion Prefixes = new(1, 9, 0);

    /// <summary>Before it, an ENIConfig without groups meant the VPC's default group. Source: amazon-vpc-cni-k8s #1259.</summary>
    public static readonly CniVersion NodeGroupsByDefault = new(1, 8, 0);

    /// <summary>Brought subnet discovery. Source: amazon-vpc-cni-k8s, CHANGELOG.</summary>
    public static readonly CniVersion Discovery = new(1, 18, 0);

    /// <summary>From here on the node's own subnet can be kept from the CNI, and a subnet be kept for
    /// clusters. Source: amazon-vpc-cni-k8s, pkg/awsutils.</summary>
    public static readonly CniVersion Exclusion = new(1, 22, 1);

    /// <summary>Brought discovery of security groups, which 1.22.2 took back. Source: amazon-vpc-cni-k8s #3720.</summary>
    public static readonly CniVersion ToAvoid = new(1, 22, 1);

    public int CompareTo(CniVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    /// <summary>Of the add-on, else of the DaemonSet's image; null when neither says.</summary>
    public static CniVersion? Of(Inventory inventory) =>
        inventory.Cloud.VpcCni is { } addon ? Parse(addon.Version) : OfImage(inventory.Cluster?.AwsNode?.Image);

    /// <summary>By its tag.</summary>
    public static CniVersion? OfImage(string? image) => image is null ? null : Parse(image[(image.LastIndexOf(':') + 1)..]);

    public static CniVersion? Parse(string text)
    {
        var parts = text.TrimStart('v').Split('-', 2)[0].Split('.');
        return parts.Length == 3 && Number(parts[0]) is { } major && Number(parts[1]) is { } minor && Number(parts[2]) is { } patch
            ? new(major, minor, patch)
            : null;
    }

    public override string ToString() => $"v{Major}.{Minor}.{Patch}";

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
