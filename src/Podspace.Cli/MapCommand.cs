using System.CommandLine;
using Podspace.Cli.Output;
using Podspace.Operations;
using Podspace.Rendering.Maps;

namespace Podspace.Cli;

/// <summary>The VPC as a picture: its address space, or its network and the ways of packets.</summary>
internal static class MapCommand
{
    public static Command Make(Terminal terminal)
    {
        var (world, to) = (new WorldOptions(), new RenderOutput());
        var output = new Option<string>("--output", "-o")
        {
            Description = "svg or text.",
            DefaultValueFactory = _ => "svg",
            HelpName = "format",
        };
        output.AcceptOnlyFromAmong("svg", "text");
        var of = new Option<string>("--of")
        {
            Description =
                "space: blocks, subnets and how full they are, what is free, what a plan would add, neighbours that collide. "
                + "network: zones, subnets, route tables, groups, and by which way and under which address a "
                + "pod's packets reach another pod, a node, servers, on-premises and the Internet.",
            DefaultValueFactory = _ => "space",
            HelpName = "what",
        };
        of.AcceptOnlyFromAmong("space", "network");
        var now = new Option<bool>("--now") { Description = "As it is today, without what a plan would add." };
        var command = new Command("map", "Draw the VPC with what a plan would add: its address space, or its network.") { of, output, now };
        to.AddTo(command);
        world.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
                Sessions.EachAsync(
                    terminal,
                    world.Of(parsed),
                    session =>
                        MapAsync(
                            terminal,
                            session,
                            new(parsed.GetValue(of) == "network", parsed.GetValue(output) == "svg", parsed.GetValue(now)),
                            to.Of(parsed),
                            cancel
                        ),
                    cancel,
                    Form.Text
                )
        );
        return command;
    }

    private sealed record MapOptions(bool IsNetwork, bool IsSvg, bool IsNow);

    private static async Task<Said> MapAsync(
        Terminal terminal,
        Session session,
        MapOptions options,
        RenderOutput.Target target,
        CancellationToken cancel
    )
    {
        var state = await session.PlanAsync(cancel);
        if (state.Inventory.Cloud.Vpc is null)
        {
            return ResultText.Said(new OperationResult.NoPlan(state.Findings), session, terminal);
        }
        var drawing = Draw(session, state, options);
        if (target.Folder is null && session.IsAlone)
        {
            return new(ExitCode.Fine, "drawn", drawing);
        }
        var (name, kind) = (options.IsNetwork ? "network-map" : "address-map", options.IsSvg ? "svg" : "txt");
        return target.Write(session.IsAlone ? null : session.Spec.Name, [new($"{name}.{kind}", drawing)]);
    }

    private static string Draw(Session session, PlannedState state, MapOptions options)
    {
        var desired = options.IsNow ? null : state.Desired;
        if (options.IsNetwork)
        {
            var network = NetworkMap.From(session.Spec, state.Inventory, desired);
            return options.IsSvg ? NetworkMapSvg.Render(network) : NetworkMapText.Render(network);
        }
        var space = AddressMap.From(state.Inventory, session.Spec.Name, desired);
        return options.IsSvg ? AddressMapSvg.Render(space) : AddressMapText.Render(space);
    }
}
