using System.CommandLine;
using Podspace.Rendering;

namespace Podspace.Cli;

/// <summary>The VPC's address space as a picture: what is there and what a plan would add.</summary>
internal static class MapCommand
{
    public static Command Make(Terminal terminal)
    {
        var (world, to) = (new WorldOptions(), new RenderOutput());
        var output = new Option<string>("--output", "-o") { Description = "svg or text.", DefaultValueFactory = _ => "svg", HelpName = "format" };
        output.AcceptOnlyFromAmong("svg", "text");
        var command = new Command("map", "Draw the VPC's address space: blocks, subnets and how full they are, what is free, what a plan would add, and neighbours that collide.") { output };
        to.AddTo(command);
        world.AddTo(command);
        command.SetAction((parsed, cancel) => Sessions.EachAsync(
            terminal, world.Of(parsed), session => MapAsync(terminal, session, parsed.GetValue(output) == "svg", to.Of(parsed), cancel), cancel));
        return command;
    }

    private static async Task<int> MapAsync(Terminal terminal, Session session, bool isSvg, RenderOutput.Target target, CancellationToken cancel)
    {
        var situation = await session.LookAsync(cancel);
        if (situation.Inventory.Cloud.Vpc is null)
        {
            Say.Obstacles(terminal.Error, situation.Findings, session.Where);
            return ExitCode.Error;
        }
        var map = AddressMap.From(situation.Inventory, session.Spec.Name, situation.Desired);
        if (target.Folder is null)
        {
            await terminal.Output.WriteAsync(isSvg ? AddressMapSvg.Render(map) : AddressMapText.Render(map));
            return ExitCode.Fine;
        }
        await target.WriteAsync(terminal, session.IsAlone ? null : session.Spec.Name, [isSvg ? new("address-map.svg", AddressMapSvg.Render(map)) : new("address-map.txt", AddressMapText.Render(map))]);
        return ExitCode.Fine;
    }
}
