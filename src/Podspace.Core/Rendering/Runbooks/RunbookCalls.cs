using System.Diagnostics;
using System.Text.Json.Nodes;
using Podspace.Applying;
using Podspace.Cni;
using Podspace.Design;
using Podspace.Formats;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Rendering.Manifests;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Rendering.Runbooks;

/// <summary>What <c>apply</c> would call for a change, as lines of the AWS CLI and kubectl: with the same tags and
/// labels, so that Podspace knows as its own what a person made by them.</summary>
internal sealed class RunbookCalls(Blueprint blueprint)
{
    private readonly OverlaySpec spec = blueprint.Spec;
    private readonly RunbookIds ids = new(blueprint);

    private string Cluster => spec.Cluster ?? "";

    /// <summary>Empty for what comes by itself.</summary>
    public IEnumerable<string> Of(Change change) =>
        change switch
        {
            Change.TagBlock it =>
            [
                $"aws ec2 create-tags --resources {ids.Vpc} --tags "
                    + $"\"Key={Tags.Block(it.Block)},Value={spec.Name}@$(date -u +%Y-%m-%dT%H:%M:%SZ)\"",
            ],
            Change.UntagBlock it => [Ec2("delete-tags", ["--resources", ids.Vpc], ["--tags", $"Key={Tags.Block(it.Block)}"])],
            Change.TransferBlock it =>
            [
                Ec2("create-tags", ["--resources", ids.Vpc], ["--tags", $"Key={Tags.Block(it.Block)},Value={it.To}@{it.Since}"]),
            ],
            Change.AssociateBlock it =>
            [
                Ec2("associate-vpc-cidr-block", ["--vpc-id", ids.Vpc], ["--cidr-block", $"{it.Block}"]),
                Shell.Until(RunbookLooks.BlockState(ids.Vpc, it.Block), "associated"),
            ],
            Change.DisassociateBlock it => [Ec2("disassociate-vpc-cidr-block", ["--association-id", blueprint.Ids.Associations[it.Block]])],
            Change.CreateSubnet it => Subnet(it),
            Change.DeleteSubnet it => [Ec2("delete-subnet", ["--subnet-id", ids.Subnet(Ref.Made(it.Subnet.Text))])],
            Change.Reserve it =>
            [
                Ec2(
                    "create-subnet-cidr-reservation",
                    ["--subnet-id", ids.Subnet(it.Subnet)],
                    ["--cidr", $"{it.Block}"],
                    ["--reservation-type", "prefix"],
                    Tagged("subnet-cidr-reservation", ResourceNames.TagsFor(spec, it.Subnet.Name, null))
                ),
            ],
            Change.DeleteReservation it =>
            [
                Ec2(
                    "delete-subnet-cidr-reservation",
                    ["--subnet-cidr-reservation-id", blueprint.Ids.Reservations[(it.Subnet, it.Block)].Text]
                ),
            ],
            Change.CreateRouteTable it =>
            [
                Kept(
                    Shell.VariableOf("TABLE", it.Table),
                    Ec2(
                        "create-route-table",
                        ["--vpc-id", ids.Vpc],
                        Tagged("route-table", it.Tags),
                        ["--query", "RouteTable.RouteTableId"],
                        ["--output", "text"]
                    )
                ),
            ],
            Change.DeleteRouteTable it => [Ec2("delete-route-table", ["--route-table-id", ids.Table(Ref.Made(it.Table.Text))])],
            Change.DeleteDuplicateRouteTable it => [Ec2("delete-route-table", ["--route-table-id", it.Table.Text])],
            Change.AddRoute it =>
            [
                Ec2(
                    "create-route",
                    ["--route-table-id", ids.Table(it.Table)],
                    ["--destination-cidr-block", $"{it.Route.To}"],
                    [Target(it.Route.Via), it.Route.Via]
                ),
            ],
            Change.RemoveRoute it =>
            [
                Ec2("delete-route", ["--route-table-id", ids.Table(it.Table)], ["--destination-cidr-block", $"{it.Route.To}"]),
            ],
            Change.AssociateTable it => [Associate(it)],
            Change.AssociateAcl it => [Acl(it.Subnet, it.Acl.Text)],
            Change.CreateShare it =>
            [
                Kept(
                    Shell.VariableOf("SHARE", it.Share.Ref.Name),
                    Ram(
                        "create-resource-share",
                        ["--name", it.Share.ShareName],
                        ["--principals", it.Share.Account],
                        Arns(it.Share),
                        ["--no-allow-external-principals"],
                        [
                            "--tags",
                            new JsonArray([
                                .. it.Tags.Select(tag => (JsonNode)new JsonObject { ["key"] = tag.Key, ["value"] = tag.Value }),
                            ]).ToLine(),
                        ],
                        ["--query", "resourceShare.resourceShareArn"],
                        ["--output", "text"]
                    )
                ),
            ],
            Change.AddToShare it =>
            [
                Ram(
                    "associate-resource-share",
                    [
                        ["--resource-share-arn", ids.Share(it.Share.Ref)],
                        .. it.Share.Subnets.IsEmpty ? [] : (string[][])[Arns(it.Share)],
                        .. it.Share.Account.Length == 0
                            ? []
                            : (string[][])
                                [
                                    ["--principals", it.Share.Account],
                                ],
                    ]
                ),
            ],
            Change.RemoveFromShare it =>
            [
                Ram(
                    "disassociate-resource-share",
                    ["--resource-share-arn", ids.Share(Ref.Made(it.Share.Text))],
                    ["--resource-arns", Arn(Ref.Made(it.Subnet.Text))]
                ),
            ],
            Change.DeleteShare it => [Ram("delete-resource-share", ["--resource-share-arn", ids.Share(Ref.Made(it.Share.Text))])],
            Change.CreateGroup it =>
            [
                Kept(
                    Shell.VariableOf("GROUP", it.Group.Ref.Name),
                    Ec2(
                        "create-security-group",
                        ["--vpc-id", ids.Vpc],
                        ["--group-name", it.Group.GroupName],
                        ["--description", it.Group.Description],
                        Tagged("security-group", it.Tags),
                        ["--query", "GroupId"],
                        ["--output", "text"]
                    )
                ),
            ],
            Change.DeleteGroup it => [Ec2("delete-security-group", ["--group-id", ids.Group(Ref.Made(it.Group.Text))])],
            // AWS puts it into every new group, and a second one is refused: it is tagged instead.
            // Source: VPC User Guide, "Default security group rules".
            Change.AddRule { Rule: { Direction: Direction.Egress, Group.IsMade: true, Peer.Cidr.PrefixLength: 0 } rule }
                when rule.Traffic == Traffic.All && blueprint.Ids.Group(rule.Group) is null => TagDefault(rule),
            Change.AddRule it =>
            [
                Ec2(
                    Verb("authorize", it.Rule),
                    ["--group-id", ids.Group(it.Rule.Group)],
                    ["--ip-permissions", Permission(it.Rule, it.Rule.Why)],
                    Tagged("security-group-rule", ResourceNames.TagsFor(spec, ResourceNames.Of(it.Rule), null))
                ),
            ],
            Change.TagRule it =>
            [
                Ec2(
                    "create-tags",
                    ["--resources", it.RuleId],
                    ["--tags", TagList(ResourceNames.TagsFor(spec, ResourceNames.Of(it.Rule), null))]
                ),
            ],
            Change.RemoveRule it =>
            [
                Ec2(
                    Verb("revoke", it.Rule),
                    ["--group-id", ids.Group(it.Rule.Group)],
                    ["--security-group-rule-ids", blueprint.Ids.Rules[it.Rule.Key]]
                ),
            ],
            Change.SetAddonValues it => Values(it, it.Document.Compose(ids.Any)),
            Change.SetAwsNode it => [SetEnv(it.Settings.Changes.Select(one => (one.Name, one.Wanted)))],
            Change.SetSubnetRole it =>
            [
                Ec2(
                    "create-tags",
                    ["--resources", ids.Subnet(it.Role.Subnet)],
                    ["--tags", .. it.Role.Tags(spec.Cluster).Select(tag => $"Key={tag.Key},Value={tag.Value}")]
                ),
            ],
            Change.RestoreSubnetRole it => [Role(it.Role, it.Before)],
            Change.ApplyEniConfig it =>
            [
                Saved("eniconfig", it.EniConfig.Zone, IsThere(it)),
                Apply(EniConfigManifest.Of(spec, it.EniConfig, ids.Any)),
            ],
            Change.DeleteEniConfig it => [$"kubectl delete eniconfig {it.Zone}"],
            Change.CreateAccessEntry it => Entry(it),
            Change.DeleteAccessEntry it => [Eks("delete-access-entry", ["--principal-arn", it.PrincipalArn])],
            Change.ApplyNodeClass it =>
            [
                Saved("nodeclass", it.NodeClass.Name, !it.IsNew),
                Apply(AutoModeManifest.Of(spec, it.NodeClass, ids.Any)),
                $"kubectl wait --for=condition=Ready nodeclass/{it.NodeClass.Name} --timeout=10m",
            ],
            Change.DeleteNodeClass it => [$"kubectl delete nodeclass {it.NodeClass}"],
            Change.ApplyNodePool it => [Saved("nodepool", it.Pool.Name, !it.IsNew), Apply(AutoModeManifest.Of(spec, it.Pool))],
            Change.DisableNodePool it => [Saved("nodepool", it.Pool.Name, true), Apply(AutoModeManifest.Of(spec, it.Pool))],
            Change.DeleteNodePool it => [$"kubectl delete nodepool {it.Pool}"],
            Change.TakeOver it => [Ec2("create-tags", ["--resources", it.Subnet.Text], ["--tags", TagList(it.Tags)])],
            Change.DeleteLeakedInterface it => [Ec2("delete-network-interface", ["--network-interface-id", it.Interface.Text])],
            Change.DeletePreviousValues => [$"kubectl -n kube-system delete configmap podspace-{spec.Name}"],
            Change.ClearRolloutMark it =>
            [
                $"kubectl annotate node {it.Node} {Tags.Rollout(spec.Name)}-",
                it.StaysCordoned ? "" : $"kubectl uncordon {it.Node}",
            ],
            _ => throw new UnreachableException($"{change.GetType().Name} has no command."),
        };

