using System.Globalization;
using Podspace.Formats.Toml;
using Podspace.Model;

namespace Podspace.Nodes.Launching;

/// <summary>Bottlerocket's settings, in TOML. Source: Bottlerocket, "Settings reference", settings.kubernetes.max-pods.</summary>
internal static class BottlerocketText
{
    private const string Settings = "settings";

    private static readonly string[] MaxPods = [Settings, "kubernetes", "max-pods"];

    /// <summary>Null: these are no settings of Bottlerocket's.</summary>
    public static ToldPods? Read(string text)
    {
        if (TomlText.Read(text, out var problem) is { } entries)
        {
            return entries.Any(entry => entry.Path[0] == Settings) ? Told(entries) : null;
        }
        // A script is no TOML either, and nobody meant it to be.
        return LooksLikeSettings(text) ? new ToldPods.Unknown($"its Bottlerocket settings are not TOML: {problem}") : null;
    }

    private static ToldPods Told(IReadOnlyList<TomlEntry> entries)
    {
        if (entries.FirstOrDefault(entry => entry.Path.SequenceEqual(MaxPods)) is not { } told)
        {
            return new ToldPods.Usual(MaxPodsPlace.Bottlerocket);
        }
        return int.TryParse(told.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var pods)
            ? new ToldPods.Number(pods, MaxPodsPlace.Bottlerocket)
            : new ToldPods.Unknown($"its max-pods is no number (line {told.Line}, column {told.Column})");
    }

    private static bool LooksLikeSettings(string text)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            // [settings.kubernetes], ["settings"], settings.kubernetes.max-pods = 29, settings = {…
            var word = line.Trim().TrimStart("[ \"'");
            if (word.StartsWith(Settings, StringComparison.Ordinal) && word.Length > Settings.Length && word[Settings.Length] is not '-')
            {
                return true;
            }
        }
        return false;
    }
}
