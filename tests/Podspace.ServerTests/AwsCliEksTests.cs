namespace Podspace.ServerTests;

/// <summary>The real AWS CLI works on the simulated EKS.</summary>
public sealed class AwsCliEksTests
{
    [Fact]
    public async Task The_add_on_is_switched_by_hand()
    {
        await using var server = await GuideServer.StartAsync();
        var aws = new AwsCli(server.AwsUrl);
        var addon = (await aws.AskAsync("eks describe-addon --cluster-name prod --addon-name vpc-cni"))["addon"]!;
        Assert.Equal("v1.20.4-eksbuild.1", (string?)addon["addonVersion"]);
        var schema = await aws.AskAsync("eks describe-addon-configuration --addon-name vpc-cni --addon-version v1.20.4-eksbuild.1");
        Assert.Contains("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", (string?)schema["configurationSchema"], StringComparison.Ordinal);

        var update = await aws.AskAsync(
            "eks update-addon --cluster-name prod --addon-name vpc-cni --resolve-conflicts NONE "
                + """--configuration-values {"env":{"AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG":"true"}}"""
        );
        var id = (string)update["update"]!["id"]!;
        var status = "InProgress";
        for (var look = 0; status == "InProgress" && look < 20; look++)
        {
            status = (string)
                (await aws.AskAsync($"eks describe-update --name prod --addon-name vpc-cni --update-id {id}"))["update"]!["status"]!;
        }
        Assert.Equal("Successful", status);
    }

    [Fact]
    public async Task Lists_and_node_groups_are_understood()
    {
        await using var server = await GuideServer.StartAsync();
        var aws = new AwsCli(server.AwsUrl);
        Assert.Equal("prod", (string?)(await aws.AskAsync("eks list-clusters"))["clusters"]![0]);
        Assert.Equal(3, (await aws.AskAsync("eks list-addons --cluster-name prod --page-size 1"))["addons"]!.AsArray().Count);
        var group = (await aws.AskAsync("eks describe-nodegroup --cluster-name prod --nodegroup-name workers"))["nodegroup"]!;
        Assert.Equal(6, (int?)group["scalingConfig"]!["desiredSize"]);
        var scaled = await aws.AskAsync(
            "eks update-nodegroup-config --cluster-name prod --nodegroup-name workers --scaling-config desiredSize=5"
        );
        Assert.Equal("ConfigUpdate", (string?)scaled["update"]!["type"]);
    }

    [Fact]
    public async Task A_cluster_its_add_on_and_its_nodes_are_made_by_hand()
    {
        await using var server = await GuideServer.StartAsync(example: "new-cluster");
        var aws = new AwsCli(server.AwsUrl);
        const string Subnets = "subnet-01a7c9e2b3d4f5061 subnet-02b8daf3c4e506172 subnet-03c9eb04d5f617283";
        await aws.AskAsync(
            $"eks create-cluster --name next --role-arn "
                + $"arn:aws:iam::111122223333:role/eks --resources-vpc-config subnetIds={Subnets.Replace(' ', ',')}"
        );
        await aws.AskAsync("eks wait cluster-active --name next");
        await aws.AskAsync("eks create-addon --cluster-name next --addon-name vpc-cni --addon-version v1.20.4-eksbuild.1");
        await aws.AskAsync("eks wait addon-active --cluster-name next --addon-name vpc-cni");
        await aws.AskAsync(
            $"eks create-nodegroup --cluster-name next --nodegroup-name workers --node-role "
                + $"arn:aws:iam::111122223333:role/nodes --instance-types m5.large --subnets {Subnets} --scaling-config "
                + $"minSize=1,maxSize=4,desiredSize=3"
        );
        await aws.AskAsync("eks wait nodegroup-active --cluster-name next --nodegroup-name workers");

        Assert.Equal("ACTIVE", (string?)(await aws.AskAsync("eks describe-cluster --name next"))["cluster"]!["status"]);
    }

    [Theory]
    [InlineData("eks describe-cluster --name none", "(ResourceNotFoundException)", "No cluster found for name: none.")]
    [InlineData(
        """eks update-addon --cluster-name prod --addon-name vpc-cni --configuration-values {"env":{"NO_SUCH":"1"}}""",
        "(InvalidParameterException)",
        "$.env.NO_SUCH: is not defined in the schema"
    )]
    public async Task Refusals_reach_the_client_with_code_and_words(string command, string code, string words)
    {
        await using var server = await GuideServer.StartAsync();
        var said = await new AwsCli(server.AwsUrl).RefusedAsync(command);
        Assert.Contains(code, said, StringComparison.Ordinal);
        Assert.Contains(words, said, StringComparison.Ordinal);
    }
}
