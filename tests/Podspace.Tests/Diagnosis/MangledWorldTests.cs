using System.Globalization;
using CsCheck;
using Podspace.Design;
using Podspace.Diagnosis;
using Podspace.Lab.Drawing;
using Podspace.Model;
using Podspace.Planning;
using Podspace.Reachability;
using Podspace.Spec;
using Podspace.Tests.Cli;
using YamlDotNet.RepresentationModel;

namespace Podspace.Tests.Diagnosis;

/// <summary>Worlds of which parts are missing or do not fit: never an exception, always an answer or a finding.
/// PODSPACE_MANGLED says how many; a share that suits every change is run without it.</summary>
[Trait("speed", "slow")]
public sealed class MangledWorldTests
{
    private static readonly int Inventories = int.TryParse(
        Environment.GetEnvironmentVariable("PODSPACE_MANGLED"),
        CultureInfo.InvariantCulture,
        out var number
    )
        ? number
        : 300;

    [Fact]
    public async Task No_inventory_of_which_parts_are_missing_makes_design_plan_doctor_tracer_or_lab_stumble()
    {
        var worlds = new List<(OverlaySpec Spec, Inventory Inventory)>();
        foreach (var estate in Worlds.All())
        {
            using var bench = estate.Open();
            worlds.Add((estate.Spec, (await bench.LookAsync(estate.Spec)).Inventory));
            worlds.Add((estate.Spec, await bench.PlannedAsync(estate.Spec)));
        }
        Gen.Int[0, 1_000_000]
            .Sample(
                seed =>
                {
                    var (spec, inventory) = worlds[seed % worlds.Count];
                    Look(spec, new Mangling(seed).Of(inventory));
                },
                iter: Inventories
            );
    }

    [Fact]
    public async Task No_world_file_of_which_parts_are_missing_makes_a_command_stumble()
    {
        var (answers, refusals) = (0, 0);
        for (var seed = 0; seed < Inventories / 10; seed++)
        {
            using var run = CommandRun.Of(Examples[seed % Examples.Length]);
            run.Write("world.yaml", Mangled(run.Read("world.yaml"), new(seed)));
            foreach (var line in (string[])["doctor", "trace pod api", "plan"])
            {
                var (exit, output, error) = await run.HereAsync(line);
                Assert.True(output.Length + error.Length > 0, $"seed {seed}: {line} said nothing, and ended with {exit}");
                (answers, refusals) = exit == 1 ? (answers, refusals + 1) : (answers + 1, refusals);
            }
        }
        // Neither only refused, nor never.
        Assert.True(answers > 0 && refusals > 0, $"{answers} answers, {refusals} refusals");
    }

    [Fact]
    public async Task A_record_that_somebody_edited_into_nonsense_is_said_not_to_be_readable()
    {
        using var run = new CommandRun();
        run.Write(
            "world.yaml",
            run.Read("world.yaml").TrimEnd()
                + "\n"
                + """
                  - apiVersion: v1
                    kind: ConfigMap
                    metadata: {name: podspace-prod, namespace: kube-system}
                    data: {addon-values: "{", written-values: "gone"}

                """
        );
        foreach (var line in (string[])["plan", "doctor", "destroy --yes"])
        {
            var (_, output, error) = await run.HereAsync(line);
            Assert.Contains("neither JSON nor YAML", output + error, StringComparison.Ordinal);
        }
    }

    private static readonly string[] Examples = ["crowded-vpc", "auto-mode", "mixed", "self-managed", "terraform-eks"];

    private static void Look(OverlaySpec spec, Inventory inventory)
    {
        var design = NetworkDesign.From(spec, inventory);
        if (design.Ok(out var desired))
        {
            Planner.Plan(spec, desired, inventory, design.Findings, null);
            FlowFindings.OfPlan(EssentialFlows.Ask(inventory), PlanFlows.After(spec, desired, inventory), design.Findings);
        }
        else
        {
            Assert.NotEmpty(design.Findings);
        }
        Doctor.Examine(spec, new(inventory, design.Findings, null));
        var seen = NewNodes.In(inventory);
        var tracer = Tracer.Of(seen);
        foreach (var from in seen.Cloud.Interfaces.SelectMany(card => card.Addresses).Take(12))
        {
            foreach (var to in seen.Cloud.Interfaces.SelectMany(card => card.Addresses).Concat(Ends.Internet.Addresses).Reverse().Take(12))
            {
                tracer.Explain(Flow.Tcp(from, to, 443));
            }
        }
        LabDrawing.Of(seen, Ends.Internet.Addresses);
    }

    /// <summary>Up to four entries or items less, or scalars that are others' or none.</summary>
    private static string Mangled(string text, Random random)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        for (var wounds = 1 + random.Next(4); wounds > 0; wounds--)
        {
            Wound(stream.Documents[0].RootNode, random);
        }
        using var writer = new StringWriter();
        stream.Save(writer, assignAnchors: false);
        return writer.ToString();
    }

    private static void Wound(YamlNode node, Random random)
    {
        if (node is YamlSequenceNode { Children.Count: > 0 } list)
        {
            var at = random.Next(list.Children.Count);
            if (random.Next(4) == 0)
            {
                list.Children.RemoveAt(at);
            }
            else if (list.Children[at] is YamlScalarNode)
            {
                list.Children[at] = Other(random);
            }
            else
            {
                Wound(list.Children[at], random);
            }
        }
        else if (node is YamlMappingNode { Children.Count: > 0 } mapping)
        {
            var key = mapping.Children.Keys.ElementAt(random.Next(mapping.Children.Count));
            if (random.Next(8) == 0)
            {
                mapping.Children.Remove(key);
            }
            else if (mapping.Children[key] is YamlScalarNode)
            {
                mapping.Children[key] = Other(random);
            }
            else
            {
                Wound(mapping.Children[key], random);
            }
        }
    }

    private static YamlScalarNode Other(Random random) =>
        new(((string[])["", "gone", "10.0.0.0/8", "100.64.0.0/16", "-1", "true", "sg-gone", "subnet-gone"])[random.Next(8)]);
}
