using Podspace.Model;

namespace Podspace.Design.Rules;

/// <summary>Everything that is to be said about a network once it is chosen.</summary>
internal static class DesignRules
{
    public static void Check(Ground ground, Network network)
    {
        QuotaRules.Check(ground, network);
        ZoneRules.Check(ground, network);
        SubnetRules.Check(ground, network);
        AclRules.Check(ground, network);
        RoutingRules.Check(ground, network);
        GroupRules.Check(ground, network);
        NeighbourRules.Check(ground, network);
        if (ground.Cluster is { } cluster)
        {
            ClusterRules.Check(ground, network, cluster);
            if (ground.HasCniModes)
            {
                CniRules.Check(ground, network);
            }
            AutoModeRules.Check(ground, network);
            ServerRules.Check(ground, network, cluster);
        }
    }
}