    /// <summary>The rule as AWS takes it, to add it or to take it back.</summary>
    public string Permission(GroupRule rule, string? why)
    {
        var permission = new JsonObject { ["IpProtocol"] = rule.Traffic.Protocol };
        if (rule.Traffic.Protocol != "-1")
        {
            permission["FromPort"] = rule.Traffic.From;
            permission["ToPort"] = rule.Traffic.To;
        }
        var (list, key, value) = rule.Peer switch
        {
            { Cidr: { } cidr } => ("IpRanges", "CidrIp", $"{cidr}"),
            { Group: { } group } => ("UserIdGroupPairs", "GroupId", ids.Group(group)),
            _ => ("PrefixListIds", "PrefixListId", $"{rule.Peer.PrefixList}"),
        };
        var peer = new JsonObject { [key] = value };
        if (!string.IsNullOrEmpty(why))
        {
            peer["Description"] = why;
        }
        permission[list] = new JsonArray(peer);
        return new JsonArray(permission).ToLine();
    }

    public static string Verb(string verb, GroupRule rule) =>
        $"{verb}-security-group-{(rule.Direction == Direction.Ingress ? "ingress" : "egress")}";

    /// <summary>The add-on takes its document as a whole, and takes a while.</summary>
    public IEnumerable<string> Values(Change.SetAddonValues change, string document)
    {
        var conflicts = change.Conflicts switch
        {
            Conflicts.Fail => "NONE",
            Conflicts.Preserve => "PRESERVE",
            Conflicts.Overwrite => "OVERWRITE",
        };
        yield return Shell.Document("cat > vpc-cni.json", CniValues.Parse(document).ToPage());
        yield return Eks(
            "update-addon",
            ["--addon-name", "vpc-cni"],
            ["--configuration-values", "file://vpc-cni.json"],
            ["--resolve-conflicts", conflicts]
        );
        yield return Eks("wait addon-active", ["--addon-name", "vpc-cni"]);
        yield return "kubectl -n kube-system rollout status daemonset/aws-node --timeout=30m";
    }

