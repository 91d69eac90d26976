using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Podspace.Cli;
using Podspace.Diagnosis;
using Podspace.Findings;
using Podspace.Model;
using Podspace.Tests.Cli;
using Podspace.Tests.Design;
using Podspace.Tests.Reachability;

namespace Podspace.Tests.Diagnosis;

public sealed class DoctorTests
{
    public static TheoryData<string> Codes => [.. SickWorlds.All.Keys.Order(StringComparer.Ordinal)];

    [Fact]
    public void Nothing_is_found_in_a_healthy_world() => Assert.Empty(Examine(HealthyWorld.Of(HealthyWorld.Healthy)));

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_sickness_is_found_where_it_is_with_a_cause_and_a_next_step(string code)
    {
        var (about, input) = SickWorlds.All[code];
        var found = Examine(input);

        Assert.True(
            found.Any(finding => finding.Code == code && finding.Object == about),
            $"{code} on {about}, among:\n{string.Join('\n', found)}"
        );
        Assert.All(found.Where(finding => finding.Code == code), finding => Assert.NotEmpty(finding.Problem));
        Assert.All(
            found.Where(finding => finding.Code == code && finding.Severity > Severity.Note),
            finding => Assert.NotEmpty(finding.Fix)
        );
    }

    [Fact]
    public void A_sickness_is_found_in_its_other_guises_too() =>
        Assert.All(
            SickWorlds.Others,
            sick => Assert.Contains(Examine(sick.Patient), finding => finding.Code == sick.Code && finding.Object == sick.Object)
        );

    [Fact]
    public void A_subnet_that_is_this_clusters_and_anothers_is_kept_from_no_pod() =>
        Assert.DoesNotContain(
            Examine(
                HealthyWorld.Of(
                    HealthyWorld.Healthy with
                    {
                        Cloud = HealthyWorld.Healthy.Cloud with
                        {
                            Subnets = HealthyWorld
                                .Healthy.Cloud.Subnets.Select(subnet =>
                                    subnet with
                                    {
                                        Tags =
                                        [
                                            .. subnet.Tags,
                                            new("cni.networking.k8s.aws/cluster/other", "shared"),
                                            new("cni.networking.k8s.aws/cluster/prod", "shared"),
                                        ],
                                    }
                                )
                                .ToEquatable(),
                        },
                    }
                )
            ),
            finding => finding.Code == "PS3146"
        );

