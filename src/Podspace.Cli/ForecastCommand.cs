using System.CommandLine;
using Podspace.Cli.Output;
using Podspace.Cni;
using Podspace.Forecasting;
using Podspace.Observed;
using Podspace.Operations;

namespace Podspace.Cli;

/// <summary>When each subnet is full, from what was measured of it.</summary>
internal static class ForecastCommand
{
    public static Command Make(Terminal terminal)
    {
        var world = new WorldOptions();
        var files = new Option<string[]>("--history")
        {
            Description =
                "What was measured: CSV with the columns time,subnet,free,free_prefixes, "
                + "or a saved answer of Prometheus' query_range; may be repeated.",
            HelpName = "file",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        var prometheus = new Option<string?>("--prometheus")
        {
            Description = "Ask the Prometheus at this address, for example http://localhost:9090.",
            HelpName = "address",
        };
        var days = new Option<int>("--days")
        {
            Description = "How far to look back in Prometheus; at most 110.",
            DefaultValueFactory = _ => 84,
            HelpName = "number",
        };
        var free = Query("--free", Measure.FreeAddresses, "free addresses of each subnet");
        var prefixes = Query("--free-prefixes", Measure.FreePrefixes, "free whole /28 blocks of each subnet");
        var reserved = Query("--free-reserved", Measure.FreeReserved, "free addresses of each subnet that are kept for prefixes");
        var label = new Option<string>("--label")
        {
            Description = "Label that names the subnet in Prometheus.",
            DefaultValueFactory = _ => PrometheusAnswer.DefaultLabel,
            HelpName = "name",
        };
        var within = new Option<int>("--within")
        {
            Description = "Warn, and end with 2, when a subnet is full within so many days.",
            DefaultValueFactory = _ => Forecast.UsualWithin,
            HelpName = "days",
        };
        var plot = new Option<string?>("--plot") { Description = "Also draw it into this SVG file.", HelpName = "file" };
        var output = new FormatOption("text or json.", "text", "json");
        var command = new Command(
            "forecast",
            "Say when each subnet is full, with a band, from weeks of measurements. "
                + "With -f or --twin only the overlay's subnets count. Changes nothing."
        )
        {
            files,
            prometheus,
            days,
            free,
            prefixes,
            reserved,
            label,
            within,
            plot,
            output,
        };
        world.AddTo(command);
        command.SetAction(
            async (parsed, cancel) =>
            {
                var queries = new Dictionary<Measure, string>
                {
                    [Measure.FreeAddresses] = parsed.GetRequiredValue(free),
                    [Measure.FreePrefixes] = parsed.GetRequiredValue(prefixes),
                    [Measure.FreeReserved] = parsed.GetRequiredValue(reserved),
                };
                var options = new ForecastOptions(
                    parsed.GetValue(files) ?? [],
                    parsed.GetValue(prometheus),
                    queries,
                    parsed.GetRequiredValue(label),
                    parsed.GetValue(days),
                    parsed.GetValue(within),
                    parsed.GetValue(plot)
                );
                if (options.Days is < 1 or > 110 || options.Within < 1)
                {
                    throw new UsageException(
                        options.Within < 1
                            ? $"--within {options.Within}: give a number of days, 1 or more."
                            : $"--days {options.Days}: Prometheus is asked for 1 to 110 days."
                    );
                }
                var history = await HistoryAsync(options, cancel);
                var where = world.Of(parsed);
                var form = output.Of(parsed, where.IsQuiet);
                return world.IsNamed(parsed)
                    ? await Sessions.EachAsync(
                        terminal,
                        where,
                        session => OfOverlayAsync(terminal, session, options, history, cancel),
                        cancel,
                        form
                    )
                    : form.Say(terminal, Answer(options, Forecast.From(history, options.Within, countsPrefixes: true), ""));
            }
        );
        return command;
    }

    private sealed record ForecastOptions(
        string[] Files,
        string? Prometheus,
        IReadOnlyDictionary<Measure, string> Queries,
        string Label,
        int Days,
        int Within,
        string? Plot
    );

    private static Option<string> Query(string name, Measure measure, string what) =>
        new(name)
        {
            Description = $"PromQL for {what}.",
            DefaultValueFactory = _ => PrometheusAnswer.Names[measure],
            HelpName = "query",
        };

    private static async Task<History> HistoryAsync(ForecastOptions options, CancellationToken cancel)
    {
        var history = History.Nothing;
        foreach (var file in options.Files)
        {
            var text = Specs.Text(file, $"there is no file {file}.");
            history = history.With(
                (
                    text.TrimStart().StartsWith('{')
                        ? PrometheusAnswer.Read(text, options.Label, null, out var problem)
                        : HistoryCsv.Read(text, out problem)
                ) ?? throw new UsageException($"{file} is no history: {problem}.")
            );
        }
        if (options.Prometheus is { } address)
        {
            history = history.With(
                await PrometheusReader.ReadAsync(
                    address,
                    options.Queries,
                    options.Label,
                    options.Days,
                    TimeProvider.System.GetUtcNow(),
                    cancel
                )
            );
        }
        return options.Files.Length == 0 && options.Prometheus is null
            ? throw new UsageException(
                "a forecast needs a history, from Prometheus or from a file of lines time,subnet,free with a first line that says so:\n"
                    + "  podspace forecast --prometheus http://localhost:9090\n  podspace forecast --history history.csv"
            )
            : history;
    }

    /// <summary>The overlay's subnets by their names, whatever the history calls them: name, id or CIDR.</summary>
    private static async Task<Said> OfOverlayAsync(
        Terminal terminal,
        Session session,
        ForecastOptions options,
        History history,
        CancellationToken cancel
    )
    {
        var state = await session.PlanAsync(cancel);
        if (state.Desired is not { } desired)
        {
            return ResultText.Said(new OperationResult.NoPlan(state.Findings), session, terminal);
        }
        var ids = ActualNetwork.From(state.Inventory, session.Spec.Name, session.Spec.Cluster).Ids;
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var subnet in desired.Subnets)
        {
            var name = subnet.Ref.ToString();
            names[name] = names[subnet.Cidr.ToString()] = name;
            if (ids.Subnet(subnet.Ref) is { } id)
            {
                names[id.Text] = name;
            }
        }
        var mine = history
            .Series.Where(series => names.ContainsKey(series.Subnet))
            .Select(series => series with { Subnet = names[series.Subnet] })
            .ToList();
        if (mine.Count == 0 && history.Series.Count > 0)
        {
            var others = history.Series.Select(series => series.Subnet).Distinct().Order(StringComparer.Ordinal).Take(5);
            throw new UsageException(
                $"the history holds nothing of {session.Spec.Name}'s pod subnets; it holds {string.Join(", ", others)}. "
                    + $"To forecast those, leave out -f and --twin."
            );
        }
        var unmeasured = names
            .Values.Distinct()
            .Except(mine.Select(series => series.Subnet))
            .Order(StringComparer.Ordinal)
            .Select(name => $"The history holds nothing of {name}.");
        var takesPrefixes =
            PlannedSettings.Of(desired, state.Inventory).PrefixDelegation || desired.NodeClasses.Any(one => !one.TakesSingles);
        return Answer(
            options,
            Forecast.From(History.Nothing.With(new(mine, [.. history.Remarks, .. unmeasured])), options.Within, takesPrefixes),
            session.Where.Again()
        );
    }

    private static Said Answer(ForecastOptions options, Forecast forecast, string again)
    {
        if (options.Plot is { } file)
        {
            File.WriteAllText(file, ForecastPlot.Render(forecast));
        }
        var warned = forecast.Warned.Count();
        return new(
            warned > 0 ? ExitCode.Something : ExitCode.Fine,
            warned > 0 ? $"{warned} subnets are full within {options.Within} days" : $"no subnet is full within {options.Within} days",
            ForecastText.Render(forecast).Replace("\n  podspace grow", $"\n  podspace grow{again}", StringComparison.Ordinal)
        )
        {
            Next = warned > 0 ? $"podspace grow{again}" : "",
            Json = () => ForecastJson.Render(forecast),
        };
    }
}
