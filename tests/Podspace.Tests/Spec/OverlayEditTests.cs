using Podspace.Spec;

namespace Podspace.Tests.Spec;

public sealed class OverlayEditTests
{
    private const string Blocks = "spec.addresses.blocks",
        Two = "[100.64.0.0/16, 100.65.0.0/16]";

    [Theory]
    [InlineData(
        "  addresses: {blocks: [100.64.0.0/16]}   # by the network team\n",
        "  addresses: {blocks: [100.64.0.0/16, 100.65.0.0/16]}   # by the network team\n"
    )]
    [InlineData(
        "  addresses: {subnetPrefixLength: 18}\n",
        "  addresses: {blocks: [100.64.0.0/16, 100.65.0.0/16], subnetPrefixLength: 18}\n"
    )]
    [InlineData("  addresses: {}\n", "  addresses: {blocks: [100.64.0.0/16, 100.65.0.0/16]}\n")]
    [InlineData("  addresses:\n", "  addresses: {blocks: [100.64.0.0/16, 100.65.0.0/16]}\n")]
    [InlineData(
        "  addresses:\n    blocks: [100.64.0.0/16]   # first\n    pool: [100.64.0.0/10]\n",
        "  addresses:\n    blocks: [100.64.0.0/16, 100.65.0.0/16]   # first\n    pool: [100.64.0.0/10]\n"
    )]
    [InlineData(
        "  addresses:\n    blocks:\n      - 100.64.0.0/16   # first\n    pool: [100.64.0.0/10]\n",
        "  addresses:\n    blocks: [100.64.0.0/16, 100.65.0.0/16]   # first\n    pool: [100.64.0.0/10]\n"
    )]
    [InlineData(
        "  addresses:\n    pool: [100.64.0.0/10]   # ours\n",
        "  addresses:\n    pool: [100.64.0.0/10]   # ours\n    blocks: [100.64.0.0/16, 100.65.0.0/16]\n"
    )]
    [InlineData("", "  addresses: {blocks: [100.64.0.0/16, 100.65.0.0/16]}\n")]
    public void One_setting_changes_and_everything_else_stays_as_it_was_written(string before, string after)
    {
        Assert.Equal(Document("prod", after), OverlayEdit.Set(Document("prod", before), "prod", Blocks, Two));
        Assert.Equal(
            Document("other", before) + "---\n" + Document("prod", after),
            OverlayEdit.Set(Document("other", before) + "---\n" + Document("prod", before), "prod", Blocks, Two)
        );
    }

    [Fact]
    public void What_is_written_reads_as_what_was_asked_for()
    {
        var text = OverlayEdit.Set(
            OverlayEdit.Set(Document("prod", ""), "prod", Blocks, Two),
            "prod",
            "spec.addresses.subnetPrefixLength",
            "18"
        );

        Assert.True(OverlayYaml.Parse(text, "overlay.yaml").Ok(out var spec));
        Assert.Equal((Two, 18), (spec.Addresses.Blocks.ToString(), spec.Addresses.SubnetPrefixLength));
    }

    private static string Document(string name, string addresses) =>
        $"# why this is so\napiVersion: podspace.io/v1alpha1\nkind: OverlayNetwork\nmetadata: {{name: {name}}}\nspec:\n"
        + $"  region: eu-west-1\n  vpc: vpc-09796d57be9cec2d2   # shared\n  cluster: prod\n{addresses}";
}