    [Fact]
    public async Task What_aws_node_complains_of_as_an_event_is_read_from_the_cluster()
    {
        using var run = new CommandRun();
        run.Write(
            "world.yaml",
            run.Read("world.yaml").TrimEnd()
                + "\n"
                + """
                  - apiVersion: v1
                    kind: Event
                    metadata: {name: aws-node-x7x2k.17, namespace: kube-system}
                    involvedObject: {kind: Pod, namespace: kube-system, name: aws-node-x7x2k}
                    reason: MissingIAMPermissions
                    message: "Unauthorized operation: failed to call ec2:CreateNetworkInterface due to missing permissions."
                    type: Warning
                  - apiVersion: v1
                    kind: Event
                    metadata: {name: aws-node-x7x2k.18, namespace: kube-system}
                    involvedObject: {kind: Pod, namespace: kube-system, name: aws-node-x7x2k}
                    reason: Started
                    message: Started container aws-node
                    type: Normal

                """
        );
        var (exit, output, error) = await run.HereAsync("doctor");

        Assert.True(exit == ExitCode.Something, output + error);
        Assert.Contains(
            "aws-node-x7x2k was refused by EC2: Unauthorized operation: failed to call ec2:CreateNetworkInterface",
            output,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("Started container", output, StringComparison.Ordinal);
    }

    [Fact]
    public void No_code_lacks_a_world_that_has_it() =>
        Assert.Equal(
            Doctor.Titles.Select(title => title.Code).Order(StringComparer.Ordinal),
            SickWorlds.All.Keys.Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Every_check_is_called_in_the_docs_as_the_program_calls_it()
    {
        var headings = Regex
            .Matches(
                File.ReadAllText(Path.Combine(Golden.Checkout(), "docs", "findings.md")),
                "^### (PS3[0-9]{3}) (.*)$",
                RegexOptions.Multiline
            )
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value.TrimEnd());
        Assert.All(Doctor.Titles, title => Assert.Equal(title.Title, headings[title.Code]));
    }

    [Fact]
    public void The_guides_own_design_is_found_out_and_sound_once_its_rule_is_added()
    {
        var (_, input) = SickWorlds.All["PS3001"];
        var finding = Examine(input).First(finding => finding.Code == "PS3001");

        Assert.Equal(Severity.Error, finding.Severity);
        Assert.Contains("the cluster's group sg-cluster admits only itself", finding.Problem, StringComparison.Ordinal);
        Assert.Contains("--group-id sg-cluster --protocol tcp --port 443 --source-group sg-pods", finding.Fix, StringComparison.Ordinal);
        Assert.Empty(Examine(HealthyWorld.Of(HealthyWorld.Healthy)));
    }

    [Fact]
    public async Task The_guide_as_it_is_written_fails_doctor_and_is_clean_once_the_rule_is_added()
    {
        using var run = new CommandRun();
        run.Write("overlay.yaml", run.Read("overlay.yaml") + "  security: {pods: dedicated}\n");
        Assert.Equal(ExitCode.Fine, (await run.HereAsync("apply --yes --stage switch --allow running-pods")).Exit);
        run.Write("world.yaml", AsWritten(run.Read("world.yaml")));

        var (sick, found, _) = await run.HereAsync("doctor");
        Assert.Equal(ExitCode.Something, sick);
        Assert.Contains(
            $"pods cannot reach the API server (tcp/443): the cluster's group {ClusterGroup} admits only itself",
            found,
            StringComparison.Ordinal
        );
        Assert.Matches(
            $"  aws ec2 authorize-security-group-ingress --group-id {ClusterGroup} --protocol tcp --port 443 --source-group sg-[0-9a-f]+",
            found
        );

        Assert.Equal(ExitCode.Fine, (await run.HereAsync("apply --yes --stage switch --allow running-pods")).Exit);
        var (sound, left, _) = await run.HereAsync("doctor");
        Assert.Equal(ExitCode.Fine, sound);
        Assert.DoesNotContain("cannot reach the API server", left, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_mixed_cluster_nodes_of_Auto_Mode_are_not_judged_by_the_settings_of_aws_node()
    {
        using var run = CommandRun.Of("mixed");
        foreach (
            var command in (string[])["doctor", "apply --yes", "doctor", "rollout start --yes", "doctor", "rollout back --yes", "doctor"]
        )
        {
            var (exit, output, error) = await run.HereAsync(command);

            Assert.True(exit != ExitCode.Error, $"{command}: {output}{error}");
            Assert.True(command != "doctor" || output.Contains("\n0 errors, ", StringComparison.Ordinal), output);
            Assert.DoesNotMatch("PS312[0-9] +i-", output);
        }
    }

    [Theory]
    [InlineData(1, "1 error, 0 warnings, 0 notes.")]
    [InlineData(2, "2 errors, 0 warnings, 0 notes.")]
    public void One_is_counted_as_one(int count, string says) =>
        Assert.Contains(
            says,
            DoctorText.Render(
                Enumerable.Range(0, count).Select(i => new Finding("PS3001", Severity.Error, $"sg-{i}", null, "a", "b")).ToEquatable()
            ),
            StringComparison.Ordinal
        );

    private const string ClusterGroup = "sg-08573594d51163fc9";

    /// <summary>The guide makes a group for pods and leaves the cluster's as it is: no rule there names another group.</summary>
    private static string AsWritten(string world)
    {
        var items = world.Split("\n    - ");
        var kept = items
            .Where(item =>
                !(
                    item.Contains("SecurityGroupRuleId", StringComparison.Ordinal)
                    && Regex.IsMatch(item, $"(^|[ {{,])GroupId: {ClusterGroup}")
                    && Regex.Match(item, @"ReferencedGroupInfo: \{GroupId: (sg-[0-9a-f]+)") is { Success: true } peer
                    && peer.Groups[1].Value != ClusterGroup
                )
            )
            .ToList();
        Assert.NotEqual(items.Length, kept.Count);
        return string.Join("\n    - ", kept);
    }

    [Fact]
    public void What_could_not_be_read_is_not_called_healthy()
    {
        var blind = HealthyWorld.Healthy with
        {
            Cluster = HealthyWorld.Healthy.Cluster! with { EniConfigs = [], Gaps = [new(Reading.EniConfigs, "Forbidden — no")] },
        };
        var found = Examine(HealthyWorld.Of(blind));

        Assert.Contains(
            found,
            finding =>
                finding.Code == "PS3100"
                && finding.Object == "PS3101"
                && finding.Problem.Contains("Forbidden — no", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(found, finding => finding.Code == "PS3101");
    }

    [Fact]
    public void A_finding_can_be_left_out_by_its_code_or_only_on_one_thing()
    {
        var found = Examine(SickWorlds.All["PS3113"].Patient);

        Assert.Equal(2, found.Count(finding => finding.Code == "PS3113"));
        Assert.Single(Doctor.Without(found, ["PS3113=subnet-pods-b"]), finding => finding.Code == "PS3113");
        Assert.DoesNotContain(Doctor.Without(found, ["PS3113"]), finding => finding.Code == "PS3113");
    }

    [Fact]
    public void Sarif_names_every_rule_that_a_result_points_at()
    {
        var found = Examine(SickWorlds.All["PS3001"].Patient)
            .Append(new("PS2313", Severity.Warning, "sg-1", new("over lay.yaml", 3, 0, "spec"), "a", "b"))
            .ToEquatable();
        var run = JsonNode.Parse(Sarif.Render("1.2.3", found))!["runs"]![0]!;
        var rules = run["tool"]!["driver"]!["rules"]!.AsArray();

        Assert.Equal(found.Count, run["results"]!.AsArray().Count);
        Assert.All(
            run["results"]!.AsArray(),
            result => Assert.Equal((string?)result!["ruleId"], (string?)rules[(int)result["ruleIndex"]!]!["id"])
        );
        Assert.All(run["results"]!.AsArray(), result => Assert.Contains((string?)result!["level"], new[] { "error", "warning", "note" }));
        Assert.Contains(
            run["results"]!.AsArray(),
            result => (string?)result!["locations"]![0]!["physicalLocation"]?["artifactLocation"]?["uri"] == "over%20lay.yaml"
        );
    }

    [Fact]
    public void JUnit_has_a_test_for_every_check_and_fails_those_that_found_something()
    {
        var suite = XElement.Parse(JUnit.Render("prod", Examine(SickWorlds.All["PS3110"].Patient), Severity.Warning)).Element("testsuite")!;

        Assert.Equal(Doctor.Titles.Count(), suite.Elements("testcase").Count());
        Assert.Equal("1", suite.Attribute("failures")!.Value);
        Assert.StartsWith(
            "PS3110",
            suite.Elements("testcase").Single(test => test.Element("failure") is not null).Attribute("name")!.Value,
            StringComparison.Ordinal
        );
        Assert.Equal(
            "0",
            XElement
                .Parse(JUnit.Render("prod", Examine(SickWorlds.All["PS3110"].Patient), Severity.Error))
                .Element("testsuite")!
                .Attribute("failures")!
                .Value
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"format_version\": \"1.2\"}")]
    public void What_is_no_Terraform_plan_is_not_taken_for_one(string text) => Assert.Null(TerraformChanges.Parse(text));

    [Fact]
    public void A_Terraform_plan_with_parts_of_odd_shape_is_read_as_far_as_it_goes()
    {
        var changes = TerraformChanges
            .Parse(
                """
                {
                  "format_version": "1.2",
                  "resource_changes": [
                    1,
                    {},
                    {"address": 3},
                    {"address": "a", "type": "t", "change": {"actions": ["create", 7], "after": []}}
                  ]
                }
                """
            )!
            .Changes;

        Assert.Equal("a", Assert.Single(changes).Address);
    }

    [Fact]
    public void Where_there_is_no_cluster_or_no_VPC_a_doctor_has_less_to_say_and_says_it()
    {
        var noCluster = HealthyWorld.Healthy with { Cluster = null, Cloud = HealthyWorld.Healthy.Cloud with { Cluster = null } };

        Assert.DoesNotContain(Examine(HealthyWorld.Of(noCluster)), finding => finding.Severity == Severity.Error);
        Assert.DoesNotContain(
            Examine(HealthyWorld.Of(noCluster with { Cloud = noCluster.Cloud with { Vpc = null, Subnets = [], Interfaces = [] } })),
            finding => finding.Severity == Severity.Error
        );
    }

    [Fact]
    public void No_world_however_odd_makes_a_doctor_stumble() =>
        CsCheck.Check.Sample(CsCheck.Gen.Int[0, 1_000_000], seed => Examine(HealthyWorld.Of(new RandomVpc(seed).Inventory)), iter: 200);

    private static EquatableArray<Finding> Examine(DoctorInput input) => Doctor.Examine(SmallVpc.Spec(), input);
}
