using System.Globalization;
using Podspace.Addressing;
using Podspace.Formats.Yaml;

namespace Podspace.Spec;

/// <summary>Turns a document into an <see cref="OverlaySpec"/>. Shapes were checked before: what is
/// malformed counts as left out here, and has its finding already.</summary>
internal static class SpecReader
{
    public static OverlaySpec Read(YamlNode.Mapping root, SpecReport report)
    {
        var spec = Map(root, "spec");
        return new()
        {
            Name = Text(Map(root, "metadata"), "name") ?? "",
            Region = Text(spec, "region") ?? "",
            Account = Text(spec, "account"),
            Vpc = Text(spec, "vpc") ?? "",
            Cluster = Text(spec, "cluster"),
            Modes = Texts(spec, "mode").Where(mode => mode != "auto").Select(Mode).OfType<PodMode>().ToEquatable(),
            Zones = Texts(spec, "zones").Order(StringComparer.Ordinal).ToEquatable(),
            Addresses = Addresses(Map(spec, "addresses")),
            Subnets = Subnets(Map(spec, "subnets")),
            Routing = Routing(Map(spec, "routing")),
            Security = Security(Map(spec, "security")),
            Cni = Cni(Map(spec, "cni")),
            AutoMode = AutoMode(Map(spec, "autoMode")),
            Rollout = new(Number(Map(spec, "rollout"), "maxUnavailable") ?? 1, Text(Map(spec, "rollout"), "window")),
            Owners = Owners(Map(spec, "owners")),
            Names = new(
                Text(Map(spec, "names"), "subnet"),
                Text(Map(spec, "names"), "routeTable"),
                Text(Map(spec, "names"), "securityGroup")
            ),
            Tags = Pairs(Map(spec, "tags"))
                .Select(pair => new Tag(pair.Key, pair.Value))
                .OrderBy(tag => tag.Key, StringComparer.Ordinal)
                .ToEquatable(),
            Access = new(Role(Map(Map(spec, "access"), "network")), Role(Map(Map(spec, "access"), "cluster"))),
            Accept = Maps(spec, "accept").Select(Acceptance).OfType<Acceptance>().ToEquatable(),
            Places = report.Places,
        };
    }

    private static PodMode? Mode(string text) =>
        text switch
        {
            "eniConfig" => PodMode.EniConfig,
            "subnetDiscovery" => PodMode.SubnetDiscovery,
            "autoMode" => PodMode.AutoMode,
            _ => null,
        };

    private static AddressesSpec Addresses(YamlNode.Mapping? from) =>
        new(Blocks(from, "blocks"), Blocks(from, "pool"), Blocks(from, "avoid"), Number(from, "subnetPrefixLength"));

    private static SubnetsSpec Subnets(YamlNode.Mapping? from) =>
        new(
            Pairs(Map(from, "existing"))
                .Select(pair => new ExistingSubnet(pair.Key, pair.Value))
                .OrderBy(subnet => subnet.Zone, StringComparer.Ordinal)
                .ToEquatable(),
            Text(from, "networkAcl")
        );

    private static RoutingSpec Routing(YamlNode.Mapping? from) =>
        new(
            Text(from, "source") == "pod" ? PacketSource.Pod : PacketSource.Node,
            Blocks(from, "keepPodAddressTo"),
            Maps(from, "routes").Select(Route).OfType<RouteSpec>().ToEquatable()
        );

    private static RouteSpec? Route(YamlNode.Mapping from) =>
        Block(Text(from, "to")) is { } to && Text(from, "via") is { } via ? new(to, via, Text(from, "zone")) : null;

    private static SecuritySpec Security(YamlNode.Mapping? from) =>
        Find(from, "pods") switch
        {
            YamlNode.Sequence list => new(PodGroups.Listed, list.Items.OfType<YamlNode.Scalar>().Select(id => id.Text).ToEquatable()),
            YamlNode.Scalar { Text: "dedicated" } => new(PodGroups.Dedicated),
            YamlNode.Scalar { Text: "sameAsNode" } => new(PodGroups.SameAsNode),
            YamlNode.Scalar { Text: "cluster" } => new(PodGroups.Cluster),
            _ => new(),
        };

