using System.Globalization;
using System.Text;
using Podspace.Cni;

namespace Podspace.Capacity;

/// <summary>All that <c>podspace capacity</c> found, before it is text or JSON.</summary>
/// <param name="Forms">Max-pods in the words of each kind of node.</param>
/// <param name="Sources">Where the limits of each type come from.</param>
/// <param name="Demand">Pods that the alternatives have to place.</param>
public sealed record CapacityReport(
    string Title,
    CapacityQuestion Question,
    CapacityAnswer Answer,
    EquatableArray<Alternative> Alternatives,
    EquatableArray<MaxPodsForm> Forms,
    EquatableArray<(string Type, string Source)> Sources,
    int Demand
);

/// <summary>Capacity for people.</summary>
public static class CapacityText
{
    private const int LimitsShown = 4;

    /// <param name="showsForms">Also max-pods in the words of each kind of node, which is long.</param>
    public static string Render(CapacityReport report, bool showsForms)
    {
        var text = new StringBuilder();
        var (question, answer) = (report.Question, report.Answer);
        text.AppendLine(report.Title);
        Nodes(text, question);
        Zones(text, answer);
        Limits(text, question, answer);
        Totals(text, question, answer);
        Settings(text, report);
        if (showsForms)
        {
            Forms(text, report);
        }
        Remarks(text, report);
        return text.ToString();
    }

