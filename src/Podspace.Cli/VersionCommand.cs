using System.CommandLine;
using System.Reflection;
using Podspace.Cli.Output;

namespace Podspace.Cli;

internal static class VersionCommand
{
    public static string Version { get; } =
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static Command Make(Terminal terminal)
    {
        var command = new Command("version", "Print the version.");
        var output = new FormatOption();
        output.AddWithQuietTo(command);
        command.SetAction(parsed =>
            output
                .Of(parsed)
                .Say(
                    terminal,
                    new(ExitCode.Fine, $"podspace {Version}", $"podspace {Version}\n")
                    {
                        Json = () => ResultJson.Plain($"podspace {Version}", ("version", Version)),
                    }
                )
        );
        return command;
    }
}
