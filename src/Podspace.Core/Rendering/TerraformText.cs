namespace Podspace.Rendering;

/// <summary>A whole network as a Terraform file.</summary>
public static class TerraformText
{
    public static string Render(Blueprint blueprint, bool isJson)
    {
        IEnumerable<HclBlock> blocks = [.. TerraformResources.Of(blueprint), .. TerraformImports.Of(blueprint)];
        return isJson ? HclJson.Render(Head(blueprint), blocks) : HclText.Render(Head(blueprint), blocks);
    }

    private static string Head(Blueprint blueprint)
    {
        var spec = blueprint.Spec;
        return $"""
            Overlay {spec.Name} in {spec.Vpc}{(spec.Cluster is null ? "" : $", cluster {spec.Cluster}")}: the network that podspace apply would make, for Terraform to make.
            Written by: podspace render terraform. AWS provider 5 or later, Terraform 1.5 or later (import blocks).
            Say so in the overlay, so that nobody else writes it: owners: {"{network: terraform, rules: terraform, cni: terraform}"}
            The tags podspace.io/… tell podspace which part is which; without them it could only guess.
            """;
    }
}
