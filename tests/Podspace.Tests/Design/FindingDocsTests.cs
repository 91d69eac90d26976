using System.Reflection;
using System.Text.RegularExpressions;
using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;

namespace Podspace.Tests.Design;

public sealed class FindingDocsTests
{
    private static string Docs(string file) => File.ReadAllText(Path.Combine(Golden.Checkout(), "docs", file));

    private static string[] Written =>
        [.. Regex.Matches(Docs("findings.md"), "^### (PS[0-9]{4}) ", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];

    private static IEnumerable<string> Used =>
        Directory
            .EnumerateFiles(Path.Combine(Golden.Checkout(), "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), "\"(PS[0-9]{4})\"").Select(match => match.Groups[1].Value));

    [Fact]
    public void Every_code_is_explained_once_and_in_order() => Assert.Equal(Used.Distinct().Order(), Written);

    [Fact]
    public void No_code_is_given_two_meanings()
    {
        var constants =
            from type in typeof(Cidr).Assembly.GetTypes()
            from constant in type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
            where constant is { IsLiteral: true } && constant.FieldType == typeof(string)
            let value = (string)constant.GetRawConstantValue()!
            where Regex.IsMatch(value, "^PS[0-9]{4}$")
            group constant.Name by value into names
            where names.Count() > 1
            select $"{names.Key}: {string.Join(", ", names)}";
        Assert.Empty(constants);
    }

    [Fact]
    public void Every_tag_is_explained()
    {
        var docs = Docs("tags.md");
        Assert.All(
            new[]
            {
                Tags.Overlay,
                Tags.Cluster,
                Tags.Name,
                Tags.Prefixes,
                Tags.Like,
                Tags.Block(Cidr.Parse("100.64.0.0/16")),
                Tags.Lock("prod"),
                Tags.CniRole,
                Tags.ElbRole,
                Tags.InternalElbRole,
                Tags.KarpenterDiscovery,
                Tags.ClusterOwned("NAME"),
                Tags.CniCluster("NAME"),
            },
            tag => Assert.Contains($"`{tag}`", docs)
        );
    }

    [Fact]
    public void Tags_say_whose_a_thing_is_what_we_call_it_and_what_the_spec_adds()
    {
        var spec = SmallVpc.Spec("  names: {subnet: \"Internal/{zone}\"}\n  tags: {team: network}");
        Assert.Equal(
            [
                "Name=Internal/eu-west-1b",
                "podspace.io/cluster=prod",
                "podspace.io/name=pods-eu-west-1b-0",
                "podspace.io/overlay=prod",
                "podspace.io/prefixes=true",
                "team=network",
            ],
            ResourceNames
                .TagsFor(
                    spec,
                    new PodSubnet(
                        Ref.Made("pods-eu-west-1b-0"),
                        "eu-west-1b",
                        Cidr.Parse("100.64.0.0/18"),
                        null,
                        [Cidr.Parse("100.64.32.0/19")]
                    )
                )
                .Select(tag => $"{tag.Key}={tag.Value}")
        );
        Assert.Contains(new SeenTag("Name", "prod/pods"), ResourceNames.TagsFor(spec, new("pods"), null));
        Assert.Contains(new SeenTag("Name", "prod/pods-eu-west-1b"), ResourceNames.TagsFor(spec, new("pods-eu-west-1b"), "eu-west-1b"));
        Assert.Contains(new SeenTag("Name", "prod-pods"), ResourceNames.TagsForGroup(spec));
    }
}
