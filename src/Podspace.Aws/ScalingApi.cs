using System.Net.Http.Headers;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Amazon.Runtime;

namespace Podspace.Aws;

/// <summary>Auto Scaling by its Query protocol, one read of it: no SDK package is at hand.</summary>
/// <remarks>Source: Amazon EC2 Auto Scaling API Reference, 2011-01-01, DescribeAutoScalingGroups; Smithy, "AWS Query protocol".</remarks>
internal sealed class ScalingApi(AwsConnection connection, AwsClients clients, Wire wire)
{
    private const string Version = "2011-01-01";

    // Advisory: a VPC without a way to the service shall not hold up a plan for long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Uri endpoint =
        connection.ScalingEndpoint ?? new($"https://autoscaling.{connection.Region}.{EksApi.DnsSuffix(connection.Region)}/");

    /// <summary>Groups whose instances join the cluster: nodes need the tag to be let in.
    /// Source: EKS User Guide, self-managed nodes.</summary>
    public async Task<IReadOnlyList<XElement>> ListAsync(string cluster, CancellationToken cancel)
    {
        var groups = new List<XElement>();
        string? token = null;
        do
        {
            var page = await PageAsync(cluster, token, cancel);
            groups.AddRange(page.Descendants().Where(element => element.Name.LocalName == "AutoScalingGroups").Elements());
            token = page.Descendants().FirstOrDefault(element => element.Name.LocalName == "NextToken")?.Value;
        } while (!string.IsNullOrEmpty(token));
        return groups;
    }

    private Task<XElement> PageAsync(string cluster, string? token, CancellationToken cancel)
    {
        var form =
            $"Action=DescribeAutoScalingGroups&Version={Version}"
            + $"&MaxRecords=100&Filters.member.1.Name=tag-key&Filters.member.1.Values.member.1="
            + $"{Uri.EscapeDataString($"kubernetes.io/cluster/{cluster}")}"
            + (token is null ? "" : $"&NextToken={Uri.EscapeDataString(token)}");
        return wire.SendAsync(
            new("autoscaling", "DescribeAutoScalingGroups", IsAdvisory: true),
            async stop =>
            {
                using var limited = CancellationTokenSource.CreateLinkedTokenSource(stop);
                limited.CancelAfter(Patience);
                return await AttemptAsync(Encoding.UTF8.GetBytes(form), limited.Token);
            },
            cancel
        );
    }

    private async Task<(XElement, string?)> AttemptAsync(byte[] form, CancellationToken cancel)
    {
        var keys = await clients.ClusterCredentials.GetCredentialsAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Content = new ByteArrayContent(form)
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded") },
            },
        };
        Signature.Sign(request, form, keys, connection.Region, "autoscaling", connection.Time.GetUtcNow());
        using var response = await clients.Http.SendAsync(request, cancel);
        var answer = Parse(await response.Content.ReadAsStringAsync(cancel));
        if (answer is null)
        {
            throw Refused($"autoscaling answered with HTTP status {(int)response.StatusCode}.", "", null, response);
        }
        var requestId = Text(answer, "RequestId");
        return response.IsSuccessStatusCode
            ? (answer, requestId)
            : throw Refused(Text(answer, "Message"), Text(answer, "Code"), requestId, response);
    }

    private static AmazonServiceException Refused(string message, string code, string? requestId, HttpResponseMessage response) =>
        new(message, ErrorType.Unknown, code, requestId, response.StatusCode);

    private static string Text(XElement answer, string name) =>
        answer.Descendants().FirstOrDefault(element => element.Name.LocalName == name)?.Value ?? "";

    private static XElement? Parse(string text)
    {
        try
        {
            return XElement.Parse(text);
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
