using System.Xml.Linq;
using Podspace.Formats;

namespace Podspace.Tests.Capacity;

public sealed class PlotTests
{
    [Fact]
    public void Every_line_of_every_chart_is_drawn_and_named()
    {
        var svg = Plot.Render(
            [
                (
                    "Free addresses",
                    [new("eu-west-1b", [(0, 4091), (12, 3000), (24, 3500)]), new("a < b & \u0001", [(0, 10), (24, 20)], IsBand: true)]
                ),
                ("Nothing yet", [new("nodes", [])]),
            ],
            "h"
        );
        var drawn = XDocument.Parse(svg).Descendants().ToLookup(element => element.Name.LocalName);

        Assert.Equal(3, drawn["polyline"].Count());
        Assert.Superset(
            new HashSet<string> { "Free addresses", "eu-west-1b", "a < b & \uFFFD", "Nothing yet", "nodes", "4,000", "0 h" },
            drawn["text"].Select(text => text.Value).ToHashSet()
        );
        Golden.Matches(svg, "Rendering/plot.golden.svg");
    }
}
