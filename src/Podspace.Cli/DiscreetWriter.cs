using System.Text;
using System.Text.RegularExpressions;

namespace Podspace.Cli;

/// <summary>Shows an account's id by its last four digits, whoever's words it stands in: ours,
/// AWS's or Kubernetes'. Logs and pipes are read by many.</summary>
internal sealed partial class DiscreetWriter(TextWriter writer) : TextWriter
{
    public override Encoding Encoding => writer.Encoding;

    public override IFormatProvider FormatProvider => writer.FormatProvider;

    public override void Write(char value) => writer.Write(value);

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(string? value) => writer.Write(Shortened(value));

    public override void WriteLine() => writer.WriteLine();

    public override void WriteLine(string? value) => writer.WriteLine(Shortened(value));

    public override Task WriteAsync(string? value) => writer.WriteAsync(Shortened(value));

    public override Task WriteLineAsync(string? value) => writer.WriteLineAsync(Shortened(value));

    public override void Flush() => writer.Flush();

    public override Task FlushAsync() => writer.FlushAsync();

    private static string? Shortened(string? text) => text is null ? null : AccountId().Replace(text, "…$1");

    // Twelve digits that stand alone, as in an ARN; not the end of a UUID, nor part of a longer number.
    [GeneratedRegex(@"(?<![\w.-])[0-9]{8}([0-9]{4})(?!\w|\.[0-9])")]
    private static partial Regex AccountId();
}
