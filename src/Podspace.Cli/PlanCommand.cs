using System.CommandLine;
using Podspace.Operations;
using Podspace.Planning;
using Podspace.Reachability;
using Podspace.Rendering;
using Podspace.Rendering.Maps;
using Podspace.Steps;

namespace Podspace.Cli;

/// <summary>Shows what would be done, and changes nothing.</summary>
internal static class PlanCommand
{
    public static Command Make(Terminal terminal)
    {
        var world = new WorldOptions();
        var output = new Option<string>("--output", "-o")
        {
            Description = "text, json, or markdown: a change ticket with whom it disturbs, how to check and the way back.",
            DefaultValueFactory = _ => "text",
            HelpName = "format",
        };
        output.AcceptOnlyFromAmong("text", "json", "markdown");
        var stage = StageOption.Make("Plan up to and with this stage: network, admit or switch.");
        var save = new Option<string?>("--save")
        {
            Description = "Also save the plan to this file, to be approved and then carried out by apply FILE.",
            HelpName = "file",
        };
        var detailed = new Option<bool>("--detailed-exitcode") { Description = "Exit with 2 when there is something to do." };
        var impact = new Option<bool>("--impact")
        {
            Description =
                "Show instead whom pods talk to, as whom they are seen there today and afterwards, and who would no longer admit them.",
        };
        var command = new Command(
            "plan",
            "Show what has to change, why, and whom it disturbs. Changes nothing; read-only rights are enough."
        )
        {
            output,
            stage,
            save,
            detailed,
            impact,
        };
        world.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
            {
                var options = new PlanOptions(
                    parsed.GetRequiredValue(output),
                    parsed.GetValue(stage),
                    parsed.GetValue(save),
                    parsed.GetValue(detailed),
                    parsed.GetValue(impact)
                );
                return Sessions.EachAsync(terminal, world.Of(parsed), session => PlanAsync(terminal, session, options, cancel), cancel);
            }
        );
        return command;
    }

    private sealed record PlanOptions(string Format, Stage? Stage, string? File, bool IsDetailed, bool IsImpact);

    private static async Task<int> PlanAsync(Terminal terminal, Session session, PlanOptions options, CancellationToken cancel)
    {
        if (options.File is not null && !session.IsAlone)
        {
            throw new UsageException("--save takes the plan of one overlay, and there are several. Name one with -f.");
        }
        var result = await PlanOperation.RunAsync(session.For(null), cancel);
        if (result is OperationResult.NoPlan none)
        {
            terminal.Error.Write(Messages.Obstacles(none.Findings, session.Where));
            return ExitCode.Error;
        }
        var (state, whole) = (OperationResult.Planned)result;
        if (options.IsImpact)
        {
            var after = PlanFlows.After(session.Spec, state.Desired!, state.Inventory);
            var (objects, unseen) = session.Connections.ClusterOf(state.Inventory.Cloud) is { } cluster
                ? await cluster.ListAsync(NamedAddresses.Kinds, cancel)
                : ([], []);
            var (known, pods) = NamedAddresses.BlocksOf(state.Inventory, after);
            await terminal.Output.WriteAsync(
                Impact.Render(Impact.Of(state.Inventory, after), after, whole.Findings, NamedAddresses.Of(objects, known, pods), unseen)
            );
            return state.HasErrors ? ExitCode.Error : ExitCode.Fine;
        }
        var plan = options.Stage is { } upTo ? whole with { Steps = whole.UpTo(upTo) } : whole;
        await terminal.Output.WriteAsync(
            Text(terminal, session, plan, session.PatchesOf(state, plan), options.Format) + Maps(session, state, plan, options.Format)
        );
        if (state.HasErrors)
        {
            terminal.Error.Write(
                options.File is null ? "" : $"Nothing was saved to {options.File}: a plan with errors cannot be carried out.\n"
            );
            return ExitCode.Error;
        }
        session.Standing = plan.IsEmpty
            ? new("as the spec says", "")
            : new($"{Messages.Steps(plan.Steps.Count)} to do", $"podspace apply{session.Where.Again()}");
        if (options.Format == "text" && !StepsByOwner.Of(plan.Steps).Ready.IsEmpty)
        {
            terminal.Output.WriteLine($"To do it:\n  {session.Standing.Next}");
        }
        if (options.File is { } file)
        {
            await File.WriteAllTextAsync(
                file,
                SavedPlan.Write(plan, PlanText.Account(plan.Account, false), options.Stage, session.Source!.Value, VersionCommand.Version),
                cancel
            );
            terminal.Error.WriteLine(
                $"Saved. To carry it out for as long as nobody touches what it stands on:\n "
                    + $" podspace apply {Where.Quoted(file)}{(session.Where with { Files = [] }).Again()}"
            );
        }
        return options.IsDetailed && !plan.IsEmpty ? ExitCode.Something : ExitCode.Fine;
    }

    private static string Text(Terminal terminal, Session session, Plan plan, EquatableArray<Patch> patches, string format)
    {
        var account = PlanText.Account(plan.Account, terminal.IsTerminal);
        return format switch
        {
            "json" => PlanJson.Render(plan, account, patches),
            "markdown" => PlanMarkdown.Render(plan, account, session.Where.Again()) + Patches.Markdown(patches),
            _ => session.Where.Pasteable(PlanText.Render(plan, terminal.IsTerminal)) + Patches.Text(patches),
        };
    }

    private static string Maps(Session session, PlannedState state, Plan plan, string format) =>
        format == "markdown" && !plan.IsEmpty ? TicketMaps.Markdown(session.Spec, state.Inventory, state.Desired!) : "";
}
