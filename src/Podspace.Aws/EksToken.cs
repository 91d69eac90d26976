using System.Buffers.Text;
using System.Text;
using Amazon.Runtime;

namespace Podspace.Aws;

/// <summary>The bearer token that EKS's API servers take: a presigned GetCallerIdentity,
/// which the server sends to STS to learn who asks.</summary>
/// <remarks>Source: kubernetes-sigs/aws-iam-authenticator, "API Authorization from Outside a Cluster".</remarks>
internal static class EksToken
{
    // The signature says 60 s, yet servers take a token for 15 minutes from its date; made anew well before that.
    private static readonly TimeSpan Presigned = TimeSpan.FromSeconds(60);

    /// <summary>How long a token may be used. One minute less than servers take it, for clocks that differ.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(14);

    /// <param name="sts">Null: the Region's own endpoint.</param>
    public static string Make(string cluster, string region, ImmutableCredentials credentials, DateTimeOffset now, Uri? sts = null)
    {
        var host = sts ?? new($"https://sts.{region}.{EksApi.DnsSuffix(region)}");
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["x-k8s-aws-id"] = cluster };
        var call = new Uri(host, "/?Action=GetCallerIdentity&Version=2011-06-15");
        var url = Signature.Presign(call, headers, credentials, region, "sts", now, Presigned);
        return $"k8s-aws-v1.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(url.AbsoluteUri))}";
    }
}
