using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Spec;

namespace Podspace.Observed;

/// <summary>Our names for what is made, and the tags that carry them.</summary>
internal static class ResourceNames
{
    /// <summary>Of the route table that all pod subnets share, and of the pods' group.</summary>
    public const string Pods = "pods";

    /// <summary>Tags sent in the call that creates a subnet; says also whether /28 blocks are kept whole in it.</summary>
    public static EquatableArray<SeenTag> TagsFor(OverlaySpec spec, PodSubnet subnet) => TagsForSubnet(spec, subnet, null);

    /// <param name="role">Where subnet discovery is to find it from the start.</param>
    public static EquatableArray<SeenTag> TagsForSubnet(OverlaySpec spec, PodSubnet subnet, SubnetRole? role)
    {
        var tags = TagsFor(spec, subnet.Ref.Name, subnet.Zone).Concat(role?.Tags(spec.Cluster) ?? []);
        return (subnet.Reserved.IsEmpty ? tags : tags.Append(new(Tags.Prefixes, "true")))
            .OrderBy(tag => tag.Key, StringComparer.Ordinal)
            .ToEquatable();
    }

    /// <summary>Tags sent in the call that creates a thing: whose it is, our name for it, its
    /// Name, and the spec's own. Sorted by key.</summary>
    /// <param name="zone">Of a subnet, or of a route table that serves one zone; null for everything else.</param>
    public static EquatableArray<SeenTag> TagsFor(OverlaySpec spec, ResourceName name, string? zone) =>
        With(spec, name, NameTag(spec, name, zone));

    /// <summary>Tags of a route table; its name says whether it serves one zone.</summary>
    public static EquatableArray<SeenTag> TagsForTable(OverlaySpec spec, ResourceName table) => TagsFor(spec, table, ZoneOfTable(table));

    /// <summary>Null: of every zone.</summary>
    internal static string? ZoneOfTable(ResourceName table) => table.Text == Pods ? null : table.Text[(Pods.Length + 1)..];

    /// <summary>Tags of the pods' group, whose name of ours is that of the shared route table.</summary>
    public static EquatableArray<SeenTag> TagsForGroup(OverlaySpec spec) => With(spec, new(Pods), GroupName(spec));

    /// <summary>The pods' group's name in AWS, unique in the VPC.</summary>
    public static string GroupName(OverlaySpec spec) => Fill(spec.Names.SecurityGroup ?? "{name}-pods", spec, "");

    /// <summary>The name of the resource share in AWS RAM.</summary>
    public static string ShareName(OverlaySpec spec) => $"{spec.Name}-pods";

    /// <summary>Tags of the resource share.</summary>
    public static EquatableArray<SeenTag> TagsForShare(OverlaySpec spec) => With(spec, new(Pods), ShareName(spec));

    /// <summary>Our name for a rule, within its group.</summary>
    public static ResourceName Of(GroupRule rule) => new($"{rule.Direction}-{rule.Traffic}-{rule.Peer}".ToLowerInvariant());

    internal static string Subnet(string zone, int number) => $"pods-{zone}-{number}";

    internal static string RouteTable(string? zone) => zone is null ? Pods : $"pods-{zone}";

    internal static bool IsSubnet(string name, string zone) =>
        name.Length > zone.Length + 6
        && name.StartsWith("pods-", StringComparison.Ordinal)
        && name.AsSpan(5).StartsWith(zone, StringComparison.Ordinal)
        && name[zone.Length + 5] == '-'
        && int.TryParse(name.AsSpan(zone.Length + 6), out _);

    internal static bool IsRouteTable(string name) => name == Pods || name.StartsWith("pods-", StringComparison.Ordinal);

    /// <summary>The number in a new subnet's name. It follows from the block, not from what else is
    /// there, so that it is the same wherever a run was cut.</summary>
    internal static int NumberOf(Cidr subnet) =>
        AddressesSpec.CarrierGradeNat.Contains(subnet)
            ? (int)((subnet.First.Number - AddressesSpec.CarrierGradeNat.First.Number) >> 16)
            : 0;

    private static string NameTag(OverlaySpec spec, ResourceName name, string? zone)
    {
        if (zone is not null && IsSubnet(name.Text, zone))
        {
            return Fill(spec.Names.Subnet ?? "{name}/pods-{zone}", spec, zone);
        }
        if (!IsRouteTable(name.Text))
        {
            return $"{spec.Name}/{name}";
        }
        var template = spec.Names.RouteTable ?? "{name}/pods";
        var filled = Fill(template, spec, zone ?? "");
        return zone is null || template.Contains("{zone}", StringComparison.Ordinal) ? filled : $"{filled}-{zone}";
    }

    private static EquatableArray<SeenTag> With(OverlaySpec spec, ResourceName name, string nameTag) =>
        spec
            .Tags.Select(tag => new SeenTag(tag.Key, tag.Value))
            .Append(new(Tags.Overlay, spec.Name))
            .Append(new(Tags.Cluster, spec.Cluster ?? ""))
            .Append(new(Tags.Name, name.Text))
            .Append(new("Name", nameTag))
            .OrderBy(tag => tag.Key, StringComparer.Ordinal)
            .ToEquatable();

    private static string Fill(string template, OverlaySpec spec, string zone) =>
        template.Replace("{name}", spec.Name).Replace("{zone}", zone).Replace("{cluster}", spec.Cluster ?? "");
}
