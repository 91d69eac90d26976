using System.Text.Json;
using System.Xml;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using Amazon.RuntimeDependencies;
using Amazon.SecurityToken;
using Amazon.SSO;
using Amazon.SSOOIDC;
using Podspace.Applying;

namespace Podspace.Aws;

/// <summary>The connection's credentials, looked for at the first call and not before:
/// <c>--help</c> and a finding in the spec need none.</summary>
internal sealed class Credentials : AWSCredentials
{
    private readonly AwsConnection connection;
    private readonly Lazy<Task<AWSCredentials>> source;

    /// <param name="assume">Makes the credentials of a role from others.</param>
    public Credentials(AwsConnection connection, Func<AWSCredentials, AwsRole, AWSCredentials> assume)
        : this(connection, async () => Unwrapped(await FindAsync(connection), assume)) { }

    private Credentials(AwsConnection connection, Func<Task<AWSCredentials>> find)
    {
        this.connection = connection;
        source = new(find);
    }

    /// <summary>The role's, had with these; these themselves where there is no role.</summary>
    public Credentials Assuming(AwsRole? role, Func<AWSCredentials, AwsRole, AWSCredentials> assume) =>
        role is null ? this : new(connection, async () => assume(await source.Value, role));

    /// <summary>A profile's role is assumed by us: the SDK hands its source credentials to no
    /// client that was registered, and would ask unsigned.</summary>
    private static AWSCredentials Unwrapped(AWSCredentials found, Func<AWSCredentials, AwsRole, AWSCredentials> assume) =>
        found switch
        {
            AssumeRoleAWSCredentials { Options.MfaSerialNumber: { Length: > 0 } device } => throw new AmazonClientException(
                $"the profile's role wants a code of {device}, which is not asked for here: sign in "
                    + $"with the AWS CLI and export the keys it prints (aws configure export-credentials --format env)"
            ),
            AssumeRoleAWSCredentials role => assume(Unwrapped(role.SourceCredentials, assume), new(role.RoleArn, role.Options?.ExternalId)),
            _ => found,
        };

    public override ImmutableCredentials GetCredentials() => GetCredentialsAsync().GetAwaiter().GetResult();

    public override async Task<ImmutableCredentials> GetCredentialsAsync()
    {
        try
        {
            return await (await source.Value).GetCredentialsAsync();
        }
        catch (Exception exception)
            when (exception
                    is AmazonClientException
                        or AmazonServiceException
                        or ProcessAWSCredentialException
                        or InvalidOperationException
                        or InvalidDataException
                        or IOException
                        or UnauthorizedAccessException
                        or HttpRequestException
                        or ArgumentException
                        or JsonException
                        or XmlException
            )
        {
            throw new Refused(NoneFound(exception));
        }
    }

    private static Task<AWSCredentials> FindAsync(AwsConnection connection)
    {
        switch (connection.Credentials)
        {
            case AwsCredentialSource.Keys { SessionToken: null } keys:
                return Task.FromResult<AWSCredentials>(new BasicAWSCredentials(keys.AccessKeyId, keys.SecretAccessKey));
            case AwsCredentialSource.Keys keys:
                return Task.FromResult<AWSCredentials>(
                    new SessionAWSCredentials(keys.AccessKeyId, keys.SecretAccessKey, keys.SessionToken)
                );
            case AwsCredentialSource.Profile profile:
                RegisterClients(connection);
                return new CredentialProfileStoreChain().TryGetAWSCredentials(profile.Name, out var found)
                    ? Task.FromResult(found)
                    : throw new ProfileNotFoundException($"There is no usable profile \"{profile.Name}\" in the shared AWS files.");
            default:
                RegisterClients(connection);
                return DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync();
        }
    }

    // The SDK looks for these clients by reflection, which a native program has no metadata for: roles, web identity and SSO
    // would fail with MissingRuntimeDependencyException. Registering twice does no harm.
    private static void RegisterClients(AwsConnection connection)
    {
        var registry = GlobalRuntimeDependencyRegistry.Instance;
        // Only web identity comes here, which is not signed. The Region's own endpoint: the SDK
        // would take us-east-1, which other partitions lack.
        var region = RegionEndpoint.GetBySystemName(connection.Region);
        registry.RegisterSecurityTokenServiceClient(_ => new AmazonSecurityTokenServiceClient(
            new AnonymousAWSCredentials(),
            OneClient.Over(new AmazonSecurityTokenServiceConfig { RegionEndpoint = region })
        ));
        registry.RegisterSSOClient(context => new AmazonSSOClient(
            new AnonymousAWSCredentials(),
            OneClient.Over(new AmazonSSOConfig { RegionEndpoint = context.SSOClientContextData.Region })
        ));
        registry.RegisterSSOOIDCClient(context => new AmazonSSOOIDCClient(
            new AnonymousAWSCredentials(),
            OneClient.Over(new AmazonSSOOIDCConfig { RegionEndpoint = context.SSOOIDCClientContextData.Region })
        ));
    }

    private Refusal NoneFound(Exception exception) => SharedFile.Fault(exception) is { } fault ? Unreadable(fault) : NotHad(exception);

    /// <summary>What is said when the shared files are at fault: signing in anew would not mend them.</summary>
    public static Refusal Unreadable(string fault) =>
        new(
            RefusalKind.Denied,
            "NoCredentials",
            $"No AWS credentials could be had: {fault}.\nCorrect it, then run the same command again."
        );

    private Refusal NotHad(Exception exception)
    {
        // The service's own words, where it was one that said no; what carried them says nothing.
        var said = Chain(exception).OfType<AmazonServiceException>().FirstOrDefault();
        var why =
            said is null && Chain(exception).Any(one => one is JsonException)
                ? "what the profile's credential_process printed, or the AWS CLI has kept, is not JSON"
                : Told((said ?? exception.InnerException ?? exception).Message);
        var next = (said, exception) switch
        {
            // Who may not assume a role is signed in already.
            ({ ErrorCode: "AccessDenied" }, _) =>
                "Allow sts:AssumeRole in the role's trust policy, with the external id that 'spec.access' names. "
                    + "Whose the credentials are:\n  aws sts get-caller-identity",
            (_, ProfileNotFoundException) => "To see the profiles that there are:\n  aws configure list-profiles",
            _ => NextCommand(connection),
        };
        return new(RefusalKind.Denied, "NoCredentials", $"No AWS credentials could be had: {why}.\n{next}");
    }

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (var one = exception; one is not null; one = one.InnerException)
        {
            yield return one;
        }
    }

    /// <summary>The SDK lists what each of its ways has missed, a line each. Of a web identity
    /// nobody has spoken when no token file is named.</summary>
    private static string Told(string message)
    {
        var ways = message
            .Split('\n')
            .Where(line => line.StartsWith("Exception ", StringComparison.Ordinal) && line.Contains(": ", StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..].TrimEnd('.', '\r', ' '))
            .Where(way => !way.Contains("webIdentityTokenFile", StringComparison.Ordinal))
            .ToList();
        return ways.Count == 0 ? message.TrimEnd('.') : string.Join("; ", ways);
    }

    /// <summary>What to type when credentials are missing or have expired.</summary>
    public static string NextCommand(AwsConnection connection) =>
        connection.Credentials switch
        {
            AwsCredentialSource.Profile profile => $"Sign in and run this again:\n  aws sso login --profile {profile.Name}",
            AwsCredentialSource.Keys => "The keys given are no longer good: get new ones and run this again.",
            _ => "Sign in and run this again:\n  aws sso login\nor name a profile in AWS_PROFILE.",
        };
}
