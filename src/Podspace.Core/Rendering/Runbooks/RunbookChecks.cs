using Podspace.Model;
using Podspace.Naming;
using Podspace.Steps;
using Podspace.Steps.Text;

namespace Podspace.Rendering.Runbooks;

/// <summary>How a person sees that a step is done, and what has to be there.</summary>
internal sealed class RunbookChecks(Blueprint blueprint)
{
    private readonly TextContext context = blueprint.Texts();

    public (string Commands, string Expect) Of(RunbookTopic topic, EquatableArray<Step> steps)
    {
        var changes = steps.Select(step => step.Change).ToList();
        return topic switch
        {
            RunbookTopic.Block => Block(changes),
            RunbookTopic.Subnets => Subnets(),
            RunbookTopic.Sharing => Sharing(),
            RunbookTopic.Routing => Routing(),
            RunbookTopic.Groups => Groups(changes),
            RunbookTopic.Places => Places(),
            RunbookTopic.Switch => Switch(changes),
            // What is gone is seen in the proof, and nodes have a check of their own.
            RunbookTopic.Leaving or RunbookTopic.Nodes => ("", ""),
        };
    }

    private (string, string) Block(List<Change> changes) =>
        (
            $"aws ec2 describe-vpcs --vpc-ids {context.Vpc} --query "
                + $"'Vpcs[0].CidrBlockAssociationSet[].[CidrBlock,CidrBlockState.State]' --output text",
            $"{List(changes.OfType<Change.AssociateBlock>().Select(change => change.Block))} "
                + $"stands there as {Prose.Code("associated")}."
        );

    private (string, string) Subnets() =>
        (
            $"aws ec2 describe-subnets --filters Name=vpc-id,Values={context.Vpc} "
                + $"Name=tag:{Tags.Overlay},Values={blueprint.Spec.Name} --query "
                + $"'Subnets[].[SubnetId,AvailabilityZone,CidrBlock,State]' --output text",
            $"{Zones(blueprint.Desired.Subnets.Where(subnet => subnet.Ref.IsMade))}, each {Prose.Code("available")}."
        );

    private (string, string) Sharing()
    {
        var shared = blueprint.Desired.Shares.SelectMany(share => share.Subnets);
        return (
            $"aws ec2 describe-subnets --filters Name=vpc-id,Values={context.Vpc} --query "
                + $"'Subnets[].[SubnetId,AvailabilityZone,CidrBlock,OwnerId]' --output text   # with "
                + $"credentials of account {blueprint.Inventory.Cloud.ClusterAccount}",
            $"{Zones(shared.Select(subnet => blueprint.Desired.Subnets.First(one => one.Ref == subnet)))} "
                + $"stand there, with {Prose.Code(blueprint.Inventory.Cloud.Account)} as their owner."
        );
    }

    private (string, string) Routing()
    {
        var subnets = string.Join(
            ',',
            blueprint.Desired.Subnets.Where(subnet => subnet.RouteTable is not null).Select(subnet => context.Subnet(subnet.Ref))
        );
        var others = blueprint
            .Desired.RouteTables.SelectMany(table => table.Routes)
            .Select(route => $", {Prose.Code(route.To)}")
            .Distinct();
        return (
            Shell.Command(
                "aws ec2 describe-route-tables",
                ["--filters", $"Name=association.subnet-id,Values={subnets}"],
                ["--query", "RouteTables[].{Table:RouteTableId,Subnets:Associations[].SubnetId,Routes:Routes[].DestinationCidrBlock}"],
                ["--output", "json"]
            ),
            $"Every pod subnet stands under a table of the overlay, "
                + $"and the routes are the VPC's blocks{string.Concat(others)}: no other."
        );
    }

    private (string, string) Groups(List<Change> changes)
    {
        var rules = changes.OfType<Change.AddRule>().Select(change => change.Rule).ToList();
        return (string.Join('\n', rules.Select(rule => rule.Group).Distinct().Select(Rules)), $"{List(rules)}.");
    }

    private string Rules(Ref group)
    {
        const string columns = "IsEgress,IpProtocol,FromPort,ToPort,CidrIpv4,ReferencedGroupInfo.GroupId,Description";
        return Shell.Command(
            "aws ec2 describe-security-group-rules",
            ["--filters", $"Name=group-id,Values={context.Group(group)}"],
            ["--query", $"SecurityGroupRules[].[{columns}]"],
            ["--output", "text"]
        );
    }

    private (string, string) Places() =>
        blueprint.Desired.EniConfigs.IsEmpty
            ? ("kubectl get nodeclasses", "The class is `True` under READY.")
            : (
                "kubectl get eniconfigs -o custom-columns=ZONE:.metadata.name,SUBNET:.spec.subnet,GROUPS:.spec.securityGroups",
                $"One for every zone in which a node can start: "
                    + $"{List(blueprint.Desired.EniConfigs.Select(config => config.Zone))}. "
                    + $"A zone without one leaves its next node NotReady."
            );

    private (string, string) Switch(List<Change> changes)
    {
        if (changes.Exists(change => change is Change.SetSubnetRole))
        {
            return (
                Shell.Command(
                    "aws ec2 describe-subnets",
                    ["--filters", $"Name=vpc-id,Values={context.Vpc}", $"Name=tag-key,Values={Tags.CniRole}"],
                    ["--query", $"Subnets[].[SubnetId,CidrBlock,Tags[?Key=='{Tags.CniRole}']|[0].Value]"],
                    ["--output", "text"]
                ),
                "`1` at the pod subnets, `0` at those of the nodes."
            );
        }
        if (changes.Exists(change => change is Change.ApplyNodePool))
        {
            return ("kubectl get nodepools", $"{List(blueprint.Desired.NodePools.Select(pool => pool.Name))} with `True` under READY.");
        }
        return (
            "kubectl -n kube-system set env daemonset/aws-node -c aws-node --list",
            $"{List((blueprint.Desired.Cni?.Env ?? []).Select(setting => $"{setting.Name}={setting.Value}"))}. "
                + $"Pods that run keep their addresses and notice nothing."
        );
    }

    private static string Zones(IEnumerable<PodSubnet> subnets) => List(subnets.Select(subnet => $"{subnet.Zone} {subnet.Cidr}"));

    private static string List<T>(IEnumerable<T> things) => string.Join(", ", things.Select(thing => Prose.Code(thing)));
}
