using System.Text.RegularExpressions;
using Podspace.Applying;
using Podspace.Cli;
using Podspace.Formats.Yaml;
using Podspace.Observed;
using Podspace.Planning;
using Podspace.Rendering;
using Podspace.Rendering.Manifests;
using Podspace.Rendering.Terraform;
using Podspace.Spec;
using Podspace.Steps;
using Podspace.Steps.Calls;
using Podspace.Tests.Applying;

namespace Podspace.Tests.Rendering;

/// <summary>With every part given to others no call of ours changes anything, and what is rendered for them is enough.</summary>
[Trait("speed", "slow")]
public sealed class GivenAwayTests
{
    private static readonly string[] OfCluster = ["aws_eks_addon", "kubernetes_manifest", "kubernetes_env"];

    public static TheoryData<string, Owner> Estates =>
        new(
            from name in (string[])["crowded-vpc", "self-managed", "auto-mode", "mixed", "terraform-eks", "auto-mode, a role of its own"]
            from owner in (Owner[])[Owner.Terraform, Owner.Git]
            select (name, owner)
        );

    [Theory]
    [MemberData(nameof(Estates))]
    public async Task No_call_of_ours_changes_anything_and_what_is_rendered_is_enough(string name, Owner owner)
    {
        var (estate, spec) = Given(name, owner);
        using var bench = estate.Open();
        using var inner = Connections.Wire(bench.World, null);
        using var wire = new Denying(inner, _ => false);
        using var words = new StringWriter();
        async Task<int> Run(Job job) => await bench.RunAsync(spec, job, new(words, words, TextReader.Null, false), wire);
        var (apply, verify, destroy) = (Job.All[0], Job.All[2], Job.All[^1]);

        Assert.Equal(ExitCode.Fine, await Run(apply));
        Assert.Equal(ExitCode.Something, await Run(verify));
        await CarryOutAsync(bench, spec, owner);
        Assert.Empty((await bench.LookAsync(spec)).Plan!.Steps.Select(step => step.Id));
        ReplaceNodes(bench);

        Assert.True(await Run(verify) == ExitCode.Fine, $"{words}");
        Assert.True(await Run(apply) == ExitCode.Fine, $"{words}");
        Assert.NotEqual(ExitCode.Error, await Run(destroy));
        Assert.NotEmpty(wire.Calls);
        Assert.Empty(wire.Changes.Select(call => call.ToString()));
    }

    [Theory]
    [InlineData("crowded-vpc")]
    [InlineData("self-managed")]
    [InlineData("auto-mode")]
    [InlineData("mixed")]
    [InlineData("terraform-eks")]
    [InlineData("auto-mode, a role of its own")]
    public async Task What_the_plan_shows_for_Git_is_enough_carried_out_word_for_word(string name)
    {
        var (estate, spec) = Given(name, Owner.Git);
        using var bench = estate.Open();
        using var inner = Connections.Wire(bench.World, null);
        using var wire = new Denying(inner, _ => false);
        using var words = new StringWriter();
        async Task<int> Run(Job job) => await bench.RunAsync(spec, job, new(words, words, TextReader.Null, false), wire);
        // The network is Terraform's language, which has tests of its own.
        await new TerraformRun(bench, spec.Region).ApplyAsync(
            TerraformText.Render(await BlueprintAsync(bench, spec), isJson: true),
            [.. AwsProvider.Arguments.Keys.Except(OfCluster)]
        );

        var carried = new HashSet<string>();
        while (await ShownAsync(bench, spec) is { Count: > 0 } shown)
        {
            foreach (var (language, text) in shown)
            {
                Assert.True(carried.Add(text), $"carried out already, and still asked for:\n{text}");
                await CarryOutAsync(bench, spec, language, text);
            }
        }

        Assert.NotEmpty(carried);
        Assert.Empty((await bench.LookAsync(spec)).Plan!.Steps.Select(step => step.Id));
        ReplaceNodes(bench);
        Assert.True(await Run(Job.All[2]) == ExitCode.Fine, $"{words}");
        Assert.True(await Run(Job.All[0]) == ExitCode.Fine, $"{words}");
        Assert.Empty(wire.Changes.Select(call => call.ToString()));
    }

