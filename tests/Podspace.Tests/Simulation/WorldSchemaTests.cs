using System.Text.Json;
using Podspace.Formats;
using Podspace.Formats.Yaml;
using Podspace.Simulation.WorldFile;

namespace Podspace.Tests.Simulation;

public sealed class WorldSchemaTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static TheoryData<string> Examples => [.. Worlds.Examples()];

    [Fact]
    public void The_schema_in_docs_is_in_step_with_the_state() =>
        Golden.Matches(WorldSchema.Render().ToJsonString(Indented) + "\n", "../../docs/world.schema.json");

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_shipped_world_fits_the_schema(string example) =>
        Assert.Empty(JsonSchema.Check(WorldSchema.Render(), YamlJson.Read(Worlds.Text(example))));

    [Fact]
    public void Every_list_of_the_account_is_explained()
    {
        var page = File.ReadAllText(Path.Combine(Golden.Checkout(), "docs", "world.md"));
        Assert.All(
            WorldSchema.Render()["definitions"]!["AwsState"]!["properties"]!.AsObject().Select(property => property.Key),
            key => Assert.Contains($"`{key}`", page, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Every_finding_of_the_reader_is_explained()
    {
        var page = File.ReadAllText(Path.Combine(Golden.Checkout(), "docs", "world.md"));
        var codes = typeof(WorldFindings).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);
        Assert.All(codes, code => Assert.Contains($"| {code} |", page, StringComparison.Ordinal));
    }
}
