using System.Text;
using Podspace.Formats;
using Podspace.Model;
using Podspace.Observed;
using Podspace.Planning;
using Podspace.Rendering.Manifests;
using Podspace.Rendering.Terraform;
using Podspace.Spec;
using Podspace.Steps;
using Podspace.Steps.Calls;
using Podspace.Steps.Text;

namespace Podspace.Rendering;

/// <summary>What a plan leaves to others, each in its owner's language: the network and its rules as HCL, the CNI and Auto
/// Mode's objects as add-on values or manifests, removals as blocks and in words.</summary>
public static class Patches
{
    public static EquatableArray<Patch> Of(Blueprint blueprint, Plan plan, TerraformState terraform) =>
        plan
            .Steps.Where(step => step.Owner != Owner.Podspace)
            .GroupBy(step => step.Owner, step => step.Change)
            .OrderBy(group => group.Key)
            .SelectMany(group => Of(blueprint, group.Key, [.. group], terraform))
            .ToEquatable();

    public static string Text(IEnumerable<Patch> patches)
    {
        var text = new StringBuilder();
        foreach (var patch in patches)
        {
            text.Append('\n').Append("── ").Append(patch.Title).Append('\n').Append('\n').Append(patch.Text);
        }
        return text.ToString();
    }

    /// <summary>As a section of a change ticket; empty when nothing is left to others.</summary>
    public static string Markdown(EquatableArray<Patch> patches)
    {
        if (patches.IsEmpty)
        {
            return "";
        }
        var text = new StringBuilder("\n## Left to others\n");
        foreach (var patch in patches)
        {
            text.Append('\n').Append(patch.Title).Append(":\n\n```").Append(patch.Language).Append('\n').Append(patch.Text).Append("```\n");
        }
        return text.ToString();
    }

    private static IEnumerable<Patch> Of(Blueprint blueprint, Owner owner, List<Change> changes, TerraformState terraform)
    {
        var whose = Owners.Whose(owner);
        // Later documents hold what earlier ones do: the last is the whole wish.
        var values = changes.OfType<Change.SetAddonValues>().LastOrDefault();
        if (values is not null)
        {
            blueprint = blueprint with { Addon = values.Document };
        }
        var inline = changes
            .OfType<Change.AddRule>()
            .Where(add => !add.Rule.Group.IsMade && terraform.HasRulesInline(add.Rule.Group.Id))
            .ToList();
        var blocks = Hcl(blueprint, owner, [.. changes.Except(inline)]).ToList();
        blocks = [.. blocks.Select(block => Kept(block, blueprint, terraform)), .. inline.Select(add => Inline(add.Rule, terraform))];
        blocks = [.. blueprint.Spec.Owners.Network == owner ? blocks : Borrowed.Instead(blueprint, blocks)];
        if (blocks.Count > 0)
        {
            yield return new(owner, "hcl", $"For {whose}: Terraform to add", HclText.Render("", blocks));
        }
        if (owner != Owner.Terraform && values is not null)
        {
            yield return new(
                owner,
                "json",
                $"For {whose}: configuration values of add-on vpc-cni, the whole document",
                AddonText.Render(blueprint, values.Document)
            );
        }
        var manifests = changes
            // What is Terraform's stands in its language already.
            .Where(_ => owner != Owner.Terraform)
            .Select(change => change.Manifest(blueprint.Spec, reference => ManifestText.IdOf(blueprint, reference)))
            .OfType<ClusterManifest>()
            .Select(manifest => ManifestText.Yaml(manifest.InWaves()))
            .ToList();
        if (manifests.Count > 0)
        {
            yield return new(owner, "yaml", $"For {whose}: manifests to apply", string.Join("---\n", manifests));
        }
        var removals = changes.Where(change => change.Action == StepAction.Delete).ToList();
        if (owner == Owner.Terraform && TerraformRemovals.Of(removals, blueprint, terraform).ToList() is { Count: > 0 } removed)
        {
            yield return new(owner, "hcl", $"For {whose}: Terraform to remove", HclText.Render("", removed));
        }
        if (removals.Count > 0)
        {
            yield return new(
                owner,
                "text",
                $"For {whose}: to delete",
                string.Concat(removals.Select(change => $"- {change.Phrase}{TerraformRemovals.Known(change, blueprint.Ids, terraform)}\n"))
            );
        }
    }

    /// <summary>A second resource for an add-on that there is would be refused by EKS.</summary>
    private static HclBlock Kept(HclBlock block, Blueprint blueprint, TerraformState terraform) =>
        block.Labels[0] == TerraformNames.Addon && terraform.AddressOf($"{blueprint.Spec.Cluster}:vpc-cni") is { } address
            ? block with
            {
                Comment =
                    $"Terraform keeps this add-on as {address}: put configuration_values and "
                    + $"resolve_conflicts_on_update there, and add no second resource.\n{block.Comment}",
            }
            : block;

    internal static IEnumerable<HclBlock> Hcl(Blueprint blueprint, Owner owner, List<Change> changes)
    {
        var kept = new KeptResources(TerraformState.None, blueprint.Spec, blueprint.Inventory, blueprint.Ids);
        var wanted = changes.Where(change => change.Action != StepAction.Delete).SelectMany(change => change.Terraform(kept)).ToHashSet();
        return
        [
            .. TerraformResources
                .Of(blueprint)
                .Where(block => wanted.Contains(block.Address) && block.Labels[0] != TerraformNames.Manifest)
                .Where(block => owner == Owner.Terraform || block.Labels[0] != TerraformNames.Addon),
            .. owner == Owner.Terraform ? changes.Select(change => change.TerraformObject(blueprint.Texts())).OfType<HclBlock>() : [],
        ];
    }

    private static HclBlock Inline(GroupRule rule, TerraformState terraform)
    {
        var peer = rule.Peer.Cidr is { } cidr
            ? new HclEntry("cidr_blocks", new HclValue.List([$"{cidr}"]))
            : new("security_groups", new HclValue.List([TerraformResources.Id(TerraformNames.Group, rule.Peer.Group!.Value)]));
        // All ports of all protocols are written with zeros here. Source: aws_security_group, argument from_port.
        var all = rule.Traffic.Protocol == "-1";
        return new(
            "ingress",
            [],
            [
                new("from_port", all ? 0 : rule.Traffic.From),
                new("to_port", all ? 0 : rule.Traffic.To),
                new("protocol", rule.Traffic.Protocol),
                peer,
                new("description", rule.Why),
            ],
            $"Into {terraform.AddressOf(rule.Group.Id.Text)} ({rule.Group}), whose rules stand in "
                + $"line there: a rule of its own would be deleted by the next apply."
        );
    }
}