    [Theory]
    [InlineData("self-managed", Owner.Terraform)]
    [InlineData("auto-mode, a role of its own", Owner.Terraform)]
    [InlineData("auto-mode, a role of its own", Owner.Git)]
    public async Task Every_step_that_is_left_to_others_stands_in_a_patch(string name, Owner owner)
    {
        var (estate, spec) = Given(name, owner);
        using var bench = estate.Open();
        await using var connections = Connections.ToTwin(bench.World, spec, "test");
        var session = new Session(spec, connections);
        var state = await session.PlanAsync(default);

        var text = Patches.Text(session.PatchesOf(state, state.Plan!));

        Assert.All(state.Plan!.Steps, step => Assert.Equal(owner, step.Owner));
        Golden.Matches(text, $"Rendering/patches-{name.Split(',')[0]}-{Owners.Name(owner)}.golden");
    }

    [Fact]
    public async Task What_Terraform_has_to_take_out_is_what_it_was_given_to_put_in()
    {
        var (estate, spec) = Given("auto-mode, a role of its own", Owner.Terraform);
        using var bench = estate.Open();
        var rendered = TerraformTests
            .Resources(TerraformText.Render(await BlueprintAsync(bench, spec), isJson: true))
            .Select(one => $"{one.Type}.{one.Name}")
            .ToHashSet();
        await CarryOutAsync(bench, spec, Owner.Terraform);
        var inventory = (await bench.LookAsync(spec)).Inventory;
        var plan = Planner.Destroy(spec, inventory);

        var patch = Assert.Single(
            Patches.Of(Blueprint.From(spec, new() { Vpc = new(spec.Vpc) }, inventory), plan, TerraformState.None),
            patch => patch.Title == "For terraform: Terraform to remove"
        );

        var removed = patch
            .Text.Split('\n')
            .Where(line => line.Trim().StartsWith("from = ", StringComparison.Ordinal))
            .Select(line => line.Split('=')[1].Trim())
            .ToHashSet();
        Assert.Subset(rendered, removed);
        Assert.Contains("aws_subnet.pods_eu_west_1b_0", removed);
        Assert.Contains("kubernetes_manifest.nodeclass_shop", removed);
        Assert.Contains("aws_eks_access_entry.nodes_eks_pods", removed);
    }

    [Fact]
    public async Task A_patch_for_Terraform_looks_up_what_Podspace_makes()
    {
        var estate = Worlds.All().Single(one => one.Name == "terraform-eks");
        var state = TerraformState.Parse(
            await File.ReadAllTextAsync(Path.Combine(Golden.Checkout(), "examples", "terraform-eks", "terraform.json")),
            out var problem
        );
        Assert.Equal("", problem);
        using var bench = estate.Open();
        var situation = await bench.LookAsync(estate.Spec);
        var plan = Planner.Plan(estate.Spec, situation.Desired!, situation.Inventory, [], state);

        var text = Assert.Single(Patches.Of(Blueprint.From(estate.Spec, situation.Desired!, situation.Inventory), plan, state!)).Text;

        Assert.Contains("data \"aws_subnet\" \"pods_eu_west_1b_0\"", text, StringComparison.Ordinal);
        Assert.Contains("id             = data.aws_subnet.pods_eu_west_1b_0.id", text, StringComparison.Ordinal);
        Assert.DoesNotContain("= aws_subnet", text, StringComparison.Ordinal);
        Assert.DoesNotContain("resource \"aws_subnet\"", text, StringComparison.Ordinal);
    }

    private static (Estate Estate, OverlaySpec Spec) Given(string name, Owner owner)
    {
        var estate = Worlds.All().Single(one => one.Name == name.Split(',')[0]);
        var spec = estate.Spec with { Owners = new(owner, owner, owner, owner) };
        return (
            estate,
            name.Contains(',', StringComparison.Ordinal) ? spec with { AutoMode = spec.AutoMode with { NodeClassRole = "eks-pods" } } : spec
        );
    }

