using Podspace.Cli;
using Podspace.Twin;

namespace Podspace.ServerTests;

/// <summary>What the AWS CLI and kubectl print of a VPC makes a world in which the same plan comes out.</summary>
public sealed class MailedFilesTests
{
    private static readonly string[] Commands =
    [
        "sts get-caller-identity",
        "ec2 describe-vpcs",
        "ec2 describe-subnets",
        "ec2 describe-route-tables",
        "ec2 describe-security-groups",
        "ec2 describe-security-group-rules",
        "ec2 describe-network-acls",
        "ec2 describe-network-interfaces",
        "ec2 describe-instances",
        "ec2 describe-availability-zones",
        "ec2 describe-vpc-endpoints",
        "ec2 describe-vpc-peering-connections",
        "ec2 describe-transit-gateway-vpc-attachments",
        "ec2 describe-vpn-gateways",
        "ec2 describe-nat-gateways",
        "eks describe-cluster --name prod",
        "eks describe-nodegroup --cluster-name prod --nodegroup-name GROUP",
        "eks describe-addon --cluster-name prod --addon-name vpc-cni",
    ];

    private static readonly string[] Kinds = ["nodes", "pods -A", "daemonsets,deployments,replicasets,statefulsets -A", "pdb -A", "crd"];

    [Fact]
    public async Task A_world_is_built_from_plain_files_and_plans_as_the_original()
    {
        await using var server = await GuideServer.StartAsync();
        var home = Directory.CreateTempSubdirectory("podspace-mailed-").FullName;
        try
        {
            await PrintAsync(server, home);
            File.Copy(Path.Combine(GuideServer.Example, "overlay.yaml"), Path.Combine(home, "overlay.yaml"));

            var (exit, _, error) = await RunAsync(
                "snapshot",
                "--aws-json",
                Path.Combine(home, "aws"),
                "--kube-json",
                Path.Combine(home, "kube"),
                "-o",
                Path.Combine(home, "world.yaml")
            );

            Assert.True(exit == ExitCode.Fine, error);
            Assert.Equal(
                await StepsAsync(home, Path.Combine(GuideServer.Example, "world.yaml")),
                await StepsAsync(home, Path.Combine(home, "world.yaml"))
            );
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static async Task PrintAsync(TwinServer server, string home)
    {
        var aws = new AwsCli(server.AwsUrl);
        Directory.CreateDirectory(Path.Combine(home, "aws"));
        Directory.CreateDirectory(Path.Combine(home, "kube"));
        var group = (string)(await aws.AskAsync("eks list-nodegroups --cluster-name prod"))["nodegroups"]![0]!;
        foreach (var (command, i) in Commands.Select((command, i) => (command, i)))
        {
            await File.WriteAllTextAsync(
                Path.Combine(home, "aws", $"mail{i}.json"),
                (await aws.AskAsync(command.Replace("GROUP", group, StringComparison.Ordinal))).ToJsonString()
            );
        }
        await using var kubectl = Kubectl.Against(server);
        foreach (var (kind, i) in Kinds.Select((kind, i) => (kind, i)))
        {
            await File.WriteAllTextAsync(Path.Combine(home, "kube", $"{i}.json"), await kubectl.AskAsync($"get {kind} -o json"));
        }
    }

    /// <summary>The steps of the plan, as it prints them.</summary>
    private static async Task<IEnumerable<string>> StepsAsync(string home, string world)
    {
        var twin = Path.Combine(home, "twin.yaml");
        File.Copy(world, twin, overwrite: true);
        var (exit, output, error) = await RunAsync("plan", "-f", Path.Combine(home, "overlay.yaml"), "--twin", twin);
        Assert.True(exit == ExitCode.Fine, output + error);
        return output.Split('\n').Where(line => line.Length > 4 && line[2] is '+' or '~' or '-' or '=');
    }

    private static async Task<(int Exit, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (await CommandLine.RunAsync(args, new(output, error, TextReader.Null, false)), output.ToString(), error.ToString());
    }
}
