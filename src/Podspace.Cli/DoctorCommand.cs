using System.CommandLine;
using Podspace.Cli.Output;
using Podspace.Design;
using Podspace.Diagnosis;
using Podspace.Findings;

namespace Podspace.Cli;

/// <summary>Every finding over spec, AWS, cluster and nodes; works on a world file as well.</summary>
internal static class DoctorCommand
{
    public static Command Make(Terminal terminal)
    {
        var world = new WorldOptions();
        var output = new FormatOption("text, json, sarif or junit.", "text", "json", "sarif", "junit");
        var suppress = new Option<string[]>("--suppress")
        {
            Description = "Leave out a finding: CODE=object, or CODE for every object; may be repeated.",
            HelpName = "finding",
        };
        var failOn = new Option<string>("--fail-on")
        {
            Description = "Exit with 2 when there is a finding of this severity or a worse one: error, warning or note.",
            DefaultValueFactory = _ => "error",
            HelpName = "severity",
        };
        failOn.AcceptOnlyFromAmong("error", "warning", "note");
        var terraform = new Option<string?>("--terraform-plan")
        {
            Description = "Look at what a Terraform plan would do, too: the output of terraform show -json PLAN.",
            HelpName = "file",
        };
        var command = new Command(
            "doctor",
            "Look for everything that is known to go wrong: spec, AWS, cluster, nodes, packets. Changes nothing."
        )
        {
            output,
            suppress,
            failOn,
            terraform,
        };
        world.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
            {
                var options = new DoctorOptions(
                    parsed.GetValue(output)!,
                    parsed.GetValue(suppress) ?? [],
                    Enum.Parse<Severity>(parsed.GetValue(failOn)!, ignoreCase: true),
                    Terraform(parsed.GetValue(terraform))
                );
                var where = world.Of(parsed);
                return Sessions.EachAsync(
                    terminal,
                    where,
                    session => ExamineAsync(session, options, cancel),
                    cancel,
                    output.Of(parsed, where.IsQuiet)
                );
            }
        );
        return command;
    }

    private static async Task<Said> ExamineAsync(Session session, DoctorOptions options, CancellationToken cancel)
    {
        var inventory = await session.ObserveAsync(cancel);
        var told = NetworkDesign.From(session.Spec, inventory).Findings;
        var findings = Doctor.Without(Doctor.Examine(session.Spec, new(inventory, told, options.Terraform)), options.Suppressed);
        var text = options.Output switch
        {
            "sarif" => Sarif.Render(VersionCommand.Version, findings),
            "junit" => JUnit.Render(session.Spec.Name, findings, options.FailOn),
            _ => session.Where.Pasteable(DoctorText.Render(findings)),
        };
        var bad = findings.Count(finding => finding.Severity >= options.FailOn);
        return new(bad == 0 ? ExitCode.Fine : ExitCode.Something, bad == 0 ? "sound" : $"{bad} findings", text)
        {
            Next = bad == 0 ? "" : $"podspace doctor{session.Where.Again()}",
            Json = () => DoctorJson.Render(session.Spec.Name, findings),
        };
    }

    private static TerraformChanges? Terraform(string? path)
    {
        if (path is null)
        {
            return null;
        }
        if (!File.Exists(path))
        {
            throw new UsageException(
                $"there is no file {path}. Make it with:\n  terraform plan -out plan.bin && terraform show -json plan.bin > {path}"
            );
        }
        return TerraformChanges.Parse(File.ReadAllText(path))
            ?? throw new UsageException(
                $"{path} is not the JSON of a Terraform plan. Make it with:\n  terraform show -json plan.bin > {path}"
            );
    }

    private sealed record DoctorOptions(
        string Output,
        IReadOnlyCollection<string> Suppressed,
        Severity FailOn,
        TerraformChanges? Terraform
    );
}
