using System.Buffers.Text;
using System.Text;
using Amazon.Runtime;
using Podspace.Aws;

namespace Podspace.Tests.Aws;

public sealed class EksTokenTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void A_token_is_a_presigned_question_to_STS_bound_to_the_cluster()
    {
        var token = EksToken.Make("prod", "eu-west-1", new ImmutableCredentials("AKIDEXAMPLE", "secret", "session/token+"), Now);

        Assert.StartsWith("k8s-aws-v1.", token, StringComparison.Ordinal);
        Assert.DoesNotContain("=", token, StringComparison.Ordinal);
        var url = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token.AsSpan("k8s-aws-v1.".Length)));
        Assert.StartsWith(
            "https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256",
            url,
            StringComparison.Ordinal
        );
        Assert.Contains("&X-Amz-Credential=AKIDEXAMPLE%2F20260102%2Feu-west-1%2Fsts%2Faws4_request", url, StringComparison.Ordinal);
        Assert.Contains(
            "&X-Amz-Date=20260102T030405Z&X-Amz-Expires=60&X-Amz-Security-Token=session%2Ftoken%2B&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id",
            url,
            StringComparison.Ordinal
        );
        Assert.Matches("&X-Amz-Signature=[0-9a-f]{64}$", url);
    }

    [Fact]
    public void Headers_are_signed_as_AWS_s_own_example_is()
    {
        // Source: AWS Signature Version 4 test suite, "get-vanilla" of IAM's ListUsers example.
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://example.amazonaws.com/");
        var credentials = new ImmutableCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null);

        Signature.Sign(request, [], credentials, "us-east-1", "service", new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero));

        Assert.Equal(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, "
                + "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            string.Join(' ', request.Headers.GetValues("Authorization"))
        );
    }
}
