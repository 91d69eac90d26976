using Podspace.Model;

namespace Podspace.Design.Rules;

/// <summary>Everything that is to be said about a network once it is chosen.</summary>
internal static class DesignRules
{
    public static void Check(DesignInput input, Network network)
    {
        QuotaRules.Check(input, network);
        ZoneRules.Check(input, network);
        SubnetRules.Check(input, network);
        AclRules.Check(input, network);
        RoutingRules.Check(input, network);
        GroupRules.Check(input, network);
        NeighbourRules.Check(input, network);
        if (input.Cluster is { } cluster)
        {
            ClusterRules.Check(input, network, cluster);
            if (input.HasCniModes)
            {
                CniRules.Check(input, network);
            }
            AutoModeRules.Check(input, network);
            ServerRules.Check(input, network, cluster);
        }
    }
}
