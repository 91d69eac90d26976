using System.Text.RegularExpressions;

namespace Podspace.Aws;

/// <summary>A fault in <c>~/.aws/credentials</c> or <c>~/.aws/config</c>, told by file and line.</summary>
/// <remarks>The SDK quotes the line, and a key may stand in it.</remarks>
internal static partial class SharedFile
{
    /// <summary>What keeps the files from being read; null when it is something else.</summary>
    public static string? Fault(Exception exception)
    {
        for (var one = exception; one is not null; one = one.InnerException)
        {
            if (Quoted().Match(one.Message) is { Success: true } quote)
            {
                return Told(quote);
            }
            // The SDK reads the files also where it makes its first client, whoever's keys that has.
            if (one is TypeInitializationException { InnerException: IOException or UnauthorizedAccessException } first && IsOfSdk(first))
            {
                return first.InnerException!.Message.TrimEnd('.');
            }
        }
        return null;
    }

    private static bool IsOfSdk(TypeInitializationException exception) =>
        exception.TypeName.StartsWith("Amazon.", StringComparison.Ordinal);

    private static string Told(Match quote)
    {
        var file = quote.Groups["file"] is { Success: true } named ? named.Value : "the shared AWS files";
        return $"line {quote.Groups["line"].Value} of {file} is neither a [section] nor \"key = value\" nor a comment";
    }

    // Greedy, so that all of the line goes, whatever stands in it; and what is cut short goes to its end.
    [GeneratedRegex(@"Line (?<line>\d+):<(?:.*> in file (?<file>.+?) does not contain a section|.*)", RegexOptions.Singleline)]
    private static partial Regex Quoted();
}
