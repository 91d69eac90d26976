using System.CommandLine;

namespace Podspace.Cli.Output;

/// <summary>In which form a result is printed.</summary>
internal sealed record Form(string Format, bool IsQuiet)
{
    /// <summary>Of commands whose result is a document of its own kind.</summary>
    public static readonly Form Text = new("text", false);

    public bool IsJson => Format == "json";

    /// <summary>Two of them behind each other are not one that a program could read.</summary>
    public bool IsOneDocument => Format is "sarif" or "junit" or "yaml" or "csv";

    private bool IsForPeople => Format == "text";

    /// <summary>Prints the only result that there is.</summary>
    /// <param name="name">Of what it is said; empty: that is clear.</param>
    /// <returns>The exit code.</returns>
    public int Say(Terminal terminal, Said said, string name = "")
    {
        if (IsJson && said.Json is { } json)
        {
            terminal.Output.Write(json());
        }
        if (!IsJson || said.IsProblem)
        {
            SayText(terminal, said);
        }
        if (LeavesOut(said))
        {
            terminal.Output.WriteLine(name.Length == 0 ? said.Line : $"{name}: {said.Line}");
        }
        return said.Exit;
    }

    /// <summary>The text alone, where a table follows, or several are one document.</summary>
    public void SayText(Terminal terminal, Said said)
    {
        if (said.IsProblem)
        {
            terminal.Error.Write(terminal.Colours.Paint(said.Text, terminal.IsErrorTerminal));
        }
        else if (said.IsDocument)
        {
            terminal.Document.Write(said.Text);
        }
        else if (!LeavesOut(said))
        {
            terminal.Output.Write(IsForPeople ? terminal.Colours.Paint(said.Text, terminal.IsTerminal) : said.Text);
        }
    }

    private bool LeavesOut(Said said) => IsQuiet && IsForPeople && said is { IsDocument: false, IsProblem: false };
}

/// <summary>Option <c>-o</c>: the forms that a command can print its result in, the usual one first.</summary>
internal sealed class FormatOption : Option<string>
{
    private readonly Option<bool> quiet = QuietOption();

    private bool hasOwnQuiet;

    public FormatOption(string description = "text or json.", params string[] formats)
        : base("--output", "-o")
    {
        Formats = formats.Length == 0 ? ["text", "json"] : formats;
        Description = description;
        HelpName = "format";
        DefaultValueFactory = _ => Formats[0];
        this.AcceptOnlyFromAmong([.. Formats]);
    }

    public IReadOnlyList<string> Formats { get; }

    public static Option<bool> QuietOption() =>
        new("--quiet", "-q") { Description = "Print the line with the result alone, and what went wrong." };

    /// <summary>For commands that take no world.</summary>
    public void AddWithQuietTo(Command command)
    {
        hasOwnQuiet = true;
        command.Add(this);
        command.Add(quiet);
    }

    public Form Of(ParseResult parsed, bool isQuiet = false) =>
        new(parsed.GetRequiredValue(this), isQuiet || (hasOwnQuiet && parsed.GetValue(quiet)));
}
