using Podspace.Formats;

namespace Podspace.Cli.Output;

/// <summary>How one overlay stands after a command, and what to do next: a row where there are several.</summary>
/// <param name="Next">A command to copy, or empty.</param>
internal sealed record Standing(string State, string Next)
{
    private static readonly string[] Head = ["overlay", "cluster", "account", "region", "state", "next"];

    public string Overlay { get; init; } = "";

    public string Cluster { get; init; } = "";

    public string Account { get; init; } = "";

    public string Region { get; init; } = "";

    /// <param name="width">Of the terminal; null: as wide as it is.</param>
    public static string Table(IReadOnlyCollection<Standing> standings, int? width) =>
        "\n" + TextTable.Render([Head, .. standings.Select(Cells)], width);

    private static string[] Cells(Standing row) =>
        [row.Overlay, row.Cluster, row.Account.Length == 0 ? "unknown" : row.Account, row.Region, row.State, row.Next];
}
