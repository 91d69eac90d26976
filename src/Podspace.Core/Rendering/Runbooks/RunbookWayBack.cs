using Podspace.Naming;
using Podspace.Planning;
using Podspace.Steps;

namespace Podspace.Rendering.Runbooks;

/// <summary>How a change of a plan is taken back by hand, to what was there before the plan.</summary>
internal sealed class RunbookWayBack(Blueprint blueprint, Plan plan)
{
    private readonly RunbookIds ids = new(blueprint);
    private readonly RunbookCalls calls = new(blueprint);

    /// <summary>Empty for what goes with something else, and for what takes away.</summary>
    public IEnumerable<string> Of(Change change) =>
        change switch
        {
            Change.TagBlock it => calls.Of(new Change.UntagBlock(it.Block)),
            Change.AssociateBlock it =>
            [
                $"aws ec2 disassociate-vpc-cidr-block --association-id \"$({RunbookLooks.BlockAssociation(ids.Vpc, it.Block)})\"",
            ],
            Change.CreateSubnet it => [RunbookCalls.Ec2("delete-subnet", ["--subnet-id", ids.Subnet(it.Subnet.Ref)])],
            Change.Reserve it => [Release(it)],
            Change.CreateRouteTable it =>
            [
                RunbookCalls.Ec2("delete-route-table", ["--route-table-id", ids.Table(Ref.Made(it.Table.Text))]),
            ],
            Change.AddRoute it => calls.Of(new Change.RemoveRoute(it.Table, it.Route)),
            Change.AssociateTable it => [Disassociate(it)],
            // One that a new subnet was given goes with it.
            Change.AssociateAcl it
                when blueprint.Ids.Subnet(it.Subnet) is { } subnet
                    && blueprint.Inventory.Cloud.NetworkAcls.FirstOrDefault(acl => acl.Subnets.Contains(subnet)) is { } acl =>
            [
                calls.Acl(it.Subnet, acl.Id.Text),
            ],
            Change.CreateShare it => [calls.Ram("delete-resource-share", ["--resource-share-arn", ids.Share(it.Share.Ref)])],
            Change.CreateGroup it => [RunbookCalls.Ec2("delete-security-group", ["--group-id", ids.Group(it.Group.Ref)])],
            // Rules of a group that is made go with it.
            Change.AddRule { Rule: { } rule } when !rule.Group.IsMade || blueprint.Ids.Group(rule.Group) is not null =>
            [
                RunbookCalls.Ec2(
                    RunbookCalls.Verb("revoke", rule),
                    ["--group-id", ids.Group(rule.Group)],
                    ["--ip-permissions", calls.Permission(rule, null)]
                ),
            ],
            Change.SetAddonValues it => calls.Values(it, Before(it)),
            Change.SetAwsNode it => [RunbookCalls.SetEnv(it.Settings.Changes.Select(one => (one.Name, one.Live)))],
            Change.SetSubnetRole it => [calls.Role(it.Role, it.Before)],
            Change.ApplyEniConfig it =>
            [
                calls.IsThere(it) ? Put("eniconfig", it.EniConfig.Zone) : $"kubectl delete eniconfig {it.EniConfig.Zone}",
            ],
            Change.CreateAccessEntry it => calls.Of(new Change.DeleteAccessEntry(it.Entry.PrincipalArn)),
            Change.ApplyNodeClass it => [it.IsNew ? $"kubectl delete nodeclass {it.NodeClass.Name}" : Put("nodeclass", it.NodeClass.Name)],
            Change.ApplyNodePool it => [it.IsNew ? $"kubectl delete nodepool {it.Pool.Name}" : Put("nodepool", it.Pool.Name)],
            Change.DisableNodePool it => [Put("nodepool", it.Pool.Name)],
            _ => [],
        };

    /// <summary>The document as the update before this one leaves it; before the first, as it is now.</summary>
    private string Before(Change.SetAddonValues change) =>
        plan.Steps.Select(step => step.Change).OfType<Change.SetAddonValues>().TakeWhile(one => one != change).LastOrDefault()
            is { } earlier
            ? earlier.Document.Compose(ids.Any)
            : blueprint.Inventory.Cloud.VpcCni?.Values ?? "";

    private string Release(Change.Reserve change)
    {
        var subnet = Shell.Word(ids.Subnet(change.Subnet));
        return $"aws ec2 delete-subnet-cidr-reservation --subnet-cidr-reservation-id \"$(aws ec2 "
            + $"get-subnet-cidr-reservations --subnet-id {subnet} --query \"SubnetIpv4CidrReservations[?Cidr=='{change.Block}'] "
            + $"| [0].SubnetCidrReservationId\" --output text)\"";
    }

    private string Disassociate(Change.AssociateTable change)
    {
        var subnet = Shell.Word(ids.Subnet(change.Subnet));
        var present =
            $"\"$(aws ec2 describe-route-tables --filters Name=association.subnet-id,Values={subnet} --query "
            + $"\"RouteTables[0].Associations[?SubnetId=='{subnet.Trim('"')}'] | [0].RouteTableAssociationId\" --output text)\"";
        return blueprint.Ids.Subnet(change.Subnet) is { } id && blueprint.Ids.SubnetAssociations.TryGetValue(id, out var before)
            ? $"aws ec2 replace-route-table-association --route-table-id {before.Table} --association-id {present}"
            : $"aws ec2 disassociate-route-table --association-id {present}";
    }

    private static string Put(string kind, string name) => $"kubectl replace -f {kind}-{name}-before.yaml";
}
