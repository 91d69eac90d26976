using Amazon;
using Amazon.EC2;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace Podspace.Aws;

/// <summary>The SDK's clients over one HTTP client, with retries off: the one policy is <see cref="Wire"/>'s.</summary>
internal sealed class AwsClients : IDisposable
{
    // Long enough for EC2's slowest describe, short enough that a lost answer is asked for again within the run.
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(30);

    private readonly AwsConnection connection;
    private readonly Lazy<AmazonEC2Client> ec2;
    private readonly Lazy<AmazonEC2Client> nodesEc2;
    private readonly Lazy<AmazonSecurityTokenServiceClient> sts;
    private readonly Lazy<AmazonSecurityTokenServiceClient> clusterSts;

    // Null collections are the SDK's default since version 4; everything here reads lists.
    static AwsClients()
    {
        AWSConfigs.InitializeCollections = true;
        SdkConstants.ForgetInstanceTypes();
    }

    public AwsClients(AwsConnection connection)
    {
        this.connection = connection;
        Http = connection.Handler is null ? OneClient.OverSockets() : new(new Answers(connection.Handler), disposeHandler: false);
        Http.Timeout = AttemptTimeout;
        var own = new Credentials(connection, Assume);
        Credentials = own.Assuming(connection.NetworkRole, Assume);
        ClusterCredentials = own.Assuming(connection.ClusterRole, Assume);
        // Made at the first call: the SDK's constructors look at configuration files.
        ec2 = new(() => new(Credentials, Configured(new AmazonEC2Config(), connection.Ec2Endpoint)));
        nodesEc2 = new(() => new(ClusterCredentials, Configured(new AmazonEC2Config(), connection.Ec2Endpoint)));
        sts = new(() => SecurityToken(Credentials));
        clusterSts = new(() => SecurityToken(ClusterCredentials));
    }

    public HttpClient Http { get; }

    /// <summary>For the VPC.</summary>
    public Credentials Credentials { get; }

    /// <summary>For EKS and the tokens of its API servers.</summary>
    public Credentials ClusterCredentials { get; }

    public AmazonEC2Client Ec2 => ec2.Value;

    /// <summary>With the cluster's credentials.</summary>
    public AmazonEC2Client NodesEc2 => nodesEc2.Value;

    public AmazonSecurityTokenServiceClient Sts => sts.Value;

    /// <summary>With the cluster's credentials.</summary>
    public AmazonSecurityTokenServiceClient ClusterSts => clusterSts.Value;

    public void Dispose()
    {
        if (ec2.IsValueCreated)
        {
            ec2.Value.Dispose();
        }
        if (nodesEc2.IsValueCreated)
        {
            nodesEc2.Value.Dispose();
        }
        if (sts.IsValueCreated)
        {
            sts.Value.Dispose();
        }
        if (clusterSts.IsValueCreated)
        {
            clusterSts.Value.Dispose();
        }
        Http.Dispose();
    }

    private RoleCredentials Assume(AWSCredentials own, AwsRole role) => new(SecurityToken(own), role);

    private AmazonSecurityTokenServiceClient SecurityToken(AWSCredentials credentials) =>
        new(credentials, Configured(new AmazonSecurityTokenServiceConfig(), connection.StsEndpoint));

    private T Configured<T>(T config, Uri? endpoint)
        where T : ClientConfig
    {
        config.MaxErrorRetry = 0;
        config.ThrottleRetries = false;
        config.DisableLogging = true;
        config.IgnoreConfiguredEndpointUrls = true;
        config.Timeout = AttemptTimeout;
        config.HttpClientFactory = new OneClient(Http);
        if (endpoint is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(connection.Region);
        }
        else
        {
            config.ServiceURL = endpoint.AbsoluteUri;
            config.AuthenticationRegion = connection.Region;
        }
        return config;
    }

    /// <summary>A role's credentials, renewed before they run out. The SDK's own class would ignore our endpoint and transport.</summary>
    private sealed class RoleCredentials(AmazonSecurityTokenServiceClient sts, AwsRole role) : RefreshingAWSCredentials
    {
        protected override CredentialsRefreshState GenerateNewCredentials() => GenerateNewCredentialsAsync().GetAwaiter().GetResult();

        protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
        {
            var answer = await sts.AssumeRoleAsync(
                new AssumeRoleRequest
                {
                    RoleArn = role.Arn,
                    ExternalId = role.ExternalId,
                    RoleSessionName = "podspace",
                }
            );
            return new(answer.Credentials.GetCredentials(), answer.Credentials.Expiration ?? DateTime.UtcNow.AddMinutes(15));
        }
    }
}
