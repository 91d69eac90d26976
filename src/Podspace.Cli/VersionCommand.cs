using System.CommandLine;
using System.Reflection;

namespace Podspace.Cli;

internal static class VersionCommand
{
    public static string Version { get; } =
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static Command Make(Terminal terminal)
    {
        var command = new Command("version", "Print the version.");
        command.SetAction(_ =>
        {
            terminal.Output.WriteLine($"podspace {Version}");
            return ExitCode.Fine;
        });
        return command;
    }
}
