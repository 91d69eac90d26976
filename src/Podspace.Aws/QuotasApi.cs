using System.Text.Json.Nodes;
using Podspace.Model;

namespace Podspace.Aws;

/// <summary>The account's quotas of the VPC service, by Service Quotas' JSON protocol.</summary>
/// <remarks>Source: Service Quotas API Reference, 2019-06-24, ListServiceQuotas. One paged call,
/// whatever the number of quotas that are asked about.</remarks>
internal sealed class QuotasApi(AwsConnection connection, AwsClients clients, Wire wire)
{
    // A VPC without a way to the service shall not hold up a plan for long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SignedJson json = new(connection, clients.Http, clients.Credentials, wire);
    private readonly Uri endpoint =
        connection.QuotasEndpoint ?? new($"https://servicequotas.{connection.Region}.{EksApi.DnsSuffix(connection.Region)}/");

    public async Task<Quotas> ListAsync(CancellationToken cancel)
    {
        var values = new Dictionary<string, int>(StringComparer.Ordinal);
        string? token = null;
        do
        {
            var body = new JsonObject { ["ServiceCode"] = "vpc", ["MaxResults"] = 100 };
            if (token is not null)
            {
                body["NextToken"] = token;
            }
            var page = await json.SendAsync(
                new("servicequotas", "ListServiceQuotas", IsAdvisory: true),
                HttpMethod.Post,
                endpoint,
                body,
                Expected.Many("Quotas"),
                cancel,
                "ServiceQuotasV20190624.ListServiceQuotas",
                Patience
            );
            foreach (var quota in page["Quotas"]!.AsArray().Select(item => item!.AsObject()))
            {
                if (quota["QuotaCode"]?.ToString() is { } code && (quota["Value"] as JsonValue)?.TryGetValue<double>(out var most) == true)
                {
                    values[code] = (int)Math.Min(int.MaxValue, most);
                }
            }
            token = page["NextToken"]?.ToString();
        } while (!string.IsNullOrEmpty(token));
        return Of(values);
    }

    /// <summary>A quota that the list lacks is AWS's default. Source of the codes: VPC User Guide, "Amazon VPC quotas".</summary>
    private static Quotas Of(Dictionary<string, int> values)
    {
        var defaults = new Quotas();
        return new()
        {
            BlocksPerVpc = values.GetValueOrDefault("L-83CA0A9D", defaults.BlocksPerVpc),
            SubnetsPerVpc = values.GetValueOrDefault("L-407747CB", defaults.SubnetsPerVpc),
            RouteTablesPerVpc = values.GetValueOrDefault("L-589F43AA", defaults.RouteTablesPerVpc),
            RoutesPerTable = values.GetValueOrDefault("L-93826ACB", defaults.RoutesPerTable),
            RulesPerGroup = values.GetValueOrDefault("L-0EA8095F", defaults.RulesPerGroup),
            GroupsPerInterface = values.GetValueOrDefault("L-2AFB9258", defaults.GroupsPerInterface),
            GroupsPerRegion = values.GetValueOrDefault("L-E79EC296", defaults.GroupsPerRegion),
            NetworkAddressUnits = values.GetValueOrDefault("L-BB24F6E5", defaults.NetworkAddressUnits),
        };
    }
}
