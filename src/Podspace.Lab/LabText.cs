using System.Text;

namespace Podspace.Lab;

/// <summary>The comparison as a table for people.</summary>
public static class LabText
{
    /// <param name="rows">Each with what people call the flow.</param>
    public static string Render(IReadOnlyList<(string Name, Compared Row)> rows)
    {
        var text = new StringBuilder("who asks whom: as the tracer says | as the kernel saw it\n");
        foreach (var (name, row) in rows)
        {
            var mark = row.Predicted is null ? "  ? " : row.IsAgreed ? " ok " : " NO ";
            text.Append($"{mark} {name}: {(row.Predicted is { } predicted ? $"{predicted}" : "cannot tell")} | {row.Seen}\n");
        }
        var told = rows.Count(row => row.Row.Predicted is not null);
        var agreed = rows.Count(row => row.Row is { Predicted: not null, IsAgreed: true });
        text.Append($"{Count(rows.Count, "flow")} sent as real packets; of {told} the tracer could tell, {(agreed == told ? "and the kernel agrees on each" : $"and the kernel disagrees on {told - agreed}")}\n");
        return text.ToString();
    }

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
