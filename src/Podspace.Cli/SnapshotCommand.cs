using System.CommandLine;
using Podspace.Cli.Output;
using Podspace.Findings;
using Podspace.Simulation.State;
using Podspace.Simulation.WorldFile;
using Podspace.Spec;

namespace Podspace.Cli;

/// <summary>Copies the VPC and its cluster into a world file, without what must not leave its owners' hands.</summary>
internal static class SnapshotCommand
{
    public static Command Make(Terminal terminal)
    {
        var world = new WorldOptions();
        var output = new Option<string?>("--output", "-o")
        {
            Description = "Write the world to this file; without it, to standard output.",
            HelpName = "file",
        };
        var awsJson = new Option<string?>("--aws-json")
        {
            Description = "Instead of looking: a folder of files that the AWS CLI printed with --output json, under any names.",
            HelpName = "folder",
        };
        var kubeJson = new Option<string[]>("--kube-json")
        {
            Description = "With --aws-json: files or folders that kubectl get -o json printed.",
            HelpName = "file",
            AllowMultipleArgumentsPerToken = true,
        };
        var vpc = new Option<string?>("--vpc")
        {
            Description = "With --aws-json: which VPC, where the files show several and no cluster.",
            HelpName = "id",
        };
        var command = new Command(
            "snapshot",
            "Copy the VPC and its cluster into a world file, to rehearse on with --twin. "
                + "Account ids and secrets are left out; read-only rights are enough."
        )
        {
            output,
            awsJson,
            kubeJson,
            vpc,
        };
        world.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
            {
                var (file, where) = (parsed.GetValue(output), world.Of(parsed));
                if (parsed.GetValue(awsJson) is { } folder)
                {
                    return SayAsync(
                        terminal,
                        where,
                        BuildAsync(terminal, folder, parsed.GetValue(kubeJson) ?? [], parsed.GetValue(vpc), file)
                    );
                }
                if (parsed.GetValue(kubeJson) is { Length: > 0 } || parsed.GetValue(vpc) is not null)
                {
                    throw new UsageException(
                        "--kube-json and --vpc go with --aws-json: the VPC itself comes from what the AWS CLI printed."
                    );
                }
                return Sessions.EachAsync(terminal, where, session => LookAsync(terminal, session, file, cancel), cancel);
            }
        );
        return command;
    }

    private static async Task<Said> LookAsync(Terminal terminal, Session session, string? file, CancellationToken cancel)
    {
        if (!session.IsAlone)
        {
            throw new UsageException("a world holds one VPC and one cluster, and there are several overlays. Name one with -f.");
        }
        if (file is not null && session.Where.Twin is { } twin && Path.GetFullPath(twin) == Path.GetFullPath(file))
        {
            throw new UsageException($"{file} is the world that is copied. Name another file.");
        }
        var inventory = await session.ObserveAsync(cancel);
        if (inventory.Cloud.Vpc is null)
        {
            throw new UsageException(
                (
                    $"{session.Spec.Vpc} is not there or cannot be read, so there is nothing to copy. "
                    + $"{string.Join(" ", inventory.Gaps.Select(gap => gap.Why))}"
                ).TrimEnd()
            );
        }
        var (objects, unseen) = session.Connections.ClusterOf(inventory.Cloud) is { } cluster
            ? await cluster.CopyAsync(session.Spec.Name, cancel)
            : ([], []);
        foreach (var gap in inventory.Gaps.Select(gap => $"{gap.Reading}: {gap.Why}").Concat(unseen))
        {
            terminal.Error.WriteLine($"not seen, and not in the copy: {gap}");
        }
        var hint = session.Spec.Account is not null and not Redaction.Account
            ? "Where the spec names an account, leave it out for the copy, whose account is made up. "
            : "";
        return await WriteAsync(
            Snapshot.Of(inventory, objects),
            file,
            hint,
            session.Where with
            {
                Twin = file,
                Context = null,
                Faults = null,
            }
        );
    }

    private static async Task<Said> BuildAsync(Terminal terminal, string folder, string[] kubeFiles, string? vpc, string? file)
    {
        var aws = Files(folder);
        var at = aws.Select(path => new DateTimeOffset(File.GetLastWriteTimeUtc(path), TimeSpan.Zero)).Max();
        var (world, problem, notes) = DescribedWorld.Read(aws.Select(Read), kubeFiles.SelectMany(Files).Select(Read), vpc, at);
        foreach (var note in notes)
        {
            terminal.Error.WriteLine(note);
        }
        return world is null ? throw new UsageException(problem) : await WriteAsync(world, file, "", new([], file, null, false));
    }

    private static IReadOnlyList<string> Files(string path)
    {
        var files = Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.json").Order(StringComparer.Ordinal).ToList() : [path];
        return files.Count > 0
            ? files
            : throw new UsageException(
                $"there is no .json file in {path}. To make one:\n  aws ec2 describe-vpcs --output json > {path}/vpcs.json"
            );
    }

    private static SourceText Read(string path) => new(path, Specs.Text(path, $"there is no file or folder {path}."));

    private static async Task<Said> WriteAsync(WorldState state, string? file, string hint, Where next)
    {
        var written = Redaction.Write(state);
        if (!written.Ok(out var text))
        {
            var errors = written.Findings.Where(one => one.Severity == Severity.Error).Select(one => $"\n  {one.Object}: {one.Problem}");
            throw new UsageException($"the copy does not fit together, so nothing was written:{string.Concat(errors)}");
        }
        if (file is null)
        {
            return new(ExitCode.Fine, "printed", text) { IsDocument = true };
        }
        await File.WriteAllTextAsync(file, text);
        int Count(string kind) => state.Kubernetes.Count(item => $"{item["kind"]}" == kind);
        var what =
            $"{file}: {state.Aws.Vpcs[0].VpcId} with {state.Aws.Subnets.Count} subnets, "
            + $"{Count("Node")} nodes and {Count("Pod")} pods";
        var command = $"podspace plan{next.Again()}";
        return new(ExitCode.Fine, what, $"{what}. {hint}To rehearse on it:\n  {command}\n") { Next = command };
    }

    private static async Task<int> SayAsync(Terminal terminal, Where where, Task<Said> said) =>
        new Form("text", where.IsQuiet).Say(terminal, await said);
}
