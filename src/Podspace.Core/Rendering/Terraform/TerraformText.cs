using Podspace.Formats;

namespace Podspace.Rendering.Terraform;

/// <summary>What Terraform is written for.</summary>
public enum TerraformStyle
{
    /// <summary>Resources of the AWS provider, and nothing else.</summary>
    Resources,

    /// <summary>Inputs for terraform-aws-modules/eks and …/vpc, and resources for what they lack.</summary>
    EksModule,

    /// <summary>A module of our own for any VPC, with a call of it for this one. Several files, in Terraform's own syntax only.</summary>
    Module,
}

/// <param name="EksMajor">Of terraform-aws-modules/eks: 20 or 21.</param>
public sealed record TerraformForm(TerraformStyle Style = TerraformStyle.Resources, bool IsJson = false, int EksMajor = EksModules.Newest);

/// <summary>A whole network as Terraform.</summary>
public static class TerraformText
{
    public static string Render(Blueprint blueprint, bool isJson) =>
        string.Join('\n', Files(blueprint, new(IsJson: isJson)).Select(file => file.Text));

    /// <summary>One after the other they are one text, too. Imports stand alone, because they
    /// are to be taken out once Terraform has them.</summary>
    public static IReadOnlyList<RenderedFile> Files(Blueprint blueprint, TerraformForm form) =>
        form.Style switch
        {
            TerraformStyle.Resources => Resources(blueprint, form.IsJson),
            TerraformStyle.EksModule => EksModule(blueprint, form),
            TerraformStyle.Module => TerraformModule.Files(blueprint, Head(blueprint, "AWS provider 5.33 or later")),
        };

    private static IReadOnlyList<RenderedFile> Resources(Blueprint blueprint, bool isJson)
    {
        blueprint = ClusterToCome.Fill(blueprint, hasNodeGroup: false);
        var place = TerraformPlace.Of(blueprint);
        var imports = TerraformImports.Of(blueprint, place).ToList();
        IReadOnlyList<HclBlock> resources =
        [
            .. Maybe(TerraformPlace.Locals(blueprint)),
            .. TerraformResources.Of(blueprint, place),
            .. Maybe(TerraformMaxPods.Locals(blueprint)),
        ];
        if (isJson)
        {
            return [new("pod-network.tf.json", HclJson.Render(Head(blueprint, "AWS provider 5 or later"), resources.Concat(imports)))];
        }
        return [new("pod-network.tf", HclText.Render(Head(blueprint, "AWS provider 5 or later"), resources)), .. Imports(imports)];
    }

    private static IEnumerable<HclBlock> Maybe(HclBlock? block) => block is null ? [] : [block];

    /// <summary>The modules stand in a file that Terraform does not read: their arguments go into blocks that are there.</summary>
    private static IReadOnlyList<RenderedFile> EksModule(Blueprint blueprint, TerraformForm form)
    {
        var (modules, resources, imports) = EksModules.Of(blueprint, form.EksMajor);
        var head = Head(
            blueprint,
            form.EksMajor == 20
                ? "terraform-aws-modules/eks 20 and vpc 5, AWS provider 5"
                : "terraform-aws-modules/eks 21 and vpc 6, AWS provider 6"
        );
        var inputs =
            "Not a file to apply: put these arguments into your own module \"vpc\" and module \"eks\", "
            + "and correct these two names where yours differ.\n"
            + $"Beside it goes pod-network.tf, with what the modules have no inputs for.{AddonMove(blueprint)}";
        return form.IsJson
            ? [new("pod-network.tf.json", HclJson.Render($"{head}\n{inputs}", [.. modules, .. resources, .. imports]))]
            :
            [
                new("module-inputs.tf.example", HclText.Render(inputs, modules)),
                new("pod-network.tf", HclText.Render(head, resources)),
                .. Imports(imports),
            ];
    }

    // Two resources of the module, told apart by before_compute. Source: terraform-aws-modules/terraform-aws-eks, main.tf.
    private static string AddonMove(Blueprint blueprint) =>
        blueprint.Addon is null || blueprint.Inventory.Cloud.VpcCni is null
            ? ""
            : string.Join(
                '\n',
                "",
                "Add-on vpc-cni is there already. If module.eks made it without before_compute, "
                    + "move it before the first apply, or it is destroyed and created anew:",
                "  terraform state mv 'module.eks.aws_eks_addon.this[\"vpc-cni\"]' 'module.eks.aws_eks_addon.before_compute[\"vpc-cni\"]'",
                "If Terraform does not have it at all:",
                $"  terraform import 'module.eks.aws_eks_addon.before_compute[\"vpc-cni\"]' {blueprint.Spec.Cluster}:vpc-cni"
            );

    private static RenderedFile[] Imports(IReadOnlyCollection<HclBlock> imports) =>
        imports.Count == 0 ? [] : [new("pod-network-imports.tf", HclText.Render("", imports))];

    private static string Accounts(Blueprint blueprint) =>
        blueprint.Inventory.Cloud.Participant is not { } participant
            ? ""
            : $"""

                {Whose(blueprint, participant.Account)}
                  provider "aws" {"{"}
                    alias  = "network"
                    region = "{blueprint.Spec.Region}"
                    # assume_role, profile …
                  {"}"}
                """;

    private static string Whose(Blueprint blueprint, string account) =>
        $"The VPC is account {blueprint.Inventory.Cloud.Account}'s: what is in it has provider {TerraformResources.NetworkProvider}, "
        + $"all else the usual one, of account {account}. Configure both:";

    private static string Head(Blueprint blueprint, string versions)
    {
        var spec = blueprint.Spec;
        return $"""
            Overlay {spec.Name} in {spec.Vpc}{(
                spec.Cluster is null ? "" : $", cluster {spec.Cluster}"
            )}: the network that podspace apply would make, for Terraform to make.
            Written by: podspace render terraform. {versions}, Terraform 1.5 or later (import blocks).
            Say so in the overlay, so that nobody else writes it: owners: {"{network: terraform, rules: terraform, cni: terraform}"}
            The tags podspace.io/… tell podspace which part is which; without them it could only guess.{Accounts(blueprint)}
            """;
    }
}