    /// <param name="settings">Without a value: taken out.</param>
    public static string SetEnv(IEnumerable<(string Name, string? Value)> settings) =>
        Shell.Command(
            "kubectl -n kube-system set env daemonset/aws-node -c aws-node",
            settings.Select(one => (string[])[one.Value is null ? $"{one.Name}-" : $"{one.Name}={one.Value}"])
        ) + "\nkubectl -n kube-system rollout status daemonset/aws-node --timeout=30m";

    public string Role(SubnetRole role, string? before) =>
        before is null
            ? Ec2(
                "delete-tags",
                ["--resources", ids.Subnet(role.Subnet)],
                ["--tags", .. role.Tags(spec.Cluster).Select(tag => $"Key={tag.Key}")]
            )
            : Ec2("create-tags", ["--resources", ids.Subnet(role.Subnet)], ["--tags", $"Key={Tags.CniRole},Value={before}"]);

    public string Ram(string operation, params IEnumerable<string[]> options) =>
        Shell.Command($"aws ram {operation}", options.Append(["--region", spec.Region]));

    public static string Ec2(string operation, params IEnumerable<string[]> options) => Shell.Command($"aws ec2 {operation}", options);

    public string Eks(string operation, params IEnumerable<string[]> options) =>
        Shell.Command($"aws eks {operation}", options.Prepend(["--cluster-name", Cluster]));

    public bool IsThere(Change.ApplyEniConfig change) =>
        blueprint.Inventory.Cluster?.EniConfigs.Any(seen => seen.Name == change.EniConfig.Zone) == true;

