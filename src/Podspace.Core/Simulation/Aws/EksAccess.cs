using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

public sealed partial class Eks
{
    public IReadOnlyList<string> ListAccessEntries(string cluster) =>
        [.. Of(cluster).Entries.Select(entry => entry.PrincipalArn).Order(StringComparer.Ordinal)];

    public AccessEntry DescribeAccessEntry(string cluster, string principal) =>
        Of(cluster).Entries.Find(entry => entry.PrincipalArn == principal)
        ?? throw Missing($"The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.");

    /// <param name="type">STANDARD when null or empty.</param>
    public AccessEntry CreateAccessEntry(string cluster, string principal, string? type)
    {
        if (DescribeCluster(cluster).AccessConfig.AuthenticationMode == "CONFIG_MAP")
        {
            throw new WorldRefusal("InvalidRequestException", "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.");
        }
        if (!principal.StartsWith("arn:", StringComparison.Ordinal))
        {
            throw Bad("The principalArn parameter format is not valid");
        }
        if (Of(cluster).Entries.Exists(entry => entry.PrincipalArn == principal))
        {
            throw Busy("The specified access entry resource is already in use on this cluster.");
        }
        var created = new AccessEntry { ClusterName = cluster, PrincipalArn = principal, Type = string.IsNullOrEmpty(type) ? "STANDARD" : type };
        Aws.AccessEntries.Add(created);
        World.Record("eks", "CreateAccessEntry", principal);
        return created;
    }
}
