using Podspace.Formats;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Steps.Text;

namespace Podspace.Rendering.Terraform;

/// <summary>What is there already and made by this overlay, for Terraform to take over rather than to make anew.</summary>
/// <remarks>Forms of ids: the section "Import" of each resource's page, hashicorp/terraform-provider-aws, website/docs/r.</remarks>
internal static class TerraformImports
{
    /// <param name="address">From a resource's address to where it stands, or null where it stands nowhere; null: it stands there.</param>
    public static IEnumerable<HclBlock> Of(Blueprint blueprint, TerraformPlace place, Func<string, string?>? address = null)
    {
        var why = "Made already: Terraform takes it over. Take these blocks out once it has.";
        foreach (var (type, name, id) in Known(blueprint, place))
        {
            if ((address is null ? $"{type}.{name}" : address($"{type}.{name}")) is { } to)
            {
                yield return Import(to, id, why);
                why = "";
            }
        }
    }

    public static HclBlock Import(string address, string id, string why) =>
        new("import", [], [new("to", new HclValue.Reference(address)), new("id", id)], why);

    private static IEnumerable<(string Type, string Name, string Id)> Known(Blueprint blueprint, TerraformPlace place)
    {
        var (network, ids) = (blueprint.Desired, blueprint.Ids);
        foreach (var block in network.Blocks.Where(block => block.IsMade && place.Vpc is null))
        {
            if (ids.Associations.TryGetValue(block.Cidr, out var association))
            {
                yield return (TerraformNames.Block, TerraformNames.Of(block.Cidr), association);
            }
        }
        foreach (var subnet in network.Subnets)
        {
            if (!subnet.Ref.IsMade || ids.Subnet(subnet.Ref) is not { } id)
            {
                continue;
            }
            yield return (TerraformNames.Subnet, TerraformNames.Of(subnet.Ref), id.Text);
            foreach (var reserved in subnet.Reserved)
            {
                if (ids.Reservations.TryGetValue((subnet.Ref.Name, reserved), out var reservation))
                {
                    yield return (TerraformNames.Reservation, TerraformNames.Of(subnet.Ref, reserved), $"{id}:{reservation}");
                }
            }
            if (
                subnet.RouteTable is { } table
                && ids.RouteTable(table) is { } tableId
                && ids.SubnetAssociations.TryGetValue(id, out var seen)
                && seen.Table == tableId
            )
            {
                yield return (TerraformNames.Association, TerraformNames.Of(subnet.Ref), $"{id}/{tableId}");
            }
        }
        foreach (var subnet in network.Subnets.Where(subnet => subnet.NetworkAcl is not null))
        {
            if (
                ids.Subnet(subnet.Ref) is { } id
                && blueprint.Inventory.Cloud.NetworkAcls.FirstOrDefault(acl => acl.Id == subnet.NetworkAcl)?.AssociationOf(id)
                    is { } association
            )
            {
                yield return (TerraformNames.AclAssociation, TerraformNames.Of(subnet.Ref), association);
            }
        }
        foreach (var share in network.Shares.Where(share => ids.Shares.ContainsKey(share.Ref.Name)))
        {
            var (arn, seen) = (
                ids.Shares[share.Ref.Name],
                blueprint.Inventory.Cloud.Shares.First(one => one.Arn == ids.Shares[share.Ref.Name])
            );
            yield return (TerraformNames.Share, TerraformNames.Of(share.Ref), arn.Text);
            if (seen.Accounts.Contains(share.Account))
            {
                yield return (TerraformNames.SharePrincipal, TerraformNames.Of(share.Ref), $"{arn},{share.Account}");
            }
            foreach (
                var (subnet, id) in share
                    .Subnets.Select(subnet => (subnet, ids.Subnet(subnet)))
                    .Where(one => one.Item2 is { } known && seen.Subnets.Contains(known))
            )
            {
                yield return (
                    TerraformNames.SharedSubnet,
                    TerraformNames.Of(subnet),
                    $"{arn},{Design.ShareChoice.Arn(blueprint.Spec.Region, blueprint.Inventory.Cloud.Account, id!.Value.Text)}"
                );
            }
        }
        foreach (var table in network.RouteTables.Where(table => table.Ref.IsMade))
        {
            if (ids.RouteTable(table.Ref) is not { } id)
            {
                continue;
            }
            yield return (TerraformNames.Table, TerraformNames.Of(table.Ref), id.Text);
            var live = blueprint.Inventory.Cloud.RouteTables.First(one => one.Id == id).Routes;
            foreach (var route in table.Routes.Where(route => live.Any(one => one.To == route.To && one.Via == route.Via)))
            {
                yield return (TerraformNames.Route, TerraformNames.Of(table.Ref, route), $"{id}_{route.To}");
            }
        }
        foreach (var group in network.Groups)
        {
            if (ids.Group(group.Ref) is { } id)
            {
                yield return (TerraformNames.Group, TerraformNames.Of(group.Ref), id.Text);
            }
        }
        foreach (var rule in network.Rules)
        {
            if (ids.Rules.TryGetValue(rule.Key, out var id))
            {
                yield return (TerraformNames.TypeOf(rule), TerraformNames.Of(rule), id);
            }
        }
        foreach (var role in network.SubnetRoles.Where(role => !role.Subnet.IsMade))
        {
            if (blueprint.Inventory.Cloud.Subnets.FirstOrDefault(subnet => subnet.Id == role.Subnet.Id)?.Tag(Tags.CniRole) is not null)
            {
                yield return (TerraformNames.Tag, TerraformNames.OfRole(role.Subnet), $"{role.Subnet},{Tags.CniRole}");
            }
        }
        foreach (var entry in network.AccessEntries)
        {
            if (blueprint.Inventory.Cloud.AccessEntries.FirstOrDefault(seen => seen.PrincipalArn == entry.PrincipalArn) is not { } seen)
            {
                continue;
            }
            yield return (TerraformNames.AccessEntry, TerraformNames.Of(entry), $"{blueprint.Spec.Cluster}:{entry.PrincipalArn}");
            if (seen.Policies.Contains(AccessEntry.Policy))
            {
                yield return (
                    TerraformNames.AccessPolicy,
                    TerraformNames.Of(entry),
                    $"{blueprint.Spec.Cluster}#{entry.PrincipalArn}#{AccessEntry.Policy}"
                );
            }
        }
        foreach (var (kind, name) in ObjectsOf(blueprint))
        {
            yield return (
                TerraformNames.Manifest,
                TerraformNames.OfObject(kind.Kind, name),
                $"apiVersion={kind.Api},kind={kind.Kind},name={name}"
            );
        }
        if (blueprint.Addon is not null && blueprint.Inventory.Cloud.VpcCni is not null && place.Vpc is null)
        {
            yield return (TerraformNames.Addon, TerraformNames.VpcCni, $"{blueprint.Spec.Cluster}:vpc-cni");
        }
    }

