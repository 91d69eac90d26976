using Podspace.Simulation;
using Podspace.Simulation.State;
using Podspace.Simulation.WorldFile;

namespace Podspace.Tests.Simulation;

public sealed class WorldReaderTests
{
    private const string Head = "apiVersion: podspace.io/v1alpha1\nkind: World\n";

    private const string Vpc =
        Head
        + """
            aws:
              AvailabilityZones: [{ZoneName: eu-west-1a, ZoneId: euw1-az1}]
              Vpcs: [{VpcId: vpc-1, CidrBlock: 10.0.0.0/16}]
              SecurityGroups: [{GroupId: sg-1, GroupName: default, VpcId: vpc-1}]
              Subnets:
                - {SubnetId: subnet-1, VpcId: vpc-1, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-west-1a}

            """;

    [Fact]
    public void The_smallest_world_is_its_two_heads()
    {
        Assert.True(WorldReader.Read(Head, "w.yaml").Ok(out var state));
        Assert.Equal("111122223333", state.Aws.Account);
    }

    [Theory]
    [InlineData("", "w.yaml: error PS9002: The file is empty.")]
    [InlineData("# only words\n", "w.yaml: error PS9002: The file is empty.")]
    [InlineData("just text", "w.yaml(1,1): error PS9003: The file does not start with a key.")]
    [InlineData("- a\n", "w.yaml(1,1): error PS9003: The file does not start with a key.")]
    [InlineData(
        "apiVersion: podspace.io/v1alpha1\nkind: OverlayNetwork\n",
        "w.yaml(2,7): error PS9003: kind is OverlayNetwork; a world file has World."
    )]
    [InlineData("kind: World\n", "w.yaml(1,1): error PS9003: apiVersion is missing; a world file has podspace.io/v1alpha1.")]
    [InlineData(
        Head + "aws:\n\tRegion: eu-west-1\n",
        "w.yaml(4,1): error PS9001: This is not YAML: the line is indented with a tab, which YAML forbids."
    )]
    [InlineData(Head + "aws: {Region: [\n", "PS9001: This is not YAML")]
    [InlineData(Head + "seed: 1\nseed: 2\n", "w.yaml(4,1): error PS9007: 'seed' stands here a second time; the first is in line 3.")]
    [InlineData(Head + "---\nkind: World\n", "w.yaml(3,1): error PS9005: A second document starts here, and a world file is one.")]
    [InlineData(Head + "metadata: &a {name: x}\naws: *a\n", "w.yaml(3,11): error PS9006: The anchor &a is not read in world files.")]
    [InlineData(Head + "seed: !!int 3\n", "PS9006: The tag")]
    [InlineData(Head + "clok: \"2026-09-01T08:00:00Z\"\n", "w.yaml(3,1): error PS9008: clok is no key of this place. The keys here are")]
    [InlineData(Head + "aws:\n  subnets: []\n", "w.yaml(4,3): error PS9008: subnets is no key of this place. Did you mean Subnets?")]
    [InlineData(Head + "seed: \"1\"\n", "w.yaml(3,7): error PS9009: \"1\" cannot stand at seed. Write a whole number without quotes.")]
    [InlineData(
        Head + "clock: yesterday\n",
        "w.yaml(3,8): error PS9009: \"yesterday\" cannot stand at clock. Write a time such as \"2026-09-01T08:00:00Z\"."
    )]
    [InlineData(Head + "aws:\n  Vpcs: {}\n", "w.yaml(4,9): error PS9009: A map of keys cannot stand at aws.Vpcs. Write a list.")]
    [InlineData(Head + "aws:\n  Region: [a]\n", "w.yaml(4,11): error PS9009: A list cannot stand at aws.Region. Write text.")]
    [InlineData(
        Head + "aws:\n  Vpcs: [{VpcId: vpc-1, CidrBlock: 10.0.0.0/16, IsDefault: maybe}]\n",
        "aws.Vpcs[0].IsDefault. Write true or false, without quotes."
    )]
    [InlineData(Head + "aws:\n  Vpcs: [{CidrBlock: 10.0.0.0/16}]\n", "error PS9009: This entry of Vpcs has no VpcId.")]
    [InlineData(
        Head + "aws:\n  Vpcs: [{VpcId: vpc-1, CidrBlock: 10.0.0.1/16}]\n",
        "w.yaml(4,36): error PS9012: \"10.0.0.1/16\" is an address inside a block, not a block. Did you mean 10.0.0.0/16?"
    )]
    [InlineData(
        Head + "kubernetes:\n  - {apiVersion: v1, kind: ConfigMap}\n",
        "w.yaml(4,5): error PS9013: This object has no metadata.name."
    )]
    [InlineData(
        Head
            + "kubernetes:\n  - {apiVersion: v1, kind: Node, metadata: {name: a}}\n  - {apiVersion: v1, kind: Node, metadata: {name: a}}\n",
        "w.yaml(5,51): error PS9010: Node a stands in kubernetes twice."
    )]
    [InlineData(
        Head
            + "aws:\n  OtherAccounts: [{Account: \"222233334444\"}]\n  Vpcs: [{VpcId: "
            + "vpc-1, CidrBlock: 10.0.0.0/16, OwnerId: \"333344445555\"}]\n",
        "error PS9011: 333344445555 is not in aws.OtherAccounts. Add it there, or correct OwnerId."
    )]
    [InlineData(
        Head + "aws:\n  AvailabilityZones: [{ZoneName: eu-west-1a, ZoneId: euw1-az1}]\n  OtherAccounts: [{Account: \"222233334444\"}]\n",
        "error PS9011: 222233334444 has no zone with the id euw1-az1, which is eu-west-1a in 111122223333."
    )]
    [InlineData(
        Head
            + "aws:\n  ResourceShareAssociations: [{resourceShareArn: arn-1, associatedEntity: "
            + "\"111122223333\", associationType: PRINCIPAL}]\n",
        "error PS9011: arn-1 is not in aws.ResourceShares. Add it there, or correct resourceShareArn."
    )]
    [InlineData(
        Head
            + "aws:\n  ResourceShares: [{resourceShareArn: arn-1, owningAccountId: \"111122223333\"}]\n "
            + " ResourceShareAssociations: [{resourceShareArn: arn-1, associatedEntity: "
            + "'arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-9', associationType: RESOURCE}]\n",
        "error PS9011: subnet-9 is not in aws.Subnets. Add it there, or correct associatedEntity."
    )]
    [InlineData(
        Head + "kubernetes:\n  - {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {nodeName: gone}}\n",
        "w.yaml(4,71): error PS9011: There is no Node gone for this pod to stand on."
    )]
    public void A_mistake_is_named_with_its_place(string text, string message) =>
        Assert.Contains(message, Problems(text), StringComparison.Ordinal);

