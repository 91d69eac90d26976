using System.Text;
using System.Text.Json.Nodes;
using Podspace.Simulation;
using Podspace.Twin.Eks;

namespace Podspace.Tests.Twin;

/// <summary>Clusters, node groups and add-ons made by call, in examples/new-cluster.</summary>
public sealed class EksCreationTests
{
    private const string Subnets = """["subnet-01a7c9e2b3d4f5061","subnet-02b8daf3c4e506172","subnet-03c9eb04d5f617283"]""";
    private const string Wanted =
        $$$"""{"name":"next","roleArn":"arn:aws:iam::111122223333:role/eks","resourcesVpcConfig":{"subnetIds":{{{Subnets}}}}}""";

    private readonly World world = new(Worlds.State("new-cluster"));
    private readonly EksEndpoint endpoint;

    public EksCreationTests() => endpoint = new(world);

    [Fact]
    public async Task A_cluster_is_made_with_its_group_its_interfaces_and_what_runs_in_it()
    {
        var making = (await PostAsync("/clusters", Wanted)).Body["cluster"]!;
        Assert.Equal("CREATING", making["status"]!.ToString());
        Assert.Null(making["endpoint"]);
        Assert.Equal("172.20.0.0/16", making["kubernetesNetworkConfig"]!["serviceIpv4Cidr"]!.ToString());

        world.Advance(TimeSpan.FromMinutes(15));

        var cluster = world.Eks.DescribeCluster("next");
        Assert.Equal("ACTIVE", cluster.Status);
        Assert.Equal(
            3,
            world.State.Aws.NetworkInterfaces.Count(one =>
                one.Description == "Amazon EKS next"
                && one.RequesterManaged
                && one.Groups.Contains(cluster.ResourcesVpcConfig.ClusterSecurityGroupId)
            )
        );
        Assert.NotNull(world.Objects.Find("apps/v1", "daemonsets", "kube-system", "aws-node"));
        Assert.Empty(world.Eks.ListAddons("next"));
    }

