using System.Text.Encodings.Web;
using System.Text.Json;
using Podspace.Planning;

namespace Podspace.Rendering;

/// <summary>The vpc-cni add-on's configuration values alone, for <c>aws eks update-addon --configuration-values</c> and whoever keeps them.</summary>
public static class AddonText
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Render(Blueprint blueprint, AddonDocument document) =>
        CniValues.Parse(document.Compose(reference => ManifestText.IdOf(blueprint, reference))).ToJsonString(Indented) + "\n";
}
