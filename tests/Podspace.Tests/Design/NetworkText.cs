using System.Text;
using Podspace.Model;

namespace Podspace.Tests.Design;

/// <summary>A network as a page of text, for golden files.</summary>
internal static class NetworkText
{
    public static string Of(Network network)
    {
        var text = new StringBuilder();
        foreach (var block in network.Blocks)
        {
            text.Append($"block {block.Cidr} {Whose(block.IsMade)}\n");
        }
        foreach (var subnet in network.Subnets)
        {
            text.Append(
                $"subnet {subnet.Ref} {Whose(subnet.Ref.IsMade)} {subnet.Zone} {subnet.Cidr} table "
                    + $"{subnet.RouteTable?.ToString() ?? "as it is"} reserved {subnet.Reserved}\n"
            );
        }
        foreach (var table in network.RouteTables)
        {
            text.Append($"table {table.Ref} {string.Join(", ", table.Routes.Select(route => $"{route.To} via {route.Via}"))}\n");
        }
        foreach (var group in network.Groups)
        {
            text.Append($"group {group.Ref} named {group.GroupName}\n");
        }
        foreach (var rule in network.Rules)
        {
            text.Append($"rule {rule} ({rule.Why})\n");
        }
        foreach (var config in network.EniConfigs)
        {
            text.Append($"eniconfig {config.Zone} {config.Subnet} {config.Groups}\n");
        }
        if (network.Cni is { } cni)
        {
            text.Append($"cni {cni.Writer} {(cni.IsAddon ? "add-on" : "daemonset")}\n");
            foreach (var setting in cni.Env)
            {
                text.Append($"env {setting.Name}={setting.Value}\n");
            }
        }
        return text.ToString();
    }

    private static string Whose(bool isMade) => isMade ? "made" : "used";
}
