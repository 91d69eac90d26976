namespace Podspace.Simulation.Aws;

/// <summary>Where a cluster's API server answers, as DescribeCluster says it.</summary>
/// <param name="AuthorityData">The CA's certificate: PEM, in Base64, as in a kubeconfig. Empty where nobody checks it.</param>
public sealed record ClusterEndpoint(string Url, string AuthorityData)
{
    /// <summary>In process no name is looked up: a URL in EKS's form.</summary>
    public static readonly ClusterEndpoint InProcess = new("https://0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com", "");
}
