using Podspace.Applying;

namespace Podspace.Aws;

/// <summary>How AWS is reached. Making one reads no file and asks nobody: credentials are looked for at the first call.</summary>
public sealed record AwsConnection(string Region)
{
    public AwsCredentialSource Credentials { get; init; } = new AwsCredentialSource.Chain();

    /// <summary>Assumed for EC2, RAM, Service Quotas and the question who is asking; null: the credentials themselves are used.</summary>
    public AwsRole? NetworkRole { get; init; }

    /// <summary>Assumed for EKS and for tokens of its API servers, and where it is of another account than the network's also for EC2's
    /// groups, interfaces and instances; null: the credentials themselves are used, never the network's role.</summary>
    public AwsRole? ClusterRole { get; init; }

    /// <summary>Null: AWS's own endpoint of the Region.</summary>
    public Uri? Ec2Endpoint { get; init; }

    public Uri? EksEndpoint { get; init; }

    public Uri? StsEndpoint { get; init; }

    public Uri? QuotasEndpoint { get; init; }

    public Uri? ScalingEndpoint { get; init; }
    public Uri? RamEndpoint { get; init; }

    /// <summary>Takes the place of the network; the twin in process. Never disposed here.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>Every wait between retries goes through it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told of each attempt of each call; called from any thread.</summary>
    public Action<CallRecord>? OnCall { get; init; }

    /// <summary>The real AWS, with endpoints, profile and Region's default as the AWS CLI takes them from the environment.</summary>
    /// <param name="variable">Reads one environment variable; null: the process's.</param>
    /// <exception cref="BadSettingException">A variable holds what cannot be used.</exception>
    public static AwsConnection FromEnvironment(string region, string? profile = null, Func<string, string?>? variable = null)
    {
        variable ??= Environment.GetEnvironmentVariable;
        return new(region)
        {
            Credentials = Source(),
            Ec2Endpoint = Endpoint("EC2"),
            EksEndpoint = Endpoint("EKS"),
            StsEndpoint = Endpoint("STS"),
            QuotasEndpoint = Endpoint("SERVICE_QUOTAS"),
            ScalingEndpoint = Endpoint("AUTO_SCALING"),
            RamEndpoint = Endpoint("RAM"),
        };

        // As the AWS CLI: a profile that was asked for by name counts; else keys in the environment do, also beside AWS_PROFILE.
        // Source: botocore, credentials.py, create_credential_resolver (and its comment on all
        // three being set). The SDK's own chain has another order.
        AwsCredentialSource Source()
        {
            if (profile is not null)
            {
                return new AwsCredentialSource.Profile(profile);
            }
            if (Text("AWS_ACCESS_KEY_ID") is { } id && Text("AWS_SECRET_ACCESS_KEY") is { } secret)
            {
                return new AwsCredentialSource.Keys(id, secret, Text("AWS_SESSION_TOKEN"));
            }
            return Text("AWS_PROFILE") is { } named ? new AwsCredentialSource.Profile(named) : new AwsCredentialSource.Chain();
        }

        string? Text(string name) => variable(name) is { Length: > 0 } text ? text : null;

        // Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints".
        Uri? Endpoint(string service)
        {
            var ignored = string.Equals(Text("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"), "true", StringComparison.OrdinalIgnoreCase);
            return ignored ? null : Url($"AWS_ENDPOINT_URL_{service}") ?? Url("AWS_ENDPOINT_URL");
        }

        Uri? Url(string name)
        {
            if (Text(name) is not { } text)
            {
                return null;
            }
            return Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", Host.Length: > 0 }
                ? url
                : throw new BadSettingException(
                    $"{name} is \"{text}\", which is no address of a service, such as http://localhost:4566 "
                        + "or https://ec2.eu-west-1.amazonaws.com. Correct it, or unset it."
                );
        }
    }

    /// <summary>A twin behind a handler: fixed keys, no files, no network.</summary>
    public static AwsConnection InProcess(string region, HttpMessageHandler twin, TimeProvider time)
    {
        var endpoint = new Uri("http://aws.twin");
        return new(region)
        {
            Credentials = new AwsCredentialSource.Keys("TWIN", "twin", null),
            Ec2Endpoint = endpoint,
            EksEndpoint = endpoint,
            StsEndpoint = endpoint,
            QuotasEndpoint = endpoint,
            ScalingEndpoint = endpoint,
            RamEndpoint = endpoint,
            Handler = twin,
            Time = time,
        };
    }
}

/// <summary>A variable of the environment holds what cannot be used. The message is for whoever set it.</summary>
public sealed class BadSettingException(string message) : Exception(message);

/// <param name="Arn">Such as <c>arn:aws:iam::111122223333:role/network</c>.</param>
public sealed record AwsRole(string Arn, string? ExternalId);

/// <summary>Where credentials come from. A closed set.</summary>
public abstract record AwsCredentialSource
{
    private AwsCredentialSource() { }

    /// <summary>The standard chain: environment, web identity, shared files, SSO, container, instance.</summary>
    public sealed record Chain : AwsCredentialSource;

    /// <summary>A profile of the shared files, SSO and roles included.</summary>
    public sealed record Profile(string Name) : AwsCredentialSource;

    public sealed record Keys(string AccessKeyId, string SecretAccessKey, string? SessionToken) : AwsCredentialSource
    {
        // A record prints its members; these must not be printed.
        public override string ToString() => "Keys";
    }
}
