using System.Text.Json.Nodes;
using Podspace.Addressing;
using Podspace.Findings;
using Podspace.Simulation.Kubernetes;
using Podspace.Spec;
using Podspace.Steps;
using Podspace.Tests.Applying;

namespace Podspace.Tests.Design;

/// <summary>What a design for Auto Mode says of specs and clusters that do not go together, in examples/auto-mode.</summary>
public sealed class AutoModeRuleTests
{
    private static readonly OverlaySpec Spec = Guide.AutoSpec;

    public static TheoryData<string, string> Cases =>
        new()
        {
            { "built-in class", "PS1526" },
            { "built-in pool", "PS1526" },
            { "pool like nothing", "PS1525" },
            { "one zone", "PS2422" },
            { "other zone", "PS1530" },
            { "kept addresses", "PS1529" },
            { "no entries", "PS1527" },
            { "pool left out", "PS2421" },
            { "weight", "PS1531" },
            { "class taken", "PS1524" },
            { "pool taken", "PS1524" },
            { "off", "PS1521" },
            { "no pools", "PS1525" },
            { "nodes in pod subnets", "PS1210" },
            { "role changed", "PS1523" },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task It_is_said_first(string what, string code)
    {
        using var bench = new Bench(Guide.AutoWorld());
        var spec = Spec with
        {
            AutoMode = AutoModeOf(what),
            Zones = what switch
            {
                "one zone" => ["eu-west-1b"],
                "other zone" => ["eu-west-1a"],
                _ => [],
            },
        };
        if (what == "kept addresses")
        {
            spec = spec with { Routing = new(KeepPodAddressTo: [Cidr.Parse("10.0.0.0/8")]) };
        }
        if (what is "nodes in pod subnets" or "role changed")
        {
            await bench.ApplyAsync(Spec, Stage.Admit);
        }
        bench.World.Do(() => Change(bench, what));

        var findings = (await bench.LookAsync(spec)).Findings;

        var finding = Assert.Single(findings.Where(finding => finding.Code == code).Take(1));
        Assert.Equal(code[2] == '1' ? Severity.Error : Severity.Warning, finding.Severity);
        Assert.DoesNotContain(findings, other => other.Code.StartsWith("PS19", StringComparison.Ordinal));
    }

    private static AutoModeSpec AutoModeOf(string what) =>
        what switch
        {
            "built-in class" => new("default"),
            "built-in pool" => new(NodePools: [new("system", "system")]),
            "pool like nothing" => new(NodePools: [new("mine", "gpu")]),
            "pool left out" => new(NodePools: [new("mine", "general-purpose")]),
            "no entries" or "role changed" => new(NodeClassRole: "eks-pods"),
            "class taken" => new("theirs"),
            "pool taken" => new(NodePools: [new("theirs", "system")]),
            _ => new(),
        };

    private static int Change(Bench bench, string what)
    {
        var (objects, cluster) = (bench.World.Objects, bench.World.State.Aws.Clusters[0]);
        switch (what)
        {
            case "no entries":
                cluster.AccessConfig.AuthenticationMode = "CONFIG_MAP";
                break;
            case "off":
                cluster.ComputeConfig!.Enabled = false;
                break;
            case "no pools":
                cluster.ComputeConfig!.NodePools.Clear();
                break;
            case "weight":
                var heavy = objects.Find("karpenter.sh/v1", "nodepools", null, "system")!.Clone();
                heavy.Put(100, "spec", "weight");
                objects.Update("karpenter.sh/v1", "nodepools", heavy, "test");
                break;
            case "class taken":
                Copy(objects, "eks.amazonaws.com/v1", "nodeclasses", "default", "theirs");
                break;
            case "pool taken":
                Copy(objects, "karpenter.sh/v1", "nodepools", "system", "theirs");
                break;
            case "nodes in pod subnets":
                var wide = objects.Find("eks.amazonaws.com/v1", "nodeclasses", null, "default")!.Clone();
                wide.Put(new JsonArray(new JsonObject { ["tags"] = new JsonObject { ["Name"] = "*" } }), "spec", "subnetSelectorTerms");
                objects.Update("eks.amazonaws.com/v1", "nodeclasses", wide, "test");
                break;
        }
        return 0;
    }

    private static void Copy(ObjectStore objects, string api, string plural, string from, string name)
    {
        var copy = objects.Find(api, plural, null, from)!.Clone();
        copy["metadata"] = new JsonObject { ["name"] = name };
        objects.Create(api, plural, copy, "test");
    }
}
