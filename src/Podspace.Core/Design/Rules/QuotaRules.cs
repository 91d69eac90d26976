using Podspace.Model;

namespace Podspace.Design.Rules;

/// <summary>What AWS refuses because there would be too many. Source of the defaults: VPC
/// User Guide, "Amazon VPC quotas" (2023-06).</summary>
internal static class QuotaRules
{
    public static void Check(DesignInput input, Network network)
    {
        var newBlocks = network.Blocks.Count(block => Array.IndexOf(input.LiveBlocks, block.Cidr) < 0);
        CheckBlocks(input, newBlocks);
        CheckRoutes(input, newBlocks);
        CheckCounts(input, network);
        CheckMadeTables(input, network, newBlocks);
    }

    private static void CheckBlocks(DesignInput input, int added)
    {
        var (quota, sum) = (input.Cloud.Quotas.BlocksPerVpc, input.LiveBlocks.Length + added);
        if (added > 0 && sum > quota)
        {
            input.Report.Error(
                DesignCodes.TooManyBlocks,
                input.Vpc.Id.Text,
                "spec.addresses.blocks",
                $"{input.Vpc.Id} has {input.LiveBlocks.Length} blocks, {added} more would be {sum}, "
                    + $"and the quota is {quota} (L-83CA0A9D, the primary included).",
                "Raise the quota (up to 50):\n  aws service-quotas request-service-quota-increase "
                    + "--service-code vpc --quota-code L-83CA0A9D --desired-value "
                    + sum
            );
        }
    }

    // Every block adds a local route to every table, and the association fails where one would
    // overflow. Source: VPC User Guide, "VPC CIDR blocks".
    private static void CheckRoutes(DesignInput input, int added)
    {
        if (added == 0)
        {
            return;
        }
        var quota = input.Cloud.Quotas.RoutesPerTable;
        foreach (var table in input.Cloud.RouteTables)
        {
            var routes = 0;
            foreach (var route in table.Routes)
            {
                routes += route.Origin == "EnableVgwRoutePropagation" ? 0 : 1;
            }
            if (routes + added > quota)
            {
                input.Report.Error(
                    DesignCodes.TooManyRoutes,
                    table.Id.Text,
                    "spec.addresses.blocks",
                    $"Route table {table.Id} has {routes} routes; each block adds a local one to every table, "
                        + $"and the quota is {quota:N0} (L-93826ACB, at most 1,000).",
                    "Delete routes that nothing uses, or raise the quota."
                );
            }
        }
    }

    private static void CheckCounts(DesignInput input, Network network)
    {
        var quotas = input.Cloud.Quotas;
        var subnets = network.Subnets.Count(subnet => input.Actual.Ids.Subnet(subnet.Ref) is null);
        if (subnets > 0 && input.Cloud.Subnets.Count + subnets > quotas.SubnetsPerVpc)
        {
            input.Report.Error(
                DesignCodes.TooManySubnets,
                input.Vpc.Id.Text,
                "spec.zones",
                $"{input.Vpc.Id} has {input.Cloud.Subnets.Count} subnets, {subnets} more are needed, "
                    + $"and the quota is {quotas.SubnetsPerVpc}.",
                "Delete subnets that nothing uses, or raise the quota."
            );
        }
        var tables = network.RouteTables.Count(table => input.Actual.Ids.RouteTable(table.Ref) is null);
        if (tables > 0 && input.Cloud.RouteTables.Count + tables > quotas.RouteTablesPerVpc)
        {
            input.Report.Error(
                DesignCodes.TooManyTables,
                input.Vpc.Id.Text,
                "spec.routing",
                $"{input.Vpc.Id} has {input.Cloud.RouteTables.Count} route tables, "
                    + $"{tables} more {(tables == 1 ? "is" : "are")} needed, and the quota is {quotas.RouteTablesPerVpc}.",
                "Delete tables that nothing uses, or raise the quota."
            );
        }
    }

    private static void CheckMadeTables(DesignInput input, Network network, int newBlocks)
    {
        foreach (var table in network.RouteTables)
        {
            var routes = table.Routes.Count + input.LiveBlocks.Length + newBlocks;
            if (routes > input.Cloud.Quotas.RoutesPerTable)
            {
                input.Report.Error(
                    DesignCodes.TooManyRoutes,
                    table.Ref.ToString(),
                    "spec.routing.routes",
                    $"The pods' route table would have {routes} routes, the VPC's local ones included, "
                        + $"and the quota is {input.Cloud.Quotas.RoutesPerTable:N0} (L-93826ACB, at most 1,000).",
                    "List fewer routes, or raise the quota."
                );
            }
        }
    }
}
