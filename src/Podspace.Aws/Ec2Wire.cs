using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using Podspace.Applying;

namespace Podspace.Aws;

/// <summary>EC2's calls over the <see cref="Wire"/>: one at a time, or all pages of a list.</summary>
/// <param name="accounts">Not null: as the cluster's account, where that is another than the VPC's.</param>
internal sealed class Ec2Wire(AwsClients clients, Wire wire, Accounts? accounts = null)
{
    public delegate Task<TResponse> Send<TResponse>(AmazonEC2Client client, CancellationToken cancel);

    public Task<TResponse> ReadAsync<TResponse>(
        string operation, Send<TResponse> send, CancellationToken cancel, Func<Refusal, bool>? settlesSoon = null)
        where TResponse : AmazonWebServiceResponse =>
        SendAsync(new("ec2", operation), send, settlesSoon, cancel);

    public Task<TResponse> WriteAsync<TResponse>(
        string operation, Send<TResponse> send, CancellationToken cancel, Func<Refusal, bool>? settlesSoon = null)
        where TResponse : AmazonWebServiceResponse =>
        SendAsync(new("ec2", operation, IsWrite: true), send, settlesSoon, cancel);

    /// <summary>Every page. <paramref name="send"/> is given the token of the page to ask for, null at first.</summary>
    public async Task<List<TItem>> PagesAsync<TResponse, TItem>(
        string operation,
        Func<AmazonEC2Client, string?, CancellationToken, Task<TResponse>> send,
        Func<TResponse, (IReadOnlyList<TItem> Items, string? Next)> read,
        CancellationToken cancel)
        where TResponse : AmazonWebServiceResponse
    {
        var items = new List<TItem>();
        string? token = null;
        do
        {
            var asked = token;
            var page = read(await ReadAsync(operation, (client, stop) => send(client, asked, stop), cancel));
            items.AddRange(page.Items);
            token = page.Next;
        }
        while (!string.IsNullOrEmpty(token));
        return items;
    }

    public static Filter Where(string name, params IEnumerable<string> values) => new(name, [.. values]);

    private Task<TResponse> SendAsync<TResponse>(Call call, Send<TResponse> send, Func<Refusal, bool>? settlesSoon, CancellationToken cancel)
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
