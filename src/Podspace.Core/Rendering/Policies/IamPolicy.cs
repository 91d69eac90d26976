using System.Diagnostics;
using System.Text.Json.Nodes;
using Podspace.Formats;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Spec;
using Podspace.Steps.Calls;

namespace Podspace.Rendering.Policies;

/// <summary>The least rights in AWS with which a spec can be carried out, as an IAM policy. Needs
/// no world: whoever asks for rights has none yet.</summary>
/// <remarks>Accounts are left open in ARNs: a policy counts in its own account only, and ids stay out of files.</remarks>
public static class IamPolicy
{
    public static string Render(OverlaySpec spec, Grant upTo) => Render(spec, upTo, null);

    /// <summary>One policy; or one for each account, where the roles of the spec are of two.</summary>
    public static IReadOnlyList<RenderedFile> Files(OverlaySpec spec, Grant upTo) =>
        spec.Access.AreTwoAccounts()
            ? [new("policy-network.json", Render(spec, upTo, true)), new("policy-cluster.json", Render(spec, upTo, false))]
            : [new("policy.json", Render(spec, upTo))];

    /// <param name="isOwners">Of two accounts the VPC's, or the cluster's; null: one account has both.</param>
    private static string Render(OverlaySpec spec, Grant upTo, bool? isOwners)
    {
        var grants = Grants
            .Aws.Where(grant =>
                grant.Grant <= upTo && IsOurs(spec, grant) && (isOwners is null || (Grants.IsOwners(grant) ?? isOwners) == isOwners)
            )
            .Select(grant =>
                isOwners == true && grant.Scope == Scope.NewTags
                    ? grant with
                    {
                        Kinds = grant.Kinds.Where(kind => kind != "security-group").ToEquatable(),
                    }
                    : grant
            );
        if (isOwners == false)
        {
            // The same call tags it when it is made.
            grants = grants.Concat(
                Grants
                    .Aws.Where(grant => grant.Grant <= upTo && IsOurs(spec, grant) && grant.Scope == Scope.NewTags)
                    .Select(grant => grant with { Kinds = ["security-group"] })
            );
        }
        var statements = grants
            .GroupBy(grant => grant.Scope)
            .OrderBy(group => group.Key)
            .Select(group => Statement(spec, group.Key, [.. group]));
        return new JsonObject { ["Version"] = "2012-10-17", ["Statement"] = new JsonArray([.. statements]) }.ToPage();
    }

    /// <summary>What another owner writes needs no rights of ours, and without a cluster there is none to ask.</summary>
    private static bool IsOurs(OverlaySpec spec, AwsGrant grant) =>
        grant switch
        {
            { Action: var action } when action.StartsWith("ram:", StringComparison.Ordinal) && !spec.Access.AreTwoAccounts() => false,
            { Scope: Scope.Cluster or Scope.Nodegroups or Scope.Addon or Scope.AccessEntries or Scope.SubnetRoles or Scope.Interfaces }
            or { Action: "eks:DescribeAddonConfiguration" } when spec.Cluster is null => false,
            { Grant: Grant.ReadOnly } => true,
            { Scope: Scope.Acls } when spec.Subnets.NetworkAcl is null => false,
            { Grant: Grant.Network, Scope: Scope.VpcTags } => true,
            { Grant: Grant.Network } => spec.Owners.Network == Owner.Podspace,
            { Grant: Grant.Nodes } => spec.Owners.Nodes == Owner.Podspace && spec.Cluster is not null,
            { Scope: Scope.Addon or Scope.Cluster or Scope.AccessEntries or Scope.SubnetRoles } => spec.Owners.Cni == Owner.Podspace,
            _ => spec.Owners.Rules == Owner.Podspace && spec.Cluster is not null,
        };

    private static JsonObject Statement(OverlaySpec spec, Scope scope, List<AwsGrant> grants)
    {
        var statement = new JsonObject
        {
            ["Sid"] = scope == Scope.Any ? "Look" : scope.ToString(),
            ["Effect"] = "Allow",
            ["Action"] = Texts(grants.Select(grant => grant.Action)),
            ["Resource"] = Texts(Resources(spec, scope, grants.SelectMany(grant => grant.Kinds))),
        };
        if (Condition(spec, scope) is { } condition)
        {
            statement["Condition"] = condition;
        }
        return statement;
    }

