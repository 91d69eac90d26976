using System.Text;
using System.Text.RegularExpressions;
using Podspace.Twin;

namespace Podspace.Tests.Twin;

/// <summary>Who asks is told by the key that signed; a role's key is one that STS handed out.</summary>
public sealed class StsTests
{
    private const string Role = "arn:aws:iam::444455556666:role/network";

    private readonly Ec2Client client = Ec2Client.OfGuide();

    [Fact]
    public async Task Who_signs_with_any_key_is_the_world_s_own_user() =>
        Assert.Contains(
            "<Account>111122223333</Account>",
            await AskAsync("Action=GetCallerIdentity", "AKIDTWIN"),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Who_does_not_sign_is_refused() =>
        Assert.Contains(
            "<Code>MissingAuthenticationToken</Code>",
            await AskAsync("Action=GetCallerIdentity", null),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task A_role_s_key_is_the_role()
    {
        var key = Key(await AskAsync($"Action=AssumeRole&RoleSessionName=test&RoleArn={Role}", "AKIDTWIN"));

        var identity = await AskAsync("Action=GetCallerIdentity", key);

        Assert.Contains("<Arn>arn:aws:sts::444455556666:assumed-role/network/test</Arn>", identity, StringComparison.Ordinal);
        Assert.Contains("<Account>444455556666</Account>", identity, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AssumeRole", "AKIDTWIN", "ExternalId=x-1", true)]
    [InlineData("AssumeRole", "AKIDTWIN", "ExternalId=x-2", false)]
    [InlineData("AssumeRole", "AKIDTWIN", "", false)]
    [InlineData("AssumeRole", null, "ExternalId=x-1", false)]
    [InlineData("AssumeRoleWithWebIdentity", null, "WebIdentityToken=t", false)]
    public async Task A_role_admits_whom_the_world_says(string action, string? key, string more, bool isAdmitted)
    {
        client.Aws.Roles.Add(new() { RoleArn = Role, ExternalId = "x-1" });

        Assert.Equal(isAdmitted, Key(await AskAsync($"Action={action}&RoleArn={Role}&{more}", key)).Length > 0);
    }

    [Fact]
    public async Task A_web_identity_needs_its_token_and_no_signature()
    {
        client.Aws.Roles.Add(new() { RoleArn = Role, IsWebIdentity = true });

        Assert.NotEmpty(Key(await AskAsync($"Action=AssumeRoleWithWebIdentity&RoleArn={Role}&WebIdentityToken=t", null)));
        Assert.Empty(Key(await AskAsync($"Action=AssumeRoleWithWebIdentity&RoleArn={Role}", null)));
        Assert.Empty(Key(await AskAsync($"Action=AssumeRole&RoleArn={Role}", "AKIDTWIN")));
    }

    private static string Key(string answer) => Regex.Match(answer, "<AccessKeyId>(.*?)</AccessKeyId>").Groups[1].Value;

    private async Task<string> AskAsync(string form, string? key)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (key is not null)
        {
            headers["Authorization"] =
                $"AWS4-HMAC-SHA256 Credential={key}/20260101/eu-west-1/sts/aws4_request, SignedHeaders=host, Signature=0";
        }
        var response = await client.Endpoint.HandleAsync(
            new TwinRequest("POST", "/", "", headers, Encoding.UTF8.GetBytes($"{form}&Version=2011-06-15")),
            CancellationToken.None
        );
        return Encoding.UTF8.GetString(response.Body.Span);
    }
}
