using System.CommandLine;
using Podspace.Spec;

namespace Podspace.Cli;

/// <summary>The same network, or what describes it, as text for other programs.</summary>
internal static class RenderCommand
{
    public static Command Make(Terminal terminal)
    {
        var schema = new Command("schema", "Print the JSON Schema of overlay specs, for editors.");
        schema.SetAction(_ => terminal.Output.Write(OverlaySchema.Text));
        return new("render", "Print what other programs need.") { schema };
    }
}
