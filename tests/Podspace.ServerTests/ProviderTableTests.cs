using System.Text.RegularExpressions;
using Podspace.Tests.Rendering;

namespace Podspace.ServerTests;

/// <summary>The table of types and arguments that the other tests go by, held against the AWS
/// provider's own schema, as CDKTF has generated it.</summary>
public sealed partial class ProviderTableTests
{
    /// <summary>Those of the Kubernetes provider have another source.</summary>
    public static TheoryData<string> Types =>
        [.. AwsProvider.Arguments.Keys.Where(type => type.StartsWith("aws_", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Every_argument_of_the_table_is_one_of_the_provider_and_none_that_it_requires_is_missing(string type)
    {
        var package = Path.GetDirectoryName(Tool.Find("provider-aws-21.22.1/package/package.json"))!;
        var file = Path.Combine(package, "lib", type["aws_".Length..].Replace('_', '-'), "index.d.ts");
        Assert.True(File.Exists(file), $"{type} is no resource of the provider, or tests/tools does not unpack it: {file}");

        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        var config = text[text.IndexOf("Config extends cdktf.TerraformMetaArguments", StringComparison.Ordinal)..];
        var arguments = Argument()
            .Matches(config[..config.IndexOf("\n}", StringComparison.Ordinal)])
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Length == 0);

        Assert.Contains("/hashicorp/aws/6.25.0/", config, StringComparison.Ordinal);
        Assert.Subset(arguments.Keys.ToHashSet(), AwsProvider.Arguments[type].ToHashSet());
        Assert.Subset(
            AwsProvider.Arguments[type].ToHashSet(),
            arguments.Where(argument => argument.Value).Select(argument => argument.Key).ToHashSet()
        );
    }

    /// <summary>The name as the provider writes it stands in the link; a question mark
    /// behind CDKTF's says that it may be left out.</summary>
    [GeneratedRegex(@"#([a-z0-9_]+) \w+#\1\}.*?readonly \w+(\??):", RegexOptions.Singleline)]
    private static partial Regex Argument();
}
