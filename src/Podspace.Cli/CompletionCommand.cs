using System.CommandLine;

namespace Podspace.Cli;

/// <summary>Prints a shell script that asks the program itself (System.CommandLine's <c>[suggest]</c> directive) for completions.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _podspace() {
            local line="${COMP_LINE:0:COMP_POINT}"
            COMPREPLY=($(compgen -W "$(podspace "[suggest:${#line}]" "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _podspace podspace
        """;

    private const string Zsh = """
        #compdef podspace
        _podspace() {
            local -a found
            found=("${(@f)$(podspace "[suggest:${#BUFFER}]" "$BUFFER" 2>/dev/null)}")
            compadd -a found
            _files
        }
        compdef _podspace podspace
        """;

    private const string Fish = """
        complete -c podspace -a '(set -l line (commandline -cp); podspace "[suggest:"(string length -- $line)"]" "$line" 2>/dev/null)'
        """;

    public static Command Make(Terminal terminal)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print a completion script, for instance: source <(podspace completion bash)") { shell };
        command.SetAction(parsed =>
            terminal.Output.WriteLine(
                parsed.GetRequiredValue(shell) switch
                {
                    "bash" => Bash,
                    "zsh" => Zsh,
                    _ => Fish,
                }
            )
        );
        return command;
    }
}