    public static string Render(ModeAdvice advice)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"mode: {advice.Mode}");
        foreach (var reason in advice.Reasons)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  because  {reason}");
        }
        foreach (var trap in advice.Traps)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  mind     {trap}");
        }
        return text.ToString();
    }

    /// <summary>Source: EKS User Guide, "Learn about IPv6 addresses to clusters, Pods, and services": every interface gets a /80.</summary>
    public static string OfIpv6(string cluster) =>
        $"Cluster {cluster} gives its pods IPv6 addresses, a /80 an interface: no subnet runs out of those. "
        + $"What ends growth is max-pods (110 a node, 250 with more than "
        + $"30 vCPUs) and the IPv4 addresses that the nodes themselves take, one an interface.";

    private static void Nodes(StringBuilder text, CapacityQuestion question)
    {
        if (question.Nodes.IsEmpty)
        {
            return;
        }
        text.AppendLine();
        Table(
            text,
            ["nodes", "type", "zone", "from", "max-pods", "with addresses", "pods now"],
            question.Nodes.Select(set =>
                new[] { N(set.Count), set.Limits.Type, set.Zone, set.Path, N(set.MaxPods), $"{set.Slots} each", N(set.Pods) }
            ),
            "rlllrrr"
        );
    }

    private static void Zones(StringBuilder text, CapacityAnswer answer)
    {
        if (answer.Zones.IsEmpty)
        {
            return;
        }
        text.AppendLine();
        Table(
            text,
            [
                "zone",
                "nodes",
                "pods fit",
                "with a warm pool",
                "by max-pods",
                "addresses",
                "used now",
                "when full",
                "/28 when full",
                "/28 free now",
            ],
            answer.Zones.Select(zone =>
                new[]
                {
                    zone.Zone,
                    N(zone.Nodes),
                    N(zone.Fits),
                    N(zone.Calm),
                    N(zone.Slots),
                    N(zone.Usable),
                    N(zone.Taken),
                    N(zone.Full),
                    N(zone.FullPrefixes),
                    N(zone.WholePrefixes),
                }
            ),
            "lrrrrrrrrr"
        );
    }

    private static void Limits(StringBuilder text, CapacityQuestion question, CapacityAnswer answer)
    {
        var nodes = question.Nodes.Sum(set => (long)set.Count);
        if (answer.Limits.IsEmpty)
        {
            return;
        }
        text.AppendLine()
            .AppendLine(
                CultureInfo.InvariantCulture,
                $"{answer.Fits:N0} pods fit on {nodes:N0} nodes. What ends growth, soonest first, every node full and zones growing alike:"
            );
        foreach (var (limit, index) in answer.Limits.Take(LimitsShown).Select((limit, index) => (limit, index)))
        {
            var when =
                limit.Nodes < nodes
                    ? $"bites at {limit.Nodes:N0} of these {nodes:N0} nodes"
                    : $"at {limit.Nodes:N0} nodes, {limit.Pods:N0} pods";
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"  {(index == 0 ? "first" : "then"), -5}  {limit.What}: {when} ({limit.Detail})"
            );
            if (index == 0)
            {
                text.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"         {limit.Fix.Replace("\n", "\n         ", StringComparison.Ordinal)}"
                );
            }
        }
    }

    private static void Totals(StringBuilder text, CapacityQuestion question, CapacityAnswer answer)
    {
        text.AppendLine();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"network address units  {answer.UnitsNow.ByPrefix:N0} now, {answer.UnitsFull.ByPrefix:N0} when "
                + $"full, of {question.Units.Most:N0}; if a pod counts as one (UNCONFIRMED) {answer.UnitsNow.ByPod:N0} and "
                + $"{answer.UnitsFull.ByPod:N0}"
        );
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"network interfaces     {answer.InterfacesNow:N0} now, {answer.InterfacesFull:N0} when "
                + $"full, of {question.Interfaces.Most:N0} of the Region (other VPCs' are not counted)"
        );
        foreach (var further in question.Further)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"left to grow           {further}");
        }
    }

    private static void Settings(StringBuilder text, CapacityReport report)
    {
        if (report.Alternatives.IsEmpty)
        {
            return;
        }
        var hasPrice = report.Alternatives.Any(row => row.PerMonth is not null);
        text.AppendLine()
            .AppendLine(
                CultureInfo.InvariantCulture,
                $"{report.Demand:N0} pods with other settings (nodes by addresses alone; CPU and memory may ask for more):"
            );
        string[] heads =
        [
            "type",
            "settings",
            "max-pods",
            "nodes",
            "pod addresses",
            "/28",
            "units",
            "routable",
            "routable without a pod network",
            .. hasPrice ? (string[])["a month"] : [],
        ];
        Table(
            text,
            heads,
            report.Alternatives.Select(row =>
                (string[])
                    [
                        row.Type,
                        row.Settings,
                        row.MaxPods is { } most ? N(most) : "none fit",
                        N(row.Nodes),
                        N(row.PodAddresses),
                        N(row.Prefixes),
                        N(row.Units),
                        N(row.Routable),
                        N(row.RoutableWithout),
                        .. hasPrice ? (string[])[row.PerMonth?.ToString("N0", CultureInfo.InvariantCulture) ?? "no price"] : [],
                    ]
            ),
            "llrrrrrrrr"
        );
    }

    private static void Forms(StringBuilder text, CapacityReport report)
    {
        if (report.Forms.IsEmpty)
        {
            return;
        }
        text.AppendLine().AppendLine("max-pods, in the words of each kind of node:");
        foreach (var form in report.Forms)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {form.Kind}{(form.Where.Length > 0 ? $": {form.Where}" : "")}");
            foreach (var line in form.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"      {line}");
            }
            if (form.Note.Length > 0)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"    {form.Note}");
            }
        }
    }

    private static void Remarks(StringBuilder text, CapacityReport report)
    {
        var sources = report
            .Sources.GroupBy(one => one.Source)
            .Select(group => $"{string.Join(", ", group.Select(one => one.Type))} from {group.Key}")
            .ToList();
        if (sources.Count > 0)
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Limits of {string.Join("; ", sources)}.");
        }
        foreach (var remark in report.Answer.Remarks)
        {
            text.AppendLine(remark);
        }
    }

    private static string N(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <param name="sides">For each column l or r.</param>
    internal static void Table(StringBuilder text, string[] heads, IEnumerable<string[]> rows, string sides)
    {
        var all = rows.Prepend(heads).ToList();
        var widths = heads.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        foreach (var row in all)
        {
            var line = string.Join(
                "  ",
                row.Select((cell, column) => sides[column] == 'l' ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))
            );
            text.Append("  ").AppendLine(line.TrimEnd());
        }
    }
}
