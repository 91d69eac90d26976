using System.CommandLine;
using System.Globalization;
using Podspace.Aws;
using Podspace.Capacity;
using Podspace.Cli.Output;
using Podspace.Cni;
using Podspace.Model;
using Podspace.Operations;

namespace Podspace.Cli;

/// <summary>How many pods fit, what breaks first, and what other settings would change.</summary>
internal static class CapacityCommand
{
    public static Command Make(Terminal terminal)
    {
        var world = new WorldOptions();
        var nodes = Words(
            "--nodes",
            "Suppose these nodes instead of the cluster's, for example 40xm5.large@eu-west-1b. "
                + "With neither -f nor --twin nothing is read at all.",
            "nodes"
        );
        var subnets = Words(
            "--subnets",
            "Suppose these pod subnets, for example 100.64.0.0/18@eu-west-1b; left out: one a zone from 100.64.0.0/16.",
            "subnets"
        );
        var settings = Words("--set", "Suppose a setting of aws-node, for example WARM_IP_TARGET=5.", "setting");
        var types = Words("--type", "Instance types to compare beside those that are there.", "types");
        var pods = new Option<int?>("--pods")
        {
            Description = "How many pods the comparison has to place; left out: as many as the nodes take.",
            HelpName = "number",
        };
        var file = new Option<string?>("--instance-types")
        {
            Description =
                "Output of aws ec2 describe-instance-types, for types that neither EC2 was asked for nor the built-in table knows.",
            HelpName = "file",
        };
        var prices = new Option<string?>("--prices")
        {
            Description = "Lines of type,price per hour: adds what each setting costs a month.",
            HelpName = "file",
        };
        var forms = new Option<bool>("--max-pods")
        {
            Description = "Also print max-pods in the words of each kind of node: nodeadm, Bottlerocket, launch templates, Karpenter.",
        };
        var advise = new Option<bool>("--advise") { Description = "Say which mode suits the cluster, and why." };
        var output = new FormatOption("text or json.", "text", "json");
        var command = new Command(
            "capacity",
            "How many pods fit, what breaks first, and what other settings would change. Changes nothing."
        )
        {
            nodes,
            subnets,
            settings,
            types,
            pods,
            file,
            prices,
            forms,
            advise,
            output,
        };
        world.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
                RunAsync(
                    terminal,
                    world.Of(parsed),
                    new(
                        Split(parsed.GetValue(nodes)),
                        Split(parsed.GetValue(subnets)),
                        Split(parsed.GetValue(settings)),
                        Split(parsed.GetValue(types)),
                        parsed.GetValue(pods),
                        TypesIn(parsed.GetValue(file)),
                        PricesIn(parsed.GetValue(prices)),
                        parsed.GetValue(forms),
                        parsed.GetValue(advise),
                        world.IsNamed(parsed)
                    ),
                    output.Of(parsed, world.Of(parsed).IsQuiet),
                    cancel
                )
        );
        return command;
    }

    /// <param name="IsWorldNamed">False: with nodes supposed, no world is read.</param>
    internal sealed record CapacityOptions(
        string[] Nodes,
        string[] Subnets,
        string[] Settings,
        string[] Types,
        int? Pods,
        InstanceTypeFile? Known,
        IReadOnlyDictionary<string, decimal> Prices,
        bool ShowsForms,
        bool Advise,
        bool IsWorldNamed
    );

    private static async Task<int> RunAsync(Terminal terminal, Where where, CapacityOptions options, Form form, CancellationToken cancel)
    {
        if (options.Nodes.Length > 0 && !options.IsWorldNamed && !options.Advise)
        {
            return form.Say(terminal, Answer(options, Offline(options)));
        }
        return await Sessions.EachAsync(terminal, where, session => AskAsync(terminal, session, options, cancel), cancel, form);
    }

    private static async Task<Said> AskAsync(Terminal terminal, Session session, CapacityOptions options, CancellationToken cancel)
    {
        var state = await session.PlanAsync(cancel);
        if (options.Advise)
        {
            var advice = ModeAdvice.Of(session.Spec, state.Inventory);
            var text = CapacityText.Render(advice);
            return new(ExitCode.Fine, text.Split('\n')[0], text) { Json = () => CapacityJson.Render(advice) };
        }
        if (state.Inventory.Cloud.Cluster is { IpFamily: "ipv6" } six)
        {
            var text = CapacityText.OfIpv6(six.Name);
            return new(ExitCode.Fine, text.Split('\n')[0], text + "\n") { Json = () => CapacityJson.OfIpv6(six.Name) };
        }
        return state.Desired is { } desired
            ? Answer(options, Seen(options, session, state.Inventory, desired))
            : ResultText.Said(new OperationResult.NoPlan(state.Findings), session, terminal);
    }

    private static CapacityReport Seen(CapacityOptions options, Session session, Inventory inventory, Network desired)
    {
        var known = KnownTypes.From(inventory, InstanceTypeCache.Merge(options.Known, inventory, IsReal(session)));
        var settings = ObservedCapacity.Settings(desired, inventory, options.Settings, out var problem);
        Refuse(problem);
        var supposed =
            options.Nodes.Length == 0
                ? (EquatableArray<NodeSet>?)null
                : Supposed(options, known, settings, desired.Cni is null && !desired.NodePools.IsEmpty);
        var question = ObservedCapacity.Of(session.Spec, desired, inventory, known, supposed, options.Settings, out _);
        if (options.Subnets.Length > 0)
        {
            question = question with { PodRooms = Rooms(options, question.Nodes) };
        }
        return Report(
            $"Cluster {session.Spec.Cluster ?? "(none)"} in {session.Spec.Vpc}, as it is once the pod network is in use by every node",
            options,
            question,
            known
        );
    }

    // What stands behind another endpoint, a twin on a socket say, is not for the days to come.
    private static bool IsReal(Session session) =>
        session.Where.Twin is null && AwsConnection.FromEnvironment(session.Spec.Region).Ec2Endpoint is null;

    private static CapacityReport Offline(CapacityOptions options)
    {
        var known = new KnownTypes([], options.Known ?? InstanceTypeCache.Read());
        var settings = WhatIf.Settings(WhatIf.Unread, options.Settings, out var problem);
        Refuse(problem);
        var nodes = Supposed(options, known, settings, isAuto: false);
        var quotas = new Quotas();
        var question = new CapacityQuestion(
            nodes,
            Rooms(options, nodes),
            [],
            settings,
            new(quotas.NetworkAddressUnits, 0),
            new(quotas.InterfacesPerRegion, 0),
            [],
            1,
            [],
            ["Nothing was read: quotas are AWS's defaults, and nothing else stands in the subnets."]
        );
        return Report("Supposed nodes", options, question, known);
    }

    private static CapacityReport Report(string title, CapacityOptions options, CapacityQuestion question, KnownTypes known)
    {
        var present = question.Nodes.Select(set => set.Limits).Distinct().ToList();
        var compared = present
            .Concat(options.Types.Select(type => Find(known, type)))
            .DistinctBy(type => type.Type)
            .OrderBy(type => type.Type, StringComparer.Ordinal)
            .ToList();
        var settings = question.IsAuto ? question.AutoSettings : question.Settings;
        var demand = options.Pods ?? question.Nodes.Sum(set => set.Count * set.Slots);
        return new(
            title,
            question,
            CapacityAnswer.To(question),
            demand > 0 ? Alternatives.For(demand, compared, settings, options.Prices, question.IsAuto) : [],
            present.Count == 0 ? [] : MaxPodsForms.Of(present, question.Settings),
            compared.Select(type => (type.Type, known.SourceOf(type.Type))).ToEquatable(),
            demand
        );
    }

    private static Said Answer(CapacityOptions options, CapacityReport report)
    {
        var text = CapacityText.Render(report, options.ShowsForms);
        // The line that says how many pods fit; a network without nodes has none.
        var line = text.Split('\n').FirstOrDefault(one => one.Contains(" pods fit on ", StringComparison.Ordinal)) ?? report.Title;
        return new(ExitCode.Fine, line.Split(". ")[0].TrimEnd('.'), text) { Json = () => CapacityJson.Render(report) };
    }

    private static EquatableArray<NodeSet> Supposed(CapacityOptions options, KnownTypes known, IpamdSettings settings, bool isAuto) =>
        options
            .Nodes.Select(text =>
            {
                if (WhatIf.Nodes(text, out var problem) is not { } nodes)
                {
                    throw new UsageException(problem);
                }
                var limits = Find(known, nodes.Type);
                return isAuto
                    ? new NodeSet(
                        "",
                        nodes.Zone,
                        nodes.Count,
                        limits,
                        MaxPods.OfAutoMode(limits, podSubnets: true, settings.PrefixDelegation),
                        0,
                        0
                    )
                    {
                        IsAuto = true,
                    }
                    : new NodeSet("", nodes.Zone, nodes.Count, limits, MaxPods.Advised(limits, settings), MaxPods.OnHostNetwork, 0);
            })
            .ToEquatable();

    private static EquatableArray<SubnetRoom> Rooms(CapacityOptions options, EquatableArray<NodeSet> nodes) =>
        options.Subnets.Length == 0
            ? WhatIf.Subnets([.. nodes.Select(set => set.Zone).Distinct()])
            : options.Subnets.Select(text => WhatIf.Subnet(text, out var problem) ?? throw new UsageException(problem)).ToEquatable();

    private static InstanceLimits Find(KnownTypes known, string type) =>
        known.Find(type)
        ?? throw new UsageException(
            $"the limits of instance type \"{type}\" are not known, and are not guessed. EC2 says them:\n "
                + $" aws ec2 describe-instance-types --instance-types {type} > types.json\n "
                + $" podspace capacity --instance-types types.json …"
        );

    internal static InstanceTypeFile? TypesIn(string? path)
    {
        if (path is null)
        {
            return null;
        }
        return InstanceTypeFile.Read(Specs.Text(path, $"there is no file {path}."), out var problem)
            ?? throw new UsageException($"{path} holds no instance types: {problem}.");
    }

    private static Dictionary<string, decimal> PricesIn(string? path)
    {
        var prices = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (
            var line in path is null
                ? []
                : Specs
                    .Text(path, $"there is no file {path}.")
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .Where(line => line[0] != '#')
        )
        {
            var cells = line.Split(',', StringSplitOptions.TrimEntries);
            prices[cells[0]] =
                cells.Length == 2 && decimal.TryParse(cells[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price)
                    ? price
                    : throw new UsageException($"{path}: \"{line}\" is not a type and its price an hour, such as m5.large,0.107.");
        }
        return prices;
    }

    private static void Refuse(string problem)
    {
        if (problem.Length > 0)
        {
            throw new UsageException(problem);
        }
    }

    private static Option<string[]> Words(string name, string description, string help) =>
        new(name)
        {
            Description = description,
            HelpName = help,
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };

    private static string[] Split(string[]? words) =>
        [.. (words ?? []).SelectMany(word => word.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
}
