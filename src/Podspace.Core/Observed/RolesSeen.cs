using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Observed;

/// <summary>What we told subnet discovery: by the tags of subnets made, and of others by the record of what we wrote.</summary>
internal static class RolesSeen
{
    public static EquatableArray<SubnetRole> From(Inventory inventory, IEnumerable<KeyValuePair<ResourceName, SeenSubnet>> made)
    {
        var roles = new List<SubnetRole>();
        foreach (var (name, subnet) in made)
        {
            if (subnet.Tag(Tags.CniRole) is { } role)
            {
                roles.Add(
                    new(
                        Ref.Made(name.Text),
                        role != "0",
                        subnet.Tags.Any(tag => tag.Key.StartsWith(Tags.CniClusterPrefix, StringComparison.Ordinal))
                    )
                );
            }
        }
        var record = RecordedRoles.Of(inventory);
        foreach (var subnet in inventory.Cloud.Subnets)
        {
            if (record.IsOurs(subnet.Id, subnet.Tag(Tags.CniRole)))
            {
                roles.Add(new(Ref.Used(subnet.Id.Text), subnet.Tag(Tags.CniRole) != "0", false));
            }
        }
        return roles.Order().ToEquatable();
    }
}
