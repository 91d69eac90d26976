using System.Globalization;
using System.Text.RegularExpressions;
using Podspace.Model;

namespace Podspace.Nodes.Launching;

/// <summary>Bottlerocket's settings, in TOML: as much of it as the way to one key takes.</summary>
internal static partial class BottlerocketText
{
    private const string Table = "settings.kubernetes";

    /// <summary>Null: these are no settings of Bottlerocket's.</summary>
    public static ToldPods? Read(string text)
    {
        var (isSettings, place, told) = (false, "", (string?)null);
        foreach (var line in text.Split('\n').Select(line => Comment().Replace(line, "").Trim()))
        {
            if (Header().Match(line) is { Success: true } header)
            {
                place = Plain(header.Groups["name"].Value);
                isSettings |= place == "settings" || place.StartsWith("settings.", StringComparison.Ordinal);
            }
            else if (Pair().Match(line) is { Success: true } pair)
            {
                var key = place.Length == 0 ? Plain(pair.Groups["key"].Value) : $"{place}.{Plain(pair.Groups["key"].Value)}";
                isSettings |= key.StartsWith("settings.", StringComparison.Ordinal);
                told = Told(key, pair.Groups["value"].Value) ?? told;
            }
        }
        return isSettings ? Parsed(told) : null;
    }

    /// <summary>What a line says of max-pods; null: nothing.</summary>
    private static string? Told(string key, string value)
    {
        if (key == $"{Table}.max-pods")
        {
            return value.Trim();
        }
        return key == Table && Inline().Match(value) is { Success: true } inline ? inline.Groups["value"].Value.Trim() : null;
    }

    private static ToldPods Parsed(string? told)
    {
        if (told is null)
        {
            return new ToldPods.Usual(MaxPodsPlace.Bottlerocket);
        }
        return int.TryParse(told.Trim('"', '\''), NumberStyles.None, CultureInfo.InvariantCulture, out var pods)
            ? new ToldPods.Number(pods, MaxPodsPlace.Bottlerocket)
            : new ToldPods.Unknown("its max-pods is no number");
    }

    private static string Plain(string key) => Quotes().Replace(key, "");

    [GeneratedRegex("^\\[(?<name>[^\\[\\]]+)\\]$")]
    private static partial Regex Header();

    [GeneratedRegex("^(?<key>[A-Za-z0-9_.\"' -]+?)\\s*=\\s*(?<value>.+)$")]
    private static partial Regex Pair();

    [GeneratedRegex("[{,]\\s*[\"']?max-pods[\"']?\\s*=\\s*(?<value>[^,}]+)")]
    private static partial Regex Inline();

    [GeneratedRegex("\\s#.*$|^#.*$")]
    private static partial Regex Comment();

    [GeneratedRegex("[\"'\\s]")]
    private static partial Regex Quotes();
}