    [Theory]
    [InlineData(
        "  NatGateways: [{NatGatewayId: nat-1, VpcId: vpc-1, SubnetId: subnet-9}]",
        "error PS9011: subnet-9 is not in aws.Subnets. Add it there, or correct SubnetId."
    )]
    [InlineData("  NatGateways: [{NatGatewayId: nat-1, SubnetId: subnet-1}]", "error PS9011: VpcId is missing. Name an entry of aws.Vpcs.")]
    [InlineData(
        "    - {SubnetId: subnet-1, VpcId: vpc-1, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1a}",
        "error PS9010: subnet-1 stands in Subnets twice."
    )]
    [InlineData(
        "    - {SubnetId: subnet-2, VpcId: vpc-1, CidrBlock: 10.0.0.128/25, AvailabilityZone: eu-west-1a}",
        "10.0.0.128/25 overlaps subnet-1 (10.0.0.0/24)."
    )]
    [InlineData(
        "    - {SubnetId: subnet-2, VpcId: vpc-1, CidrBlock: 10.1.0.0/24, AvailabilityZone: eu-west-1a}",
        "10.1.0.0/24 lies in no block of vpc-1."
    )]
    [InlineData(
        "    - {SubnetId: subnet-2, VpcId: vpc-9, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1a}",
        "vpc-9 is not in aws.Vpcs."
    )]
    [InlineData(
        "    - {SubnetId: subnet-2, VpcId: vpc-1, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1z}",
        "eu-west-1z is not in aws.AvailabilityZones."
    )]
    [InlineData(
        "  RouteTables: [{RouteTableId: rtb-1, VpcId: vpc-1, Routes: [{DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: nat-9}]}]",
        "nat-9 is not in aws.NatGateways."
    )]
    [InlineData(
        "  RouteTables: [{RouteTableId: rtb-1, VpcId: vpc-1, Routes: [{DestinationCidrBlock: 0.0.0.0/0, TransitGatewayId: tgw-9}]}]",
        "No entry of aws.TransitGatewayVpcAttachments leads to tgw-9."
    )]
    [InlineData(
        "  RouteTables: [{RouteTableId: rtb-1, VpcId: vpc-1, Routes: [{DestinationCidrBlock: 0.0.0.0/0}]}]",
        "A route has one target, and this has none or several."
    )]
    [InlineData(
        "  RouteTables: [{RouteTableId: rtb-1, VpcId: vpc-1, Associations: [{RouteTableAssociationId: "
            + "a, SubnetId: subnet-1}, {RouteTableAssociationId: b, SubnetId: subnet-1}]}]",
        "subnet-1 is associated with two route tables."
    )]
    [InlineData(
        "  SecurityGroupRules: [{SecurityGroupRuleId: sgr-1, GroupId: sg-9, CidrIpv4: 0.0.0.0/0}]",
        "sg-9 is not in aws.SecurityGroups."
    )]
    [InlineData("  SecurityGroupRules: [{SecurityGroupRuleId: sgr-1, GroupId: sg-1}]", "This rule names nobody whom it admits.")]
    [InlineData(
        "  NetworkInterfaces: [{NetworkInterfaceId: eni-1, PrivateIpAddresses: [10.0.0.9]}]",
        "SubnetId is missing. Name an entry of aws.Subnets."
    )]
    [InlineData(
        "  NetworkInterfaces: [{NetworkInterfaceId: eni-1, SubnetId: subnet-1, PrivateIpAddresses: [10.0.1.9]}]",
        "10.0.1.9 lies outside subnet-1 (10.0.0.0/24)."
    )]
    [InlineData(
        "  NetworkInterfaces: [{NetworkInterfaceId: eni-1, SubnetId: subnet-1, PrivateIpAddresses: [10.0.0.3]}]",
        "AWS keeps 10.0.0.3 for itself"
    )]
    [InlineData(
        "  NetworkInterfaces: [{NetworkInterfaceId: eni-1, SubnetId: subnet-1, PrivateIpAddresses: [10.0.0.9, 10.0.0.9]}]",
        "10.0.0.9 is on eni-1 already."
    )]
    [InlineData("  NetworkInterfaces: [{NetworkInterfaceId: eni-1, SubnetId: subnet-1}]", "eni-1 has no address.")]
    [InlineData(
        "  NetworkInterfaces: [{NetworkInterfaceId: eni-1, SubnetId: "
            + "subnet-1, PrivateIpAddresses: [10.0.0.9], Ipv4Prefixes: [10.0.0.0/27]}]",
        "10.0.0.0/27 is no /28 of subnet-1 (10.0.0.0/24)."
    )]
    [InlineData(
        "  NetworkInterfaces: [{NetworkInterfaceId: eni-1, SubnetId: "
            + "subnet-1, PrivateIpAddresses: [10.0.0.9], Attachment: {InstanceId: i-9}}]",
        "i-9 is not in aws.Instances."
    )]
    [InlineData("  Instances: [{InstanceId: i-1, InstanceType: m5.large}]", "i-1 has no interface with DeviceIndex 0.")]
    [InlineData("  Nodegroups: [{nodegroupName: a, clusterName: prod}]", "prod is not in aws.Clusters.")]
    [InlineData(
        "  Clusters: [{name: a, resourcesVpcConfig: {vpcId: vpc-1, subnetIds: [subnet-9], clusterSecurityGroupId: sg-1}}]",
        "subnet-9 is not in aws.Subnets."
    )]
    public void What_leads_nowhere_or_contradicts_is_refused(string further, string message) =>
        Assert.Contains(message, Problems(Vpc + further + "\n"), StringComparison.Ordinal);

