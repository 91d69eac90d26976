using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Podspace.Cli.Output;
using Podspace.Lab;
using Podspace.Lab.Kernel;
using Podspace.Model;
using Podspace.Reachability;
using Podspace.Spec;

namespace Podspace.Cli;

/// <summary>The network in network namespaces of this machine, with real packets.</summary>
internal static class LabCommand
{
    public static Command Make(Terminal terminal) =>
        new(
            "lab",
            "The network in Linux network namespaces, with real packets. Needs Linux and root; "
                + "touches none of the machine's own interfaces and rules."
        )
        {
            Run(terminal),
            Shell(terminal),
            Down(terminal),
        };

    private static Command Run(Terminal terminal)
    {
        var (world, output) = (new WorldOptions(), new FormatOption());
        var planned = Planned();
        var keep = new Option<bool>("--keep")
        {
            Description = "Let it stand until interrupted, so that lab shell can go there from another terminal.",
        };
        var command = new Command(
            "run",
            "Send the fixed set of flows as real TCP, UDP and ICMP, and print which source each "
                + "end saw beside what the tracer says. Exits with 2 where they differ."
        )
        {
            planned,
            keep,
            output,
        };
        world.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
                Sessions.EachAsync(
                    terminal,
                    world.Of(parsed),
                    async session =>
                    {
                        var (lab, tracer, flows) = await BuildAsync(terminal, session, parsed.GetValue(planned), cancel);
                        using (lab)
                        {
                            var said = Send(lab, tracer, flows);
                            if (parsed.GetValue(keep))
                            {
                                // Said now, because nobody knows how long it stands.
                                output.Of(parsed, session.Where.IsQuiet).Say(terminal, said);
                                using var announced = KeptLab.Announce(lab, session.Spec.Name);
                                await terminal.Error.WriteLineAsync(
                                    $"It stands until interrupted. To go there:\n  podspace lab shell {Pod(lab)}{session.Where.Again()}"
                                );
                                await TwinCommand.UntilInterruptedAsync(cancel);
                            }
                            return parsed.GetValue(keep) ? new Said(said.Exit, said.State, "") { IsDocument = true } : said;
                        }
                    },
                    cancel,
                    output.Of(parsed, world.Of(parsed).IsQuiet)
                )
        );
        return command;
    }

    private static Command Shell(Terminal terminal)
    {
        var world = new WorldOptions();
        var planned = Planned();
        var name = new Argument<string>("name") { Description = "pod/web-1, node/NAME, vpc, beyond …: the end of a name will do." };
        var words = new Argument<string[]>("command")
        {
            Description = "What to run there instead of a shell; behind --.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command(
            "shell",
            "A shell in one of the lab's namespaces: of one that stands (lab run "
                + "--keep), else of one that is built for it and goes with it."
        )
        {
            name,
            words,
            planned,
        };
        world.AddTo(command);
        command.SetAction(
            async (parsed, cancel) =>
            {
                RefuseUnable();
                // The world is not opened for a lab that stands: its holder has a twin's file locked.
                if (Standing(world.Of(parsed)) is { } standing)
                {
                    return Enter(standing.Paths, parsed.GetRequiredValue(name), parsed.GetValue(words) ?? []);
                }
                return await Sessions.EachAsync(
                    terminal,
                    world.Of(parsed),
                    async session =>
                    {
                        var (lab, _, _) = await BuildAsync(terminal, session, parsed.GetValue(planned), cancel);
                        using (lab)
                        {
                            var exit = Enter(lab.Paths, parsed.GetRequiredValue(name), parsed.GetValue(words) ?? []);
                            return new Said(exit, "left", "") { IsDocument = true };
                        }
                    },
                    cancel
                );
            }
        );
        return command;
    }

    /// <summary>Of one of these specs; null where none stands, or the specs hold errors, which opening the world will say.</summary>
    private static KeptLab? Standing(Where where) =>
        OverlayYaml.ParseAll(Specs.Read(where.Files)).Ok(out var all)
            ? KeptLab.All().FirstOrDefault(kept => all.Overlays.Any(spec => spec.Name == kept.Overlay))
            : null;

    private static Command Down(Terminal terminal)
    {
        var command = new Command("down", "End every lab that stands on this machine. One whose process was killed is gone already.");
        var output = new FormatOption();
        output.AddWithQuietTo(command);
        command.SetAction(parsed =>
        {
            RefuseUnable();
            var standing = KeptLab.All();
            foreach (var kept in standing)
            {
                kept.End();
            }
            return output.Of(parsed).Say(terminal, Ended(standing));
        });
        return command;
    }

    private static Said Ended(IReadOnlyList<KeptLab> standing)
    {
        var lines = standing.Select(kept => $"ended: the lab of {kept.Overlay}, with {kept.Paths.Count} namespaces\n");
        var state = standing.Count == 0 ? "no lab stands on this machine" : $"{standing.Count} labs ended";
        return new(ExitCode.Fine, state, standing.Count == 0 ? $"{state}\n" : string.Concat(lines))
        {
            Json = () => ResultJson.Plain(state, ("ended", new JsonArray([.. standing.Select(kept => (JsonNode)kept.Overlay)]))),
        };
    }

    private static Option<bool> Planned() =>
        new("--planned") { Description = "As it will be once the plan is applied, with a new node in every zone." };

    private static void RefuseUnable()
    {
        if (Requirements.Missing() is { } missing)
        {
            throw new UsageException(missing);
        }
    }

    private static async Task<(RunningLab Lab, Tracer Tracer, IReadOnlyList<(string Name, Flow Flow)> Flows)> BuildAsync(
        Terminal terminal,
        Session session,
        bool isPlanned,
        CancellationToken cancel
    )
    {
        RefuseUnable();
        var seen = NewNodes.In(isPlanned ? await session.ObservePlannedAsync(cancel) : await session.ObserveAsync(cancel));
        var tracer = Tracer.Of(seen);
        var asked = EssentialFlows.Ask(tracer).Select(answer => (Name: $"{answer.Question}", answer.Trace.Flow)).ToList();
        var network = Comparison.Draw(seen, asked.Select(one => one.Flow));
        var began = Stopwatch.GetTimestamp();
        try
        {
            var lab = RunningLab.Build(network);
            await terminal.Error.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"lab: {network.Namespaces.Count} namespaces, up in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.00} s"
                )
            );
            return (lab, tracer, [.. asked.Where(one => network.CanSend(one.Flow))]);
        }
        catch (LabUnavailableException trouble)
        {
            throw new UsageException(trouble.Message);
        }
    }

    private static Said Send(RunningLab lab, Tracer tracer, IReadOnlyList<(string Name, Flow Flow)> flows)
    {
        var rows = flows.Select(one => one.Name).Zip(Comparison.Of(lab, tracer, [.. flows.Select(one => one.Flow)])).ToList();
        var agreed = rows.Count(row => row.Second.IsAgreed);
        var state = $"{agreed} of {rows.Count} flows went as the tracer says";
        return new(agreed == rows.Count ? ExitCode.Fine : ExitCode.Something, state, LabText.Render(rows))
        {
            Json = () =>
                ResultJson.Plain(
                    state,
                    (
                        "flows",
                        new JsonArray([
                            .. rows.Select(row => (JsonNode)new JsonObject { ["flow"] = row.First, ["agreed"] = row.Second.IsAgreed }),
                        ])
                    )
                ),
        };
    }

    private static string Pod(RunningLab lab) =>
        lab.Paths.Keys.FirstOrDefault(name => name.StartsWith("pod/", StringComparison.Ordinal)) ?? "vpc";

    private static int Enter(IReadOnlyDictionary<string, string> paths, string name, IReadOnlyList<string> words)
    {
        var found =
            Find(paths.Keys, name)
            ?? throw new UsageException(
                $"\"{name}\" is no place of this lab. These are:\n  {string.Join("\n  ", paths.Keys.Order(StringComparer.Ordinal))}"
            );
        var shell = Environment.GetEnvironmentVariable("SHELL") is { Length: > 0 } own ? own : "/bin/sh";
        try
        {
            return RunningLab.Run(paths[found], words.Count > 0 ? words : [shell], $"[{found}] # ");
        }
        catch (LabUnavailableException trouble)
        {
            throw new UsageException(trouble.Message);
        }
    }

    /// <summary>By its name, by the end of it, or, of a pod without its namespace, by the beginning of the last part.</summary>
    private static string? Find(IEnumerable<string> names, string asked)
    {
        var (kind, last) = asked.Split('/') is [var word, .., var end] ? (word + "/", end) : ("", asked);
        var all = names.Order(StringComparer.Ordinal).ToList();
        return all.Find(name => name == asked)
            ?? all.Find(name => name.EndsWith("/" + asked, StringComparison.Ordinal))
            ?? all.Find(name => name.StartsWith(kind, StringComparison.Ordinal) && name.Split('/')[^1] == last)
            ?? all.Find(name =>
                name.StartsWith(kind, StringComparison.Ordinal) && name.Split('/')[^1].StartsWith(last, StringComparison.Ordinal)
            );
    }
}