    /// <summary>Settings of aws-node have no import: to make that resource is to take them
    /// over. Source: kubernetes_env, "Import".</summary>
    private static IEnumerable<((string Api, string Kind) Kind, string Name)> ObjectsOf(Blueprint blueprint)
    {
        var (network, cluster, overlay) = (blueprint.Desired, blueprint.Inventory.Cluster, blueprint.Spec.Name);
        foreach (
            var config in network.Cni is { Writer: Spec.EniConfigWriter.Objects }
                ? network.EniConfigs.Where(config => blueprint.Ids.EniConfigObjects.Contains(config.Zone))
                : []
        )
        {
            yield return (("crd.k8s.amazonaws.com/v1alpha1", "ENIConfig"), config.Zone);
        }
        foreach (
            var nodeClass in network.NodeClasses.Where(one =>
                cluster?.NodeClasses.Any(seen => seen.Name == one.Name && seen.Overlay == overlay) is true
            )
        )
        {
            yield return (("eks.amazonaws.com/v1", "NodeClass"), nodeClass.Name);
        }
        foreach (
            var pool in network.NodePools.Where(one =>
                cluster?.NodePools.Any(seen => seen.Name == one.Name && seen.Overlay == overlay) is true
            )
        )
        {
            yield return (("karpenter.sh/v1", "NodePool"), pool.Name);
        }
    }
}
