using System.Globalization;
using System.Text;

namespace Podspace.Capacity;

/// <param name="Points">x in the unit of the axis; sorted.</param>
/// <param name="IsBand">A dashed line: a bound rather than a measurement.</param>
public sealed record PlotLine(string Name, IReadOnlyList<(double X, double Y)> Points, bool IsBand = false);

/// <summary>Line charts as SVG, readable on light and dark ground; no script, no font but the reader's own.</summary>
public static class Plot
{
    private const int Width = 860, Height = 250, Left = 70, Right = 150, Top = 34, Bottom = 34;

    // Colours that the colour-blind tell apart (Okabe and Ito), in a shade for each ground.
    private static readonly (string Light, string Dark)[] Colours =
        [("#0072b2", "#56b4e9"), ("#d55e00", "#f0a35c"), ("#009e73", "#4cd3a5"), ("#a0457f", "#e39ac7"), ("#7a6a00", "#f0e442"), ("#444444", "#cccccc")];

    /// <param name="charts">One below the other.</param>
    /// <param name="unit">Of the x axis.</param>
    public static string Render(IReadOnlyList<(string Title, IReadOnlyList<PlotLine> Lines)> charts, string unit)
    {
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height * charts.Count}\" width=\"{Width}\" height=\"{Height * charts.Count}\" role=\"img\">");
        svg.AppendLine(Style());
        svg.AppendLine(CultureInfo.InvariantCulture, $"<rect class=\"ground\" width=\"{Width}\" height=\"{Height * charts.Count}\"/>");
        for (var at = 0; at < charts.Count; at++)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"<g transform=\"translate(0 {at * Height})\">");
            Chart(svg, charts[at].Title, charts[at].Lines, unit);
            svg.AppendLine("</g>");
        }
        return svg.AppendLine("</svg>").ToString();
    }

    private static string Style()
    {
        var style = new StringBuilder("<style>.ground{fill:#ffffff}text{font:12px system-ui,sans-serif;fill:#222222}.title{font-weight:600}.grid{stroke:#d8d8d8}.line{fill:none;stroke-width:1.8}.band{stroke-dasharray:4 4}");
        for (var at = 0; at < Colours.Length; at++)
        {
            style.Append(CultureInfo.InvariantCulture, $".c{at}{{stroke:{Colours[at].Light}}}.t{at}{{fill:{Colours[at].Light}}}");
        }
        style.Append("@media(prefers-color-scheme:dark){.ground{fill:#16181c}text{fill:#e6e6e6}.grid{stroke:#3a3d44}");
        for (var at = 0; at < Colours.Length; at++)
        {
            style.Append(CultureInfo.InvariantCulture, $".c{at}{{stroke:{Colours[at].Dark}}}.t{at}{{fill:{Colours[at].Dark}}}");
        }
        return style.Append("}</style>").ToString();
    }

    private static void Chart(StringBuilder svg, string title, IReadOnlyList<PlotLine> lines, string unit)
    {
        var points = lines.SelectMany(line => line.Points).ToList();
        var (first, last) = points.Count == 0 ? (0, 1) : (points.Min(point => point.X), points.Max(point => point.X));
        var step = Step(Math.Max(1, points.Select(point => point.Y).DefaultIfEmpty(1).Max()));
        var top = Math.Ceiling(Math.Max(1, points.Select(point => point.Y).DefaultIfEmpty(1).Max()) / step) * step;
        double X(double x) => Left + ((x - first) / Math.Max(1e-9, last - first) * (Width - Left - Right));
        double Y(double y) => Height - Bottom - (Math.Clamp(y, 0, top) / top * (Height - Top - Bottom));
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text class=\"title\" x=\"{Left}\" y=\"20\">{Escaped(title)}</text>");
        for (var y = 0.0; y <= top + (step / 2); y += step)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(y):0.#}\" y2=\"{Y(y):0.#}\"/><text x=\"{Left - 8}\" y=\"{Y(y) + 4:0.#}\" text-anchor=\"end\">{y.ToString("N0", CultureInfo.InvariantCulture)}</text>");
        }
        var stride = Step(Math.Max(1, last - first));
        for (var x = Math.Ceiling(first / stride) * stride; x <= last; x += stride)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{X(x):0.#}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{x.ToString("0.##", CultureInfo.InvariantCulture)} {unit}</text>");
        }
        for (var at = 0; at < lines.Count; at++)
        {
            var path = string.Join(' ', lines[at].Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):0.#},{Y(point.Y):0.#}")));
            var colour = at % Colours.Length;
            svg.AppendLine(CultureInfo.InvariantCulture, $"<polyline class=\"line c{colour}{(lines[at].IsBand ? " band" : "")}\" points=\"{path}\"/>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text class=\"t{colour}\" x=\"{Width - Right + 10}\" y=\"{Top + 10 + (at * 18)}\">{Escaped(lines[at].Name)}</text>");
        }
    }

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

    private static string Escaped(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
