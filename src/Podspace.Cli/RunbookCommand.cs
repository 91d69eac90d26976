using System.CommandLine;
using Podspace.Cli.Output;
using Podspace.Operations;
using Podspace.Planning;
using Podspace.Rendering;
using Podspace.Rendering.Runbooks;

namespace Podspace.Cli;

/// <summary>The plan as a guide for people: console, command line, Terraform, checks, the way back.</summary>
internal static class RunbookCommand
{
    public static Command Make(Terminal terminal)
    {
        var (world, to) = (new WorldOptions(), new RenderOutput());
        var output = new Option<string>("--output", "-o")
        {
            Description = "markdown, or html: one page with the pictures in it.",
            DefaultValueFactory = _ => "markdown",
            HelpName = "format",
        };
        output.AcceptOnlyFromAmong("markdown", "html");
        var command = new Command(
            "runbook",
            "Print the plan as a runbook for this VPC: what and why, every step in the console, with the AWS CLI and "
                + "kubectl, and in Terraform, how to check it and how to take it back; and what differs from AKS overlay."
        )
        {
            output,
        };
        to.AddTo(command);
        world.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
                Sessions.EachAsync(
                    terminal,
                    world.Of(parsed),
                    session => RunAsync(terminal, session, parsed.GetValue(output) == "html", to.Of(parsed), cancel),
                    cancel
                )
        );
        return command;
    }

    private static async Task<Said> RunAsync(
        Terminal terminal,
        Session session,
        bool isPage,
        RenderOutput.Target target,
        CancellationToken cancel
    )
    {
        var state = await session.PlanAsync(cancel);
        if (state.Plan is not { } bare || state.Desired is not { } desired)
        {
            return ResultText.Said(new OperationResult.NoPlan(state.Findings), session, terminal);
        }
        var plan = PlanFlows.Warned(bare, session.Spec, desired, state.Inventory);
        var runbook = Runbook.From(
            Blueprint.From(session.Spec, desired, state.Inventory),
            plan,
            PlanText.Account(plan.Account, terminal.IsTerminal)
        );
        var parts = RunbookPage.Of(runbook, session.Where.Again());
        return target.Write(
            session.IsAlone ? null : session.Spec.Name,
            [isPage ? new("runbook.html", RunbookHtml.Render(parts)) : new("runbook.md", RunbookMarkdown.Render(parts))]
        );
    }
}