    [Fact]
    public async Task Nodes_of_a_new_group_join_and_their_pods_start()
    {
        await PostAsync("/clusters", Wanted);
        world.Advance(TimeSpan.FromMinutes(15));
        await PostAsync(
            "/clusters/next/node-groups",
            $$$"""
            {
              "nodegroupName": "workers",
              "nodeRole": "arn:aws:iam::111122223333:role/nodes",
              "instanceTypes": ["m5.large"],
              "subnets": {{{Subnets}}},
              "scalingConfig": {"minSize": 1, "maxSize": 4, "desiredSize": 3}
            }
            """
        );
        world.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("ACTIVE", world.Eks.DescribeNodegroup("next", "workers").Status);
        Assert.Equal(3, world.Objects.List("v1", "nodes").Count());
        Assert.Contains("arn:aws:iam::111122223333:role/nodes", world.Eks.ListAccessEntries("next"));
        Assert.All(world.Objects.List("v1", "pods"), pod => Assert.Equal("Running", pod["status"]!["phase"]!.ToString()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_add_on_takes_over_the_aws_node_that_is_there_or_brings_it(bool isThere)
    {
        await PostAsync(
            "/clusters",
            isThere ? Wanted : Wanted.Replace("\"name\"", "\"bootstrapSelfManagedAddons\":false,\"name\"", StringComparison.Ordinal)
        );
        world.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(isThere, world.Objects.Find("apps/v1", "daemonsets", "kube-system", "aws-node") is not null);

        var made = await PostAsync(
            "/clusters/next/addons",
            """{"addonName":"vpc-cni","addonVersion":"v1.20.4-eksbuild.1","configurationValues":"{\"env\":{\"WARM_ENI_TARGET\":\"2\"}}"}"""
        );
        Assert.Equal("CREATING", made.Body["addon"]!["status"]!.ToString());
        world.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("ACTIVE", world.Eks.DescribeAddon("next", "vpc-cni").Status);
        var env = world.Objects.Find("apps/v1", "daemonsets", "kube-system", "aws-node")!["spec"]!["template"]!["spec"]!["containers"]![0]![
            "env"
        ]!.AsArray();
        Assert.Equal("2", env.Single(one => one!["name"]!.ToString() == "WARM_ENI_TARGET")!["value"]!.ToString());
    }

    [Theory]
    [InlineData("""["subnet-01a7c9e2b3d4f5061"]""", "InvalidParameterException", "two different AZs")]
    [InlineData("""["subnet-01a7c9e2b3d4f5061","subnet-0"]""", "InvalidParameterException", "'subnet-0' does not exist")]
    [InlineData("""[]""", "InvalidParameterException", "two different AZs")]
    public async Task A_cluster_that_EKS_would_not_make_is_refused(string subnets, string code, string words)
    {
        var answer = await PostAsync("/clusters", Wanted.Replace(Subnets, subnets, StringComparison.Ordinal));
        Assert.Equal(code, answer.Error);
        Assert.Contains(words, answer.Body["message"]!.ToString(), StringComparison.Ordinal);
        Assert.Empty(world.Eks.ListClusters());
    }

    [Theory]
    [InlineData("10.205.0.0/16", "InvalidParameterException")]
    [InlineData("100.64.0.0/16", "InvalidParameterException")]
    [InlineData("10.100.0.0/8", "InvalidParameterException")]
    [InlineData("10.100.0.0/16", null)]
    public async Task The_service_range_is_private_and_apart_from_the_VPC(string range, string? code) =>
        Assert.Equal(
            code,
            (
                await PostAsync(
                    "/clusters",
                    Wanted.Replace(
                        "\"name\"",
                        $"\"kubernetesNetworkConfig\":{{\"serviceIpv4Cidr\":\"{range}\"}},\"name\"",
                        StringComparison.Ordinal
                    )
                )
            ).Error
        );

    [Fact]
    public async Task A_second_one_of_the_same_name_is_refused_whatever_it_is()
    {
        await PostAsync("/clusters", Wanted);
        Assert.Equal("ResourceInUseException", (await PostAsync("/clusters", Wanted)).Error);
        Assert.Equal(
            "ResourceLimitExceededException",
            (await PostAsync("/clusters", Wanted.Replace("next", "other", StringComparison.Ordinal))).Error
        );
        Assert.Equal("InvalidRequestException", (await PostAsync("/clusters/next/addons", """{"addonName":"vpc-cni"}""")).Error);
        world.Advance(TimeSpan.FromMinutes(15));
        Assert.Null((await PostAsync("/clusters/next/addons", """{"addonName":"vpc-cni"}""")).Error);
        Assert.Equal("ResourceInUseException", (await PostAsync("/clusters/next/addons", """{"addonName":"vpc-cni"}""")).Error);
    }

    [Fact]
    public async Task A_cluster_that_is_being_made_is_not_there_yet()
    {
        var estate = Worlds.All().Single(one => one.Name == "new-cluster");
        using var bench = estate.Open();
        var endpoint = new EksEndpoint(bench.World);
        await endpoint.HandleAsync(new("POST", "/clusters", "", new Dictionary<string, string>(), Encoding.UTF8.GetBytes(Wanted)), default);

        var state = await bench.LookAsync(estate.Spec);

        Assert.Contains(state.Findings, finding => finding.Code == "PS1004");
        Assert.All(state.Plan!.Steps, step => Assert.Equal(Podspace.Steps.Stage.Network, step.Stage));
    }

    private async Task<(string? Error, JsonNode Body)> PostAsync(string path, string body)
    {
        var answer = await endpoint.HandleAsync(
            new("POST", path, "", new Dictionary<string, string>(), Encoding.UTF8.GetBytes(body)),
            default
        );
        return (
            answer.Headers.Where(header => header.Item1 == "x-amzn-ErrorType").Select(header => header.Item2).FirstOrDefault(),
            JsonNode.Parse(answer.Body.Span)!
        );
    }
}
