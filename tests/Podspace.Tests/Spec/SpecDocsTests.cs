using System.Text.Json.Nodes;
using Podspace.Spec;

namespace Podspace.Tests.Spec;

public sealed class SpecDocsTests
{
    private static string Docs(string file) => Path.Combine(Golden.Checkout(), "docs", file);

    [Fact]
    public void The_schema_in_docs_is_the_one_that_render_schema_prints() =>
        Golden.Matches(OverlaySchema.Text, Docs("overlaynetwork.schema.json"));

    [Fact]
    public void The_settings_table_in_docs_is_the_parsers_own()
    {
        var written = File.ReadAllText(Docs("overlay.md"));
        var intro = written[..written.IndexOf("| Setting |", StringComparison.Ordinal)];
        Golden.Matches(intro + OverlayReference.Text(), Docs("overlay.md"));
    }

    [Fact]
    public void The_schema_knows_every_key_of_the_parser()
    {
        var schema = JsonNode.Parse(OverlaySchema.Text)!;
        Assert.Equal(OverlayKeys.All().Select(entry => entry.Path).Order(), Under("", schema).Order());
    }

    private static IEnumerable<string> Under(string path, JsonNode? schema)
    {
        foreach (var (name, inner) in schema?["properties"]?.AsObject() ?? [])
        {
            var at = OverlayKeys.Join(path, name);
            yield return at;
            foreach (var below in Under(at, inner).Concat(Under(at + "[]", inner?["items"])))
            {
                yield return below;
            }
        }
    }
}