    [Fact]
    public void Changes_under_way_are_those_that_the_world_can_end()
    {
        Assert.Equal(new World(new WorldState()).Changes.Order(StringComparer.Ordinal), WorldChecks.Changes);
        Assert.Contains(
            "PS9009: later is no change that takes time here.",
            Problems(Head + "pending: [{at: \"2026-09-01T08:00:00Z\", change: later, target: x}]\n"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void All_mistakes_are_named_at_once_in_the_order_of_the_file()
    {
        var read = WorldReader.Read(Head + "seed: x\naws:\n  Region: {}\n  Zones: []\n", "w.yaml");
        Assert.Equal(
            [(3, "seed"), (5, "aws.Region"), (6, "aws.Zones")],
            read.Findings.Select(finding => (finding.Place!.Line, finding.Place.Path))
        );
        Assert.False(read.Ok(out _));
    }

    [Fact]
    public void Words_take_the_type_of_their_key()
    {
        var state = Read(
            Head
                + "seed: 7\naws:\n  Account: 111122223333\n  Vpcs: [{VpcId: vpc-1, CidrBlock: "
                + "10.0.0.0/16, IsDefault: true}]\nkubernetes:\n  - {apiVersion: v1, kind: ConfigMap, metadata: "
                + "{name: a}, data: {version: \"1.33\", number: 3, flag: true}}\n"
        );
        Assert.Equal("111122223333", state.Aws.Account);
        Assert.True(state.Aws.Vpcs[0].IsDefault);
        Assert.Equal("""{"version":"1.33","number":3,"flag":true}""", state.Kubernetes[0]["data"]!.ToJsonString());
    }

    [Fact]
    public void A_page_of_aliases_is_refused_before_it_grows()
    {
        var bomb = string.Concat(
            Enumerable.Range(1, 30).Select(level => $"k{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 9))}]\n")
        );
        Assert.Contains("PS9006", Problems(Head + "k0: &a0 [x]\n" + bomb), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void Brackets_without_end_do_not_use_up_the_stack(char bracket) =>
        Assert.Contains("PS9001", Problems(Head + "aws: " + new string(bracket, 100_000)), StringComparison.Ordinal);

    [Fact]
    public void A_world_may_be_as_large_as_memory_allows()
    {
        var comment = "# " + new string('x', 97) + "\n";
        Assert.True(WorldReader.Read(Head + string.Concat(Enumerable.Repeat(comment, 400_000)), "w.yaml").Ok(out _));
    }

    private static WorldState Read(string text)
    {
        var read = WorldReader.Read(text, "w.yaml");
        Assert.True(read.Ok(out var state), string.Join('\n', read.Findings));
        return state;
    }

    private static string Problems(string text)
    {
        var read = WorldReader.Read(text, "w.yaml");
        Assert.False(read.Ok(out _));
        return string.Join('\n', read.Findings);
    }
}
