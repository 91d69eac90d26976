using Podspace.Capacity;
using Podspace.Cni;

namespace Podspace.Tests.Capacity;

public sealed class MaxPodsTests
{
    // Type, interfaces, addresses each, then pods: plain, custom networking, prefixes, both; the cap. -1: the type takes no prefixes.
    [Theory]
    [InlineData("t3.nano", 2, 2, 4, 3, 34, 18, 110)]
    [InlineData("t3.micro", 2, 2, 4, 3, 34, 18, 110)]
    [InlineData("t3.small", 3, 4, 11, 8, 146, 98, 110)]
    [InlineData("t3.medium", 3, 6, 17, 12, 242, 162, 110)]
    [InlineData("t3.large", 3, 12, 35, 24, 530, 354, 110)]
    [InlineData("t3.xlarge", 4, 15, 58, 44, 898, 674, 110)]
    [InlineData("m5.large", 3, 10, 29, 20, 434, 290, 110)]
    [InlineData("c5.large", 3, 10, 29, 20, 434, 290, 110)]
    [InlineData("c6i.large", 3, 10, 29, 20, 434, 290, 110)]
    [InlineData("m5.xlarge", 4, 15, 58, 44, 898, 674, 110)]
    [InlineData("m5.2xlarge", 4, 15, 58, 44, 898, 674, 110)]
    [InlineData("c6i.xlarge", 4, 15, 58, 44, 898, 674, 110)]
    [InlineData("c6i.2xlarge", 4, 15, 58, 44, 898, 674, 110)]
    [InlineData("r5.2xlarge", 4, 15, 58, 44, 898, 674, 110)]
    [InlineData("g5.xlarge", 4, 15, 58, 44, 898, 674, 110)]
    [InlineData("m5.4xlarge", 8, 30, 234, 205, 3714, 3250, 110)]
    [InlineData("c5.4xlarge", 8, 30, 234, 205, 3714, 3250, 110)]
    [InlineData("c6i.4xlarge", 8, 30, 234, 205, 3714, 3250, 110)]
    [InlineData("m5.8xlarge", 8, 30, 234, 205, 3714, 3250, 250)]
    [InlineData("m5.12xlarge", 8, 30, 234, 205, 3714, 3250, 250)]
    [InlineData("c6i.8xlarge", 8, 30, 234, 205, 3714, 3250, 250)]
    [InlineData("m5.24xlarge", 15, 50, 737, 688, 11762, 10978, 250)]
    [InlineData("c5.18xlarge", 15, 50, 737, 688, 11762, 10978, 250)]
    [InlineData("c6i.32xlarge", 15, 50, 737, 688, 11762, 10978, 250)]
    [InlineData("m6i.32xlarge", 15, 50, 737, 688, 11762, 10978, 250)]
    [InlineData("m7i.48xlarge", 15, 50, 737, 688, 11762, 10978, 250)]
    [InlineData("r5.metal", 15, 50, 737, 688, 11762, 10978, 250)]
    [InlineData("m6g.medium", 2, 4, 8, 5, 98, 50, 110)]
    [InlineData("t2.medium", 3, 6, 17, 12, -1, -1, 110)]
    [InlineData("m4.large", 2, 10, 20, 11, -1, -1, 110)]
    [InlineData("m4.4xlarge", 8, 30, 234, 205, -1, -1, 110)]
    [InlineData("p4d.24xlarge", 15, 50, 737, 688, 11762, 10978, 250)]
    [InlineData("p5.48xlarge", 2, 50, 100, 51, 1570, 786, 250)]
    [InlineData("trn1.32xlarge", 5, 50, 247, 198, 3922, 3138, 250)]
    [InlineData("c8i.96xlarge", 24, 64, 1514, 1451, 24194, 23186, 250)]
    public void Pods_follow_from_the_interfaces_of_the_type(
        string type,
        int interfaces,
        int addresses,
        int plain,
        int custom,
        int prefixes,
        int both,
        int cap
    )
    {
        var limits = InstanceLimits.Find(type)!;
        Assert.Equal((interfaces, addresses, prefixes >= 0), (limits.Interfaces, limits.AddressesPerInterface, limits.TakesPrefixes));
        Assert.Equal(plain, MaxPods.Uncapped(limits, customNetworking: false, prefixes: false));
        Assert.Equal(custom, MaxPods.Uncapped(limits, customNetworking: true, prefixes: false));
        Assert.Equal(prefixes >= 0 ? prefixes : plain, MaxPods.Uncapped(limits, customNetworking: false, prefixes: true));
        Assert.Equal(both >= 0 ? both : custom, MaxPods.Uncapped(limits, customNetworking: true, prefixes: true));
        Assert.Equal(cap, MaxPods.Cap(limits));
    }

