using System.CommandLine;
using Podspace.Applying;
using Podspace.Cli.Output;
using Podspace.Operations;
using Podspace.Planning;
using Podspace.Steps;

namespace Podspace.Cli;

/// <summary>Carries the plan out, by stage.</summary>
internal static class ApplyCommand
{
    public static Command Make(Terminal terminal)
    {
        var (world, output) = (new WorldOptions(), new FormatOption());
        var saved = new Argument<string?>("plan")
        {
            Description = "A plan that plan --save wrote; refused when what it stands on has changed since. Left out: a plan is made now.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var stage = StageOption.Make(
            "Run up to and with this stage: network, admit or switch. Left out: on a cluster that has nodes, up to admit."
        );
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var allow = new Option<string?>("--allow")
        {
            Description = "running-pods: also run steps that disturb pods that run now.",
            HelpName = "whom",
        };
        allow.AcceptOnlyFromAmong("running-pods");
        var report = new Option<string?>("--report")
        {
            Description = "Write every step and every call with its request id to this file, as JSON.",
            HelpName = "file",
        };
        var takeOver = new Option<string?>("--take-over")
        {
            Description =
                "Only make ours what the plan uses: a subnet's id or a block. From then on it is planned for, and destroy deletes it.",
            HelpName = "name",
        };
        var command = new Command("apply", "Make the network as the spec says. Stopped anywhere, the same command goes on from there.")
        {
            saved,
            stage,
            yes,
            allow,
            report,
            takeOver,
            output,
        };
        world.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
            {
                var options = new ApplyOptions(parsed.GetValue(stage), parsed.GetValue(yes), parsed.GetValue(allow) is not null);
                var (where, audit) = (world.Of(parsed), parsed.GetValue(report) is { } path ? new RunReport(path) : null);
                var form = output.Of(parsed, where.IsQuiet);
                if (parsed.GetValue(takeOver) is { } name)
                {
                    return Sessions.EachAsync(
                        terminal,
                        where,
                        session => TakeOverSaidAsync(terminal, session, name, options.Yes, cancel),
                        cancel,
                        form
                    );
                }
                return parsed.GetValue(saved) is { } file
                    ? ApplySavedAsync(terminal, where, file, world.NamesSpecs(parsed), options, audit, form, cancel)
                    : Sessions.EachAsync(terminal, where, session => FollowAsync(terminal, session, options, audit, cancel), cancel, form);
            }
        );
        return command;
    }

    internal sealed record ApplyOptions(Stage? Stage, bool Yes, bool MayDisturbRunningPods)
    {
        /// <summary>The plan that was approved, and the file it is in; null: whatever is right now.</summary>
        public (SavedPlan Plan, string File)? Saved { get; init; }

        public Action<StepReport>? OnStep { get; init; }

        /// <summary>Whoever reads this has the plan before their eyes already.</summary>
        public bool IsShown { get; init; }
    }

    private static Task<int> ApplySavedAsync(
        Terminal terminal,
        Where where,
        string file,
        bool namesSpecs,
        ApplyOptions options,
        RunReport? audit,
        Form form,
        CancellationToken cancel
    )
    {
        if (namesSpecs)
        {
            throw new UsageException($"{file} holds its own spec: leave out -f, or leave out the plan.");
        }
        var (plan, problem) = SavedPlan.Read(
            Specs.Text(file, $"there is no saved plan {file}. To make one:\n  podspace plan --save {Where.Quoted(file)}")
        );
        if (plan is null)
        {
            throw new UsageException(
                $"{file} is no plan that can be carried out: {problem}. Plan again:\n  podspace plan "
                    + $"--save {Where.Quoted(file)}{(where with { Files = [] }).Again()}"
            );
        }
        if (options.Stage > plan.Stage)
        {
            throw new UsageException(
                $"{file} was saved with --stage {plan.Stage.ToString()!.ToLowerInvariant()}, "
                    + $"and what comes behind that was never shown to whom approved it."
            );
        }
        options = options with { Stage = options.Stage ?? plan.Stage, Saved = (plan, file) };
        return Sessions.EachAsync(
            terminal,
            where with
            {
                Files = [plan.Spec.File],
            },
            [plan.Spec],
            plan.Overlay,
            session => FollowAsync(terminal, session, options, audit, cancel),
            cancel,
            form
        );
    }

    private static Task<Said> FollowAsync(
        Terminal terminal,
        Session session,
        ApplyOptions options,
        RunReport? audit,
        CancellationToken cancel
    ) =>
        audit is null
            ? SaidAsync(terminal, session, session.Where, options, cancel)
            : audit.FollowAsync(session, note => SaidAsync(terminal, session, session.Where, options with { OnStep = note }, cancel));

    internal static async Task<int> ApplyAsync(
        Terminal terminal,
        Session session,
        Where where,
        ApplyOptions options,
        CancellationToken cancel
    ) => new Form("text", where.IsQuiet).Say(terminal, await SaidAsync(terminal, session, where, options, cancel), session.Spec.Name);

    private static async Task<Said> SaidAsync(
        Terminal terminal,
        Session session,
        Where where,
        ApplyOptions options,
        CancellationToken cancel
    )
    {
        var telling = new Telling(options.Yes, where.IsQuiet) { IsShown = options.IsShown, OnStep = options.OnStep };
        using var host = new OperationPrinter(terminal, session, telling);
        var wanted = new Operations.ApplyOptions(options.Stage, options.MayDisturbRunningPods, options.Saved?.Plan);
        var result = await new ApplyOperation(session.For(host), wanted).RunAsync(cancel);
        var said = ResultText.Said(result, session, terminal);
        return result switch
        {
            OperationResult.NotDone { Reason: Reason.StalePlan stale } => said with
            {
                Text = Stale(stale, options.Saved!.Value.File, where),
            },
            OperationResult.NoPlan => said with { Text = said.Text + "Nothing was changed.\n" },
            _ => said,
        };
    }

    private static string Stale(Reason.StalePlan stale, string file, Where where) =>
        $"What {file} stands on has changed since it was saved, so nothing was done: {stale.Moved}.\nPlan "
        + $"again, and have that approved:\n  podspace plan --save {Where.Quoted(file)}{where.Again()}\n";

    /// <summary>Makes ours what is only used.</summary>
    internal static async Task<int> TakeOverAsync(Terminal terminal, Session session, string name, bool yes, CancellationToken cancel) =>
        new Form("text", session.Where.IsQuiet).Say(
            terminal,
            await TakeOverSaidAsync(terminal, session, name, yes, cancel),
            session.Spec.Name
        );

    private static async Task<Said> TakeOverSaidAsync(Terminal terminal, Session session, string name, bool yes, CancellationToken cancel)
    {
        if (!session.IsAlone)
        {
            throw new UsageException($"{name} can belong to one overlay, and there are several. Name one with -f.");
        }
        using var host = new OperationPrinter(terminal, session, new(yes, session.Where.IsQuiet));
        return ResultText.Said(await new TakeOverOperation(session.For(host), name).RunAsync(cancel), session, terminal);
    }
}
