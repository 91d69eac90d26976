using System.Runtime.CompilerServices;
using Podspace.Simulation;
using Podspace.Simulation.WorldFile;
using Podspace.Twin;
using Podspace.Twin.Kubernetes;

namespace Podspace.ServerTests;

/// <summary>The network part against an EC2 that nobody here wrote; EKS, STS and the cluster are the twin's.</summary>
public sealed class MotoTests
{
    [Fact]
    public async Task A_network_is_made_in_moto_needs_no_second_plan_and_goes_without_a_trace()
    {
        await using var moto = await Moto.StartAsync();
        await using var server = await ServeAsync(moto);
        using var podspace = new PodspaceProgram(server, Spec(moto), ("AWS_ENDPOINT_URL_EC2", moto.Url.AbsoluteUri));
        var before = await moto.DescribeAsync();

        var applied = await podspace.RunAsync("apply --yes --stage switch");
        Assert.True(applied.Code == 0, applied.Output + applied.Errors);
        Assert.DoesNotContain(server.Aws.Calls, call => call.Service == "ec2");
        Assert.Contains(await moto.DescribeAsync(), line => line.Contains("100.64.0.0/16", StringComparison.Ordinal));

        var second = await podspace.RunAsync("plan --detailed-exitcode");
        Assert.True(second.Code == 0, second.Output + second.Errors);

        var destroyed = await podspace.RunAsync("destroy --yes");
        Assert.True(destroyed.Code == 0, destroyed.Output + destroyed.Errors);
        Assert.Empty(before.Except(await moto.DescribeAsync()));
        Assert.Empty((await moto.DescribeAsync()).Except(before));
    }

    private static string Spec(Moto moto) =>
        $$"""
            apiVersion: podspace.io/v1alpha1
            kind: OverlayNetwork
            metadata: {name: prod}
            spec:
              region: eu-west-1
              vpc: {{moto.Vpc}}
              cluster: prod
              zones: [eu-west-1b, eu-west-1c]
              addresses: {blocks: [100.64.0.0/16]}
              subnets: {networkAcl: {{moto.Acl}}}
            """;

    /// <summary>The guide's cluster with moto's ids, before it has nodes: those would be instances that moto does not know.</summary>
    private static async Task<TwinServer> ServeAsync(Moto moto)
    {
        var text = await File.ReadAllTextAsync(
            Path.Combine(Checkout(), "examples", "crowded-vpc", "world.yaml"),
            TestContext.Current.CancellationToken
        );
        foreach (
            var (id, ours) in ((string, string)[])
                [
                    ("vpc-09796d57be9cec2d2", moto.Vpc),
                    ("subnet-0c1c2f0f8f6f1e5b1", moto.Subnets[0]),
                    ("subnet-0d3e1a7b94c2f6a02", moto.Subnets[1]),
                    ("sg-08573594d51163fc9", moto.Group),
                    ("111122223333", Moto.Account),
                ]
        )
        {
            text = text.Replace(id, ours, StringComparison.Ordinal);
        }
        var read = WorldReader.Read(text, "world.yaml");
        Assert.True(read.Ok(out var state), string.Join('\n', read.Findings));
        state.Aws.NetworkInterfaces.RemoveAll(one => one.Attachment?.InstanceId is not null);
        state.Aws.Instances.Clear();
        state.Kubernetes.RemoveAll(one =>
            one["kind"]!.ToString() is "Node" or "Pod" or "Deployment" or "ReplicaSet" or "PodDisruptionBudget"
        );
        (state.Aws.Nodegroups[0].ScalingConfig.MinSize, state.Aws.Nodegroups[0].ScalingConfig.DesiredSize) = (0, 0);
        var world = new World(state, TimeProvider.System);
        return await TwinServer.StartAsync(
            world,
            new KubernetesEndpoint(world),
            new() { OnFault = fault => Assert.Fail(fault.ToString()) },
            TestContext.Current.CancellationToken
        );
    }

    private static string Checkout([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
