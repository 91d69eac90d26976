using Podspace.Tests.Cli;

namespace Podspace.Tests.Aws;

/// <summary>A shared credentials file that the SDK cannot read: it quotes the line, and Podspace must not.</summary>
public sealed class SharedFileTests : IDisposable
{
    private const string Spec =
        "apiVersion: podspace.io/v1alpha1\nkind: OverlayNetwork\nmetadata: {name: prod}\n"
        + "spec: {region: eu-west-1, vpc: vpc-09796d57be9cec2d2, cluster: prod}\n";

    private const string Id = "[default]\naws_access_key_id = AKIAPLANTED\n";

    private readonly string home = Directory.CreateTempSubdirectory("podspace-shared-").FullName;

    public void Dispose() => Directory.Delete(home, recursive: true);

    [Theory]
    [InlineData("a line without =", Id + "wJalrPLANTEDKEY\n", 3)]
    [InlineData("a value on a line of its own", Id + "aws_secret_access_key =\n  wJalrPLANTEDKEY\n", 4)]
    [InlineData("an unterminated section", "[PLANTED\n" + Id, 1)]
    [InlineData("control characters", Id + "\u001b[31mPLANTED\u0001\u0007\n", 3)]
    [InlineData("carriage returns", Id + "PLANTED\rPLANTED\r\n", 3)]
    [InlineData("words like the SDK's own", Id + "x> in file y does not contain a section PLANTED\n", 3)]
    public async Task A_line_that_cannot_be_read_is_named_by_its_number_and_never_quoted(string what, string file, int line)
    {
        foreach (
            var how in (string[][])
                [
                    [],
                    ["AWS_PROFILE=default"],
                ]
        )
        {
            var said = await PlanAsync(file, how);

            Assert.True(said.Contains($"line {line} of {home}/credentials is neither", StringComparison.Ordinal), $"{what}: {said}");
            Assert.Contains("Correct it, then run the same command again.", said, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("speed", "slow")]
    public async Task A_file_that_nobody_needs_is_read_all_the_same_and_not_quoted_either()
    {
        var said = await PlanAsync($"{Id}PLANTED\n", "AWS_ACCESS_KEY_ID=AKIDTWIN", "AWS_SECRET_ACCESS_KEY=twin");

        Assert.Contains($"line 3 of {home}/credentials is neither", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demo_says_so_too()
    {
        await File.WriteAllTextAsync(Path.Combine(home, "credentials"), $"{Id}PLANTED\n", TestContext.Current.CancellationToken);

        var (exit, said) = await OwnProcess.RunAsync(home, [$"AWS_SHARED_CREDENTIALS_FILE={home}/credentials"], OwnProcess.Program, "demo");

        Assert.Equal(1, exit);
        Assert.Contains($"line 3 of {home}/credentials is neither", said, StringComparison.Ordinal);
        Assert.DoesNotContain("PLANTED", said, StringComparison.Ordinal);
        Assert.DoesNotContain("bug", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a key outside a section", "aws_secret_access_key = PLANTED\n" + Id)]
    [InlineData("half of the keys", Id)]
    [InlineData("a key as a section", "[PLANTED]\naws_access_key_id = AKIAPLANTED\n")]
    [InlineData("a value that holds another line's name", "[default]\naws_access_key_id aws_secret_access_key = PLANTED\n")]
    public async Task A_file_without_usable_keys_gives_none_of_its_values_away(string what, string file)
    {
        var said = await PlanAsync(file);

        Assert.True(said.Contains("No AWS credentials could be had", StringComparison.Ordinal), $"{what}: {said}");
    }

    [Fact]
    public async Task What_a_credential_process_prints_instead_of_JSON_is_not_told()
    {
        var config = Path.Combine(home, "config");
        await File.WriteAllTextAsync(config, "[default]\ncredential_process = /bin/echo PLANTED\n", TestContext.Current.CancellationToken);

        var said = await PlanAsync("", [$"AWS_CONFIG_FILE={config}"]);

        Assert.Contains("is not JSON", said, StringComparison.Ordinal);
    }

    private async Task<string> PlanAsync(string file, params string[] more)
    {
        await File.WriteAllTextAsync(Path.Combine(home, "overlay.yaml"), Spec);
        await File.WriteAllTextAsync(Path.Combine(home, "credentials"), file);
        string[] settings =
        [
            $"AWS_SHARED_CREDENTIALS_FILE={home}/credentials",
            "AWS_ENDPOINT_URL=http://127.0.0.1:9",
            "AWS_EC2_METADATA_DISABLED=true",
        ];

        var (exit, said) = await OwnProcess.RunAsync(home, [.. settings, .. more], OwnProcess.Program, "plan");

        Assert.Equal(1, exit);
        Assert.DoesNotContain("PLANTED", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("bug", said, StringComparison.Ordinal);
        return said;
    }
}
