using System.Globalization;

namespace Podspace.Bench;

/// <summary>The table of bench/README.md, and the machine it was measured on, in general terms.</summary>
internal static class Figures
{
    private const string Begin = "<!-- figures: written by bench/run -->";
    private const string End = "<!-- /figures -->";

    public static string Row(params string[] cells) => $"| {string.Join(" | ", cells)} |";

    public static string Text(Checkout podspace, IEnumerable<string> rows)
    {
        var native = new FileInfo(podspace.Native);
        var size = native.Exists ? string.Create(CultureInfo.InvariantCulture, $" The native program: {native.Length / 1e6:0.0} MB.") : "";
        return string.Join(
            '\n',
            (string[])
                [
                    $"{Machine()}, on {DateTime.UtcNow.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)}.{size} "
                        + $"Medians of alternating runs.",
                    "",
                    Row("What", "Median", "Ratio", "Bar"),
                    Row("---", "---", "---", "---"),
                    .. rows,
                    "",
                ]
        );
    }

    public static void Write(string readme, string figures)
    {
        var text = File.ReadAllText(readme);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        File.WriteAllText(readme, $"{text[..begin]}\n\n{figures}\n{text[end..]}");
    }

    private static string Machine()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 30);
        var release = File.ReadLines("/etc/os-release").Select(line => line.Split('=', 2)).FirstOrDefault(pair => pair[0] == "PRETTY_NAME");
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        return $"{Environment.ProcessorCount} cores (load {load}), {memory} GB of memory, {release?[1].Trim('"') ?? "Linux"}";
    }
}
