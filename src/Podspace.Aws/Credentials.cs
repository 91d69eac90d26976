using Amazon.RuntimeDependencies;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using Amazon.SecurityToken;
using Amazon.SSO;
using Amazon.SSOOIDC;
using Podspace.Applying;

namespace Podspace.Aws;

/// <summary>The connection's credentials, looked for at the first call and not before: <c>--help</c> and a finding in the spec need none.</summary>
internal sealed class Credentials : AWSCredentials
{
    private readonly AwsConnection connection;
    private readonly Lazy<Task<AWSCredentials>> source;

    /// <param name="assume">Makes the credentials of the connection's role from its own.</param>
    public Credentials(AwsConnection connection, Func<AWSCredentials, string, AWSCredentials> assume)
    {
        this.connection = connection;
        source = new(async () =>
        {
            var own = await FindAsync(connection.Credentials);
            return connection.Role is null ? own : assume(own, connection.Role);
        });
    }

    public override ImmutableCredentials GetCredentials() => GetCredentialsAsync().GetAwaiter().GetResult();

    public override async Task<ImmutableCredentials> GetCredentialsAsync()
    {
        try
        {
            return await (await source.Value).GetCredentialsAsync();
        }
        catch (Exception exception) when (exception is AmazonClientException or AmazonServiceException or ProcessAWSCredentialException
            or InvalidOperationException or IOException or HttpRequestException or ArgumentException)
        {
            throw new Refused(NoneFound(exception));
        }
    }

    private static Task<AWSCredentials> FindAsync(AwsCredentialSource source)
    {
        switch (source)
        {
            case AwsCredentialSource.Keys { SessionToken: null } keys:
                return Task.FromResult<AWSCredentials>(new BasicAWSCredentials(keys.AccessKeyId, keys.SecretAccessKey));
            case AwsCredentialSource.Keys keys:
                return Task.FromResult<AWSCredentials>(new SessionAWSCredentials(keys.AccessKeyId, keys.SecretAccessKey, keys.SessionToken));
            case AwsCredentialSource.Profile profile:
                RegisterClients();
                return new CredentialProfileStoreChain().TryGetAWSCredentials(profile.Name, out var found)
                    ? Task.FromResult(found)
                    : throw new ProfileNotFoundException($"There is no usable profile \"{profile.Name}\" in the shared AWS files.");
            default:
                RegisterClients();
                return DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync();
        }
    }

    // The SDK looks for these clients by reflection, which a native program has no metadata for: roles, web identity and SSO
    // would fail with MissingRuntimeDependencyException. Registering twice does no harm.
    private static void RegisterClients()
    {
        var registry = GlobalRuntimeDependencyRegistry.Instance;
        registry.RegisterSecurityTokenServiceClient(context =>
            new AmazonSecurityTokenServiceClient(new AnonymousAWSCredentials(), context.SecurityTokenServiceClientContextData.Region));
        registry.RegisterSSOClient(context => new AmazonSSOClient(new AnonymousAWSCredentials(), context.SSOClientContextData.Region));
        registry.RegisterSSOOIDCClient(context => new AmazonSSOOIDCClient(new AnonymousAWSCredentials(), context.SSOOIDCClientContextData.Region));
    }

    private Refusal NoneFound(Exception exception)
    {
        var why = (exception.InnerException ?? exception).Message.TrimEnd('.');
        return new(RefusalKind.Denied, "NoCredentials", $"No AWS credentials could be had: {why}.\n{NextCommand(connection)}");
    }

    /// <summary>What to type when credentials are missing or have expired.</summary>
    public static string NextCommand(AwsConnection connection) => connection.Credentials switch
    {
        AwsCredentialSource.Profile profile => $"Sign in and run this again:\n  aws sso login --profile {profile.Name}",
        AwsCredentialSource.Keys => "The keys given are no longer good: get new ones and run this again.",
        _ => "Sign in and run this again:\n  aws sso login\nor name a profile in AWS_PROFILE.",
    };
}
