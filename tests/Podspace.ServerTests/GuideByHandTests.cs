using System.Text.Json.Nodes;
using Podspace.Twin;

namespace Podspace.ServerTests;

/// <summary>Somebody did the guide by hand with the AWS CLI and kubectl. Podspace then uses all of it, asks
/// for what the guide lacks, and leaves what was there as it is.</summary>
public sealed class GuideByHandTests
{
    private const string ClusterGroup = "sg-08573594d51163fc9";

    private const string Spec = $$"""
        apiVersion: podspace.io/v1alpha1
        kind: OverlayNetwork
        metadata: {name: prod}
        spec: {region: eu-west-1, vpc: {{GuideServer.Vpc}}, cluster: prod}
        """;

    [Fact]
    public async Task What_the_guide_made_by_hand_is_used_and_only_what_it_lacks_is_asked_for()
    {
        await using var server = await GuideServer.StartAsync();
        await using var kubectl = Kubectl.Against(server);
        var made = await DoTheGuideAsync(server, kubectl);
        using var podspace = new PodspaceProgram(server, Spec);
        var before = await LookAsync(server, kubectl, made);

        var plan = await podspace.RunAsync("plan --detailed-exitcode");

        Assert.True(plan.Code == 2, plan.Output + plan.Errors);
        Assert.Equal(
            [
                "block 100.64.0.0/16",
                "eniconfig eu-west-1b",
                "eniconfig eu-west-1c",
                $"group {made.Group}",
                $"route table {made.Table}",
                .. made.Subnets.Select(subnet => $"subnet {subnet}").Order(StringComparer.Ordinal),
            ],
            Lines(plan.Output, "  = uses ")
        );
        Assert.Empty(Lines(plan.Output, "  - "));
        var rule = Assert.Single(Lines(plan.Output, "  + "));
        Assert.StartsWith($"rule {ClusterGroup} ", rule, StringComparison.Ordinal);
        Assert.Contains(made.Group, rule, StringComparison.Ordinal);
        var values = Assert.Single(Lines(plan.Output, "  ~ "));
        Assert.Contains(
            "add-on vpc-cni switch: AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG=true; ENI_CONFIG_LABEL_DEF=topology.kubernetes.io/zone",
            values,
            StringComparison.Ordinal
        );

        var apply = await podspace.RunAsync("apply --stage switch --yes");

        Assert.True(apply.Code == 0, apply.Output + apply.Errors);
        var again = await podspace.RunAsync("plan --detailed-exitcode");
        Assert.True(again.Code == 0, again.Output + again.Errors);
        Assert.Contains("The network is as the spec says", again.Output, StringComparison.Ordinal);
        Assert.Equal(before, await LookAsync(server, kubectl, made));
        await IsDoneAsync(server, kubectl, made.Group);
    }

    private sealed record Made(string[] Subnets, string Table, string Group);

    /// <summary>As a person looks whether the block is there before going on.</summary>
    private static async Task AssociatedAsync(AwsCli aws)
    {
        for (var looks = 0; looks < 50; looks++)
        {
            var vpc = (await aws.AskAsync($"ec2 describe-vpcs --vpc-ids {GuideServer.Vpc}"))["Vpcs"]![0]!;
            if (
                vpc["CidrBlockAssociationSet"]!
                    .AsArray()
                    .Any(one => Text(one, "CidrBlock") == "100.64.0.0/16" && Text(one!["CidrBlockState"], "State") == "associated")
            )
            {
                return;
            }
        }
        Assert.Fail("100.64.0.0/16 never became associated.");
    }

