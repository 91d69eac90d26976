using System.Text;

namespace Podspace.Reachability;

/// <summary>A trace for people: the verdict, the way as a line, and every place with its reason.</summary>
public static class TraceText
{
    /// <param name="remedy">What to do; empty where there is nothing.</param>
    public static string Render(End from, End to, Trace trace, string remedy)
    {
        var text = new StringBuilder();
        text.AppendLine(
            $"{Named(from, trace.Flow.From)} → {Named(to, trace.Flow.To)} {trace.Flow.Service}: {VerdictText.Short(trace.Outcome)}"
        );
        if (!trace.Outcome.IsBlocked || trace.Outcome.IsOnTheWayBack)
        {
            text.AppendLine($"The other side sees {trace.Outcome.SeenAs}.");
        }
        text.AppendLine().AppendLine(Drawn(from, to, trace)).AppendLine();
        foreach (var direction in trace.Hops.GroupBy(hop => hop.IsAnswer))
        {
            text.AppendLine(direction.Key ? "back" : "there");
            foreach (var hop in direction)
            {
                text.AppendLine($"  {(hop.IsOpen ? "·" : "✗")} {Title(hop)}")
                    .AppendLine($"      {hop.Why}{(hop.Rule is null ? "" : $"  [{hop.Rule}]")}");
            }
        }
        if (remedy.Length > 0)
        {
            text.AppendLine().AppendLine(remedy);
        }
        return text.ToString();
    }

    /// <summary>The way there as one line, with the source's address where it changes.</summary>
    public static string Drawn(End from, End to, Trace trace)
    {
        var line = new StringBuilder(from.Name);
        var source = trace.Flow.From;
        line.Append($" [{source}]");
        foreach (var hop in trace.Hops.Where(hop => !hop.IsAnswer && Draws(hop)))
        {
            line.Append(hop.IsOpen ? " ─▶ " : " ─✗ ").Append(hop.At.Split(' ')[0]);
            if (hop.Source != source)
            {
                source = hop.Source;
                line.Append($" [{source}]");
            }
        }
        if (trace.Outcome is { IsBlocked: false } or { IsOnTheWayBack: true })
        {
            line.Append(" ─▶ ").Append(to.Name);
        }
        if (trace.Outcome is { IsBlocked: true, IsOnTheWayBack: true })
        {
            line.Append("   ✗◀─ the answer is lost");
        }
        return line.ToString();
    }

    // Filters that let it pass are told below; on the line they would only hide the way.
    private static bool Draws(Hop hop) =>
        !hop.IsOpen || hop.Kind is HopKind.Host or HopKind.Route or HopKind.Nat or HopKind.Edge or HopKind.KubeProxy;

    private static string Named(End end, Addressing.Address address) =>
        end.Name == address.ToString() ? end.Name : $"{end.Name} ({address})";

    private static string Title(Hop hop) => $"{Kind(hop.Kind)} {hop.At}".TrimEnd();

    private static string Kind(HopKind kind) =>
        kind switch
        {
            HopKind.KubeProxy => "on the node:",
            HopKind.Host => "leaves by",
            HopKind.SourceCheck => "source check of",
            HopKind.Group => "group",
            HopKind.NetworkAcl => "network ACL",
            HopKind.Subnet => "inside",
            HopKind.Route => "route table",
            HopKind.Nat => "NAT",
            HopKind.Edge => "edge:",
            HopKind.Arrival => "arrives at",
            HopKind.Amazon => "answered by",
            HopKind.Unread => "not read:",
        };
}
