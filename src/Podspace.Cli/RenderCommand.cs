using System.CommandLine;
using Podspace.Cli.Output;
using Podspace.Operations;
using Podspace.Rendering;
using Podspace.Rendering.Manifests;
using Podspace.Rendering.Policies;
using Podspace.Rendering.Terraform;
using Podspace.Spec;
using Podspace.Steps.Calls;

namespace Podspace.Cli;

/// <summary>The same network, or what describes it, as text for other programs.</summary>
internal static class RenderCommand
{
    public static Command Make(Terminal terminal)
    {
        return new("render", "Print what other programs need.")
        {
            Terraform(terminal),
            Kubernetes(terminal),
            Addon(terminal),
            MapCommand.Make(terminal),
            RunbookCommand.Make(terminal),
            Rights(terminal, "iam", "Print the least rights in AWS, as an IAM policy.", IamPolicy.Files),
            Rights(
                terminal,
                "rbac",
                "Print the least rights in the cluster, as roles and bindings to group podspace-NAME.",
                (spec, upTo) => [new("rbac.yaml", RbacManifest.Render(spec, upTo))]
            ),
            Schema(terminal),
        };
    }

    private static Command Schema(Terminal terminal)
    {
        var to = new RenderOutput();
        var command = new Command("schema", "Print the JSON Schema of overlay specs, for editors.");
        to.AddTo(command);
        command.SetAction(parsed =>
        {
            return Form.Text.Say(terminal, to.Of(parsed).Write(null, [new("overlaynetwork.schema.json", OverlaySchema.Text)]));
        });
        return command;
    }

