using System.CommandLine;
using Podspace.Rendering;
using Podspace.Spec;

namespace Podspace.Cli;

/// <summary>The same network, or what describes it, as text for other programs.</summary>
internal static class RenderCommand
{
    public static Command Make(Terminal terminal)
    {
        var schema = new Command("schema", "Print the JSON Schema of overlay specs, for editors.");
        schema.SetAction(_ => terminal.Output.Write(OverlaySchema.Text));
        return new("render", "Print what other programs need.") { Terraform(terminal), Kubernetes(terminal), Addon(terminal), MapCommand.Make(terminal), schema };
    }

    private static Command Terraform(Terminal terminal)
    {
        var world = new WorldOptions();
        var json = new Option<bool>("--json") { Description = "In Terraform's JSON syntax." };
        var command = new Command("terraform", "Print the network as Terraform: resources of the AWS provider, and import blocks for what is there already.") { json };
        world.AddTo(command);
        command.SetAction((parsed, cancel) => EachAsync(terminal, world.Of(parsed), blueprint => TerraformText.Render(blueprint, parsed.GetValue(json)), cancel));
        return command;
    }

    private static Command Kubernetes(Terminal terminal)
    {
        var world = new WorldOptions();
        var command = new Command("kubernetes", "Print ENIConfigs and aws-node's settings as manifests for server-side apply, Argo CD or Flux.");
        world.AddTo(command);
        command.SetAction((parsed, cancel) => EachAsync(terminal, world.Of(parsed), ManifestText.Render, cancel));
        return command;
    }

    private static Command Addon(Terminal terminal)
    {
        var world = new WorldOptions();
        var command = new Command("addon", "Print the configuration values of the managed vpc-cni add-on, the whole document.");
        world.AddTo(command);
        command.SetAction((parsed, cancel) => EachAsync(
            terminal, world.Of(parsed),
            blueprint => blueprint.Addon is { } document
                ? AddonText.Render(blueprint, document)
                : throw new Mistake("there is no managed vpc-cni add-on whose values could be printed. The same settings as manifests:\n  podspace render kubernetes"),
            cancel));
        return command;
    }

    private static Task<int> EachAsync(Terminal terminal, Where where, Func<Blueprint, string> render, CancellationToken cancel) => Sessions.EachAsync(terminal, where, async session =>
    {
        var situation = await session.LookAsync(cancel);
        if (situation.Desired is not { } desired)
        {
            Say.Obstacles(terminal.Error, situation.Findings, session.Where);
            return ExitCode.Error;
        }
        await terminal.Output.WriteAsync(render(Blueprint.From(session.Spec, desired, situation.Inventory)));
        return ExitCode.Fine;
    }, cancel);
}
