using System.CommandLine;
using System.Globalization;
using Podspace.Cli.Output;
using Podspace.Twin;
using Podspace.Twin.Kubernetes;

namespace Podspace.Cli;

/// <summary>Puts a simulated world on loopback, for the AWS CLI, kubectl and SDKs.</summary>
internal static class TwinCommand
{
    public static Command Make(Terminal terminal) => new("twin", "Work with simulated worlds.") { Serve(terminal) };

    private static Command Serve(Terminal terminal)
    {
        var world = new Option<string>("--world")
        {
            Description = "The world file.",
            Required = true,
            HelpName = "file",
        };
        var save = new Option<bool>("--save") { Description = "Save the world to its file after each change." };
        var awsPort = new Option<int>("--aws-port") { Description = "Port of EC2, EKS and STS; 0 takes a free one.", HelpName = "port" };
        var kubePort = new Option<int>("--kube-port")
        {
            Description = "Port of the Kubernetes API; 0 takes a free one.",
            HelpName = "port",
        };
        var kubeconfig = new Option<string?>("--kubeconfig")
        {
            Description = "Write a kubeconfig for the cluster to this file.",
            HelpName = "file",
        };
        var delay = new Option<int>("--delay") { Description = "Milliseconds that every call takes at least.", HelpName = "ms" };
        var speed = new Option<double>("--speed")
        {
            Description = "World seconds per second.",
            DefaultValueFactory = _ => 1,
            HelpName = "n",
        };
        var realistic = new Option<bool>("--realistic") { Description = "Delays, stale reads and the control plane's hour as on AWS." };
        var faults = new Option<string?>("--faults")
        {
            Description = "Let go wrong what this file says: throttles, lost answers, stale reads and more, seeded.",
            HelpName = "file",
        };
        var command = new Command(
            "serve",
            "Serve a world file: EC2, EKS and STS on one loopback port, Kubernetes on another, until interrupted."
        )
        {
            world,
            save,
            awsPort,
            kubePort,
            kubeconfig,
            delay,
            speed,
            realistic,
            faults,
        };
        var output = new FormatOption();
        output.AddWithQuietTo(command);
        command.SetAction(
            async (parsed, cancel) =>
            {
                var factor = parsed.GetValue(speed);
                if (factor <= 0 || parsed.GetValue(delay) < 0)
                {
                    throw new UsageException(
                        factor <= 0
                            ? $"--speed {factor.ToString(CultureInfo.InvariantCulture)}: time only goes forward; give a number above 0."
                            : "--delay cannot be negative."
                    );
                }
                if (parsed.GetValue(awsPort) is < 0 or > 65535 || parsed.GetValue(kubePort) is < 0 or > 65535)
                {
                    throw new UsageException("ports go from 0 to 65535, and 0 takes a free one.");
                }
                using var file = TwinFile.Open(parsed.GetRequiredValue(world), parsed.GetValue(save), TimeProvider.System, factor);
                var options = new TwinServerOptions(
                    parsed.GetValue(awsPort),
                    parsed.GetValue(kubePort),
                    TimeSpan.FromMilliseconds(parsed.GetValue(delay))
                )
                {
                    Faults = FaultFile.Load(parsed.GetValue(faults), parsed.GetValue(realistic), file.World),
                };
                await using var server = await StartAsync(file, options, cancel);
                if (parsed.GetValue(kubeconfig) is { } path)
                {
                    await File.WriteAllTextAsync(path, server.Kubeconfig, cancel);
                }
                output.Of(parsed).Say(terminal, Said(server, file.World.State.Aws.Region, parsed.GetValue(kubeconfig)));
                await terminal.Output.FlushAsync(cancel);
                await UntilInterruptedAsync(cancel);
                return ExitCode.Fine;
            }
        );
        return command;
    }

    private static async Task<TwinServer> StartAsync(TwinFile file, TwinServerOptions options, CancellationToken cancel)
    {
        try
        {
            return await TwinServer.StartAsync(file.World, new KubernetesEndpoint(file.World), options, cancel);
        }
        catch (IOException wrong)
        {
            throw new UsageException(
                $"{wrong.Message.TrimEnd('.')}. Name another port, or leave --aws-port and --kube-port out, which takes free ones."
            );
        }
    }

    private static Said Said(TwinServer server, string region, string? kubeconfig)
    {
        string[] lines =
        [
            $"AWS         {server.AwsUrl}",
            $"Kubernetes  {server.KubeUrl}",
            "",
            "In another shell:",
            $"  export AWS_ENDPOINT_URL={server.AwsUrl} AWS_ACCESS_KEY_ID=twin AWS_SECRET_ACCESS_KEY=twin "
                + $"AWS_EC2_METADATA_DISABLED=true AWS_REGION={region} AWS_DEFAULT_REGION={region}",
            $"  aws --endpoint-url {server.AwsUrl} ec2 describe-vpcs",
            kubeconfig is null
                ? "  (with --kubeconfig FILE, kubectl can reach the cluster)"
                : $"  kubectl --kubeconfig {kubeconfig} get nodes",
        ];
        var state = $"serves AWS at {server.AwsUrl} and Kubernetes at {server.KubeUrl}";
        return new(ExitCode.Fine, state, string.Concat(lines.Select(line => line + "\n")))
        {
            Json = () => ResultJson.Plain("serving", ("aws", $"{server.AwsUrl}"), ("kubernetes", $"{server.KubeUrl}"), ("region", region)),
        };
    }

    internal static async Task UntilInterruptedAsync(CancellationToken cancel)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C is how a server is meant to end.
        }
    }
}