    private static IEnumerable<string> Resources(OverlaySpec spec, Scope scope, IEnumerable<string> kinds)
    {
        string Ec2(string resource) => $"arn:{Partition.Of(spec.Region)}:ec2:{spec.Region}:*:{resource}";
        string Ram(string resource) => $"arn:{Partition.Of(spec.Region)}:ram:{spec.Region}:*:{resource}";
        string Eks(string resource) => $"arn:{Partition.Of(spec.Region)}:eks:{spec.Region}:*:{resource}";
        return scope switch
        {
            Scope.Any or Scope.Reservations => ["*"],
            Scope.Vpc or Scope.VpcTags => [Ec2($"vpc/{spec.Vpc}")],
            Scope.New
            or Scope.NewTags
            or Scope.RuleTags
            or Scope.Made
            or Scope.Acls
            or Scope.Groups
            or Scope.Nodes
            or Scope.SubnetRoles
            or Scope.Interfaces => kinds.Select(kind => kind == ResourceType.Share ? Ram($"{kind}/*") : Ec2($"{kind}/*")),
            Scope.Cluster => [Eks($"cluster/{spec.Cluster}")],
            Scope.Nodegroups => [Eks($"nodegroup/{spec.Cluster}/*/*")],
            Scope.AccessEntries => [Eks($"access-entry/{spec.Cluster}/*")],
            Scope.Addon => [Eks($"addon/{spec.Cluster}/vpc-cni/*")],
            _ => throw new UnreachableException($"{scope} has no resources."),
        };
    }

    private static JsonObject? Condition(OverlaySpec spec, Scope scope) =>
        scope switch
        {
            // For all values of none is true, and DeleteTags without a tag takes all of them off: so the list must be there.
            Scope.VpcTags => new()
            {
                ["ForAllValues:StringLike"] = new JsonObject { ["aws:TagKeys"] = Texts([$"{Tags.Prefix}block.*", Tags.Lock(spec.Name)]) },
                ["Null"] = new JsonObject { ["aws:TagKeys"] = "false" },
            },
            Scope.New or Scope.RuleTags => Equal($"aws:RequestTag/{Tags.Overlay}", spec.Name),
            Scope.NewTags => new()
            {
                ["StringEquals"] = new JsonObject
                {
                    ["ec2:CreateAction"] = Texts([
                        "CreateSubnet",
                        "CreateRouteTable",
                        "CreateSecurityGroup",
                        "CreateSubnetCidrReservation",
                    ]),
                    [$"aws:RequestTag/{Tags.Overlay}"] = spec.Name,
                },
            },
            Scope.Made => Equal($"aws:ResourceTag/{Tags.Overlay}", spec.Name),
            Scope.SubnetRoles => new()
            {
                ["ForAllValues:StringLike"] = new JsonObject { ["aws:TagKeys"] = Texts([Tags.CniRole, $"{Tags.CniClusterPrefix}*"]) },
                ["Null"] = new JsonObject { ["aws:TagKeys"] = "false" },
                ["ArnLike"] = InVpc(spec)["ArnLike"]!.DeepClone(),
            },
            Scope.Acls or Scope.Groups => InVpc(spec),
            Scope.Interfaces => new()
            {
                ["Null"] = new JsonObject { [$"aws:ResourceTag/{LeakedInterfaces.NodeTag}"] = "false" },
                ["ArnLike"] = InVpc(spec)["ArnLike"]!.DeepClone(),
            },
            // On every node: EKS puts it on those of managed groups and asks for it on others.
            // Source: EKS User Guide, "Self-managed nodes".
            Scope.Nodes => Equal($"aws:ResourceTag/{Tags.ClusterOwned(spec.Cluster!)}", "owned"),
            _ => null,
        };

    private static JsonObject InVpc(OverlaySpec spec) =>
        new() { ["ArnLike"] = new JsonObject { ["ec2:Vpc"] = $"arn:{Partition.Of(spec.Region)}:ec2:{spec.Region}:*:vpc/{spec.Vpc}" } };

    private static JsonObject Equal(string key, string value) => new() { ["StringEquals"] = new JsonObject { [key] = value } };

    private static JsonArray Texts(IEnumerable<string> texts) =>
        new([.. texts.Distinct().Order(StringComparer.Ordinal).Select(text => (JsonNode)text)]);
}
