namespace Podspace.Diagnosis;

/// <summary>Codes of what only <c>doctor</c> looks for. Stable for ever; docs/findings.md explains each.</summary>
internal static class DoctorCodes
{
    public const string NotLookedFor = "PS3100";

    // ENIConfigs and the CNI's settings.
    public const string ZoneWithoutEniConfig = "PS3101";
    public const string LabelLeftAlone = "PS3102";
    public const string EniConfigElsewhere = "PS3103";
    public const string EniConfigSubnetGone = "PS3104";
    public const string EniConfigGroupGone = "PS3105";
    public const string EniConfigManyGroups = "PS3106";
    public const string EniConfigNoGroups = "PS3107";
    public const string EniConfigTwoWriters = "PS3108";
    public const string SettingsFallApart = "PS3109";
    public const string WarmAddressesAlone = "PS3110";
    public const string MinimumAlone = "PS3111";
    public const string PodAddressLeaves = "PS3112";
    public const string BranchesShutIn = "PS3113";
    public const string LongCooldown = "PS3114";
    public const string ExclusionWithoutEffect = "PS3115";
    public const string MixedPacketFilters = "PS3116";
    public const string OldPolicyAgent = "PS3117";
    public const string RightsMissing = "PS3118";
    public const string NodeAsksForNothing = "PS3119";

    // Nodes and pods.
    public const string TooManyPods = "PS3121";
    public const string RolloutHalfway = "PS3135";
    public const string NodesOlderThanSwitch = "PS3136";
    public const string NodeMixed = "PS3122";
    public const string NodeOldGroups = "PS3123";
    public const string NodeNotReady = "PS3124";
    public const string CordonedWithoutAddresses = "PS3125";
    public const string NodeInPodSubnet = "PS3126";
    public const string ClusterTagOnCards = "PS3127";
    public const string BudgetAllowsNothing = "PS3128";
    public const string DnsOnOneNode = "PS3129";
    public const string NodesCannotReachSts = "PS3130";
    public const string NodegroupSetsMaxPods = "PS3131";
    public const string KarpenterCountsPrimary = "PS3132";
    public const string LaunchTakesTooMany = "PS3133";
    public const string NodegroupIssues = "PS3134";

    // VPC and subnets.
    public const string BlockFailed = "PS3141";
    public const string SubnetNearlyFull = "PS3142";
    public const string LeakedInterfaces = "PS3143";
    public const string PodSubnetOffered = "PS3144";
    public const string NoSubnetForLoadBalancers = "PS3145";
    public const string PodSubnetExcluded = "PS3146";
    public const string NotWholePrefixes = "PS3147";
    public const string GatewayEndpointAside = "PS3148";
    public const string ManyInterfaces = "PS3149";
    public const string DockerBridge = "PS3150";
    public const string ControlPlaneLearns = "PS3151";
    public const string PodSubnetOnMainTable = "PS3152";
    public const string LoadBalancersLearn = "PS3153";
    public const string OneNatGateway = "PS3154";
    public const string PodSubnetUnshared = "PS3155";

    // Auto Mode.
    public const string ClassWithoutAddresses = "PS3161";
    public const string ClassNotLetIn = "PS3162";

    // A Terraform plan.
    public const string TerraformTakesAway = "PS3201";
    public const string TerraformOverwrites = "PS3202";
    public const string TerraformNoEgress = "PS3203";
}
