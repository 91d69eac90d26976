using System.Text;

namespace Podspace.Lab;

/// <summary>The comparison as a table for people.</summary>
public static class LabText
{
    /// <param name="rows">Each with what people call the flow.</param>
    public static string Render(IReadOnlyList<(string Name, ProbeResult Row)> rows)
    {
        var text = new StringBuilder();
        var width = rows.Select(row => row.Name.Length).DefaultIfEmpty().Max();
        foreach (var (name, row) in rows)
        {
            var padded = name.PadRight(width);
            text.Append(
                row switch
                {
                    { Predicted: null } => $"  ?  {padded}  {row.Seen}; the tracer cannot tell\n",
                    { IsAgreed: true } => $"  ok {padded}  {row.Seen}\n",
                    _ => $"  NO {padded}  {row.Seen}; the tracer says: {row.Predicted}\n",
                }
            );
        }
        var told = rows.Count(row => row.Row.Predicted is not null);
        var agreed = rows.Count(row => row.Row is { Predicted: not null, IsAgreed: true });
        text.Append(
            $"{Count(rows.Count, "flow")} sent as real packets. The tracer could tell {told} of them beforehand, "
                + $"{(agreed == told ? "and the kernel agrees on each" : $"and the kernel disagrees on {told - agreed}")}\n"
        );
        return text.ToString();
    }

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
