using System.Collections.Concurrent;
using Podspace.Applying;
using Podspace.Aws.Calls;
using Podspace.Aws.Observing;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Steps.Calls;

namespace Podspace.Aws;

/// <summary>AWS, by EC2's, EKS's and STS's own protocols. The twin stands behind
/// <see cref="AwsConnection.Handler"/> or an endpoint.</summary>
public sealed class AwsCloud : ICloud, IDisposable
{
    private readonly AwsConnection connection;
    private readonly AwsClients clients;
    private readonly Wire wire;
    private readonly Accounts accounts;
    private readonly RecentlyCreated recent;
    private readonly CloudCalls calls;
    private readonly IdempotencyResolver resolver;
    private readonly StateReader reader;
    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset MadeAt)> tokens = new(StringComparer.Ordinal);

    /// <summary>Reads no file, asks nobody and cannot fail for want of credentials: that is the first call's to say.</summary>
    public AwsCloud(AwsConnection connection)
    {
        this.connection = connection;
        clients = new(connection);
        wire = new(connection);
        recent = new(connection.Time);
        accounts = new(connection, clients, wire);
        var (ec2, nodes) = (new Ec2Wire(clients, wire), new Ec2Wire(clients, wire, accounts));
        var (eks, ram) = (new EksApi(connection, clients, wire), new RamApi(connection, clients, wire, accounts));
        calls = new(ec2, nodes, eks, ram, recent);
        resolver = new(calls, ec2, nodes, eks);
        reader = new(ec2, nodes, eks, ram, recent);
    }

    public Task<CloudInventory> ObserveAsync(CloudScope scope, CancellationToken cancel) =>
        new CloudObservation(connection, clients, wire, accounts, scope, cancel).LookAsync();

    public async Task<Outcome> CallAsync(CloudCall call, CancellationToken cancel)
    {
        var outcome = await MakeAsync(call, cancel);
        if (outcome.Refusal is null)
        {
            Remember(call, outcome);
        }
        return outcome;
    }

    public Task<Progress> LookAsync(CloudState state, CancellationToken cancel) => reader.LookAsync(state, cancel);

    public Task<(EquatableArray<SeenTag> Tags, Refusal? Refusal)> TagsAsync(AwsId vpc, CancellationToken cancel) =>
        reader.TagsAsync(vpc, cancel);

    public async Task<Outcome?> RehearseAsync(CloudCall call, CancellationToken cancel)
    {
        if (!CloudCalls.HasDryRun(call))
        {
            return null;
        }
        try
        {
            return Outcome.Done(await calls.SendAsync(call, dryRun: true, cancel));
        }
        catch (Refused refused)
        {
            return Refusals.Is(refused.Refusal, "DryRunOperation") ? Outcome.Done() : Outcome.Refused(refused.Refusal);
        }
    }

    /// <summary>A token for the cluster's API server. The same one for as long as it is good:
    /// servers ask STS about each that they do not know.</summary>
    public async Task<(string? Token, Refusal? Refusal)> TokenAsync(string cluster)
    {
        try
        {
            var now = connection.Time.GetUtcNow();
            if (tokens.TryGetValue(cluster, out var known) && now - known.MadeAt < EksToken.Life)
            {
                return (known.Token, null);
            }
            var token = EksToken.Make(
                cluster,
                connection.Region,
                await clients.ClusterCredentials.GetCredentialsAsync(),
                now,
                connection.StsEndpoint
            );
            tokens[cluster] = (token, now);
            return (token, null);
        }
        catch (Refused refused)
        {
            return (null, refused.Refusal);
        }
    }

    public void Dispose() => clients.Dispose();

    private async Task<Outcome> MakeAsync(CloudCall call, CancellationToken cancel)
    {
        try
        {
            return Outcome.Done(await calls.SendAsync(call, dryRun: false, cancel));
        }
        catch (Refused refused)
        {
            return await resolver.SettleAsync(call, refused.Refusal, cancel);
        }
    }

    private void Remember(CloudCall call, Outcome outcome)
    {
        if (call is CloudCall.AssociateBlock associate)
        {
            recent.Add(associate.Block);
        }
        else if (outcome.Id is { } id && call is CloudCall.CreateSubnet or CloudCall.CreateRouteTable or CloudCall.CreateGroup)
        {
            recent.Add(id);
        }
    }
}