    private static CniSpec Cni(YamlNode.Mapping? from) =>
        new(
            Flag(from, "prefixDelegation"),
            Text(from, "eniConfigs") switch
            {
                "addon" => EniConfigWriter.Addon,
                "objects" => EniConfigWriter.Objects,
                _ => EniConfigWriter.Auto,
            },
            Text(from, "conflicts") switch
            {
                "preserve" => Conflicts.Preserve,
                "overwrite" => Conflicts.Overwrite,
                _ => Conflicts.Fail,
            }
        );

    private static AutoModeSpec AutoMode(YamlNode.Mapping? from) =>
        new(
            Text(Map(from, "nodeClass"), "name"),
            Text(Map(from, "nodeClass"), "role"),
            Maps(from, "nodePools").Select(pool => new NodePoolSpec(Text(pool, "name") ?? "", Text(pool, "like") ?? "")).ToEquatable()
        );

    private static OwnersSpec Owners(YamlNode.Mapping? from) =>
        new(Owner(Text(from, "network")), Owner(Text(from, "rules")), Owner(Text(from, "cni")), Owner(Text(from, "nodes")));

    private static Owner Owner(string? text) =>
        text switch
        {
            "terraform" => Podspace.Spec.Owner.Terraform,
            "git" => Podspace.Spec.Owner.Git,
            "existing" => Podspace.Spec.Owner.Existing,
            _ => Podspace.Spec.Owner.Podspace,
        };

    private static AccessRole? Role(YamlNode.Mapping? from) => Text(from, "roleArn") is { } arn ? new(arn, Text(from, "externalId")) : null;

    private static Acceptance? Acceptance(YamlNode.Mapping from) =>
        DateOnly.TryParseExact(Text(from, "until"), "yyyy-MM-dd", out var until)
            ? new(Text(from, "finding") ?? "", Text(from, "on") ?? "", Text(from, "reason") ?? "", until)
            : null;

    private static YamlNode? Find(YamlNode.Mapping? from, string key) =>
        from?.Entries.Where(entry => entry.Key.Text == key).Select(entry => entry.Value).FirstOrDefault();

    private static YamlNode.Mapping? Map(YamlNode.Mapping? from, string key) => Find(from, key) as YamlNode.Mapping;

    private static string? Text(YamlNode.Mapping? from, string key) =>
        Find(from, key) is YamlNode.Scalar { IsNull: false } scalar ? scalar.Text : null;

    private static bool? Flag(YamlNode.Mapping? from, string key) =>
        Find(from, key) is YamlNode.Scalar { Value: { Kind: ScalarKind.Boolean } value } ? value == ScalarValue.True : null;

    private static int? Number(YamlNode.Mapping? from, string key) =>
        int.TryParse((Find(from, key) as YamlNode.Scalar)?.Value.Json, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static IEnumerable<string> Texts(YamlNode.Mapping? from, string key) =>
        Find(from, key) switch
        {
            YamlNode.Sequence list => list.Items.OfType<YamlNode.Scalar>().Select(item => item.Text),
            YamlNode.Scalar { IsNull: false } scalar => [scalar.Text],
            _ => [],
        };

    private static IEnumerable<YamlNode.Mapping> Maps(YamlNode.Mapping? from, string key) =>
        Find(from, key) is YamlNode.Sequence list ? list.Items.OfType<YamlNode.Mapping>() : [];

    private static IEnumerable<(string Key, string Value)> Pairs(YamlNode.Mapping? from) =>
        from is null
            ? []
            : from
                .Entries.Where(entry => entry.Value is YamlNode.Scalar)
                .Select(entry => (entry.Key.Text, ((YamlNode.Scalar)entry.Value).Text));

    private static EquatableArray<Cidr> Blocks(YamlNode.Mapping? from, string key) =>
        Texts(from, key).Select(Block).OfType<Cidr>().ToEquatable();

    private static Cidr? Block(string? text) => text is not null && Cidr.TryParse(text, out var block, out _) ? block : null;
}
