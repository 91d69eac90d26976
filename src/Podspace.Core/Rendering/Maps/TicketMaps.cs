using System.Text;
using Podspace.Model;
using Podspace.Spec;

namespace Podspace.Rendering.Maps;

/// <summary>The VPC before and after a change, for a ticket: as text, since hardly any tracker shows pictures that come with one.</summary>
public static class TicketMaps
{
    public static string Markdown(OverlaySpec spec, Inventory inventory, Network desired)
    {
        var text = new StringBuilder();
        foreach (
            var (title, network) in (ReadOnlySpan<(string, Network?)>)
                [("Before", null), ("After, with pods on nodes that start then", desired)]
        )
        {
            text.Append(
                $"\n## {title}\n\n```text\n{AddressMapText.Render(AddressMap.From(inventory, spec.Name, network))}\n"
                    + $"{NetworkMapText.Render(NetworkMap.From(spec, inventory, network))}```\n"
            );
        }
        return text.ToString();
    }
}