    /// <summary>The steps of the guide, word for word where it gives words.</summary>
    private static async Task<Made> DoTheGuideAsync(TwinServer server, Kubectl kubectl)
    {
        var aws = new AwsCli(server.AwsUrl);
        await aws.AskAsync($"ec2 associate-vpc-cidr-block --vpc-id {GuideServer.Vpc} --cidr-block 100.64.0.0/16");
        await AssociatedAsync(aws);
        var subnets = new List<string>();
        foreach (var (zone, block) in ((string, string)[])[("eu-west-1b", "100.64.0.0/17"), ("eu-west-1c", "100.64.128.0/17")])
        {
            subnets.Add(
                Text(
                    (
                        await aws.AskAsync(
                            $"ec2 create-subnet --vpc-id {GuideServer.Vpc} --cidr-block {block} "
                                + $"--availability-zone {zone} {Named("subnet", $"Internal/pods-{zone}")}"
                        )
                    )["Subnet"],
                    "SubnetId"
                )
            );
        }
        var table = Text(
            (await aws.AskAsync($"ec2 create-route-table --vpc-id {GuideServer.Vpc} {Named("route-table", "cgnat-route-table")}"))[
                "RouteTable"
            ],
            "RouteTableId"
        );
        foreach (var subnet in subnets)
        {
            await aws.AskAsync($"ec2 associate-route-table --route-table-id {table} --subnet-id {subnet}");
        }
        var group = Text(
            await aws.AskAsync(
                $"ec2 create-security-group --vpc-id {GuideServer.Vpc} --group-name cgnat-overlay-sg --description "
                    + $"cgnat {Named("security-group", "cgnat-overlay-sg")}"
            ),
            "GroupId"
        );
        foreach (var block in (string[])["10.196.24.0/24", "100.64.0.0/16"])
        {
            await aws.AskAsync($"ec2 authorize-security-group-ingress --group-id {group} --protocol -1 --cidr {block}");
        }
        await kubectl.AskAsync(
            "apply -f -",
            $"{EniConfig("eu-west-1c", subnets[1], group)}---\n{EniConfig("eu-west-1b", subnets[0], group)}"
        );
        await kubectl.AskAsync("set env daemonset aws-node -n kube-system AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG=true");
        await kubectl.AskAsync("set env daemonset aws-node -n kube-system ENI_CONFIG_LABEL_DEF=topology.kubernetes.io/zone");
        await kubectl.AskAsync("rollout status daemonset/aws-node -n kube-system");
        return new([.. subnets], table, group);
    }

    private static string Named(string kind, string name) => $"--tag-specifications ResourceType={kind},Tags=[{{Key=Name,Value={name}}}]";

    private static string EniConfig(string zone, string subnet, string group) =>
        $"""
            apiVersion: crd.k8s.amazonaws.com/v1alpha1
            kind: ENIConfig
            metadata:
              name: {zone}
            spec:
              subnet: {subnet}
              securityGroups: [{group}]

            """;

    /// <summary>All that was made by hand, with its tags, rules, associations, managers and versions, as the clients print it.</summary>
    private static async Task<string> LookAsync(TwinServer server, Kubectl kubectl, Made made)
    {
        var aws = new AwsCli(server.AwsUrl);
        var seen = new List<string>();
        foreach (
            var command in (string[])
                [
                    $"describe-vpcs --vpc-ids {GuideServer.Vpc}",
                    $"describe-subnets --subnet-ids {string.Join(' ', made.Subnets)}",
                    $"describe-route-tables --route-table-ids {made.Table}",
                    $"describe-security-groups --group-ids {made.Group}",
                    $"describe-security-group-rules --filters Name=group-id,Values={made.Group}",
                ]
        )
        {
            var answer = await aws.AskAsync($"ec2 {command}");
            // Nodes take and give back addresses meanwhile.
            (answer["Subnets"] as JsonArray)
                ?.ToList()
                .ForEach(subnet => subnet!.AsObject().Remove("AvailableIpAddressCount"));
            seen.Add(answer.ToJsonString());
        }
        var configs = JsonNode.Parse(await kubectl.AskAsync("get eniconfigs -o json --show-managed-fields"))!["items"]!;
        return string.Join('\n', seen.Append(configs.ToJsonString()));
    }

    private static async Task IsDoneAsync(TwinServer server, Kubectl kubectl, string group)
    {
        var aws = new AwsCli(server.AwsUrl);
        var rules = (await aws.AskAsync($"ec2 describe-security-group-rules --filters Name=group-id,Values={ClusterGroup}"))[
            "SecurityGroupRules"
        ]!.AsArray();
        Assert.Contains(rules, rule => (string?)rule!["ReferencedGroupInfo"]?["GroupId"] == group);
        var env = JsonNode.Parse(
            Text((await aws.AskAsync("eks describe-addon --cluster-name prod --addon-name vpc-cni"))["addon"], "configurationValues")
        )!["env"]!;
        Assert.Equal(
            ("true", "topology.kubernetes.io/zone"),
            (Text(env, "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG"), Text(env, "ENI_CONFIG_LABEL_DEF"))
        );
        Assert.DoesNotContain("podspace", await kubectl.AskAsync("get eniconfigs -o yaml --show-managed-fields"), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Lines(string text, string start) =>
        text.Split('\n').Where(line => line.StartsWith(start, StringComparison.Ordinal)).Select(line => line[start.Length..]);

    private static string Text(JsonNode? node, string name) => (string)node![name]!;
}
