using System.Globalization;
using System.Text;

namespace Podspace.Formats;

/// <param name="Points">x in the unit of the axis; sorted.</param>
/// <param name="IsBand">A dashed line: a bound rather than a measurement.</param>
public sealed record PlotLine(string Name, IReadOnlyList<(double X, double Y)> Points, bool IsBand = false);

/// <summary>Line charts as SVG, readable on light and dark ground; no script, no font but the reader's own.</summary>
public static class Plot
{
    private const int Width = 860,
        Height = 250,
        Left = 70,
        Right = 150,
        Top = 34,
        Bottom = 34;

    // Colours that the colour-blind tell apart (Okabe and Ito), in a shade for each ground.
    private static readonly (string Light, string Dark)[] Colours =
    [
        ("#0072b2", "#56b4e9"),
        ("#d55e00", "#f0a35c"),
        ("#009e73", "#4cd3a5"),
        ("#a0457f", "#e39ac7"),
        ("#7a6a00", "#f0e442"),
        ("#444444", "#cccccc"),
    ];

    /// <param name="charts">One below the other.</param>
    /// <param name="unit">Of the x axis.</param>
    public static string Render(IReadOnlyList<(string Title, IReadOnlyList<PlotLine> Lines)> charts, string unit)
    {
        var height = Height * charts.Count;
        var svg = new Svg(
            Width,
            height,
            string.Join(", ", charts.Select(chart => chart.Title)),
            string.Join(' ', charts.Select(Told)),
            Style()
        );
        svg.Rect(0, 0, Width, height, "ground");
        for (var at = 0; at < charts.Count; at++)
        {
            Draw(svg, at * Height, charts[at].Title, charts[at].Lines, unit);
        }
        return svg.ToString();
    }

    private static string Told((string Title, IReadOnlyList<PlotLine> Lines) chart)
    {
        var ways = chart
            .Lines.Where(line => line.Points.Count > 0)
            .Select(line => $"{line.Name} from {Number(line.Points[0].Y)} to {Number(line.Points[^1].Y)}");
        return $"{chart.Title}: {string.Join(", ", ways)}.";
    }

    private static string Style()
    {
        var style = new StringBuilder($"svg{{max-width:{Width}px}}").Append(
            ".end{text-anchor:end}.middle{text-anchor:middle}.ground{fill:#ffffff}text{font:12px "
                + "system-ui,sans-serif;fill:#222222}.title{font-weight:600}.grid{stroke:#d8d8d8}"
                + ".line{fill:none;stroke-width:1.8}.band{stroke-dasharray:4 4}"
        );
        for (var at = 0; at < Colours.Length; at++)
        {
            style.Append(CultureInfo.InvariantCulture, $".c{at}{{stroke:{Colours[at].Light}}}.t{at}{{fill:{Colours[at].Light}}}");
        }
        style.Append("@media(prefers-color-scheme:dark){.ground{fill:#16181c}text{fill:#e6e6e6}.grid{stroke:#3a3d44}");
        for (var at = 0; at < Colours.Length; at++)
        {
            style.Append(CultureInfo.InvariantCulture, $".c{at}{{stroke:{Colours[at].Dark}}}.t{at}{{fill:{Colours[at].Dark}}}");
        }
        return style.Append('}').ToString();
    }

    /// <param name="origin">Of the chart within the drawing.</param>
    private static void Draw(Svg svg, int origin, string title, IReadOnlyList<PlotLine> lines, string unit)
    {
        var points = lines.SelectMany(line => line.Points).ToList();
        var (first, last) = points.Count == 0 ? (0, 1) : (points.Min(point => point.X), points.Max(point => point.X));
        var most = Math.Max(1, points.Select(point => point.Y).DefaultIfEmpty(1).Max());
        var step = Step(most);
        var top = Math.Ceiling(most / step) * step;
        double X(double x) => Left + ((x - first) / Math.Max(1e-9, last - first) * (Width - Left - Right));
        double Y(double y) => origin + Height - Bottom - (Math.Clamp(y, 0, top) / top * (Height - Top - Bottom));
        svg.Text(Left, origin + 20, title, "title");
        for (var y = 0.0; y <= top + (step / 2); y += step)
        {
            svg.Line(Left, Y(y), Width - Right, Y(y), "grid");
            svg.Text(Left - 8, Y(y) + 4, Number(y), "end");
        }
        var stride = unit == "h" ? Hours(last - first) : Step(Math.Max(1, last - first));
        for (var x = Math.Ceiling(first / stride) * stride; x <= last; x += stride)
        {
            svg.Text(X(x), origin + Height - Bottom + 18, $"{x.ToString("0.##", CultureInfo.InvariantCulture)} {unit}", "middle");
        }
        for (var at = 0; at < lines.Count; at++)
        {
            var colour = at % Colours.Length;
            svg.Polyline(lines[at].Points.Select(point => (X(point.X), Y(point.Y))), $"line c{colour}{(lines[at].IsBand ? " band" : "")}");
            svg.Text(Width - Right + 10, origin + Top + 10 + (at * 18), lines[at].Name, $"t{colour}");
        }
    }

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Parts of a day, or whole days: 5 and 10 hours say nothing to anybody.</summary>
    private static double Hours(double range) =>
        range switch
        {
            <= 8 => 1,
            <= 16 => 2,
            <= 32 => 4,
            <= 72 => 12,
            <= 240 => 24,
            _ => 24 * Step(range / 24),
        };

    /// <summary>1, 2 or 5 times a power of ten, so that four to nine marks come out.</summary>
    private static double Step(double range)
    {
        var ten = Math.Pow(10, Math.Floor(Math.Log10(range)));
        return (range / ten) switch
        {
            < 2 => ten / 5,
            < 5 => ten / 2,
            _ => ten,
        };
    }
}
