namespace Podspace.Reachability;

/// <summary>Codes of findings about flows. Stable for ever; docs/findings.md explains each.</summary>
internal static class FlowCodes
{
    public const string ApiServer = "PS3001";
    public const string Dns = "PS3002";
    public const string Kubelet = "PS3003";
    public const string Webhooks = "PS3004";
    public const string FromNodes = "PS3005";
    public const string BetweenPods = "PS3006";
    public const string LoadBalancer = "PS3007";
    public const string Endpoint = "PS3008";
    public const string Server = "PS3009";
    public const string OnPremises = "PS3010";
    public const string Internet = "PS3011";

    public static string Of(Concern concern) =>
        concern switch
        {
            Concern.ApiServer => ApiServer,
            Concern.Dns => Dns,
            Concern.Kubelet => Kubelet,
            Concern.Webhooks => Webhooks,
            Concern.FromNodes => FromNodes,
            Concern.BetweenPods => BetweenPods,
            Concern.LoadBalancer => LoadBalancer,
            Concern.Endpoint => Endpoint,
            Concern.Server => Server,
            Concern.OnPremises => OnPremises,
            Concern.Internet => Internet,
        };
}