    private static Command Terraform(Terminal terminal)
    {
        var (world, to) = (new WorldOptions(), new RenderOutput());
        var style = new Option<string>("--style")
        {
            Description =
                "resources of the AWS provider; eks-module: inputs for terraform-aws-modules/eks and vpc, "
                + "and resources for what they lack; module: a module for any VPC, called for this one (needs --out).",
            DefaultValueFactory = _ => "resources",
            HelpName = "style",
        };
        style.AcceptOnlyFromAmong("resources", "eks-module", "module");
        var major = new Option<int>("--eks-module")
        {
            Description = "With --style eks-module: major version of terraform-aws-modules/eks, 20 or 21.",
            DefaultValueFactory = _ => 21,
            HelpName = "major",
        };
        major.AcceptOnlyFromAmong("20", "21");
        var json = new Option<bool>("--json") { Description = "In Terraform's JSON syntax." };
        var command = new Command("terraform", "Print the network as Terraform, with import blocks for what is there already.")
        {
            style,
            major,
            json,
        };
        to.AddTo(command);
        world.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
            {
                var form = new TerraformForm(
                    Enum.Parse<TerraformStyle>(parsed.GetValue(style)!.Replace("-", "", StringComparison.Ordinal), ignoreCase: true),
                    parsed.GetValue(json),
                    parsed.GetValue(major)
                );
                var target = to.Of(parsed);
                if (form.Style == TerraformStyle.Module && (target.Folder is null || form.IsJson))
                {
                    throw new UsageException(
                        form.IsJson
                            ? "--json goes with the other styles: a module is read by people."
                            : $"a module is several files. Name a folder for them:\n "
                                + $" podspace render terraform --style module --out FOLDER{world.Of(parsed).Again()}"
                    );
                }
                return EachAsync(
                    terminal,
                    world.Of(parsed),
                    target,
                    blueprint =>
                        form.Style == TerraformStyle.Resources || blueprint.Inventory.Cloud.Participant is null
                            ? TerraformText.Files(blueprint, form)
                            : throw new UsageException(
                                "the VPC is another account's than the cluster, and this style writes for one account. "
                                    + "As resources, each with its provider:\n  podspace render terraform"
                            ),
                    cancel
                );
            }
        );
        return command;
    }

    private static Command Kubernetes(Terminal terminal)
    {
        var (world, to) = (new WorldOptions(), new RenderOutput());
        var command = new Command(
            "kubernetes",
            "Print ENIConfigs, aws-node's settings, NodeClass and NodePools as manifests for server-side apply, Argo CD or Flux."
        );
        to.AddTo(command);
        world.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
                EachAsync(terminal, world.Of(parsed), to.Of(parsed), blueprint => ManifestsOf(blueprint, world.Of(parsed)), cancel)
        );
        return command;
    }

    private static IReadOnlyList<RenderedFile> ManifestsOf(Blueprint blueprint, Where where)
    {
        var text = ManifestText.Render(blueprint);
        if (text.Length == 0 && blueprint.Addon is not null)
        {
            throw new UsageException(
                "the managed add-on vpc-cni writes all that the cluster has to hold, "
                    + "and a second writer of the same would fight it. Its values:\n  podspace render addon"
                    + where.Again()
            );
        }
        return text.Length == 0 ? [] : [new("pod-network.yaml", text)];
    }

    private static Command Addon(Terminal terminal)
    {
        var (world, to) = (new WorldOptions(), new RenderOutput());
        var command = new Command("addon", "Print the configuration values of the managed vpc-cni add-on, the whole document.");
        to.AddTo(command);
        world.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
                EachAsync(
                    terminal,
                    world.Of(parsed),
                    to.Of(parsed),
                    blueprint =>
                        blueprint.Addon is { } document
                            ? [new("vpc-cni-values.json", AddonText.Render(blueprint, document))]
                            : throw new UsageException(
                                "there is no managed vpc-cni add-on whose values could be printed. "
                                    + "The same settings as manifests:\n  podspace render kubernetes"
                            ),
                    cancel
                )
        );
        return command;
    }

    /// <summary>From the spec alone: whoever asks for rights has none yet.</summary>
    private static Command Rights(
        Terminal terminal,
        string name,
        string description,
        Func<OverlaySpec, Grant, IReadOnlyList<RenderedFile>> render
    )
    {
        var (files, to) = (WorldOptions.Files(), new RenderOutput());
        var stage = new Option<string>("--stage")
        {
            Description = "How far they go: read-only, network, admit, switch or nodes; each holds those before it.",
            DefaultValueFactory = _ => "nodes",
            HelpName = "stage",
        };
        stage.AcceptOnlyFromAmong("read-only", "network", "admit", "switch", "nodes");
        var command = new Command(name, description) { files, stage };
        to.AddTo(command);
        command.SetAction(parsed =>
        {
            var specs = OverlayYaml.ParseAll(Specs.Read(parsed.GetValue(files) ?? []));
            terminal.Error.Write(Messages.Findings(specs.Findings, new(parsed.GetValue(files) ?? [], null, null, false)));
            if (!specs.Ok(out var all))
            {
                throw new UsageException("the spec holds errors; nothing was printed.");
            }
            var upTo = Enum.Parse<Grant>(parsed.GetValue(stage)!.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
            var rendered = all
                .Overlays.SelectMany(spec => render(spec, upTo))
                .Where(file => file.Text.Length > 0)
                .GroupBy(file => file.Name)
                .Select(same => new RenderedFile(same.Key, string.Join(name == "rbac" ? "---\n" : "", same.Select(file => file.Text))))
                .ToList();
            return Form.Text.Say(terminal, to.Of(parsed).Write(null, rendered));
        });
        return command;
    }

    private static Task<int> EachAsync(
        Terminal terminal,
        Where where,
        RenderOutput.Target target,
        Func<Blueprint, IReadOnlyList<RenderedFile>> render,
        CancellationToken cancel
    ) =>
        Sessions.EachAsync(
            terminal,
            where,
            async session =>
            {
                var state = await session.PlanAsync(cancel);
                if (state.Desired is not { } desired)
                {
                    return ResultText.Said(new OperationResult.NoPlan(state.Findings), session, terminal);
                }
                return target.Write(
                    session.IsAlone ? null : session.Spec.Name,
                    render(Blueprint.From(session.Spec, desired, state.Inventory))
                );
            },
            cancel
        );
}
