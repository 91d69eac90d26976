using System.Text.Json.Nodes;
using Podspace.Formats;

namespace Podspace.Reachability;

/// <summary>A trace for programs; docs/trace.md lays it out.</summary>
public static class TraceJson
{
    public static string Render(End from, End to, Trace trace, string remedy) => Of(from, to, trace, remedy).ToPage();

    private static JsonObject Of(End from, End to, Trace trace, string remedy) =>
        new()
        {
            ["apiVersion"] = "podspace.io/v1alpha1",
            ["kind"] = "Trace",
            ["from"] = new JsonObject { ["name"] = from.Name, ["address"] = trace.Flow.From.ToString() },
            ["to"] = new JsonObject { ["name"] = to.Name, ["address"] = trace.Flow.To.ToString() },
            ["protocol"] = Lower(trace.Flow.Protocol),
            ["port"] = trace.Flow.Port,
            ["verdict"] = VerdictText.Code(trace.Outcome.Verdict),
            ["blocked"] = trace.Outcome.IsBlocked,
            ["onTheWayBack"] = trace.Outcome.IsOnTheWayBack,
            ["notRead"] = trace.Outcome.Unread == Unread.Nothing ? null : UnreadText.Of(trace.Outcome.Unread),
            ["seenAs"] = trace.Outcome.SeenAs.ToString(),
            ["says"] = VerdictText.Short(trace.Outcome),
            ["fix"] = remedy,
            ["hops"] = new JsonArray([
                .. trace.Hops.Select(hop =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["kind"] = Lower(hop.Kind),
                            ["at"] = hop.At,
                            ["why"] = hop.Why,
                            ["rule"] = hop.Rule,
                            ["passes"] = hop.IsOpen,
                            ["source"] = hop.Source.ToString(),
                            ["destination"] = hop.Destination.ToString(),
                            ["port"] = hop.Port,
                            ["answer"] = hop.IsAnswer,
                        }
                ),
            ]),
        };

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