    private IEnumerable<string> Subnet(Change.CreateSubnet change)
    {
        var variable = Shell.VariableOf("SUBNET", change.Subnet.Ref.Name);
        yield return Kept(
            variable,
            Ec2(
                "create-subnet",
                ["--vpc-id", ids.Vpc],
                Zone(change.Subnet.Zone),
                ["--cidr-block", $"{change.Subnet.Cidr}"],
                Tagged("subnet", change.Tags),
                ["--query", "Subnet.SubnetId"],
                ["--output", "text"]
            )
        );
        yield return $"aws ec2 wait subnet-available --subnet-ids \"${variable}\"";
    }

    /// <summary>Gives the subnet another network ACL, whichever it has.</summary>
    public string Acl(Ref subnet, string acl)
    {
        var id = ids.Subnet(subnet);
        var filter = Shell.Word($"Name=association.subnet-id,Values={id}");
        // Between the quotes of the query a variable stands without its own.
        var query = $"NetworkAcls[0].Associations[?SubnetId=='{Shell.Word(id).Trim('"')}'] | [0].NetworkAclAssociationId";
        return $"aws ec2 replace-network-acl-association --network-acl-id {acl} --association-id "
            + $"\"$(aws ec2 describe-network-acls --filters {filter} --query \"{query}\" --output text)\"";
    }

    /// <summary>By its id where the VPC's account names zones by other names.</summary>
    private string[] Zone(string zone) =>
        blueprint.Inventory.Cloud.Participant is null
            ? ["--availability-zone", zone]
            : ["--availability-zone-id", blueprint.Inventory.Cloud.ZoneFor(zone)];

    private string[] Arns(SubnetShare share) => ["--resource-arns", .. share.Subnets.Select(Arn)];

    private string Arn(Ref subnet) => ShareChoice.Arn(spec.Region, blueprint.Inventory.Cloud.Account, ids.Subnet(subnet));

    private IEnumerable<string> TagDefault(GroupRule rule)
    {
        yield return "# AWS puts the rule out to everywhere into every new group; it only gets the tags.";
        yield return $"aws ec2 create-tags --resources \"$(aws ec2 describe-security-group-rules --filters "
            + $"{Shell.Word($"Name=group-id,Values={ids.Group(rule.Group)}")} --query 'SecurityGroupRules[?IsEgress] | "
            + $"[0].SecurityGroupRuleId' --output text)\" --tags "
            + $"{Shell.Word(TagList(ResourceNames.TagsFor(spec, ResourceNames.Of(rule), null)))}";
    }

    private string Associate(Change.AssociateTable change) =>
        ids.Association(change.Subnet) is { } present
            ? Ec2("replace-route-table-association", ["--association-id", present], ["--route-table-id", ids.Table(change.Table)])
            : Ec2("associate-route-table", ["--route-table-id", ids.Table(change.Table)], ["--subnet-id", ids.Subnet(change.Subnet)]);

    private IEnumerable<string> Entry(Change.CreateAccessEntry change)
    {
        yield return Eks(
            "create-access-entry",
            ["--principal-arn", change.Entry.PrincipalArn],
            ["--type", "EC2"],
            ["--tags", new JsonObject(change.Tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value))).ToLine()]
        );
        yield return Eks(
            "associate-access-policy",
            ["--principal-arn", change.Entry.PrincipalArn],
            ["--policy-arn", AccessEntry.Policy],
            ["--access-scope", "type=cluster"]
        );
    }

    private static string Apply(JsonObject manifest) =>
        Shell.Document("kubectl apply --server-side --field-manager=podspace -f -", ManifestText.Yaml(manifest));

    /// <summary>Before it is changed, an object that is there already is kept in a file, for the way back.</summary>
    private static string Saved(string kind, string name, bool isThere) =>
        isThere
            ? $"kubectl get {kind} {name} -o yaml | grep -vE '^ "
                + $" (resourceVersion|uid|generation|creationTimestamp):' > {kind}-{name}-before.yaml"
            : "";

    private static string Kept(string variable, string command) => $"{variable}=$({command})";

    // The id's prefix says which option names it. Source: EC2 API Reference, CreateRoute.
    private static string Target(string via) =>
        via.Split('-')[0] switch
        {
            "tgw" => "--transit-gateway-id",
            "nat" => "--nat-gateway-id",
            "pcx" => "--vpc-peering-connection-id",
            "eni" => "--network-interface-id",
            "vpce" => "--vpc-endpoint-id",
            _ => "--gateway-id",
        };

    private static string[] Tagged(string type, EquatableArray<SeenTag> tags) =>
        ["--tag-specifications", new JsonArray(new JsonObject { ["ResourceType"] = type, ["Tags"] = TagArray(tags) }).ToLine()];

    private static string TagList(EquatableArray<SeenTag> tags) => TagArray(tags).ToLine();

    private static JsonArray TagArray(EquatableArray<SeenTag> tags) =>
        new([.. tags.Select(tag => (JsonNode)new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value })]);
}
