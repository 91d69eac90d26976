using Podspace.Applying;
using Podspace.Aws;
using Podspace.Kubernetes;
using Podspace.Model;

namespace Podspace.ServerTests;

/// <summary>The adapters over sockets and TLS, as they reach the real thing.</summary>
public sealed class AdapterTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AWS_is_reached_by_the_endpoints_of_the_environment()
    {
        await using var server = await GuideServer.StartAsync();
        var connection = AwsConnection.FromEnvironment(
            "eu-west-1",
            variable: name => name is "AWS_ENDPOINT_URL" ? server.AwsUrl.AbsoluteUri : null
        );
        using var cloud = new AwsCloud(connection with { Credentials = new AwsCredentialSource.Keys("AKIDEXAMPLE", "secret", "token") });

        var all = await cloud.ObserveAsync(new(new(GuideServer.Vpc), null), Cancel);

        Assert.Empty(all.Gaps);
        Assert.NotNull(all.Vpc);
    }

    [Fact]
    public async Task A_cluster_is_reached_by_the_kubeconfig_s_authority_and_token()
    {
        await using var server = await GuideServer.StartAsync();
        var file = Path.Combine(Directory.CreateTempSubdirectory("podspace-").FullName, "config");
        await File.WriteAllTextAsync(file, server.Kubeconfig, Cancel);

        var (connection, refusal) = Kubeconfig.Connect([file], null);
        Assert.Null(refusal);
        using var cluster = new LiveCluster(connection!);
        var seen = await cluster.ObserveAsync("prod", Cancel);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);

        Assert.Empty(seen.Gaps);
        Assert.NotEmpty(seen.Nodes);
        Assert.Equal(server.KubeUrl.Authority, cluster.Endpoint);
    }

    [Fact]
    public async Task A_cluster_is_reached_by_what_EKS_says_of_it()
    {
        await using var server = await GuideServer.StartAsync();
        var authority = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(server.AuthorityPem));
        var connection = ClusterConnection.ForEks(
            server.KubeUrl.AbsoluteUri,
            authority,
            _ => Task.FromResult<(string?, Refusal?)>((server.Token, null))
        );
        using var cluster = new LiveCluster(connection);

        Assert.NotNull((await cluster.GetAsync(ObjectKey.AwsNode, Cancel)).Object);
    }

    [Fact]
    public async Task A_server_of_another_authority_is_not_talked_to()
    {
        await using var server = await GuideServer.StartAsync();
        await using var other = await GuideServer.StartAsync();
        var authority = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(other.AuthorityPem));
        var connection = ClusterConnection.ForEks(
            server.KubeUrl.AbsoluteUri,
            authority,
            _ => Task.FromResult<(string?, Refusal?)>((server.Token, null))
        );
        using var cluster = new LiveCluster(connection);

        var (_, refusal) = await cluster.GetAsync(ObjectKey.AwsNode, Cancel);

        Assert.Equal((RefusalKind.Final, "NotTrusted"), (refusal!.Kind, refusal.Code));
        Assert.Contains("certificate", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_token_is_denied()
    {
        await using var server = await GuideServer.StartAsync();
        var authority = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(server.AuthorityPem));
        using var cluster = new LiveCluster(
            ClusterConnection.ForEks(server.KubeUrl.AbsoluteUri, authority, _ => Task.FromResult<(string?, Refusal?)>(("wrong", null)))
        );

        Assert.Equal(RefusalKind.Denied, (await cluster.GetAsync(ObjectKey.AwsNode, Cancel)).Refusal!.Kind);
    }
}
