using System.CommandLine;
using Podspace.Cli.Output;
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
        var output = new FormatOption(
            "text, json, or markdown: a change ticket with whom it disturbs, how to check and the way back.",
            "text",
            "json",
            "markdown"
        );
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
                var where = world.Of(parsed);
                return Sessions.EachAsync(
                    terminal,
                    where,
                    session => PlanAsync(terminal, session, options, cancel),
                    cancel,
                    output.Of(parsed, where.IsQuiet)
                );
            }
        );
        return command;
    }

    private sealed record PlanOptions(string Format, Stage? Stage, string? File, bool IsDetailed, bool IsImpact);

    private static async Task<Said> PlanAsync(Terminal terminal, Session session, PlanOptions options, CancellationToken cancel)
    {
        if (options.File is not null && !session.IsAlone)
        {
            throw new UsageException("--save takes the plan of one overlay, and there are several. Name one with -f.");
        }
        var result = await session.LookAsync(overlay => PlanOperation.RunAsync(overlay, cancel));
        if (result is not OperationResult.Planned { State: var state, Plan: var whole })
        {
            return ResultText.Said(result, session, terminal);
        }
        if (options.IsImpact)
        {
            return await ImpactAsync(session, state, cancel);
        }
        var plan = options.Stage is { } upTo ? whole with { Steps = whole.UpTo(upTo) } : whole;
        var patches = session.PatchesOf(state, plan);
        var said = new Said(
            ExitCode.Of(result.Ending),
            "error, see above",
            Text(terminal, session, plan, patches, options.Format) + Maps(session, state, plan, options.Format)
        )
        {
            Json = () => PlanJson.Render(plan, PlanText.Account(plan.Account, terminal.IsTerminal), patches),
        };
        if (state.HasErrors)
        {
            terminal.Error.Write(
                options.File is null ? "" : $"Nothing was saved to {options.File}: a plan with errors cannot be carried out.\n"
            );
            return said;
        }
        if (options.File is { } file)
        {
            await SaveAsync(terminal, session, plan, options.Stage, file, cancel);
        }
        return WithNext(said, session, plan, options.Format == "text") with
        {
            Exit = options.IsDetailed && !plan.IsEmpty ? ExitCode.Something : ExitCode.Fine,
        };
    }

    private static Said WithNext(Said said, Session session, Plan plan, bool isText)
    {
        if (plan.IsEmpty)
        {
            return said with { State = "as the spec says" };
        }
        var next = $"podspace apply{session.Where.Again()}";
        var isOurs = !StepsByOwner.Of(plan.Steps).Ready.IsEmpty;
        return said with
        {
            State = $"{Messages.Steps(plan.Steps.Count)} to do",
            Next = next,
            Text = isOurs && isText ? said.Text + $"To do it:\n  {next}\n" : said.Text,
        };
    }

    private static async Task SaveAsync(Terminal terminal, Session session, Plan plan, Stage? upTo, string file, CancellationToken cancel)
    {
        await File.WriteAllTextAsync(
            file,
            SavedPlan.Write(plan, PlanText.Account(plan.Account, false), upTo, session.Source!.Value, VersionCommand.Version),
            cancel
        );
        await terminal.Error.WriteLineAsync(
            $"Saved. To carry it out for as long as nobody touches what it stands on:\n "
                + $" podspace apply {Where.Quoted(file)}{(session.Where with { Files = [] }).Again()}"
        );
    }

    private static async Task<Said> ImpactAsync(Session session, PlannedState state, CancellationToken cancel)
    {
        var after = PlanFlows.After(session.Spec, state.Desired!, state.Inventory);
        var (objects, unseen) = session.Connections.ClusterOf(state.Inventory.Cloud) is { } cluster
            ? await cluster.ListAsync(NamedAddresses.Kinds, cancel)
            : ([], []);
        var (known, pods) = NamedAddresses.BlocksOf(state.Inventory, after);
        var text = Impact.Render(
            Impact.Of(state.Inventory, after),
            after,
            Impact.Neighbours(state.Inventory, state.Desired!),
            NamedAddresses.Of(objects, known, pods),
            unseen
        );
        return new(state.HasErrors ? ExitCode.Error : ExitCode.Fine, "the impact was looked at", text)
        {
            Json = () => ResultJson.Plain("impact", ("overlay", session.Spec.Name), ("text", text)),
        };
    }

    private static string Text(Terminal terminal, Session session, Plan plan, EquatableArray<Patch> patches, string format)
    {
        var account = PlanText.Account(plan.Account, terminal.IsTerminal);
        return format switch
        {
            "markdown" => PlanMarkdown.Render(plan, account, session.Where.Again()) + Patches.Markdown(patches),
            _ => session.Where.Pasteable(PlanText.Render(plan, terminal.IsTerminal)) + Patches.Text(patches),
        };
    }

    private static string Maps(Session session, PlannedState state, Plan plan, string format) =>
        format == "markdown" && !plan.IsEmpty ? TicketMaps.Markdown(session.Spec, state.Inventory, state.Desired!) : "";
}
