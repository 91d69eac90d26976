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
            """eks update-addon --cluster-name prod --addon-name vpc-cni --resolve-conflicts NONE --configuration-values {"env":{"AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG":"true"}}""");
        var id = (string)update["update"]!["id"]!;
        var status = "InProgress";
        for (var look = 0; status == "InProgress" && look < 20; look++)
        {
            status = (string)(await aws.AskAsync($"eks describe-update --name prod --addon-name vpc-cni --update-id {id}"))["update"]!["status"]!;
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
        var scaled = await aws.AskAsync("eks update-nodegroup-config --cluster-name prod --nodegroup-name workers --scaling-config desiredSize=5");
        Assert.Equal("ConfigUpdate", (string?)scaled["update"]!["type"]);
    }

    [Theory]
    [InlineData("eks describe-cluster --name none", "(ResourceNotFoundException)", "No cluster found for name: none.")]
    [InlineData("""eks update-addon --cluster-name prod --addon-name vpc-cni --configuration-values {"env":{"NO_SUCH":"1"}}""", "(InvalidParameterException)", "$.env.NO_SUCH: is not defined in the schema")]
    public async Task Refusals_reach_the_client_with_code_and_words(string command, string code, string words)
    {
        await using var server = await GuideServer.StartAsync();
        var said = await new AwsCli(server.AwsUrl).RefusedAsync(command);
        Assert.Contains(code, said, StringComparison.Ordinal);
        Assert.Contains(words, said, StringComparison.Ordinal);
    }
}
