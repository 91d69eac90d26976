using System.Diagnostics;

namespace Podspace.ServerTests;

/// <summary>A real browser without a window: opens a page of ours and tells what became of it.</summary>
internal static class Chromium
{
    private static readonly string? Program = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(':')
        .Select(folder => Path.Combine(folder, "chromium"))
        .FirstOrDefault(File.Exists);

    /// <summary>Skips the test, with the reason, on a machine that has none.</summary>
    public static void IsNeeded() => Assert.SkipWhen(Program is null, "chromium (Debian package chromium) is not to be had here.");

    /// <summary>The document as it stands once its scripts have run.</summary>
    /// <param name="width">Of the window, in CSS pixels.</param>
    public static Task<string> DocumentAsync(string html, int width, string folder, bool isDark = false) =>
        OpenAsync(html, width, folder, "--virtual-time-budget=5000", Scheme(isDark), "--dump-dom");

    /// <summary>What a person sees of it, as PNG.</summary>
    public static async Task<byte[]> ScreenshotAsync(string html, int width, bool isDark, string folder)
    {
        var file = Path.Combine(folder, $"screen-{width}-{isDark}.png");
        await OpenAsync(html, width, folder, "--hide-scrollbars", Scheme(isDark), $"--screenshot={file}");
        return await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
    }

    // 0 and 1 are dark and light. Source: Chromium, third_party/blink/public/mojom/css/preferred_color_scheme.mojom.
    private static string Scheme(bool isDark) => $"--blink-settings=preferredColorScheme={(isDark ? 0 : 1)}";

    private static async Task<string> OpenAsync(string html, int width, string folder, params string[] more)
    {
        var page = Path.Combine(folder, $"page-{width}.html");
        await File.WriteAllTextAsync(page, html, TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo(Program!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (
            var argument in (string[])
                [
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    $"--user-data-dir={Path.Combine(folder, "profile")}",
                    $"--window-size={width},2000",
                    .. more,
                    new Uri(page).AbsoluteUri,
                ]
        )
        {
            start.ArgumentList.Add(argument);
        }
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var document = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await errors);
        return document;
    }
}
