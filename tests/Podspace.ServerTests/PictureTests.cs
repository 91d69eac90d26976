using System.Text.RegularExpressions;

namespace Podspace.ServerTests;

/// <summary>Pictures as people see them: a browser measures every label.</summary>
public sealed partial class PictureTests : IDisposable
{
    /// <summary>Smaller text cannot be read. CSS pixels.</summary>
    private const double LeastTextHeight = 8;

    // Boxes of letters overlap by a hair where lines stand close; letters do not.
    private const string Measure = """
        <script>
        const svg = document.querySelector('svg'), frame = svg.getBoundingClientRect();
        const labels = [...svg.querySelectorAll('text')].map(text => ({ text: text.textContent, box: text.getBoundingClientRect() }));
        const wrong = [];
        const isCut = box =>
            box.left < frame.left || box.right > frame.right || box.bottom > frame.bottom || box.top < frame.top;
        for (const [i, a] of labels.entries()) {
            if (isCut(a.box)) wrong.push('cut: ' + a.text);
            for (const b of labels.slice(i + 1)) {
                const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
                const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
                if (across > 0.5 && down > a.box.height / 4) wrong.push('overlap: ' + a.text + ' / ' + b.text);
            }
        }
        const least = Math.min(...labels.map(label => label.box.height));
        const paragraph = (id, text) => '<p id="' + id + '">' + text + '</p>';
        document.body.innerHTML =
            paragraph('labels', labels.length) + paragraph('least', least) + paragraph('wrong', wrong.join('; '));
        </script>
        """;

    private const string PageMeasure = """
        <script>
        const wrong = [], body = document.body;
        if (body.scrollWidth > body.clientWidth + 1) wrong.push('the page is ' + body.scrollWidth + ' wide');
        const labels = [...document.querySelectorAll('svg text')];
        for (const label of labels) {
            const box = label.getBoundingClientRect(), frame = label.closest('svg').getBoundingClientRect();
            const isCut =
                box.left < frame.left || box.right > frame.right || box.bottom > frame.bottom || box.top < frame.top;
            if (isCut) wrong.push('cut: ' + label.textContent);
        }
        document.body.innerHTML = '<p id="labels">' + labels.length + '</p><p id="wrong">' + wrong.join('; ') + '</p>';
        </script>
        """;

    // Chromium's window is never narrower than 500; a box in it is.
    private readonly string folder = Directory.CreateTempSubdirectory("podspace-picture-").FullName;

    [Theory]
    [InlineData("guide-map.golden.svg", 400)]
    [InlineData("guide-map.golden.svg", 1600)]
    [InlineData("long-names-map.golden.svg", 400)]
    [InlineData("long-names-map.golden.svg", 1600)]
    [InlineData("crowd-map.golden.svg", 400)]
    [InlineData("network-crowded-vpc.golden.svg", 400)]
    [InlineData("network-crowded-vpc.golden.svg", 1600)]
    [InlineData("network-auto-mode.golden.svg", 400)]
    [InlineData("network-self-managed.golden.svg", 400)]
    [InlineData("network-unruly-names.golden.svg", 400)]
    [InlineData("network-unruly-names.golden.svg", 1600)]
    [InlineData("network-crowd.golden.svg", 400)]
    [InlineData("plot.golden.svg", 860)]
    [InlineData("forecast.golden.svg", 860)]
    [InlineData("load.golden.svg", 860)]
    public async Task No_label_is_cut_or_lies_on_another_or_is_too_small_to_read(string picture, int width)
    {
        Chromium.IsNeeded();
        var svg = await File.ReadAllTextAsync(Drawn(picture), TestContext.Current.CancellationToken);

        var document = await Chromium.DocumentAsync(
            $"<!doctype html><body style='margin:0'><div style='width:{width}px'>{svg}</div>{Measure}</body>",
            width,
            folder
        );

        Assert.Equal("", Found(document, "wrong"));
        Assert.InRange(double.Parse(Found(document, "labels")), 5, 5000);
        Assert.InRange(double.Parse(Found(document, "least")), LeastTextHeight, 100);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(1600)]
    public async Task A_runbooks_page_fits_a_telephone_and_a_wall(int width)
    {
        Chromium.IsNeeded();
        var page = await File.ReadAllTextAsync(Drawn("runbook-crowded-vpc.golden.html"), TestContext.Current.CancellationToken);

        // Nothing but its own boxes scrolls sideways, and no label of its pictures is cut.
        var document = await Chromium.DocumentAsync(
            page.Replace("</body>", $"<style>body {{ width: {width}px }}</style>{PageMeasure}</body>", StringComparison.Ordinal),
            width,
            folder
        );

        Assert.Equal("", Found(document, "wrong"));
        Assert.InRange(double.Parse(Found(document, "labels")), 50, 1000);
    }

    [Theory]
    [InlineData("guide-map.golden.svg")]
    [InlineData("network-crowded-vpc.golden.svg")]
    [InlineData("runbook-crowded-vpc.golden.html")]
    public async Task Light_and_dark_are_two_pictures(string picture)
    {
        Chromium.IsNeeded();
        var drawn = await File.ReadAllTextAsync(Drawn(picture), TestContext.Current.CancellationToken);
        var page = picture.EndsWith(".html", StringComparison.Ordinal)
            ? drawn
            : $"<!doctype html><meta name=color-scheme content='light dark'><body style='margin:0'>{drawn}</body>";

        var light = await Chromium.ScreenshotAsync(page, 800, isDark: false, folder);
        var dark = await Chromium.ScreenshotAsync(page, 800, isDark: true, folder);

        // A window of one colour alone comes to a few thousand bytes.
        Assert.InRange(Math.Min(light.Length, dark.Length), 20_000, int.MaxValue);
        Assert.False(light.SequenceEqual(dark));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string Drawn(string picture)
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Podspace.slnx")))
        {
            at = at.Parent;
        }
        return Path.Combine(at!.FullName, "tests", "Podspace.Tests", "Rendering", picture);
    }

    private static string Found(string document, string id) =>
        Paragraph().Matches(document).First(match => match.Groups[1].Value == id).Groups[2].Value;

    [GeneratedRegex("<p id=\"(\\w+)\">(.*?)</p>", RegexOptions.Singleline)]
    private static partial Regex Paragraph();
}
