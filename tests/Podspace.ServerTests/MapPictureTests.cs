using System.Text;
using System.Text.RegularExpressions;

namespace Podspace.ServerTests;

/// <summary>Both maps of every example, of every story and of a VPC as full as AWS lets it be, as a browser
/// shows them: on a telephone and on a wall, by day and by night.</summary>
public sealed partial class MapPictureTests(MapPictures pictures) : IClassFixture<MapPictures>, IDisposable
{
    // Boxes of letters overlap by a hair where lines stand close; letters do not. 8 CSS pixels can still be read;
    // 4.5 is the contrast that WCAG 2.2 asks for (success criterion 1.4.3).
    private const string Measure = """
        <script>
        const linear = c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
        const light = colour => {
            const [r, g, b] = colour.match(/[\d.]+/g).slice(0, 3).map(c => linear(c / 255));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
        const wrong = [], said = [];
        for (const place of document.querySelectorAll('div[id]')) {
            const svg = place.querySelector('svg'), frame = svg.getBoundingClientRect();
            const ground = getComputedStyle(svg.querySelector('.ground')).fill;
            const labels = [...svg.querySelectorAll('text')].map(text => ({
                text: text.textContent,
                box: text.getBoundingClientRect(),
                ink: getComputedStyle(text).fill,
            }));
            const isCut = box =>
                box.left < frame.left || box.right > frame.right || box.bottom > frame.bottom || box.top < frame.top;
            const say = what => wrong.push(place.id + ': ' + what);
            for (const [i, a] of labels.entries()) {
                if (isCut(a.box)) say('cut: ' + a.text);
                if (a.box.height < 8) say('too small: ' + a.text);
                if (contrast(a.ink, ground) < 4.5) say('too pale: ' + a.text + ' ' + a.ink + ' on ' + ground);
                for (const b of labels.slice(i + 1)) {
                    const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
                    const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
                    if (across > 0.5 && down > a.box.height / 4) say('overlap: ' + a.text + ' / ' + b.text);
                }
            }
            said.push(labels.length + ' on ' + ground);
        }
        document.body.innerHTML = '<p id="said">' + said.join('; ') + '</p><p id="wrong">' + wrong.join('; ') + '</p>';
        </script>
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("podspace-maps-").FullName;

    [Theory]
    [InlineData(400, false)]
    [InlineData(400, true)]
    [InlineData(1600, false)]
    [InlineData(1600, true)]
    public async Task Every_label_of_every_map_can_be_read(int width, bool isDark)
    {
        Chromium.IsNeeded();
        var page = new StringBuilder("<!doctype html><meta name=color-scheme content='light dark'><body style='margin:0'>");
        foreach (var (name, svg) in pictures.Maps)
        {
            page.Append($"<div id='{name}' style='width:{width}px'>{svg}</div>");
        }

        var document = await Chromium.DocumentAsync($"{page}{Measure}</body>", width, folder, isDark);

        Assert.Equal("", Paragraph().Matches(document).First(match => match.Groups[1].Value == "wrong").Groups[2].Value);
        var said = Paragraph().Matches(document).First(match => match.Groups[1].Value == "said").Groups[2].Value.Split("; ");
        Assert.Equal(pictures.Maps.Count, said.Length);
        Assert.All(said, one => Assert.EndsWith(isDark ? "rgb(13, 17, 23)" : "rgb(255, 255, 255)", one, StringComparison.Ordinal));
        Assert.All(said, one => Assert.InRange(int.Parse(one.Split(' ')[0]), 5, 5000));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [GeneratedRegex("<p id=\"(\\w+)\">(.*?)</p>", RegexOptions.Singleline)]
    private static partial Regex Paragraph();
}

/// <summary>The maps of all networks, drawn once for the class.</summary>
public sealed class MapPictures : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("podspace-drawn-").FullName;

    internal List<(string Name, string Svg)> Maps { get; } = [];

    public async ValueTask InitializeAsync()
    {
        foreach (var network in await RenderedNetworks.WriteAsync(folder))
        {
            foreach (var of in new[] { "space", "network" })
            {
                Maps.Add(
                    (
                        $"{network.Name} {of}",
                        await RenderedNetworks.RunAsync(["render", "map", "--of", of, "-f", network.Overlay, "--twin", network.World])
                    )
                );
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
