using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Observed;

/// <summary>From AWS's ids to references: made things by our name, all others as used.</summary>
internal sealed class SeenNames
{
    private readonly Dictionary<AwsId, Ref> subnets = [];
    private readonly Dictionary<AwsId, Ref> tables = [];
    private readonly Dictionary<AwsId, Ref> groups = [];

    public SeenNames(
        IEnumerable<KeyValuePair<ResourceName, SeenSubnet>> subnets,
        IEnumerable<KeyValuePair<ResourceName, SeenRouteTable>> tables,
        IEnumerable<KeyValuePair<ResourceName, SeenGroup>> groups
    )
    {
        foreach (var (name, subnet) in subnets)
        {
            this.subnets[subnet.Id] = Ref.Made(name.Text);
        }
        foreach (var (name, table) in tables)
        {
            this.tables[table.Id] = Ref.Made(name.Text);
        }
        foreach (var (name, group) in groups)
        {
            this.groups[group.Id] = Ref.Made(name.Text);
        }
    }

    public Ref Subnet(AwsId id) => subnets.TryGetValue(id, out var made) ? made : Ref.Used(id.Text);

    public Ref RouteTable(AwsId id) => tables.TryGetValue(id, out var made) ? made : Ref.Used(id.Text);

    public Ref Group(AwsId id) => groups.TryGetValue(id, out var made) ? made : Ref.Used(id.Text);

    public Peer Peer(Peer seen) => seen.Group is { IsMade: false } group ? Group(group.Id) : seen;

    public EniConfig EniConfig(SeenEniConfig seen) =>
        new(seen.Name, Subnet(new(seen.Subnet)), seen.Groups.Select(group => Group(new(group))).Order().ToEquatable());
}
