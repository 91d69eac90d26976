namespace Podspace.Rendering;

/// <summary>A whole network as a Terraform file.</summary>
public static class TerraformText
{
    public static string Render(Blueprint blueprint, bool isJson) => string.Join('\n', Files(blueprint, isJson).Select(file => file.Text));

    /// <summary>One after the other they are one text, too. Imports stand alone, because they are to be taken out once Terraform has them.</summary>
    public static IReadOnlyList<RenderedFile> Files(Blueprint blueprint, bool isJson)
    {
        var (resources, imports) = (TerraformResources.Of(blueprint), TerraformImports.Of(blueprint).ToList());
        if (isJson)
        {
            return [new("pod-network.tf.json", HclJson.Render(Head(blueprint), resources.Concat(imports)))];
        }
        var network = new RenderedFile("pod-network.tf", HclText.Render(Head(blueprint), resources));
        return imports.Count == 0 ? [network] : [network, new("pod-network-imports.tf", HclText.Render("", imports))];
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
