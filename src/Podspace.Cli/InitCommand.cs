using System.CommandLine;
using Podspace.Cli.Output;
using Podspace.Model;
using Podspace.Spec;

namespace Podspace.Cli;

/// <summary>Looks at a VPC and its cluster and writes the spec that a person goes on from, with what was chosen pinned.</summary>
internal static class InitCommand
{
    public static Command Make(Terminal terminal)
    {
        var cluster = new Option<string?>("--cluster")
        {
            Description = "The EKS cluster; its VPC is taken. With --twin: the world's.",
            HelpName = "name",
        };
        var vpc = new Option<string?>("--vpc") { Description = "The VPC, for a network before its cluster.", HelpName = "id" };
        var region = new Option<string?>("--region") { Description = "Left out: AWS_REGION or AWS_DEFAULT_REGION.", HelpName = "name" };
        var zones = new Option<string[]>("--zones")
        {
            Description = "Zones of the pod subnets; needed before there is a cluster.",
            HelpName = "zone",
            AllowMultipleArgumentsPerToken = true,
        };
        var output = new Option<string>("--output", "-o")
        {
            Description = "The file to write.",
            DefaultValueFactory = _ => "overlay.yaml",
            HelpName = "file",
        };
        var force = new Option<bool>("--force") { Description = "Write over a file that is there." };
        var twin = new Option<string?>("--twin")
        {
            Description = "Look at the simulated world in this file instead of AWS.",
            HelpName = "file",
        };
        var context = new Option<string?>("--context") { Description = "Context of the kubeconfig.", HelpName = "name" };
        var quiet = FormatOption.QuietOption();
        var command = new Command(
            "init",
            "Look at a cluster and its VPC, choose block, zones and mode, and write them into a commented overlay.yaml. "
                + "Changes nothing else; read-only rights are enough."
        )
        {
            cluster,
            vpc,
            region,
            zones,
            output,
            force,
            twin,
            context,
            quiet,
        };
        command.SetAction(
            (parsed, cancel) =>
                RunAsync(
                    terminal,
                    new(
                        parsed.GetValue(cluster),
                        parsed.GetValue(vpc),
                        parsed.GetValue(region),
                        parsed.GetValue(zones) ?? [],
                        parsed.GetRequiredValue(output),
                        parsed.GetValue(force)
                    ),
                    new([parsed.GetRequiredValue(output)], parsed.GetValue(twin), parsed.GetValue(context), parsed.GetValue(quiet)),
                    cancel
                )
        );
        return command;
    }

    private sealed record InitOptions(string? Cluster, string? Vpc, string? Region, string[] Zones, string File, bool IsForced);

    private static async Task<int> RunAsync(Terminal terminal, InitOptions options, Where where, CancellationToken cancel)
    {
        if (File.Exists(options.File) && !options.IsForced)
        {
            throw new UsageException(
                $"{options.File} is there already and was left as it is. Name another file with -o, or write over it with --force."
            );
        }
        using var twin = where.Twin is null ? null : TwinFile.Open(where.Twin, isSaved: false, wall: null, speed: 1);
        var spec = await FoundAsync(await BeginAsync(terminal, options, twin, cancel), twin, where, cancel);
        await using var connections = Sessions.Open(twin, null, spec, where);
        var session = new Session(spec, connections, where) { Terminal = terminal };
        var state = await session.PlanAsync(cancel);
        if (state.Desired is not { } network)
        {
            terminal.Error.Write(Messages.Obstacles(state.Findings, where));
            terminal.Error.WriteLine("Nothing was written.");
            return ExitCode.Error;
        }
        await File.WriteAllTextAsync(options.File, OverlayDraft.Write(spec, state.Inventory, network), cancel);
        var next = $"podspace plan{where.Again()}";
        var what =
            $"Wrote {options.File}: {string.Join(", ", network.Blocks.Select(block => block.Cidr))} in "
            + $"{string.Join(", ", network.Subnets.Select(subnet => subnet.Zone))}";
        var said = new Said(ExitCode.Fine, what, $"{what}. Read it, then see what would be done:\n  {next}\n") { Next = next };
        return new Form("text", where.IsQuiet).Say(terminal, said);
    }

    /// <summary>What the person said, what the world says of itself, and on a terminal what the person answers.</summary>
    private static async Task<OverlaySpec> BeginAsync(Terminal terminal, InitOptions options, TwinFile? twin, CancellationToken cancel)
    {
        var known = twin?.World.State.Aws;
        var cluster = options.Cluster ?? (options.Vpc is null ? known?.Clusters.FirstOrDefault()?.Name : null);
        var vpc =
            options.Vpc
            ?? known?.Clusters.FirstOrDefault(one => one.Name == cluster)?.ResourcesVpcConfig.VpcId
            ?? (known is { Vpcs: [var only] } ? only.VpcId : null);
        var region =
            options.Region
            ?? known?.Region
            ?? Variable("AWS_REGION")
            ?? Variable("AWS_DEFAULT_REGION")
            ?? await AskAsync(
                terminal,
                "Region",
                "--region",
                "aws ec2 describe-regions --region us-east-1 --query 'Regions[].RegionName'",
                cancel
            );
        if (vpc is null)
        {
            cluster ??= await AskAsync(
                terminal,
                "Cluster",
                "--cluster, or --vpc before there is one",
                $"aws eks list-clusters --region {region}",
                cancel
            );
        }
        return new()
        {
            Name = NameFor(cluster ?? vpc!),
            Region = region,
            Vpc = vpc ?? "",
            Cluster = cluster,
            Zones = options.Zones.Order(StringComparer.Ordinal).ToEquatable(),
        };
    }

    /// <summary>The VPC of the cluster, where only the cluster was named.</summary>
    private static async Task<OverlaySpec> FoundAsync(OverlaySpec spec, TwinFile? twin, Where where, CancellationToken cancel)
    {
        if (spec.Vpc.Length > 0)
        {
            return spec;
        }
        await using var connections = Sessions.Open(twin, null, spec, where);
        var cloud = await connections.Cloud.ObserveAsync(new(new("vpc-0"), spec.Cluster), cancel);
        return cloud.Cluster is { } cluster
            ? spec with
            {
                Vpc = cluster.Vpc.Text,
            }
            : throw new UsageException(
                $"there is no cluster {spec.Cluster} in {spec.Region}, or it cannot be read. "
                    + $"{string.Join(" ", cloud.Gaps.Where(gap => gap.Reading == Reading.Cluster).Select(gap => gap.Why))}\n"
                    + $"To see which there are:\n  aws eks list-clusters --region {spec.Region}"
            );
    }

    private static async Task<string> AskAsync(Terminal terminal, string what, string option, string command, CancellationToken cancel)
    {
        var missing = new UsageException($"{what} is not known. Name it with {option}. To see which there are:\n  {command}");
        if (!terminal.CanAsk)
        {
            throw missing;
        }
        terminal.Error.Write($"{what}: ");
        return await terminal.AnswerAsync(cancel) is { Length: > 0 } answer ? answer.Trim() : throw missing;
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>A DNS label of at most 40 characters.</summary>
    private static string NameFor(string text)
    {
        var label = string.Concat(text.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')).Trim('-');
        return label.Length <= 40 ? label : label[..40].TrimEnd('-');
    }
}
