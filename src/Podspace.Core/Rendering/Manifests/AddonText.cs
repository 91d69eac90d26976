using Podspace.Cni;
using Podspace.Formats;

namespace Podspace.Rendering.Manifests;

/// <summary>The vpc-cni add-on's configuration values alone, for <c>aws eks update-addon
/// --configuration-values</c> and whoever keeps them.</summary>
public static class AddonText
{
    public static string Render(Blueprint blueprint, AddonDocument document) =>
        CniValues.Parse(document.Compose(reference => ManifestText.IdOf(blueprint, reference))).ToPage();
}
