using System.Text;

namespace Podspace.Reachability;

/// <summary>The fixed set as a table for people.</summary>
public static class FlowsText
{
    public static string Render(EquatableArray<FlowResult> answers)
    {
        var text = new StringBuilder();
        foreach (var (question, trace) in answers)
        {
            var mark = trace.Outcome switch
            {
                { IsBlocked: true } => " NO ",
                { Verdict: Verdict.CannotTell } => "  ? ",
                _ => " ok ",
            };
            var seen = trace.Outcome.IsBlocked && !trace.Outcome.IsOnTheWayBack ? "" : $", seen as {trace.Outcome.SeenAs}";
            text.AppendLine($"{mark} {question}: {VerdictText.Short(trace.Outcome)}{seen}");
        }
        return text.ToString();
    }
}
