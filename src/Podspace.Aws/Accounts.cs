using Amazon.SecurityToken;

namespace Podspace.Aws;

/// <param name="Arn">The caller's, as STS says it.</param>
internal sealed record Identity(string Account, string Arn);

/// <summary>Whose the credentials are: the VPC's and the cluster's may be of two accounts,
/// of which one shares subnets with the other.</summary>
/// <remarks>Where one set of credentials does for both, nothing is asked to know that the account is one.</remarks>
internal sealed class Accounts(AwsConnection connection, AwsClients clients, Wire wire)
{
    private readonly Lock gate = new();
    private Task<Identity>? network;
    private Task<Identity>? cluster;

    /// <summary>Reports whether the same credentials, or another role of the same account, reach both.</summary>
    /// <exception cref="Refused">Whose they are could not be had.</exception>
    public async Task<bool> IsOneAsync(CancellationToken cancel) =>
        connection.NetworkRole == connection.ClusterRole || (await NetworkAsync(cancel)).Account == (await ClusterAsync(cancel)).Account;

    public Task<Identity> NetworkAsync(CancellationToken cancel) => Once(ref network, clients.Credentials, () => clients.Sts, cancel);

    /// <summary>Asked anew: whose credentials are at hand is looked at before every plan.</summary>
    public Task<Identity> AskNetworkAsync(CancellationToken cancel)
    {
        lock (gate)
        {
            return network = AskAsync(clients.Credentials, () => clients.Sts, cancel);
        }
    }

    public Task<Identity> ClusterAsync(CancellationToken cancel) =>
        Once(ref cluster, clients.ClusterCredentials, () => clients.ClusterSts, cancel);

    /// <summary>An answer is good for as long as the credentials are; a refusal is asked about again.</summary>
    private Task<Identity> Once(
        ref Task<Identity>? known,
        Credentials credentials,
        Func<AmazonSecurityTokenServiceClient> sts,
        CancellationToken cancel
    )
    {
        lock (gate)
        {
            return known is null or { IsFaulted: true } or { IsCanceled: true } ? known = AskAsync(credentials, sts, cancel) : known;
        }
    }

    private async Task<Identity> AskAsync(Credentials credentials, Func<AmazonSecurityTokenServiceClient> sts, CancellationToken cancel)
    {
        var answer = await wire.SendAsync(
            new("sts", "GetCallerIdentity"),
            async stop =>
            {
                await credentials.GetCredentialsAsync();
                var response = await sts().GetCallerIdentityAsync(new(), stop);
                return (response, response.ResponseMetadata?.RequestId);
            },
            cancel
        );
        return new(answer.Account, answer.Arn);
    }
}