    [Fact]
    public void A_type_with_one_interface_has_no_room_for_pods_under_custom_networking()
    {
        var limits = InstanceLimits.Find("hpc6id.32xlarge")!;
        Assert.Null(MaxPods.Uncapped(limits, customNetworking: true, prefixes: false));
        Assert.Equal(MaxPods.OnHostNetwork, MaxPods.OfManagedNode(limits, customNetworking: true, prefixes: true));
    }

    [Theory]
    [InlineData("m5.16xlarge")]
    [InlineData("m5.huge")]
    [InlineData("M5.large")]
    [InlineData("")]
    public void A_type_that_is_not_in_the_table_is_unknown_rather_than_guessed(string type) => Assert.Null(InstanceLimits.Find(type));

    [Theory]
    [InlineData("m5.large", true, true, 110)]
    [InlineData("m5.large", true, false, 20)]
    [InlineData("m5.8xlarge", true, true, 250)]
    [InlineData("m5.4xlarge", false, false, 110)]
    public void A_managed_node_never_takes_more_than_the_cap(string type, bool custom, bool prefixes, int pods) =>
        Assert.Equal(pods, MaxPods.OfManagedNode(InstanceLimits.Find(type)!, custom, prefixes));

    // MAX_ENI includes the primary; security groups for pods keep one interface for the trunk, where the type takes one.
    [Theory]
    [InlineData("m5.4xlarge", "MAX_ENI=3", 60)]
    [InlineData("m5.4xlarge", "MAX_ENI=0", 205)]
    [InlineData("m5.4xlarge", "MAX_ENI=99", 205)]
    [InlineData("m5.4xlarge", "ENABLE_POD_ENI=true", 176)]
    [InlineData("t3.large", "ENABLE_POD_ENI=true", 24)]
    [InlineData("m5.large", "ENABLE_PREFIX_DELEGATION=true MAX_ENI=2", 146)]
    [InlineData("t2.medium", "ENABLE_PREFIX_DELEGATION=true", 12)]
    [InlineData("m6g.medium", "ENABLE_POD_ENI=true", null)]
    [InlineData("m5.large", "MAX_ENI=1", null)]
    public void Settings_that_take_interfaces_away_take_pods_away(string type, string env, int? pods) =>
        Assert.Equal(pods, MaxPods.Uncapped(InstanceLimits.Find(type)!, Settings(env)));

    [Theory]
    [InlineData("m5.large", true, true, 110)]
    [InlineData("m5.large", true, false, 18)]
    [InlineData("m5.large", false, false, 27)]
    [InlineData("t3.nano", true, true, 16)]
    [InlineData("hpc6id.32xlarge", true, true, 0)]
    [InlineData("m7i.48xlarge", false, true, 110)]
    public void Auto_Mode_takes_what_the_interfaces_hold_and_never_more_than_110(string type, bool podSubnets, bool prefixes, int pods) =>
        Assert.Equal(pods, MaxPods.OfAutoMode(InstanceLimits.Find(type)!, podSubnets, prefixes));

    [Theory]
    [InlineData("", "((default_enis - 1) * (ips_per_eni - 1)) + 2", "1")]
    [InlineData("ENABLE_POD_ENI=true", "((default_enis - 2) * (ips_per_eni - 1)) + 2", "2")]
    [InlineData("MAX_ENI=4", "(((default_enis < 4 ? default_enis : 4) - 1) * (ips_per_eni - 1)) + 2", "1")]
    [InlineData(
        "ENABLE_PREFIX_DELEGATION=true",
        "(((default_enis - 1) * (ips_per_eni - 1) * 16) + 2) < 110 ? (((default_enis - 1) * (ips_per_eni - 1) * 16) + 2) : 110",
        "1"
    )]
    public void One_expression_and_one_reserved_number_serve_every_type(string env, string expression, string reserved)
    {
        var forms = MaxPodsForms.Of([InstanceLimits.Find("m5.large")!, InstanceLimits.Find("m5.xlarge")!], Settings(env));
        Assert.Contains(forms, form => form.Text == $"maxPodsExpression: \"{expression}\"");
        Assert.Contains(forms, form => form.Text == $"settings.reservedENIs: \"{reserved}\"");
    }

    [Fact]
    public void Where_one_number_serves_several_types_the_smallest_decides_and_this_is_said()
    {
        var forms = MaxPodsForms.Of([InstanceLimits.Find("m5.large")!, InstanceLimits.Find("m5.4xlarge")!], Settings(""));
        Assert.Contains(
            forms,
            form =>
                form is { Kind: "Bottlerocket", Text: "[settings.kubernetes]\nmax-pods = 20" }
                && form.Note.StartsWith("The least of m5.4xlarge, m5.large", StringComparison.Ordinal)
        );
        Assert.Contains(forms, form => form is { Kind: "Karpenter, one class", Text: "kubelet:\n  maxPods: 20" });
    }

    private static IpamdSettings Settings(string env) =>
        WhatIf.Settings(
            new Dictionary<string, string> { ["AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG"] = "true" },
            env.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            out _
        );
}
