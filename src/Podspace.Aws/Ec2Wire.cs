using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using Podspace.Applying;

namespace Podspace.Aws;

/// <summary>EC2's calls over the <see cref="Wire"/>: one at a time, or all pages of a list.</summary>
/// <param name="accounts">Not null: as the cluster's account, where that is another than the VPC's.</param>
internal sealed class Ec2Wire(AwsClients clients, Wire wire, Accounts? accounts = null)
{
    // Set once a read was answered only without IncludeManagedResources.
    private volatile bool lacksTheWord;

    public delegate Task<TResponse> Send<TResponse>(AmazonEC2Client client, CancellationToken cancel);

    public Task<TResponse> ReadAsync<TResponse>(
        string operation,
        Send<TResponse> send,
        CancellationToken cancel,
        Func<Refusal, bool>? settlesSoon = null
    )
        where TResponse : AmazonWebServiceResponse => SendAsync(new("ec2", operation), send, settlesSoon, cancel);

    public Task<TResponse> WriteAsync<TResponse>(
        string operation,
        Send<TResponse> send,
        CancellationToken cancel,
        Func<Refusal, bool>? settlesSoon = null
    )
        where TResponse : AmazonWebServiceResponse => SendAsync(new("ec2", operation, IsWrite: true), send, settlesSoon, cancel);

    /// <summary>A read that hides what EKS and other services made, unless it is asked to show all.</summary>
    /// <param name="send">Is given IncludeManagedResources; null: not to be sent, because the service does not know it.</param>
    /// <remarks>Source: EC2 API model, of DescribeInstances, DescribeNetworkInterfaces and DescribeLaunchTemplateVersions.</remarks>
    public async Task<TResponse> ReadAllAsync<TResponse>(
        string operation,
        Func<AmazonEC2Client, bool?, CancellationToken, Task<TResponse>> send,
        CancellationToken cancel
    )
        where TResponse : AmazonWebServiceResponse
    {
        if (!lacksTheWord)
        {
            try
            {
                return await ReadAsync(operation, (client, stop) => send(client, true, stop), cancel);
            }
            catch (Refused refused) when (IsAboutParameters(refused.Refusal))
            {
                // Whether it was this one, the next answer says.
            }
        }
        var answer = await ReadAsync(operation, (client, stop) => send(client, null, stop), cancel);
        lacksTheWord = true;
        return answer;
    }

    // "UnknownParameter" is EC2's own word. The others are those of what speaks its protocol. Source: EC2 API Reference, "Error codes".
    private static bool IsAboutParameters(Refusal refusal) =>
        Refusals.Is(refusal, "UnknownParameter", "ValidationError", "MalformedQueryString")
        || refusal.Code.StartsWith("InvalidParameter", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc cref="ReadAllAsync"/>
    public Task<List<TItem>> AllPagesAsync<TResponse, TItem>(
        string operation,
        Func<AmazonEC2Client, bool?, string?, CancellationToken, Task<TResponse>> send,
        Func<TResponse, (IReadOnlyList<TItem> Items, string? Next)> read,
        CancellationToken cancel
    )
        where TResponse : AmazonWebServiceResponse =>
        PagesAsync(token => ReadAllAsync(operation, (client, all, stop) => send(client, all, token, stop), cancel), read);

    /// <summary>Every page. <paramref name="send"/> is given the token of the page to ask for, null at first.</summary>
    public Task<List<TItem>> PagesAsync<TResponse, TItem>(
        string operation,
        Func<AmazonEC2Client, string?, CancellationToken, Task<TResponse>> send,
        Func<TResponse, (IReadOnlyList<TItem> Items, string? Next)> read,
        CancellationToken cancel
    )
        where TResponse : AmazonWebServiceResponse =>
        PagesAsync(token => ReadAsync(operation, (client, stop) => send(client, token, stop), cancel), read);

    private static async Task<List<TItem>> PagesAsync<TResponse, TItem>(
        Func<string?, Task<TResponse>> ask,
        Func<TResponse, (IReadOnlyList<TItem> Items, string? Next)> read
    )
    {
        var items = new List<TItem>();
        string? token = null;
        do
        {
            var page = read(await ask(token));
            items.AddRange(page.Items);
            token = page.Next;
        } while (!string.IsNullOrEmpty(token));
        return items;
    }

    public static Filter Where(string name, params IEnumerable<string> values) => new(name, [.. values]);

    private Task<TResponse> SendAsync<TResponse>(
        Call call,
        Send<TResponse> send,
        Func<Refusal, bool>? settlesSoon,
        CancellationToken cancel
    )
        where TResponse : AmazonWebServiceResponse
    {
        return wire.SendAsync(call, Attempt, cancel, settlesSoon);

        async Task<(TResponse, string?)> Attempt(CancellationToken token)
        {
            var isNodes = accounts is not null && !await accounts.IsOneAsync(token);
            // Looked for before the SDK does, so that a missing credential is told as what it is.
            await (isNodes ? clients.ClusterCredentials : clients.Credentials).GetCredentialsAsync();
            var response = await send(isNodes ? clients.NodesEc2 : clients.Ec2, token);
            return (response, response.ResponseMetadata?.RequestId);
        }
    }
}
