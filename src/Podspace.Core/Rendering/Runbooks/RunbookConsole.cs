using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Steps;

namespace Podspace.Rendering.Runbooks;

/// <summary>The same in AWS's console, click by click.</summary>
/// <remarks>
/// Labels: Amazon VPC User Guide (edition of 2023-04: "Modify your VPC", "Create a subnet", "Subnet CIDR reservations", "Work with route
/// tables", "Security group rules") and EKS User Guide (2024-12: "Update an Amazon EKS add-on", "Create access entries").
/// Not in those editions, so as people who write of the console name them in 2025 (UNCONFIRMED): IPv4 VPC CIDR block, IPv4 subnet CIDR
/// block, Terminate (delete) instance, type EC2 of an access entry, how tags of a VPC and of subnets are saved.
/// </remarks>
internal sealed class RunbookConsole(Blueprint blueprint)
{
    private readonly RunbookIds ids = new(blueprint);

    public IEnumerable<string> Of(RunbookTopic topic, EquatableArray<Step> steps)
    {
        var changes = steps.Select(step => step.Change).ToList();
        var clicks = changes.SelectMany(Of).ToList();
        return topic == RunbookTopic.Routing && clicks.Count > 0 ? [.. clicks, LocalRoutes()] : clicks;
    }

    private IEnumerable<string> Of(Change change) =>
        change switch
        {
            Change.TagBlock it =>
            [
                $"**VPC → Your VPCs → {Code(ids.Vpc)} → Actions → Manage tags → Add new tag**: "
                    + $"key {Code(Tags.Block(it.Block))}, value {Code($"{blueprint.Spec.Name}@")} and the time now in "
                    + $"UTC, as {Code("2026-01-31T22:15:00Z")}. **Save**",
            ],
            Change.AssociateBlock it =>
            [
                $"**VPC → Your VPCs → {Code(ids.Vpc)} → Actions → Edit CIDRs → Add new IPv4 CIDR**: "
                    + $"IPv4 CIDR manual input, {Code(it.Block)}. **Save**, **Close**, and wait until its status is **Associated**. "
                    + $"A /10 is refused: blocks go from /16 to /28",
            ],
            Change.CreateSubnet it =>
            [
                $"**VPC → Subnets → Create subnet**: VPC ID {Code(ids.Vpc)}, Subnet name {Code(Name(it.Tags))}, "
                    + $"Availability Zone {Zone(it.Subnet.Zone)}, IPv4 VPC CIDR block {Code(BlockOf(it.Subnet))}, "
                    + $"IPv4 subnet CIDR block {Code(it.Subnet.Cidr)}; the tags below. **Create subnet**. "
                    + $"No tag of a load balancer or of Karpenter: neither may find it",
                Tagging(it.Tags),
            ],
            Change.Reserve it =>
            [
                $"**VPC → Subnets → {Shown(it.Subnet)} → Actions → Edit CIDR reservations → IPv4 → Add IPv4 "
                    + $"CIDR reservation**: reservation type Prefix, {Code(it.Block)}. **Add**. Its tags are given "
                    + $"on the command line: {Code("aws ec2 create-tags --resources scr-…")}",
                Tagging(ResourceNames.TagsFor(blueprint.Spec, it.Subnet.Name, null)),
            ],
            Change.CreateRouteTable it =>
            [
                $"**VPC → Route tables → Create route table**: Name {Code(Name(it.Tags))}, VPC {Code(ids.Vpc)}; "
                    + $"the tags below. **Create route table**",
                Tagging(it.Tags),
            ],
            Change.AddRoute it =>
            [
                $"**VPC → Route tables → {Shown(it.Table)} → Routes → Edit routes → Add route**: Destination "
                    + $"{Code(it.Route.To)}, Target {Code(it.Route.Via)}. **Save changes**",
            ],
            Change.AssociateTable it =>
            [
                $"**VPC → Route tables → {Shown(it.Table)} → Subnet associations → Edit subnet "
                    + $"associations** (those under Explicit subnet associations): tick {Shown(it.Subnet)}. "
                    + $"**Save associations**. Without that the main table decides",
            ],
            Change.AssociateAcl it =>
            [
                $"**VPC → Network ACLs → {Code(it.Acl)} → Subnet associations → Edit subnet associations**: "
                    + $"tick {Shown(it.Subnet)}. **Save changes**",
            ],
            Change.CreateShare it =>
            [
                $"**Resource Access Manager → Shared by me: Resource shares → Create resource share**: "
                    + $"name {Code(it.Share.ShareName)}; resource type **Subnets**, tick "
                    + $"{string.Join(", ", it.Share.Subnets.Select(Shown))}; allow sharing only within your organization; "
                    + $"principal type **AWS account**, {Code(it.Share.Account)}; the tags below. "
                    + $"**Create resource share**, and wait until its parts are **Associated**",
                Tagging(it.Tags),
            ],
            Change.AddToShare it =>
            [
                $"**Resource Access Manager → Shared by me: Resource shares → {Code(ResourceNames.ShareName(blueprint.Spec))} "
                    + $"→ Modify**: tick "
                    + $"{string.Join(", ", it.Share.Subnets.Select(Shown))}{(it.Share.Account.Length == 0 ? "" : $", principal {Code(it.Share.Account)}")}. "
                    + $"**Update resource share**",
            ],
            Change.CreateGroup it =>
            [
                $"**VPC → Security groups → Create security group**: Security group name {Code(it.Group.GroupName)}, "
                    + $"Description {Code(it.Group.Description)}, VPC {Code(ids.Vpc)}; the tags below. **Create security group**",
                Tagging(it.Tags),
            ],
            Change.AddRule { Rule: { Direction: Direction.Egress, Group.IsMade: true, Peer.Cidr.PrefixLength: 0 } rule }
                when rule.Traffic == Traffic.All =>
            [
                $"Its outbound rule for all traffic to 0.0.0.0/0 is there already: "
                    + $"**VPC → Security groups → {Shown(rule.Group)} → Outbound rules**, tick it, **Manage tags → Add tag**. "
                    + $"**Save changes**. {Tagging(ResourceNames.TagsFor(blueprint.Spec, ResourceNames.Of(rule), null))}",
            ],
            Change.AddRule it =>
            [
                $"**VPC → Security groups → {Shown(it.Rule.Group)} → {Side(it.Rule)} rules → Edit "
                    + $"{Side(it.Rule).ToLowerInvariant()} rules → Add rule**: Type {Kind(it.Rule.Traffic)}, "
                    + $"{(it.Rule.Direction == Direction.Ingress ? "Source" : "Destination")} type Custom {Shown(it.Rule.Peer)}, "
                    + $"Description {Code(it.Rule.Why)}. **Save rules**",
            ],
            Change.TagRule it =>
            [
                $"**VPC → Security groups → {Shown(it.Rule.Group)} → {Side(it.Rule)} rules**: "
                    + $"tick {Code(it.RuleId)} ({it.Rule}), **Manage tags → Add tag**. **Save changes**. "
                    + $"{Tagging(ResourceNames.TagsFor(blueprint.Spec, ResourceNames.Of(it.Rule), null))}",
            ],
            Change.SetAddonValues it =>
            [
                $"**EKS → Clusters → {Code(blueprint.Spec.Cluster)} → Add-ons**, select Amazon "
                    + $"VPC CNI, **Edit → Optional configuration settings → Configuration values**: "
                    + $"the whole document of {Code("vpc-cni.json")} as below; a key left out falls back to its default. "
                    + $"Conflict resolution method: "
                    + $"**{it.Conflicts switch { Spec.Conflicts.Fail => "None", Spec.Conflicts.Preserve => "Preserve", Spec.Conflicts.Overwrite => "Override" }}**. "
                    + $"**Save changes**, and wait for **Active**",
            ],
            Change.SetSubnetRole it =>
            [
                $"**VPC → Subnets → {Shown(it.Role.Subnet)} → Actions → Manage tags → Add new tag**: "
                    + $"{string.Join(", ", it.Role.Tags(blueprint.Spec.Cluster).Select(tag => $"{Code(tag.Key)} = {Code(tag.Value)}"))}. "
                    + $"**Save**",
            ],
            Change.CreateAccessEntry it =>
            [
                $"**EKS → Clusters → {Code(blueprint.Spec.Cluster)} → Access → Create access entry**: "
                    + $"IAM principal {Code(it.Entry.PrincipalArn)}, Type **EC2**. **Next**; "
                    + $"Policy name AmazonEKSAutoNodePolicy, access scope **Cluster**. **Add policy**, **Next**, **Create**",
            ],
            Change.ApplyEniConfig or Change.SetAwsNode or Change.ApplyNodeClass or Change.ApplyNodePool =>
            [
                "No way in the console: it shows objects of the cluster and does not write them. Use kubectl",
            ],
            _ => [],
        };

