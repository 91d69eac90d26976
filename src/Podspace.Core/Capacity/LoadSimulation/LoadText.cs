using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Podspace.Formats;

namespace Podspace.Capacity.LoadSimulation;

/// <summary>What became of a load, for people and for programs.</summary>
public static class LoadText
{
    public static string Render(LoadResult result)
    {
        var text = new StringBuilder();
        var profile = result.Profile;
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{profile.Hours} hours, seed {profile.Seed}: {result.Started:N0} pods got an "
                + $"address, {result.Launched:N0} nodes were started (at most {Most(result, sample => sample.Nodes):N0} at once), "
                + $"{result.Calls:N0} calls to EC2, {result.FailedCalls:N0} in vain"
        );
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"at most {Most(result, sample => sample.Running):N0} pods with an "
                + $"address and {Most(result, sample => sample.Waiting):N0} without at one time"
        );
        text.AppendLine();
        CapacityText.Table(
            text,
            ["subnet", "zone", "addresses", "fewest free", "at hour", "fewest free /28"],
            profile.Subnets.Select(
                (subnet, at) =>
                {
                    var least = result.Samples.MinBy(sample => sample.Free[at])!;
                    return new[]
                    {
                        subnet.Cidr.ToString(),
                        subnet.Zone,
                        N((long)subnet.Cidr.UsableInSubnet),
                        N(least.Free[at]),
                        (least.Minute / 60.0).ToString("0.0", CultureInfo.InvariantCulture),
                        N(result.Samples.Min(sample => sample.FreePrefixes[at])),
                    };
                }
            ),
            "llrrrr"
        );
        text.AppendLine();
        if (result.Waits.IsEmpty)
        {
            text.AppendLine("No pod had to wait.");
            return text.ToString();
        }
        text.AppendLine("Pods that had to wait, and for what:");
        CapacityText.Table(
            text,
            ["pods", "average", "longest", "still waiting", "where", "why"],
            result.Waits.Select(group =>
                new[]
                {
                    N(group.Pods),
                    Seconds((long)group.AverageSeconds),
                    Seconds(group.LongestSeconds),
                    N(group.StillWaiting),
                    group.Where,
                    Why(group.Reason),
                }
            ),
            "rrrrll"
        );
        return text.ToString();
    }

    public static string Json(LoadResult result) =>
        new JsonObject
        {
            ["apiVersion"] = "podspace.io/v1alpha1",
            ["kind"] = "LoadResult",
            ["seed"] = result.Profile.Seed,
            ["hours"] = result.Profile.Hours,
            ["podsStarted"] = result.Started,
            ["nodesStarted"] = result.Launched,
            ["calls"] = result.Calls,
            ["callsInVain"] = result.FailedCalls,
            ["subnets"] = new JsonArray([
                .. result.Profile.Subnets.Select(subnet => new JsonObject { ["zone"] = subnet.Zone, ["cidr"] = subnet.Cidr.ToString() }),
            ]),
            ["waits"] = new JsonArray([
                .. result.Waits.Select(group => new JsonObject
                {
                    ["why"] = group.Reason.ToString(),
                    ["where"] = group.Where,
                    ["pods"] = group.Pods,
                    ["averageSeconds"] = Math.Round(group.AverageSeconds, 1),
                    ["longestSeconds"] = group.LongestSeconds,
                    ["stillWaiting"] = group.StillWaiting,
                }),
            ]),
            ["samples"] = new JsonArray([
                .. result.Samples.Select(sample => new JsonObject
                {
                    ["minute"] = sample.Minute,
                    ["nodes"] = sample.Nodes,
                    ["running"] = sample.Running,
                    ["waiting"] = sample.Waiting,
                    ["free"] = new JsonArray([.. sample.Free.Select(free => (JsonNode)free)]),
                    ["freePrefixes"] = new JsonArray([.. sample.FreePrefixes.Select(free => (JsonNode)free)]),
                }),
            ]),
        }.ToPage();

    /// <summary>A row a sample; two columns a subnet.</summary>
    public static string Csv(LoadResult result)
    {
        var text = new StringBuilder("minute,nodes,running,waiting");
        foreach (var subnet in result.Profile.Subnets)
        {
            text.Append(CultureInfo.InvariantCulture, $",free {subnet.Cidr},free /28 {subnet.Cidr}");
        }
        text.AppendLine();
        foreach (var sample in result.Samples)
        {
            text.Append(CultureInfo.InvariantCulture, $"{sample.Minute},{sample.Nodes},{sample.Running},{sample.Waiting}");
            for (var at = 0; at < sample.Free.Count; at++)
            {
                text.Append(CultureInfo.InvariantCulture, $",{sample.Free[at]},{sample.FreePrefixes[at]}");
            }
            text.AppendLine();
        }
        return text.ToString();
    }

    private static string Why(WaitReason reason) =>
        reason switch
        {
            WaitReason.NodeStarting => "a node had to start first",
            WaitReason.NoNodeAllowed => "no node had room, and no more may be started",
            WaitReason.PoolGrowing => "the node's agent had to fetch addresses first: raise its warm targets",
            WaitReason.Cooldown => "the only free addresses had just been given back (IP_COOLDOWN_PERIOD)",
            WaitReason.SubnetFull => "the pod subnet had no free address: a larger one, or a further one",
            WaitReason.NoWholePrefix => "the pod subnet had no whole /28 left: reserve blocks for prefixes, or take a larger one",
            WaitReason.NodeFull => "max-pods is higher than the addresses that the node's interfaces hold",
        };

    private static int Most(LoadResult result, Func<LoadSample, int> part) => result.Samples.Max(part);

    private static string Seconds(long seconds) =>
        seconds switch
        {
            < 120 => $"{seconds} s",
            < 7200 => $"{seconds / 60} min",
            _ => $"{seconds / 3600} h",
        };

    private static string N(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
