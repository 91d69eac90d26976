namespace Podspace.Formats;

/// <summary>What people wrote, on one line: names in AWS may hold line ends and worse.</summary>
internal static class OneLine
{
    public static string Of(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
}