    private string LocalRoutes()
    {
        var blocks = (blueprint.Inventory.Cloud.Vpc?.LiveBlocks.Select(block => block.Cidr) ?? [])
            .Union(blueprint.Desired.Blocks.Select(block => block.Cidr))
            .Order();
        return $"On **Routes** there has to stand "
            + $"{string.Join(", ", blocks.Select(block => $"{Code(block)} → {Code("local")}"))}: "
            + $"AWS puts them into every table, and they are why nodes and pods reach each other without a gateway. "
            + (
                blueprint.Desired.RouteTables.All(table => table.Routes.IsEmpty)
                    ? "Nothing else is needed: what leaves the VPC leaves it with the node's address, from the node's subnet"
                    : "The others are for packets that leave the VPC with the pod's own address"
            );
    }

    /// <summary>One has to be chosen once a VPC has several.</summary>
    private Cidr BlockOf(PodSubnet subnet) =>
        blueprint.Desired.Blocks.Select(block => block.Cidr).Where(block => block.Contains(subnet.Cidr)).FirstOrDefault(subnet.Cidr);

    /// <summary>Where the VPC is another account's, its console shows other names.</summary>
    private string Zone(string zone)
    {
        var cloud = blueprint.Inventory.Cloud;
        return cloud.Participant is not { } participant
            ? Code(zone)
            : $"{Code(participant.OwnerZones.FirstOrDefault(own => own.Id == cloud.ZoneFor(zone))?.Name)} "
                + $"({Code(cloud.ZoneFor(zone))}, which is {Code(zone)} in account {Code(participant.Account)})";
    }

    private static string Tagging(EquatableArray<SeenTag> tags) =>
        $"Tags: {string.Join(", ", tags.Select(tag => $"{Code(tag.Key)} = {Code(tag.Value)}"))}";

    private static string Name(EquatableArray<SeenTag> tags) =>
        tags.Where(tag => tag.Key == "Name").Select(tag => tag.Value).FirstOrDefault("");

    private static string Kind(Traffic traffic) =>
        traffic.Protocol == "-1"
            ? "All traffic"
            : $"Custom {traffic.Protocol.ToUpperInvariant()}, "
                + $"Port range {traffic.From}{(traffic.To == traffic.From ? "" : $"-{traffic.To}")}";

    private static string Side(GroupRule rule) => rule.Direction == Direction.Ingress ? "Inbound" : "Outbound";

    private static string Shown(Peer peer) => Code(peer.ToString());

    private string Shown(Ref reference) => Code(blueprint.Ids.Subnet(reference)?.Text ?? reference.ToString());

    private static string Code(object? text) => Prose.Code(text);
}
