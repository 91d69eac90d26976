using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

public sealed partial class Eks
{
    /// <summary>Lets nodes of Auto Mode join, with an access entry of type EC2. Source: EKS User Guide, "Create a Node Class".</summary>
    public const string AutoNodePolicy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy";

    /// <summary>Source: EKS API reference, CreateAccessEntry.</summary>
    private static readonly string[] EntryTypes =
    [
        "STANDARD",
        "FARGATE_LINUX",
        "EC2_LINUX",
        "EC2_WINDOWS",
        "EC2",
        "HYBRID_LINUX",
        "HYPERPOD_LINUX",
    ];

    public IReadOnlyList<string> ListAccessEntries(string cluster) =>
        [.. Of(cluster).Entries.Select(entry => entry.PrincipalArn).Order(StringComparer.Ordinal)];

    public AccessEntry DescribeAccessEntry(string cluster, string principal) =>
        Of(cluster).Entries.Find(entry => entry.PrincipalArn == principal)
        ?? throw Missing(
            $"The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'."
        );

    /// <param name="type">STANDARD when null or empty.</param>
    public AccessEntry CreateAccessEntry(string cluster, string principal, string? type, IReadOnlyDictionary<string, string>? tags = null)
    {
        RefuseConfigMap(cluster);
        if (!principal.StartsWith("arn:", StringComparison.Ordinal))
        {
            throw Bad("The principalArn parameter format is not valid");
        }
        if (!string.IsNullOrEmpty(type) && !EntryTypes.Contains(type))
        {
            throw Bad($"Type {type} is not supported. Valid types: {string.Join(", ", EntryTypes)}");
        }
        if (Of(cluster).Entries.Exists(entry => entry.PrincipalArn == principal))
        {
            throw Busy("The specified access entry resource is already in use on this cluster.");
        }
        var created = new AccessEntry
        {
            ClusterName = cluster,
            PrincipalArn = principal,
            Type = string.IsNullOrEmpty(type) ? "STANDARD" : type,
            Tags = new(tags ?? new Dictionary<string, string>()),
        };
        Aws.AccessEntries.Add(created);
        World.Record("eks", "CreateAccessEntry", principal);
        return created;
    }

    public void DeleteAccessEntry(string cluster, string principal)
    {
        Aws.AccessEntries.Remove(DescribeAccessEntry(cluster, principal));
        World.Record("eks", "DeleteAccessEntry", principal);
    }

    /// <summary>Again with the same policy: the scope is replaced. Source: EKS API reference, AssociateAccessPolicy.</summary>
    public AssociatedPolicy AssociateAccessPolicy(
        string cluster,
        string principal,
        string policy,
        string scope,
        IReadOnlyList<string> namespaces
    )
    {
        RefuseConfigMap(cluster);
        var entry = DescribeAccessEntry(cluster, principal);
        if (!policy.Contains(":cluster-access-policy/", StringComparison.Ordinal))
        {
            throw Bad("The policyArn parameter format is not valid");
        }
        if (scope is not ("cluster" or "namespace") || (scope == "namespace" && namespaces.Count == 0))
        {
            throw Bad("accessScope.type must be cluster, or namespace with at least one namespace");
        }
        // Of EC2's kind only Auto Mode's takes policies. Source: EKS User Guide, "Create access entries" (its words UNCONFIRMED).
        if (entry.Type is not ("STANDARD" or "EC2"))
        {
            throw new WorldRefusal(
                "InvalidRequestException",
                $"You cannot associate an access policy with an access entry of type {entry.Type}."
            );
        }
        entry.AssociatedAccessPolicies.RemoveAll(known => known.PolicyArn == policy);
        var associated = new AssociatedPolicy
        {
            PolicyArn = policy,
            AccessScope = new() { Type = scope, Namespaces = [.. namespaces] },
        };
        entry.AssociatedAccessPolicies.Add(associated);
        World.Record("eks", "AssociateAccessPolicy", principal);
        return associated;
    }

    /// <summary>Reports whether nodes with that role may join as Auto Mode's: those of the cluster's own node
    /// role always, others by an entry of type EC2 with the policy.</summary>
    internal bool AdmitsAutoNodes(Cluster cluster, string role) =>
        (cluster.ComputeConfig?.NodeRoleArn is { } own && IsRole(own, role))
        || Aws.AccessEntries.Exists(entry =>
            entry.ClusterName == cluster.Name
            && entry.Type == "EC2"
            && IsRole(entry.PrincipalArn, role)
            && entry.AssociatedAccessPolicies.Exists(policy => policy.PolicyArn == AutoNodePolicy)
        );

    private static bool IsRole(string arn, string role) => arn.EndsWith($"/{role}", StringComparison.Ordinal);

    private void RefuseConfigMap(string cluster)
    {
        if (DescribeCluster(cluster).AccessConfig.AuthenticationMode == "CONFIG_MAP")
        {
            throw new WorldRefusal(
                "InvalidRequestException",
                "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation."
            );
        }
    }
}