    private static async Task CarryOutAsync(Bench bench, OverlaySpec spec, Owner owner)
    {
        var terraform = TerraformText.Render(await BlueprintAsync(bench, spec), isJson: true);
        await new TerraformRun(bench, spec.Region).ApplyAsync(
            terraform,
            owner == Owner.Terraform ? [] : [.. AwsProvider.Arguments.Keys.Except(OfCluster)]
        );
        if (owner == Owner.Terraform)
        {
            return;
        }
        // By now every id is known.
        var blueprint = await BlueprintAsync(bench, spec);
        foreach (var document in ManifestText.Render(blueprint).Split("---\n", StringSplitOptions.RemoveEmptyEntries))
        {
            TerraformRun.Apply(bench, YamlJson.Read(document)!.AsObject(), "argocd-controller", force: true);
        }
        if (blueprint.Addon is { } addon)
        {
            await SetValuesAsync(bench, spec, AddonText.Render(blueprint, addon));
        }
    }

    /// <summary>The blocks to copy from the change ticket, each with its language.</summary>
    private static async Task<List<(string Language, string Text)>> ShownAsync(Bench bench, OverlaySpec spec)
    {
        await using var connections = Connections.ToTwin(bench.World, spec.Region, "test");
        var session = new Session(spec, connections);
        var state = await session.PlanAsync(default);
        var ticket = Patches.Markdown(session.PatchesOf(state, state.Plan!));
        return
        [
            .. Regex
                .Matches(ticket, "^```(\\w+)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)
                .Select(match => (match.Groups[1].Value, match.Groups[2].Value)),
        ];
    }

    private static async Task CarryOutAsync(Bench bench, OverlaySpec spec, string language, string text)
    {
        if (language == "json")
        {
            await SetValuesAsync(bench, spec, text);
            return;
        }
        Assert.Equal("yaml", language);
        foreach (var document in text.Split("---\n", StringSplitOptions.RemoveEmptyEntries))
        {
            TerraformRun.Apply(bench, YamlJson.Read(document)!.AsObject(), "argocd-controller", force: true);
        }
    }

    private static async Task<Blueprint> BlueprintAsync(Bench bench, OverlaySpec spec)
    {
        var state = await bench.LookAsync(spec);
        return Blueprint.From(spec, state.Desired!, state.Inventory);
    }

    private static async Task SetValuesAsync(Bench bench, OverlaySpec spec, string values)
    {
        await using var connections = Connections.ToTwin(bench.World, spec, "git");
        var outcome = await connections.Cloud.CallAsync(
            new CloudCall.UpdateAddon(spec.Cluster!, "vpc-cni", values, Conflicts.Fail, "git-1"),
            default
        );
        Assert.True(outcome.Refusal is null, $"{outcome.Refusal}");
        Assert.Null(
            await new Waiter(connections.Time).UntilAsync(
                connections.Cloud,
                new CloudState.AddonUpdated(spec.Cluster!, "vpc-cni", outcome.Id!),
                default
            )
        );
    }

    /// <summary>By whoever keeps them: managed groups bring new ones, Auto Mode does for pods that wait.</summary>
    private static void ReplaceNodes(Bench bench)
    {
        foreach (var node in bench.World.Objects.List("v1", "nodes").ToList())
        {
            var claim = bench
                .World.Objects.List("karpenter.sh/v1", "nodeclaims")
                .FirstOrDefault(one => one["status"]?["nodeName"]?.ToString() == node["metadata"]!["name"]!.ToString());
            bench.World.Do(() =>
            {
                if (claim is not null)
                {
                    bench.World.Objects.Delete("karpenter.sh/v1", "nodeclaims", null, claim["metadata"]!["name"]!.ToString());
                    return 0;
                }
                bench.World.Compute.TerminateInstances([node["spec"]!["providerID"]!.ToString().Split('/')[^1]]);
                return 0;
            });
            bench.World.Advance(TimeSpan.FromMinutes(5));
        }
        bench.World.Advance(TimeSpan.FromHours(2));
    }
}
