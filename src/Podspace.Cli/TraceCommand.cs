using System.CommandLine;
using System.Globalization;
using Podspace.Cli.Output;
using Podspace.Model;
using Podspace.Reachability;

namespace Podspace.Cli;

/// <summary>Can they talk, both ways, by which places, and as whom does the one see the other.</summary>
internal static class TraceCommand
{
    public static Command Make(Terminal terminal)
    {
        var world = new WorldOptions();
        var from = new Argument<string>("from") { Description = "Who begins." };
        var to = new Argument<string>("to")
        {
            Description = $"Who is asked, with :PORT behind it where the usual one is not meant. Either is one of:\n{Ends.Forms}",
        };
        var port = new Option<int?>("--port", "-p") { Description = "The port that is asked; without it, the usual one.", HelpName = "n" };
        var protocol = new Option<string?>("--protocol")
        {
            Description = "tcp, udp or icmp; without it, the usual one.",
            HelpName = "name",
        };
        protocol.AcceptOnlyFromAmong("tcp", "udp", "icmp");
        var output = new FormatOption("text, path or json.", "text", "path", "json");
        var planned = new Option<bool>("--planned")
        {
            Description = "As it will be once the plan is applied, nodes not yet replaced: ask newpod.",
        };
        var command = new Command(
            "trace",
            "Can they talk, both ways, and which source address does the other side see? Exits with 2 when they cannot."
        )
        {
            from,
            to,
            port,
            protocol,
            output,
            planned,
        };
        world.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
                RunAsync(
                    terminal,
                    world.Of(parsed),
                    Asked.Of(
                        parsed.GetRequiredValue(from),
                        parsed.GetRequiredValue(to),
                        parsed.GetValue(protocol),
                        parsed.GetValue(port),
                        parsed.GetValue(output)!,
                        parsed.GetValue(planned)
                    ),
                    output.Of(parsed, world.Of(parsed).IsQuiet),
                    cancel
                )
        );
        return command;
    }

    private static Task<int> RunAsync(Terminal terminal, Where where, Asked asked, Form form, CancellationToken cancel) =>
        Sessions.EachAsync(
            terminal,
            where,
            async session =>
                Answer(asked.IsPlanned ? await session.ObservePlannedAsync(cancel) : await session.ObserveAsync(cancel), asked),
            cancel,
            form
        );

    private static Said Answer(Inventory inventory, Asked asked)
    {
        var seen = NewNodes.In(inventory);
        var ends = new Ends(seen);
        var (from, to) = (Find(ends, inventory, asked.From), Find(ends, inventory, asked.To));
        var unsaid = asked.Port is null ? to.Usual.Protocol : Protocol.Tcp;
        var protocol = asked.Protocol is { } named ? Enum.Parse<Protocol>(named, ignoreCase: true) : unsaid;
        var tracer = Tracer.Of(seen);
        var trace = tracer.Between(from, to, protocol, asked.Port ?? to.Usual.Port)!;
        var remedy = VerdictText.Remedy(trace, tracer);
        var (asking, answering) = (ends.Taken(from, trace.Flow.From), ends.Taken(to, trace.Flow.To));
        var text =
            asked.Output == "path" ? TraceText.Drawn(asking, answering, trace) + "\n" : TraceText.Render(asking, answering, trace, remedy);
        return new(trace.Outcome.IsBlocked ? ExitCode.Something : ExitCode.Fine, TraceText.Drawn(asking, answering, trace).Trim(), text)
        {
            Json = () => TraceJson.Render(from, to, trace, remedy),
        };
    }

    private static End Find(Ends ends, Inventory inventory, string text)
    {
        var end = ends.Find(text) ?? throw new UsageException($"\"{text}\" is no end of a trace. These are:\n{Ends.Forms}");
        if (!end.Addresses.IsEmpty)
        {
            return end;
        }
        var gap = inventory.Gaps.FirstOrDefault(gap =>
            gap.Reading is Reading.Pods or Reading.Nodes or Reading.Interfaces or Reading.Endpoints
        );
        throw new UsageException(
            gap is null
                ? $"\"{text}\" stands for no address here: nothing of that name is there, or it has no address (yet)."
                : $"\"{text}\" stands for no address here, and {gap.Reading} could not be read ({gap.Why}). Give its address instead."
        );
    }

    private sealed record Asked(string From, string To, string? Protocol, int? Port, string Output, bool IsPlanned)
    {
        public static Asked Of(string from, string to, string? protocol, int? port, string output, bool isPlanned)
        {
            var (name, behind) =
                to.Split(':', 2) is [var before, var after]
                && int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? (before, number)
                    : (to, (int?)null);
            if ((port ?? behind) is < 0 or > 65535)
            {
                throw new UsageException($"{port ?? behind} is no port: ports go from 0 to 65535.");
            }
            return port is null || behind is null || port == behind
                ? new(from, name, protocol, port ?? behind, output, isPlanned)
                : throw new UsageException($"\"{to}\" asks port {behind}, and --port {port}. Leave one of them out.");
        }
    }
}
