using Podspace.Model;

namespace Podspace.Design.Rules;

/// <summary>What AWS refuses because there would be too many. Source of the defaults: VPC User Guide, "Amazon VPC quotas" (2023-06).</summary>
internal static class QuotaRules
{
    public static void Check(Ground ground, Network network)
    {
        var newBlocks = network.Blocks.Count(block => Array.IndexOf(ground.LiveBlocks, block.Cidr) < 0);
        CheckBlocks(ground, newBlocks);
        CheckRoutes(ground, newBlocks);
        CheckCounts(ground, network);
        CheckMadeTables(ground, network, newBlocks);
    }

    private static void CheckBlocks(Ground ground, int added)
    {
        var (quota, sum) = (ground.Cloud.Quotas.BlocksPerVpc, ground.LiveBlocks.Length + added);
        if (added > 0 && sum > quota)
        {
            ground.Report.Error(DesignCodes.TooManyBlocks, ground.Vpc.Id.Text, "spec.addresses.blocks", $"{ground.Vpc.Id} has {ground.LiveBlocks.Length} blocks, {added} more would be {sum}, and the quota is {quota} (L-83CA0A9D, the primary included).",
                "Raise the quota (up to 50):\n  aws service-quotas request-service-quota-increase --service-code vpc --quota-code L-83CA0A9D --desired-value " + sum);
        }
    }

    // Every block adds a local route to every table, and the association fails where one would overflow. Source: VPC User Guide, "VPC CIDR blocks".
    private static void CheckRoutes(Ground ground, int added)
    {
        if (added == 0)
        {
            return;
        }
        var quota = ground.Cloud.Quotas.RoutesPerTable;
        foreach (var table in ground.Cloud.RouteTables)
        {
            var routes = 0;
            foreach (var route in table.Routes)
            {
                routes += route.Origin == "EnableVgwRoutePropagation" ? 0 : 1;
            }
            if (routes + added > quota)
            {
                ground.Report.Error(DesignCodes.TooManyRoutes, table.Id.Text, "spec.addresses.blocks",
                    $"Route table {table.Id} has {routes} routes; each block adds a local one to every table, "
                    + $"and the quota is {quota:N0} (L-93826ACB, at most 1,000).",
                    "Delete routes that nothing uses, or raise the quota.");
            }
        }
    }

    private static void CheckCounts(Ground ground, Network network)
    {
        var quotas = ground.Cloud.Quotas;
        var subnets = network.Subnets.Count(subnet => ground.Actual.Ids.Subnet(subnet.Ref) is null);
        if (subnets > 0 && ground.Cloud.Subnets.Count + subnets > quotas.SubnetsPerVpc)
        {
            ground.Report.Error(DesignCodes.TooManySubnets, ground.Vpc.Id.Text, "spec.zones", $"{ground.Vpc.Id} has {ground.Cloud.Subnets.Count} subnets, {subnets} more are needed, and the quota is {quotas.SubnetsPerVpc}.", "Delete subnets that nothing uses, or raise the quota.");
        }
        var tables = network.RouteTables.Count(table => ground.Actual.Ids.RouteTable(table.Ref) is null);
        if (tables > 0 && ground.Cloud.RouteTables.Count + tables > quotas.RouteTablesPerVpc)
        {
            ground.Report.Error(DesignCodes.TooManyTables, ground.Vpc.Id.Text, "spec.routing", $"{ground.Vpc.Id} has {ground.Cloud.RouteTables.Count} route tables, {tables} more {(tables == 1 ? "is" : "are")} needed, and the quota is {quotas.RouteTablesPerVpc}.", "Delete tables that nothing uses, or raise the quota.");
        }
    }

    private static void CheckMadeTables(Ground ground, Network network, int newBlocks)
    {
        foreach (var table in network.RouteTables)
        {
            var routes = table.Routes.Count + ground.LiveBlocks.Length + newBlocks;
            if (routes > ground.Cloud.Quotas.RoutesPerTable)
            {
                ground.Report.Error(DesignCodes.TooManyRoutes, table.Ref.ToString(), "spec.routing.routes",
                    $"The pods' route table would have {routes} routes, the VPC's local ones included, "
                    + $"and the quota is {ground.Cloud.Quotas.RoutesPerTable:N0} (L-93826ACB, at most 1,000).",
                    "List fewer routes, or raise the quota.");
            }
        }
    }
}
