using System.Text;

namespace Podspace.Cli;

/// <summary>How one overlay stands after a command, and what to do next: a row where there are several.</summary>
/// <param name="Next">A command to copy, or empty.</param>
internal sealed record Standing(string State, string Next)
{
    private static readonly string[] Head = ["overlay", "cluster", "account", "region", "state", "next"];

    public string Overlay { get; init; } = "";

    public string Cluster { get; init; } = "";

    public string Account { get; init; } = "";

    public string Region { get; init; } = "";

    /// <summary>Where a command said nothing better.</summary>
    public static Standing After(int exit) =>
        new(
            exit switch
            {
                ExitCode.Fine => "fine",
                ExitCode.Something => "something is left, see above",
                _ => "error, see above",
            },
            ""
        );

    public static string Table(IReadOnlyCollection<Standing> standings)
    {
        var rows = standings.Select(Cells).Prepend(Head).ToList();
        var widths = Head.Select((_, column) => rows.Max(row => row[column].Length)).ToList();
        var text = new StringBuilder().AppendLine();
        foreach (var row in rows)
        {
            text.AppendLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
        return text.ToString();
    }

    private static string[] Cells(Standing row) =>
        [row.Overlay, row.Cluster, row.Account.Length == 0 ? "unknown" : row.Account, row.Region, row.State, row.Next];
}
