using Amazon.Runtime;

namespace Podspace.Aws;

/// <summary>Gives the SDK one HTTP client of ours, which follows no redirect.</summary>
internal sealed class OneClient(HttpClient client) : HttpClientFactory
{
    // Lives as long as the program, as what the SDK would make for itself.
    private static readonly Lazy<HttpClient> OnTheWayToCredentials = new(OverSockets);

    /// <summary>Or a session's token, in a header that .NET knows for no secret, would go to whatever host a redirect leads to.</summary>
    public static HttpClient OverSockets() =>
        new(
            new Answers(
                new SocketsHttpHandler
                {
                    PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                    AutomaticDecompression = System.Net.DecompressionMethods.All,
                    AllowAutoRedirect = false,
                }
            )
        );

    /// <summary>For what the SDK asks by itself before there are credentials: a web identity's or a sign-in's token goes along.</summary>
    public static T Over<T>(T config)
        where T : ClientConfig
    {
        config.HttpClientFactory = new OneClient(OnTheWayToCredentials.Value);
        return config;
    }

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
}
